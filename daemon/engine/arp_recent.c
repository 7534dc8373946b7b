/*
 * A switch or bridge floods a request to all its ports: who listens on two sees it twice, and a
 * count of requests would double. ARP belongs to no flow, so messages are compared, as they are,
 * with the latest few; a rule of the same kind as that of flows says on which interface a message
 * counts. A burst of more than ARP_RECENT_MAX different ones between a message and its copy lets
 * the copy count: a detector that counts distinct addresses does not mind.
 */
#include "daemon/engine/arp_recent.h"

#include "daemon/base/time_text.h"

static bool
is_same(const struct arp_seen *s, const struct packet *p)
{
	return s->arp.operation == p->arp.operation && addr_equal(&s->arp.target, &p->arp.target) &&
	       addr_equal(&s->arp.sender, &p->arp.sender) &&
	       mac_equal(&s->arp.sender_mac, &p->arp.sender_mac) &&
	       mac_equal(&s->arp.target_mac, &p->arp.target_mac) &&
	       mac_equal(&s->eth_src, &p->src_mac) && mac_equal(&s->eth_dst, &p->dst_mac);
}

bool
arp_recent_takes(struct arp_recent *r, const struct packet *p)
{
	struct arp_seen *s = NULL;

	for (uint32_t i = 0; s == NULL && i < r->count; i++)
		if (is_same(&r->seen[i], p))
			s = &r->seen[i];
	bool is_copy = s != NULL && s->interface != p->interface &&
		       (p->ts_ns <= s->ts_ns || p->ts_ns - s->ts_ns <= ARP_RECENT_SILENCE_NS);
	if (is_copy)
		return false;
	if (s == NULL) {
		s = &r->seen[r->next];
		r->next = (r->next + 1) % ARP_RECENT_MAX;
		if (r->count < ARP_RECENT_MAX)
			r->count++;
	}
	*s = (struct arp_seen){ .arp = p->arp,
		.eth_src = p->src_mac,
		.eth_dst = p->dst_mac,
		.interface = p->interface,
		.ts_ns = p->ts_ns };
	return true;
}
