/*
 * A card that sends as three IPv4 addresses is a router, or a host of virtual machines: its addresses are
 * not its own, and nothing follows from one more (`others`, judged by who looks it up). A card that was seen
 * to route a packet before it spoke in its own name by ARP is set right by the ARP.
 */
#include "daemon/site/site_mac.h"

/* Is the address that the card bears given up, or never was its own? */
static bool
may_change(const struct site_mac *m, bool by_arp, uint64_t now_ns)
{
	return !m->has_v4 || addr_is_link_local(&m->v4) || (by_arp && !m->by_arp) ||
	       now_ns >= m->v4_seen_ns + SITE_MAC_VALID_NS;
}

void
site_mac_see(struct site_mac *m, const struct addr *a, bool by_arp, uint64_t now_ns)
{
	bool is_same = m->has_v4 && addr_equal(&m->v4, a);

	if (!addr_is_v4(a))
		return;
	if (!is_same && !may_change(m, by_arp, now_ns)) {
		if (!addr_equal(&m->other, a) && m->others < UINT8_MAX)
			m->others++;
		m->other = *a;
		return;
	}
	m->by_arp = by_arp || (is_same && m->by_arp);
	m->has_v4 = true;
	m->v4 = *a;
	m->v4_seen_ns = now_ns;
}
