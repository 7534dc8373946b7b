/*
 * A card that sends as three IPv4 addresses is a router, or a host of virtual machines: its addresses are
 * not its own, and nothing follows from one more (`others`, judged by who looks it up). A card that was seen
 * to route a packet before it spoke in its own name by ARP is set right by the ARP.
 */
#include "daemon/site_macs.h"

#include "daemon/base/time_text.h"

#include <assert.h>

struct mac_key {
	struct mac mac;
	uint8_t pad[2];
};

static_assert(sizeof(struct mac_key) == 8, "a key is whole words");

int
site_macs_init(struct site_macs *m, uint32_t capacity, const struct hash_key *hash_key)
{
	TAILQ_INIT(&m->by_age);
	return table_init(
		&m->table, sizeof(struct site_mac), sizeof(struct mac_key), capacity, hash_key);
}

void
site_macs_done(struct site_macs *m)
{
	table_done(&m->table);
}

static struct site_mac *
find(const struct site_macs *m, const struct mac_key *key)
{
	return table_find(&m->table, key, table_hash(&m->table, key));
}

static void
remove_one(struct site_macs *m, struct site_mac *known)
{
	TAILQ_REMOVE(&m->by_age, known, age);
	table_remove(&m->table, known, table_hash(&m->table, known));
}

static struct site_mac *
get(struct site_macs *m, const struct mac *mac, uint64_t now_ns)
{
	const struct mac_key key = { .mac = *mac };
	struct site_mac *known = find(m, &key);

	if (known == NULL) {
		if (table_count(&m->table) == table_capacity(&m->table)) {
			remove_one(m, TAILQ_FIRST(&m->by_age));
			m->evicted++;
		}
		known = table_add(&m->table, &key, table_hash(&m->table, &key));
	} else if (now_ns / NS_PER_S == known->seen_ns / NS_PER_S) {
		return known;
	} else {
		TAILQ_REMOVE(&m->by_age, known, age);
	}
	TAILQ_INSERT_TAIL(&m->by_age, known, age);
	return known;
}

/* Is the address that the card bears given up, or never was its own? */
static bool
may_change(const struct site_mac *known, bool by_arp, uint64_t now_ns)
{
	return !known->has_v4 || addr_is_link_local(&known->v4) || (by_arp && !known->by_arp) ||
	       now_ns >= known->v4_seen_ns + SITE_MAC_VALID_NS;
}

static void
see_v4(struct site_mac *known, const struct addr *a, bool by_arp, uint64_t now_ns)
{
	bool is_same = known->has_v4 && addr_equal(&known->v4, a);

	if (!is_same && !may_change(known, by_arp, now_ns)) {
		if (!addr_equal(&known->other, a) && known->others < UINT8_MAX)
			known->others++;
		known->other = *a;
		return;
	}
	known->by_arp = by_arp || (is_same && known->by_arp);
	known->has_v4 = true;
	known->v4 = *a;
	known->v4_seen_ns = now_ns;
}

void
site_macs_see(struct site_macs *m, const struct mac *mac, const struct addr *a, bool by_arp,
	uint64_t now_ns)
{
	struct site_mac *known = get(m, mac, now_ns);

	if (now_ns > known->seen_ns) /* frames may come out of order */
		known->seen_ns = now_ns;
	if (addr_is_v4(a))
		see_v4(known, a, by_arp, now_ns);
}

const struct site_mac *
site_macs_find(const struct site_macs *m, const struct mac *mac)
{
	const struct mac_key key = { .mac = *mac };

	return find(m, &key);
}

void
site_macs_forget(struct site_macs *m, const struct mac *mac)
{
	const struct mac_key key = { .mac = *mac };
	struct site_mac *known = find(m, &key);

	if (known != NULL)
		remove_one(m, known);
}
