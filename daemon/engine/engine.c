/*
 * engine.c -- the engine is made; its flows, time, and the end.
 *
 * One packet's walk (engine_packet.c): decode() -> fragments_put() if it is a part -> flow_packet() ->
 * on_flow() -> engine_show() -> profile, window, tuples, detectors -> evidence_raise() -> a record to the
 * sink.
 */
#include "daemon/engine/engine.h"

#include "daemon/base/time_text.h"
#include "daemon/engine/detect.h"
#include "daemon/engine/engine_device.h"
#include "daemon/engine/engine_parse.h"
#include "daemon/engine/engine_retro.h"
#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_talk.h"
#include "daemon/engine/engine_timeline.h"
#include "daemon/engine/engine_whitelist.h"
#include "daemon/evidence/evidence_id.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { WEIRD_BURST = 10 }; /* of one kind that are written at once; then one a minute */

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

void
engine_count_end(struct engine *e, const struct obs_flow *o)
{
	e->ends.flows[proto_of(o->ip_proto)][o->state]++;
}

static void
on_ending(void *context, struct flow *f, enum flow_end_reason why)
{
	engine_parse_end(context, f, why);
}

void
engine_write_flow(const struct engine *e, const struct observation *o)
{
	struct obs_flow room;

	engine_write(e, RECORD_FLOW,
		&(struct record){ .kind = RECORD_FLOW,
			.ts_ns = e->clock_ns,
			.flow = engine_flow_marked(e, o, &room) });
}

/* A flow was observed: from the table, or cut short by it. */
static void
on_flow(void *context, struct flow *f, const struct observation *o)
{
	struct engine *e = context;

	if (o->kind == OBS_FLOW_START && expected_any(&e->expected))
		engine_talk_meet(e, f);
	if (o->kind != OBS_FLOW_START) {
		engine_interface_flow(e, f, o->flow);
		engine_write_flow(e, o);
	}
	engine_show(e, f, o);
	if (o->kind != OBS_FLOW_END)
		return;
	engine_tunnel_end(e, f, o->flow);
	if (engine_tells_timeline(e))
		said_forget(&e->said, o->flow->id);
	engine_count_end(e, o->flow);
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

/* Ours are the networks of the interfaces; over files, those that are called home. */
static void
tell_local(struct engine *e)
{
	const struct config_list *home = &e->settings->home_network;
	const struct setting_cidr *nets = home->items;

	for (size_t i = 0; i < e->plan.prefix_count; i++)
		site_add_local(e->site, &e->plan.prefixes[i]);
	for (size_t i = 0; !e->plan.live && i < home->count; i++)
		site_add_local(e->site, &nets[i].value);
}

struct engine *
engine_new(const struct engine_plan *plan)
{
	struct engine *e = calloc(1, sizeof(*e));

	if (e == NULL)
		return NULL;
	e->plan = *plan;
	if (plan->live)
		e->sketch_key = plan->hash_key;
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
	engine_talk_choose(e);
	TAILQ_INIT(&e->tell.changed);
	for (enum weird w = 0; w < WEIRD_COUNT; w++)
		limiter_init(&e->weird_limits[w], WEIRD_BURST, 60 * NS_PER_S);
	if (!engine_reserve(e, on_flow, on_ending)) {
		engine_free(e);
		return NULL;
	}
	site_set_intel(e->site, plan->intel);
	engine_talk_listen(e);
	tell_local(e);
	return e;
}

void
engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	engine_release(e);
	free(e);
}

void
engine_tick(struct engine *e, uint64_t now_ns)
{
	engine_clock(e, now_ns);
	engine_device_tick(e, now_ns);
	engine_retro_tick(e);
}

void
engine_finish(struct engine *e, const struct record_loss *extra_lost, size_t extra_count)
{
	engine_clock_settle(e);
	fragments_expire(e->fragments, UINT64_MAX);
	flow_end_all(e->flows);
	for (struct profile *p; (p = profile_idlest(&e->profiles, NULL)) != NULL;)
		engine_profile_evict(e, p);
	engine_device_tell(e, UINT64_MAX, UINT32_MAX);
	engine_tell_totals(e, extra_lost, extra_count);
}

uint64_t
engine_now_ns(const struct engine *e)
{
	return e->clock_ns;
}

const struct engine_area *
engine_areas(const struct engine *e)
{
	return e->areas;
}
