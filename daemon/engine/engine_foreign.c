/*
 * A log tells a conversation when it is over, and it may lie where the conversation began (Argus) or
 * where it ended (Zeek). So a flow moves the clock to its start only; how far time is beyond that, the
 * reader says by engine_tick(). All of it belongs to the window of its start.
 *
 * Nobody logs that a conversation began. Its first line is shown as two observations: a start, for those
 * who count attempts, and what the line says. A log that was put in order tells the start when it was, with
 * what the line will say: that is for later.
 */
#include "daemon/engine/engine_foreign.h"

#include "daemon/engine/detect.h"
#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_timeline.h"
#include "daemon/transactions/dns.h"

/* Is it the first that is told of its conversation? Nothing was told before: the deltas are the totals. */
static bool
is_first(const struct obs_flow *f)
{
	return !f->begun && f->orig_delta.packets == f->orig_total.packets &&
	       f->resp_delta.packets == f->resp_total.packets;
}

/* The conversation as it was when nothing had been sent in it. */
static struct obs_flow
as_begun(const struct obs_flow *f)
{
	static const struct flow_side nothing;
	struct obs_flow begun = *f;

	begun.last_ns = begun.previous_ns = f->start_ns;
	begun.orig_total = begun.resp_total = nothing;
	begun.orig_delta = begun.resp_delta = nothing;
	begun.state = CONN_S0;
	begun.ended = FLOW_END_NONE;
	begun.established = false;
	begun.history = "";
	return begun;
}

/* Show that it began, and what is told of it besides; OBS_FLOW_START: nothing is. */
static void
show_first(struct engine *e, const struct observation *o)
{
	struct obs_flow begun = as_begun(o->flow);
	struct observation start = *o;

	e->stats.flows_started++;
	start.kind = OBS_FLOW_START;
	start.ts_ns = begun.start_ns;
	start.flow = &begun;
	if (o->kind == OBS_FLOW_START)
		engine_show(e, NULL, &start);
	else
		engine_show_begun(e, &start, o);
}

static void
observe_flow(struct engine *e, const struct observation *o)
{
	engine_see_time(e, o->flow->start_ns);
	if (o->ts_ns > e->stats.last_ns)
		e->stats.last_ns = o->ts_ns;
	if (o->kind != OBS_FLOW_START)
		engine_write_flow(e, o);
	if (is_first(o->flow))
		show_first(e, o);
	else
		engine_show(e, NULL, o);
	if (o->kind != OBS_FLOW_END)
		return;
	if (engine_tells_timeline(e))
		said_forget(&e->said, o->flow->id);
	e->stats.flows_ended++;
	engine_count_end(e, o->flow);
}

/* Logs have the ends of a conversation, and do not say again who asked in it and who was asked. */
static void
observe_dns(struct engine *e, const struct observation *o)
{
	struct obs_dns dns;
	struct observation whole = *o;

	if (addr_is_unspecified(&o->dns->client)) {
		dns = *o->dns;
		dns.client = o->talk->orig;
		dns.server = o->talk->resp;
		whole.dns = &dns;
	}
	engine_tell_said(e, &whole);
}

void
engine_begin(struct engine *e, uint64_t earliest_ns)
{
	if (!e->series.started)
		(void)window_slot_of(&e->window_rule, &e->series, earliest_ns);
}

void
engine_observe(struct engine *e, const struct observation *o)
{
	if (observation_is_flow(o)) {
		observe_flow(e, o);
		return;
	}
	engine_see_time(e, o->ts_ns);
	switch (o->kind) {
	case OBS_ARP:
		engine_tell_arp(e, o);
		break;
	case OBS_TUNNEL:
		engine_tell_tunnel(e, NULL, o);
		break;
	case OBS_WEIRD:
		engine_tell_weird(e, o);
		break;
	case OBS_DNS:
		observe_dns(e, o);
		break;
	default:
		engine_tell_said(e, o);
		break;
	}
}
