/*
 * engine.c -- the doors of the engine: frames, observations and time in, and the end.
 *
 * One packet's walk: decode() -> flow_packet() -> on_flow() -> engine_show() -> profile, window,
 * tuples, detectors -> evidence_raise() -> a record to the sink. A batch of frames is decoded
 * first and its flows are asked from memory while the others are still being decoded: with a
 * million flows a packet waits for two loads of 170 ns otherwise.
 */
#include "daemon/engine.h"

#include "daemon/decode/decode.h"
#include "daemon/detect.h"
#include "daemon/engine_state.h"
#include "daemon/evidence_id.h"
#include "daemon/proto/proto.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

static enum engine_proto
proto_of(uint8_t ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return ENGINE_PROTO_TCP;
	case IPPROTO_UDP:
		return ENGINE_PROTO_UDP;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return ENGINE_PROTO_ICMP;
	default:
		return ENGINE_PROTO_OTHER;
	}
}

static void
count_end(struct engine *e, const struct obs_flow *o)
{
	e->ends.flows[proto_of(o->ip_proto)][o->state]++;
}

/* A flow was observed: from the table, or cut short by it. */
static void
on_flow(void *context, struct flow *f, const struct observation *o)
{
	struct engine *e = context;

	if (o->kind != OBS_FLOW_START) {
		engine_interface_flow(e, f, o->flow);
		engine_write(e, RECORD_FLOW,
			&(struct record){
				.kind = RECORD_FLOW, .ts_ns = e->clock_ns, .flow = o->flow });
	}
	engine_show(e, f, o);
	if (o->kind != OBS_FLOW_END)
		return;
	count_end(e, o->flow);
	for (enum obs_role role = ROLE_CLIENT; role <= ROLE_SERVER; role++) {
		struct flow_party *party = flow_party(f, role);
		if (party->window == NULL)
			continue;
		/* Nobody could look at the end (no memory for its window): its start is still charged. */
		engine_count_flow(e, party->window, role, o->flow);
		TAILQ_REMOVE(&party->window->flows, party, link);
		party->window = NULL;
	}
}

struct engine *
engine_new(const struct engine_plan *plan)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->plan = *plan;
	e->settings = plan->settings;
	bool by_profile = plan->settings->windows.numbering == NUMBERING_PROFILE ||
			  plan->settings->compat.windows == COMPAT_WINDOWS_S20;
	e->window_rule = (struct window_rule){
		.width_ns = plan->settings->windows.width,
		.by_profile = by_profile,
		.aligned = plan->live && !by_profile,
		.only_one = plan->settings->windows.only_one,
		.s20 = plan->settings->compat.windows == COMPAT_WINDOWS_S20,
	};
	e->evidence_rule = evidence_rule_of(plan->settings);
	if (engine_reserve(e, on_flow))
		return e;
	engine_free(e);
	return NULL;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	engine_release(e);
	free(e);
}

static void
emit(void *context, const struct observation *o)
{
	engine_show(context, NULL, o);
}

/* Ask the parsers in turn whether this is theirs, once a flow; UDP only until streams are there. */
static void
feed_parser(struct engine *e, struct flow *f, const struct packet *p)
{
	uint8_t *parser = flow_parser(f);

	for (size_t i = 0; *parser == FLOW_PARSER_UNASKED && i < protocol_count; i++)
		if (protocols[i]->ip_proto == p->ip_proto &&
			protocols[i]->looks_like(p, p->payload)) {
			*parser = (uint8_t)(i + 1);
			flow_set_service(f, i);
		}
	if (*parser == FLOW_PARSER_UNASKED)
		*parser = FLOW_PARSER_NONE;
	if (*parser == FLOW_PARSER_NONE)
		return;

	struct proto_call call = {
		.packet = p,
		.from_orig = flow_packet_is_orig(f, p),
		.emit = emit,
		.context = e,
	};
	if (protocols[*parser - 1]->parse(&call, p->payload) != PROTO_MORE)
		*parser = FLOW_PARSER_NONE;
}

static void
handle_arp(struct engine *e, const struct packet *p)
{
	struct obs_arp arp = {
		.operation = p->arp.operation,
		.eth_src = p->src_mac,
		.eth_dst = p->dst_mac,
		.sender_mac = p->arp.sender_mac,
		.target_mac = p->arp.target_mac,
		.sender = p->arp.sender,
		.target = p->arp.target,
	};

	engine_show(e, NULL,
		&(struct observation){ .kind = OBS_ARP,
			.ts_ns = p->ts_ns,
			.interface = p->interface,
			.arp = &arp });
}

static void
count_anomalies(struct engine *e, uint32_t anomalies)
{
	for (uint32_t left = anomalies; left != 0; left &= left - 1)
		e->stats.anomalies[__builtin_ctz(left)]++;
}

static void
count_frame(struct engine *e, const struct packet *p, uint32_t wire_bytes)
{
	struct engine_interface_stats *s = &e->interfaces[p->interface];

	s->packets++;
	s->bytes += wire_bytes;
	if (p->ts_ns > s->last_ns)
		s->last_ns = p->ts_ns;
}

static void
see_time(struct engine *e, uint64_t ts_ns)
{
	if (e->stats.first_ns == 0 || ts_ns < e->stats.first_ns)
		e->stats.first_ns = ts_ns;
	if (ts_ns > e->stats.last_ns)
		e->stats.last_ns = ts_ns;
	engine_clock(e, ts_ns);
}

/* What was worked out about a frame before its turn. */
struct prepared {
	struct packet packet;
	struct flow_key key;
	uint64_t hash;
	bool has_flow;
};

static void
handle(struct engine *e, const struct prepared *a)
{
	const struct packet *p = &a->packet;

	see_time(e, p->ts_ns);
	if (p->anomalies != 0)
		count_anomalies(e, p->anomalies);
	if (a->has_flow) {
		struct flow *f = flow_packet(e->flows, p, &a->key, a->hash);
		if (f == NULL)
			e->interfaces[p->interface].duplicates++;
		else if (p->ip_proto == IPPROTO_UDP && p->payload_bytes > 0 &&
			 *flow_parser(f) != FLOW_PARSER_NONE)
			feed_parser(e, f, p);
	} else if (p->kind == PACKET_ARP) {
		if (arp_recent_takes(&e->arp_recent, p))
			handle_arp(e, p);
		else
			e->interfaces[p->interface].duplicates++;
	}
}

/* Understand a frame, and find out which flow it belongs to. */
static void
prepare(const struct engine *e, const struct frame *f, struct prepared *ret_prepared)
{
	struct packet *p = &ret_prepared->packet;

	decode(f, p);
	if (e->settings->flow.checksums && packet_checksum(p) == CHECKSUM_WRONG)
		p->anomalies |= ANOMALY_BIT(ANOMALY_TRANSPORT_CHECKSUM);
	ret_prepared->has_flow = flow_key_of(e->flows, p, &ret_prepared->key, &ret_prepared->hash);
	if (ret_prepared->has_flow)
		flow_prefetch_slot(e->flows, ret_prepared->hash);
}

void
engine_packets(struct engine *e, const struct frame *frames, size_t count)
{
	struct prepared batch[ENGINE_BATCH_MAX];

	assert(count <= ENGINE_BATCH_MAX);
	for (size_t i = 0; i < count; i++) {
		prepare(e, &frames[i], &batch[i]);
		count_frame(e, &batch[i].packet, frames[i].wire);
	}
	for (size_t i = 0; i < count; i++)
		if (batch[i].has_flow)
			flow_prefetch(e->flows, batch[i].hash);
	for (size_t i = 0; i < count; i++)
		handle(e, &batch[i]);
}

void
engine_observe(struct engine *e, const struct observation *o)
{
	see_time(e, o->ts_ns);
	if (o->kind == OBS_FLOW_END) {
		e->stats.flows_started++;
		e->stats.flows_ended++;
		count_end(e, o->flow);
	}
	if (o->kind == OBS_FLOW_INTERIM || o->kind == OBS_FLOW_END)
		engine_write(e, RECORD_FLOW,
			&(struct record){
				.kind = RECORD_FLOW, .ts_ns = e->clock_ns, .flow = o->flow });
	engine_show(e, NULL, o);
}

void
engine_tick(struct engine *e, uint64_t now_ns)
{
	engine_clock(e, now_ns);
}

void
engine_finish(struct engine *e, const struct record_loss *extra_lost, size_t extra_count)
{
	flow_end_all(e->flows);
	for (struct profile *p; (p = profile_idlest(&e->profiles, NULL)) != NULL;)
		engine_profile_evict(e, p);
	engine_tell_totals(e, extra_lost, extra_count);
}

const struct engine_area *
engine_areas(const struct engine *e)
{
	return e->areas;
}
