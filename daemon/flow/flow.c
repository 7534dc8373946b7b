/*
 * Flows lie in one bounded table and are found by their key. Each is filed once, in one of two
 * wheels of seconds: under its time-out, or under its next interim observation if that comes first.
 * A packet changes times and counters and moves nothing, unless it brings the time-out nearer (a
 * connection that closes). When a second comes, what was filed under it is looked at: it is over,
 * or it is filed again.
 *
 * The packet path asks for itself whether the flow it found is over, so a conversation ends at the
 * same packet whatever the caller's clock does between packets. Packets out of order change counts
 * and never move a time back.
 *
 * When the table is full, the flow whose time-out is nearest goes: with attempts and handshakes that
 * hang at 5 s, datagrams at 60 s and connections at an hour, that is the cheapest to lose. A flood of
 * SYNs therefore evicts its own flows. Looking for the victim files stale flows again, a bounded number
 * of them.
 *
 * Fragments are put together before they come here (fragments.h) and count as one packet. Only where
 * the capture cut them short the first part stands for all, and later ones belong to no flow.
 */
#include "daemon/flow/flow.h"

#include "daemon/base/time_text.h"
#include "daemon/flow/flow_carried.h"
#include "daemon/flow/flow_history.h"
#include "daemon/flow/flow_interface.h"
#include "daemon/flow/flow_key.h"
#include "daemon/flow/flow_observe.h"
#include "daemon/flow/flow_state.h"
#include "daemon/flow/flow_tcp.h"
#include "daemon/flow/flow_timeout.h"

#include <netinet/in.h>
#include <stdlib.h>

enum { PASTS_SHARE = 4, OUTSIDES_SHARE = 4, VICTIM_TRIES = 32 };

/* A flow holds the index of its own in 16 bits. */
static uint32_t
outsides_of(uint32_t flows)
{
	uint32_t share = flows / OUTSIDES_SHARE + 1;

	return share < UINT16_MAX ? share : UINT16_MAX;
}

struct flow_table *
flow_table_new(const struct flow_table_plan *plan)
{
	struct flow_table *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->plan = *plan;
	t->timeout = flow_timeouts_of(plan->timeouts);
	if (table_init(&t->flows, sizeof(struct flow), sizeof(struct flow_key), plan->capacity,
		    &plan->hash_key) != 0 ||
		pool_init(&t->pasts, sizeof(struct flow_past), plan->capacity / PASTS_SHARE + 1) !=
			0 ||
		pool_init(&t->outsides, sizeof(struct obs_outside), outsides_of(plan->capacity)) !=
			0) {
		flow_table_free(t);
		return NULL;
	}
	wheel_init(&t->timeouts, &t->flows.items, offsetof(struct flow, link));
	wheel_init(&t->interims, &t->flows.items, offsetof(struct flow, link));
	return t;
}

void
flow_table_free(struct flow_table *t)
{
	if (t == NULL)
		return;
	table_done(&t->flows);
	pool_done(&t->pasts);
	pool_done(&t->outsides);
	free(t);
}

size_t
flow_table_bytes_per_flow(void)
{
	return table_bytes_per_item(sizeof(struct flow)) + sizeof(struct flow_past) / PASTS_SHARE +
	       sizeof(struct obs_outside) / OUTSIDES_SHARE;
}

bool
flow_key_of(const struct flow_table *t, const struct packet *p, struct flow_key *ret_key,
	uint64_t *ret_hash)
{
	if (!flow_key_make(p, ret_key))
		return false;
	*ret_hash = flow_key_hash(ret_key, &t->flows.hash_key);
	return true;
}

void
flow_prefetch_slot(const struct flow_table *t, uint64_t hash)
{
	table_prefetch_slot(&t->flows, hash);
}

void
flow_prefetch(const struct flow_table *t, uint64_t hash)
{
	table_prefetch_item(&t->flows, hash, FLOW_HOT_BYTES);
}

/* ---- the wheels ---- */

static struct wheel *
wheel_of(struct flow_table *t, const struct flow *f)
{
	return (f->bits & FLOW_IN_INTERIMS) != 0 ? &t->interims : &t->timeouts;
}

/*
 * File a flow that is in no wheel. The clock of a table is packet time; while seconds fall due it goes
 * with them, not ahead to where they lead.
 */
static void
file(struct flow_table *t, struct flow *f)
{
	uint64_t timeout_s = flow_due_s(flow_deadline(f, t->timeout));
	uint64_t interim_s = flow_due_s(flow_interim_ns(t, f));

	f->bits &= (uint8_t)~FLOW_IN_INTERIMS;
	if (interim_s < timeout_s)
		f->bits |= FLOW_IN_INTERIMS;
	f->slot = wheel_add(wheel_of(t, f), f, interim_s < timeout_s ? interim_s : timeout_s,
		t->clock_ns / NS_PER_S);
}

static void
unfile(struct flow_table *t, struct flow *f)
{
	wheel_remove(wheel_of(t, f), f, f->slot);
}

/* The time-out changed its length: file anew if it comes before what the flow is filed for. */
static void
hasten(struct flow_table *t, struct flow *f)
{
	uint64_t timeout_s = flow_due_s(flow_deadline(f, t->timeout));

	if (timeout_s >= wheel_slot_s(wheel_of(t, f), f->slot))
		return;
	unfile(t, f);
	file(t, f);
}

/* ---- ends ---- */

/* Tell of the end of a flow that is in no wheel, and forget it. */
static void
end(struct flow_table *t, struct flow *f, enum flow_end_reason why)
{
	uint64_t hash = flow_key_hash(&f->key, &t->flows.hash_key);

	/* Nobody looked at the slot since the flow's last packet. */
	table_prefetch_slot(&t->flows, hash);
	flow_tell_end(t, f, why);
	flow_forget_told(t, f);
	flow_forget_carrier(t, f);
	t->stats.ended++;
	f->bits &= (uint8_t)~FLOW_LIVE;
	table_remove(&t->flows, f, hash);
}

static enum flow_end_reason
reason_of_timeout(const struct flow *f)
{
	return f->class == FLOW_TCP_CLOSED || f->class == FLOW_TCP_RESET ? FLOW_END_CLOSED
									 : FLOW_END_TIMEOUT;
}

/*
 * The flow whose time-out is nearest. Filed times are never later than real ones, so the first flow
 * that is filed where it belongs is the one; others are filed again on the way, and the best of them
 * goes if the tries run out. In the wheel of interims nothing is filed under its time-out, and all
 * of it times out late.
 */
static struct flow *
victim(struct flow_table *t)
{
	struct flow *best = NULL;
	uint64_t best_s = UINT64_MAX;

	for (unsigned tries = 0; tries < VICTIM_TRIES; tries++) {
		struct flow *f = wheel_first(&t->timeouts);
		if (f == NULL)
			break;
		uint64_t due_s = flow_due_s(flow_deadline(f, t->timeout));
		if (due_s <= wheel_slot_s(&t->timeouts, f->slot))
			return f;
		unfile(t, f);
		file(t, f);
		if (due_s < best_s) {
			best = f;
			best_s = due_s;
		}
	}
	return best != NULL ? best : wheel_first(&t->interims);
}

static void
make_room(struct flow_table *t)
{
	struct flow *f = victim(t);

	unfile(t, f);
	t->stats.evicted++;
	end(t, f, FLOW_END_EVICTED);
}

/* A wheel brought up a flow that is in none now: it is over, or it goes on. */
static void
look_at(struct flow_table *t, struct flow *f, uint64_t second)
{
	uint64_t now_ns = second * NS_PER_S;

	if (now_ns > t->clock_ns)
		t->clock_ns = now_ns;
	if (flow_due_s(flow_deadline(f, t->timeout)) <= second) {
		end(t, f, reason_of_timeout(f));
		return;
	}
	flow_tell_interim(t, f, now_ns);
	file(t, f);
}

uint32_t
flow_expire(struct flow_table *t, uint64_t now_ns, uint32_t most)
{
	uint64_t now_s = now_ns / NS_PER_S;

	for (uint32_t done = 0; done < most; done++) {
		uint64_t timeout_s = wheel_next_s(&t->timeouts);
		uint64_t interim_s = wheel_next_s(&t->interims);
		struct wheel *w = timeout_s <= interim_s ? &t->timeouts : &t->interims;
		struct flow *f = wheel_take(w, now_s);
		if (f == NULL)
			return done;
		look_at(t, f, w->now_s);
	}
	return most;
}

void
flow_clock(struct flow_table *t, uint64_t now_ns)
{
	if (now_ns > t->clock_ns)
		t->clock_ns = now_ns;
}

uint64_t
flow_next_due_ns(const struct flow_table *t)
{
	uint64_t timeout_s = wheel_next_s(&t->timeouts);
	uint64_t interim_s = wheel_next_s(&t->interims);
	uint64_t next_s = timeout_s < interim_s ? timeout_s : interim_s;

	return next_s > UINT64_MAX / NS_PER_S ? UINT64_MAX : next_s * NS_PER_S;
}

void
flow_end_all(struct flow_table *t)
{
	for (uint32_t i = 0; i < t->flows.items.touched; i++) {
		struct flow *f = pool_at(&t->flows.items, i);
		if ((f->bits & FLOW_LIVE) == 0)
			continue;
		unfile(t, f);
		end(t, f, FLOW_END_CAPTURE);
	}
}

/* ---- packets ---- */

static enum flow_class
class_of(const struct flow *f)
{
	switch (f->key.ip_proto) {
	case IPPROTO_TCP:
		return flow_tcp_class(f);
	case IPPROTO_UDP:
		return flow_key_is_dns(&f->key, flow_orig(f)) ? FLOW_DNS : FLOW_UDP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return FLOW_ICMP;
	default:
		return FLOW_OTHER;
	}
}

static void
account(struct flow *f, unsigned side, const struct packet *p)
{
	struct flow_counts *c = &f->counts[side];
	/* After both sides ended, what still comes says nothing of how long they talked. */
	bool is_over = (f->tcp[0].flags & f->tcp[1].flags & SIDE_DONE) != 0;

	if (!is_over && p->ts_ns > f->last_ns)
		f->last_ns = p->ts_ns;
	if ((p->anomalies & ANOMALY_BIT(ANOMALY_TRANSPORT_CHECKSUM)) != 0)
		f->tallies[side].bad_checksums = (uint8_t)flow_history_tally(
			f, side, f->tallies[side].bad_checksums, UINT8_MAX, 'C');
	if (f->key.ip_proto == IPPROTO_TCP) {
		flow_tcp_packet(f, side, p);
	} else {
		c->payload_bytes += p->payload_bytes;
		if (f->key.ip_proto == IPPROTO_UDP)
			(void)flow_history_once(f, side, LETTER_DATA, 'D');
	}
	if (c->packets == 0)
		f->parties[side].ttl = p->ttl;
	c->packets++;
	c->ip_bytes += p->ip_bytes;
}

static void
begin(struct flow *f, unsigned side, const struct packet *p)
{
	f->bits |= FLOW_LIVE;
	if (side == 1)
		f->bits |= FLOW_ORIG_IS_HIGH;
	f->start_ns = f->last_ns = p->ts_ns;
	f->interface = (uint8_t)p->interface;
	f->counted_on[side] = f->interface;
	f->counted_on[!side] = INTERFACES_MAX;
	f->observed_on = UINT32_C(1) << p->interface;
	if (p->has_mac) {
		f->bits |= FLOW_HAS_MACS;
		f->macs[side] = p->src_mac;
		f->macs[!side] = p->dst_mac;
	}
	f->vlan = p->vlan[0] & 0xfffU;       /* ids have 12 bits */
	f->inner_vlan = p->vlan[1] & 0xfffU; /* ids have 12 bits */
	if (flow_key_looks_answered(p))
		flow_history_flip(f);
}

static struct flow *
open_flow(struct flow_table *t, const struct packet *p, const struct flow_key *key, uint64_t hash,
	unsigned serial, const struct flow_carrier *carrier)
{
	unsigned side = flow_key_side(key, p);

	if (table_count(&t->flows) == table_capacity(&t->flows))
		make_room(t);
	struct flow *f = table_add(&t->flows, key, hash);
	f->bits = (uint8_t)(serial * FLOW_SERIAL_ONE & FLOW_SERIAL_MASK);
	f->parties[1].side = 1;
	begin(f, side, p);
	account(f, side, p);
	if (carrier != NULL)
		flow_carried(t, f, side, p, carrier);
	f->class = (uint8_t)class_of(f);
	t->stats.started++;
	file(t, f);
	flow_tell_start(t, f);
	return f;
}

/* A connection came a step further. What has ended does not open again without a SYN. */
static void
reclass(struct flow_table *t, struct flow *f)
{
	enum flow_class class = flow_tcp_class(f);

	if (class == f->class || f->class == FLOW_TCP_CLOSED || f->class == FLOW_TCP_RESET)
		return;
	f->class = (uint8_t) class;
	hasten(t, f);
}

static bool
is_due(const struct flow_table *t, const struct flow *f, const struct packet *p)
{
	/* Zeek holds its clock against a flow also when the packet comes from before it. */
	uint64_t now_ns = t->plan.timeouts == FLOW_TIMEOUTS_ZEEK ? t->clock_ns : p->ts_ns;

	return now_ns >= flow_deadline(f, t->timeout);
}

/* What a packet is to the flow that was found by its key. */
enum fit {
	FIT_PART,
	FIT_COPY, /* counted on another interface */
	FIT_NONE, /* the flow is over, for the reason that comes with it */
};

/* Copies come before reuse: that of a SYN may be read when the connection is over already. */
static enum fit
fit(const struct flow_table *t, struct flow *f, unsigned side, const struct packet *p,
	enum flow_end_reason *ret_why)
{
	if (is_due(t, f, p)) {
		*ret_why = reason_of_timeout(f);
		return FIT_NONE;
	}
	if (f->counted_on[side] != p->interface && !flow_interface_takes(f, side, p))
		return FIT_COPY;
	if (f->key.ip_proto == IPPROTO_TCP && flow_tcp_reuses(f, p) && !packet_is_damaged(p)) {
		*ret_why = FLOW_END_REUSED;
		return FIT_NONE;
	}
	return FIT_PART;
}

struct flow *
flow_packet(struct flow_table *t, const struct packet *p, const struct flow_key *key, uint64_t hash,
	const struct flow_carrier *carrier)
{
	struct flow *f = table_find(&t->flows, key, hash);
	unsigned serial = 0;

	if (p->ts_ns > t->clock_ns)
		t->clock_ns = p->ts_ns;
	if (f != NULL) {
		unsigned side = flow_key_side(key, p);
		enum flow_end_reason why;
		enum fit is = fit(t, f, side, p, &why);
		if (is == FIT_COPY)
			return NULL;
		if (is == FIT_PART) {
			account(f, side, p);
			if (carrier != NULL)
				flow_carried(t, f, side, p, carrier);
			if (f->key.ip_proto == IPPROTO_TCP)
				reclass(t, f);
			return f;
		}
		if (f->start_ns == p->ts_ns)
			serial = flow_serial(f) + 1;
		unfile(t, f);
		end(t, f, why);
	}
	return open_flow(t, p, key, hash, serial, carrier);
}

uint32_t
flow_table_capacity(const struct flow_table *t)
{
	return table_capacity(&t->flows);
}

struct flow_stats
flow_stats(const struct flow_table *t)
{
	struct flow_stats stats = t->stats;

	stats.active = table_count(&t->flows);
	return stats;
}
