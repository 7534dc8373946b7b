/*
 * The two cards that claimed an address last are kept, each with the times when it first and last did: a
 * card that takes an address while its owner goes on using it comes and goes in turn with it, and is told
 * from the owner by having come later.
 *
 * Whether an answer was asked for is only known when the question would have been seen. So an answer counts
 * as asked for within the first SITE_ASKED_NS of all, and while questions come faster than SITE_REQUESTS
 * within that time.
 */
#include "daemon/site/site_claims.h"

#include "daemon/base/time_text.h"

enum { ARP_REQUEST = 1, ARP_REPLY = 2 };

int
site_claims_init(struct site_claims *c, uint32_t capacity, const struct hash_key *hash_key)
{
	TAILQ_INIT(&c->by_age);
	return table_init(&c->table, sizeof(struct site_claim_entry), sizeof(struct addr), capacity,
		hash_key);
}

void
site_claims_done(struct site_claims *c)
{
	table_done(&c->table);
}

static struct site_claim_entry *
find(const struct site_claims *c, const struct addr *a)
{
	return table_find(&c->table, a, table_hash(&c->table, a));
}

static struct site_claim *
add(struct site_claims *c, const struct addr *a, const struct mac *mac, uint64_t now_ns)
{
	if (table_count(&c->table) == table_capacity(&c->table)) {
		struct site_claim_entry *oldest = TAILQ_FIRST(&c->by_age);
		TAILQ_REMOVE(&c->by_age, oldest, age);
		table_remove(&c->table, oldest, table_hash(&c->table, oldest));
		c->evicted++;
	}
	struct site_claim_entry *entry = table_add(&c->table, a, table_hash(&c->table, a));
	entry->claim.now =
		(struct site_claimant){ .mac = *mac, .since_ns = now_ns, .seen_ns = now_ns };
	TAILQ_INSERT_TAIL(&c->by_age, entry, age);
	return &entry->claim;
}

/* The claim is as young as its latest confirmation. */
static void
confirm(struct site_claims *c, struct site_claim_entry *entry, struct site_claimant *who,
	uint64_t now_ns)
{
	uint64_t before_ns = who->seen_ns;

	if (now_ns <= before_ns) /* frames may come out of order */
		return;
	who->seen_ns = now_ns;
	if (now_ns / NS_PER_S == before_ns / NS_PER_S)
		return;
	TAILQ_REMOVE(&c->by_age, entry, age);
	TAILQ_INSERT_TAIL(&c->by_age, entry, age);
}

/* The latest card to claim the address comes first; the one before it is remembered. */
static void
move_to(struct site_claim *claim, const struct mac *mac, uint64_t now_ns)
{
	struct site_claimant former = claim->before;

	if (mac_equal(&claim->now.mac, mac))
		return;
	claim->before = claim->now;
	claim->now = former;
	if (!mac_equal(&former.mac, mac))
		claim->now = (struct site_claimant){ .mac = *mac, .since_ns = now_ns };
}

static void
remember_request(struct site_claims *c, const struct obs_arp *arp, uint64_t now_ns)
{
	c->requests[c->request_next] = (struct site_request){
		.sender = arp->sender, .target = arp->target, .ts_ns = now_ns
	};
	c->request_next = (c->request_next + 1) % SITE_REQUESTS;
	if (c->request_count < SITE_REQUESTS)
		c->request_count++;
}

static bool
is_recent(uint64_t then_ns, uint64_t now_ns)
{
	return now_ns <= then_ns || now_ns - then_ns <= SITE_ASKED_NS;
}

static bool
may_be_asked_for(const struct site_claims *c, const struct obs_arp *arp, uint64_t now_ns)
{
	if (is_recent(c->first_ns, now_ns))
		return true;
	for (uint32_t i = 0; i < c->request_count; i++) {
		const struct site_request *r = &c->requests[i];
		if (is_recent(r->ts_ns, now_ns) && addr_equal(&r->sender, &arp->target) &&
			addr_equal(&r->target, &arp->sender))
			return true;
	}
	return c->request_count == SITE_REQUESTS &&
	       is_recent(c->requests[c->request_next].ts_ns, now_ns);
}

void
site_claims_arp(struct site_claims *c, const struct obs_arp *arp, uint64_t now_ns)
{
	struct site_claim_entry *entry = find(c, &arp->sender);
	struct site_claim *claim = entry == NULL ? NULL : &entry->claim;

	if (c->first_ns == 0)
		c->first_ns = now_ns;
	if (claim == NULL) {
		claim = add(c, &arp->sender, &arp->sender_mac, now_ns);
	} else {
		move_to(claim, &arp->sender_mac, now_ns);
		confirm(c, entry, &claim->now, now_ns);
	}
	if (arp->operation == ARP_REQUEST)
		remember_request(c, arp, now_ns);
	else if (arp->operation == ARP_REPLY && !may_be_asked_for(c, arp, now_ns))
		claim->now.unasked_ns = now_ns;
}

void
site_claims_packet(
	struct site_claims *c, const struct addr *a, const struct mac *mac, uint64_t now_ns)
{
	struct site_claim_entry *entry = find(c, a);

	if (c->first_ns == 0)
		c->first_ns = now_ns;
	if (entry == NULL)
		(void)add(c, a, mac, now_ns);
	else if (mac_equal(&entry->claim.now.mac, mac))
		confirm(c, entry, &entry->claim.now, now_ns);
	else if (mac_equal(&entry->claim.before.mac, mac))
		confirm(c, entry, &entry->claim.before, now_ns);
}

const struct site_claim *
site_claims_find(const struct site_claims *c, const struct addr *a)
{
	const struct site_claim_entry *entry = find(c, a);

	return entry == NULL ? NULL : &entry->claim;
}
