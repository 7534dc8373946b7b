/*
 * A start says what the first packet was and charges nothing: its deltas are zero. What was told
 * before is only needed from the first interim on, which few conversations live to see, so it is
 * kept apart, for at most a quarter of the table. When that is full, further flows have no interims
 * until a place is free; their ends tell everything.
 */
#include "daemon/flow/flow_observe.h"

#include "daemon/flow/flow_carried.h"
#include "daemon/flow/flow_key.h"
#include "daemon/flow/flow_stream.h"
#include "daemon/flow/flow_tcp.h"
#include "daemon/flow/flow_uid.h"

#include <netinet/in.h>

static enum conn_state
state_of(const struct flow *f)
{
	const struct flow_counts *orig = &f->counts[flow_orig(f)];
	const struct flow_counts *resp = &f->counts[!flow_orig(f)];

	if (f->key.ip_proto == IPPROTO_TCP)
		return flow_tcp_state(f);
	if (f->key.ip_proto != IPPROTO_UDP)
		return CONN_OTH;
	if (orig->packets == 0)
		return CONN_SHR;
	return resp->packets == 0 ? CONN_S0 : CONN_SF;
}

static struct flow_side
total(const struct flow *f, unsigned side)
{
	const struct flow_counts *c = &f->counts[side];

	return (struct flow_side){
		.packets = c->packets,
		.ip_bytes = c->ip_bytes,
		.payload_bytes = f->key.ip_proto == IPPROTO_TCP
					 ? flow_stream_bytes(&f->tcp[side], &f->tcp[!side])
					 : c->payload_bytes,
		.missed_bytes = f->missed_bytes[side],
	};
}

/* Sequence numbers that start again can take bytes back: less than before is nothing new. */
static uint64_t
grown(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

static struct flow_side
delta(const struct flow_side *now, const struct flow_side *before)
{
	return (struct flow_side){
		.packets = now->packets - before->packets,
		.ip_bytes = now->ip_bytes - before->ip_bytes,
		.payload_bytes = grown(now->payload_bytes, before->payload_bytes),
		.missed_bytes = now->missed_bytes - before->missed_bytes,
	};
}

void
flow_snapshot(const struct flow_table *t, const struct flow *f, struct obs_flow *ret_obs)
{
	unsigned orig = flow_orig(f);

	*ret_obs = (struct obs_flow){
		.orig = orig == 0 ? f->key.low : f->key.high,
		.resp = orig == 0 ? f->key.high : f->key.low,
		.ip_proto = f->key.ip_proto,
		.has_macs = (f->bits & FLOW_HAS_MACS) != 0,
		.orig_mac = f->macs[orig],
		.resp_mac = f->macs[!orig],
		.vlan = f->vlan,
		.inner_vlan = f->inner_vlan,
		.interface = f->interface,
		.observed_on = f->observed_on,
		.start_ns = f->start_ns,
		.last_ns = f->last_ns,
		.previous_ns = f->start_ns,
		.orig_total = total(f, orig),
		.resp_total = total(f, !orig),
		.state = state_of(f),
		.flipped = (f->bits & FLOW_FLIPPED) != 0,
		.history = f->history,
		.service = flow_service_text(t, f),
		.service_known = true,
		.label = "",
	};
	ret_obs->established =
		conn_state_established(ret_obs->state, f->counts[0].packets + f->counts[1].packets);
	flow_key_ports(&f->key, orig, &ret_obs->orig_port, &ret_obs->resp_port);
}

void
flow_name(const struct flow *f, uint64_t *ret_id, struct flow_uid *ret_uid)
{
	flow_uid_make(&f->key, f->start_ns, flow_serial(f), ret_id, ret_uid);
}

struct obs_talk
flow_talk(const struct flow *f, bool is_named)
{
	unsigned orig = flow_orig(f);
	struct obs_talk talk = {
		.orig = orig == 0 ? f->key.low : f->key.high,
		.resp = orig == 0 ? f->key.high : f->key.low,
		.ip_proto = f->key.ip_proto,
	};

	if (is_named)
		flow_name(f, &talk.id, &talk.uid);
	flow_key_ports(&f->key, orig, &talk.orig_port, &talk.resp_port);
	return talk;
}

static void
name(const struct flow_table *t, const struct flow *f, struct obs_flow *o)
{
	flow_name(f, &o->id, &o->uid);
	o->outside = flow_outside(t, f);
}

void
flow_snapshot_named(const struct flow_table *t, const struct flow *f, struct obs_flow *ret_obs)
{
	flow_snapshot(t, f, ret_obs);
	name(t, f, ret_obs);
}

static void
tell(struct flow_table *t, struct flow *f, enum obs_kind kind, struct obs_flow *o)
{
	name(t, f, o);
	struct observation observation = {
		.kind = kind,
		.ts_ns = f->last_ns,
		.interface = f->interface,
		.flow = o,
	};

	t->plan.observe(t->plan.context, f, &observation);
}

void
flow_tell_start(struct flow_table *t, struct flow *f)
{
	struct obs_flow o;

	flow_snapshot(t, f, &o);
	tell(t, f, OBS_FLOW_START, &o);
}

static struct flow_past *
past_of(const struct flow_table *t, const struct flow *f)
{
	return f->past == FLOW_NO_PAST ? NULL : pool_at(&t->pasts, f->past - 1);
}

/* Fill in what is new since the previous observation. */
static void
set_deltas(const struct flow_past *past, unsigned orig, struct obs_flow *o)
{
	static const struct flow_past nothing;
	const struct flow_past *before = past == NULL ? &nothing : past;

	o->orig_delta = delta(&o->orig_total, &before->told[orig]);
	o->resp_delta = delta(&o->resp_total, &before->told[!orig]);
	if (past != NULL && past->last_ns != 0)
		o->previous_ns = past->last_ns;
}

void
flow_tell_end(struct flow_table *t, struct flow *f, enum flow_end_reason why)
{
	struct obs_flow o;

	if (t->plan.ending != NULL)
		t->plan.ending(t->plan.context, f, why);
	flow_snapshot(t, f, &o);
	o.ended = why;
	set_deltas(past_of(t, f), flow_orig(f), &o);
	tell(t, f, OBS_FLOW_END, &o);
}

/* The first multiple of the flow's own age after `now_ns`; interims keep to them if the clock jumps. */
static uint64_t
next_interim(const struct flow_table *t, const struct flow *f, uint64_t now_ns)
{
	uint64_t next_age_ns =
		((now_ns - f->start_ns) / t->plan.interim_ns + 1) * t->plan.interim_ns;

	return next_age_ns > UINT64_MAX - f->start_ns ? UINT64_MAX : f->start_ns + next_age_ns;
}

uint64_t
flow_interim_ns(const struct flow_table *t, const struct flow *f)
{
	const struct flow_past *past = past_of(t, f);

	if (t->plan.interim_ns == 0)
		return UINT64_MAX;
	return past != NULL ? past->next_ns : next_interim(t, f, t->clock_ns);
}

static bool
is_news(const struct obs_flow *o)
{
	return o->orig_delta.packets > 0 || o->resp_delta.packets > 0;
}

void
flow_tell_interim(struct flow_table *t, struct flow *f, uint64_t now_ns)
{
	unsigned orig = flow_orig(f);
	struct flow_past *past = past_of(t, f);

	if (t->plan.interim_ns == 0)
		return;
	if (past != NULL ? past->next_ns > now_ns : next_interim(t, f, f->start_ns) > now_ns)
		return;
	if (past == NULL) {
		past = pool_take(&t->pasts);
		if (past == NULL)
			return;
		f->past = pool_index(&t->pasts, past) + 1;
	}
	past->next_ns = next_interim(t, f, now_ns);

	struct obs_flow o;
	flow_snapshot(t, f, &o);
	set_deltas(past, orig, &o);
	if (!is_news(&o))
		return;
	tell(t, f, OBS_FLOW_INTERIM, &o);
	past->told[orig] = o.orig_total;
	past->told[!orig] = o.resp_total;
	past->last_ns = f->last_ns;
}

void
flow_forget_told(struct flow_table *t, struct flow *f)
{
	struct flow_past *past = past_of(t, f);

	if (past != NULL)
		pool_give(&t->pasts, past);
	f->past = FLOW_NO_PAST;
}

struct flow_party *
flow_party(struct flow *f, enum obs_role role)
{
	return &f->parties[role == ROLE_CLIENT ? flow_orig(f) : !flow_orig(f)];
}

struct flow *
flow_of_party(struct flow_party *party, enum obs_role *ret_role)
{
	struct flow_party *first = party - party->side;
	struct flow *f = (struct flow *)(void *)((char *)first - offsetof(struct flow, parties));

	*ret_role = party->side == flow_orig(f) ? ROLE_CLIENT : ROLE_SERVER;
	return f;
}

bool
flow_packet_is_orig(const struct flow *f, const struct packet *p)
{
	return flow_key_side(&f->key, p) == flow_orig(f);
}

uint16_t
flow_first_interface(const struct flow *f)
{
	return f->interface;
}

unsigned
flow_counted_on(const struct flow *f, enum obs_role sender)
{
	return f->counted_on[sender == ROLE_CLIENT ? flow_orig(f) : !flow_orig(f)];
}

uint8_t *
flow_parser(struct flow *f)
{
	return &f->parser;
}

uint16_t *
flow_stream(struct flow *f)
{
	return &f->stream;
}

const struct flow_key *
flow_ends(const struct flow *f)
{
	return &f->key;
}

unsigned
flow_packet_side(const struct flow *f, const struct packet *p)
{
	return flow_key_side(&f->key, p);
}

bool
flow_side_is_orig(const struct flow *f, unsigned side)
{
	return side == flow_orig(f);
}

uint8_t
flow_tries(const struct flow *f, unsigned side)
{
	return f->parties[side].tries;
}

void
flow_tries_count(struct flow *f, unsigned side)
{
	f->parties[side].tries++;
}

struct flow_tcp_start
flow_tcp_start(const struct flow *f, unsigned side)
{
	const struct tcp_side *me = &f->tcp[side];

	return (struct flow_tcp_start){
		.known = me->state != SIDE_INACTIVE,
		.has_syn = (me->letters & LETTER_SYN) != 0,
		.has_fin = (me->flags & SIDE_FIN_SEEN) != 0,
		.has_reset = me->state == SIDE_RESET,
		.first = me->start_seq + 1,
		.last = me->last_seq,
		.ttl = f->parties[side].ttl,
		.window_scale = flow_tcp_window_scale(f, side),
	};
}
