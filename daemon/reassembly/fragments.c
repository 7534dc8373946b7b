/*
 * fragments.c -- which datagram a fragment belongs to, and who goes when there is no room.
 *
 * The key is RFC 791's (ends, identification, protocol) and RFC 8200's (without the protocol), and the
 * way a packet came: VLAN tags and tunnels, since addresses and identifications repeat across them, and
 * the interface, since a bridge shows each fragment twice and the flow table knows about copies.
 */
#include "daemon/reassembly/fragments.h"

#include "daemon/base/table.h"
#include "daemon/reassembly/datagram.h"
#include "daemon/weird.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

enum {
	PAGES_PER_ITEM = 4, /* what a datagram of two Ethernet frames takes */
	WHOLE_MAX = DATAGRAM_MAX + DATAGRAM_HEADER_MAX,
	IP4_ENDS_AT = 12,
	IP4_ADDR = 4,
	IP6_ENDS_AT = 8,
};

static const uint32_t wrong_bits =
	ANOMALY_BIT(ANOMALY_IP_LENGTH) | ANOMALY_BIT(ANOMALY_IP_CHECKSUM);

/* The pad is zero. */
struct key {
	struct addr src, dst;
	uint64_t tunnel_chain;
	uint32_t id;
	uint16_t vlan[VLAN_DEPTH_MAX];
	uint16_t interface;
	uint8_t vlan_count;
	uint8_t ip_version;
	uint8_t ip_proto; /* IPv4 */
	uint8_t pad[7];
};

struct item {
	struct key key;
	TAILQ_ENTRY(item) link; /* in order of beginning */
	uint64_t since_ns;
	struct datagram datagram;
};

TAILQ_HEAD(item_list, item);

struct fragments {
	struct fragments_plan plan;
	struct fragments_stats stats;
	struct table table;
	struct pool pages;
	struct item_list waiting;
	uint8_t whole[WHOLE_MAX]; /* the datagram that was put together last */
};

struct fragments *
fragments_new(const struct fragments_plan *plan)
{
	struct fragments *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	uint64_t bytes = plan->bytes > sizeof(*f) ? plan->bytes - sizeof(*f) : 0;
	uint64_t items = bytes / (table_bytes_per_item(sizeof(struct item)) +
					 PAGES_PER_ITEM * sizeof(struct datagram_page));
	if (items > UINT16_MAX / PAGES_PER_ITEM)
		items = UINT16_MAX / PAGES_PER_ITEM;
	if (items < 1)
		items = 1;
	uint32_t pages = (uint32_t)items * PAGES_PER_ITEM;

	f->plan = *plan;
	TAILQ_INIT(&f->waiting);
	if (table_init(&f->table, sizeof(struct item), sizeof(struct key), (uint32_t)items,
		    &plan->hash_key) == 0 &&
		pool_init(&f->pages, sizeof(struct datagram_page), pages) == 0)
		return f;
	fragments_free(f);
	return NULL;
}

void
fragments_free(struct fragments *f)
{
	if (f == NULL)
		return;
	table_done(&f->table);
	pool_done(&f->pages);
	free(f);
}

bool
fragments_wants(const struct packet *p)
{
	return (p->anomalies & ANOMALY_BIT(ANOMALY_FRAGMENT)) != 0 &&
	       cursor_left(&p->fragment.data) == p->fragment.data_bytes;
}

static struct key
key_of(const struct packet *p)
{
	const struct fragment *f = &p->fragment;
	struct cursor header = f->header;
	struct key k;

	memset(&k, 0, sizeof(k));
	/* Not the packet's: what comes after a fragment header may name others, in the first part only. */
	if (f->ip_version == 4) {
		cursor_take(&header, IP4_ENDS_AT);
		k.src = addr_from_v4(cursor_take(&header, IP4_ADDR));
		k.dst = addr_from_v4(cursor_take(&header, IP4_ADDR));
	} else {
		cursor_take(&header, IP6_ENDS_AT);
		cursor_bytes(&header, k.src.byte, sizeof(k.src.byte));
		cursor_bytes(&header, k.dst.byte, sizeof(k.dst.byte));
	}
	k.tunnel_chain = p->tunnel_chain;
	k.id = f->id;
	memcpy(k.vlan, p->vlan, sizeof(k.vlan));
	k.interface = p->interface;
	k.vlan_count = p->vlan_count;
	k.ip_version = f->ip_version;
	k.ip_proto = f->ip_version == 4 ? f->ip_proto : 0;
	return k;
}

static void
forget(struct fragments *f, struct item *i)
{
	TAILQ_REMOVE(&f->waiting, i, link);
	datagram_done(&i->datagram, &f->pages);
	table_remove(&f->table, i, table_hash(&f->table, i));
}

void
fragments_expire(struct fragments *f, uint64_t now_ns)
{
	struct item *i;

	while ((i = TAILQ_FIRST(&f->waiting)) != NULL &&
		now_ns - i->since_ns >= f->plan.timeout_ns) {
		f->stats.incomplete++;
		forget(f, i);
	}
}

static void
evict(struct fragments *f, struct item *i, uint64_t *ret_weirds)
{
	f->stats.evicted++;
	*ret_weirds |= WEIRD_BIT(WEIRD_FRAGMENT_FULL);
	forget(f, i);
}

static struct item *
item_get(struct fragments *f, const struct packet *p, uint64_t now_ns, uint64_t *ret_weirds)
{
	struct key key = key_of(p);
	uint64_t hash = table_hash(&f->table, &key);
	struct item *i = table_find(&f->table, &key, hash);

	if (i != NULL)
		return i;
	if (table_count(&f->table) == table_capacity(&f->table))
		evict(f, TAILQ_FIRST(&f->waiting), ret_weirds);
	i = table_add(&f->table, &key, hash);
	i->since_ns = now_ns;
	TAILQ_INSERT_TAIL(&f->waiting, i, link);
	return i;
}

/* Have `wanted` pages to spare for an item; others make room. returns false when they cannot be had */
static bool
make_room(struct fragments *f, const struct item *for_it, uint32_t wanted, uint64_t *ret_weirds)
{
	struct item *i = TAILQ_FIRST(&f->waiting);

	while (f->pages.capacity - f->pages.used < wanted && i != NULL) {
		struct item *next = TAILQ_NEXT(i, link);
		if (i != for_it)
			evict(f, i, ret_weirds);
		i = next;
	}
	return f->pages.capacity - f->pages.used >= wanted;
}

/* The datagram is whole: put it together where the caller can read it. */
static struct cursor
finish(struct fragments *f, struct item *i)
{
	size_t bytes = datagram_join(&i->datagram, &f->pages, f->whole);

	f->stats.whole++;
	forget(f, i);
	return cursor_over(f->whole, bytes);
}

struct cursor
fragments_put(struct fragments *f, const struct packet *p, uint64_t now_ns, uint64_t *ret_weirds)
{
	const struct cursor none = { 0 };

	*ret_weirds = 0;
	fragments_expire(f, now_ns);
	if ((p->anomalies & wrong_bits) != 0) {
		f->stats.refused++;
		return none;
	}
	f->stats.fragments++;
	struct item *i = item_get(f, p, now_ns, ret_weirds);
	uint32_t wanted = datagram_pages_wanted(&i->datagram, &p->fragment);
	if (!make_room(f, i, wanted, ret_weirds)) {
		evict(f, i, ret_weirds);
		return none;
	}
	switch (datagram_add(&i->datagram, &f->pages, p, f->plan.policy, ret_weirds)) {
	case DATAGRAM_COMPLETE:
		return finish(f, i);
	case DATAGRAM_BROKEN:
		f->stats.broken++;
		forget(f, i);
		break;
	case DATAGRAM_WAITS:
		break;
	}
	return none;
}

struct fragments_stats
fragments_stats(const struct fragments *f)
{
	struct fragments_stats s = f->stats;

	s.waiting = table_count(&f->table);
	s.capacity = table_capacity(&f->table);
	s.pages = f->pages.used;
	s.pages_capacity = f->pages.capacity;
	return s;
}
