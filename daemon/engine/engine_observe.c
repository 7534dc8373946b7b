/*
 * engine_observe.c -- an observation meets the profiles, windows and detectors that it concerns.
 *
 * Who it concerns is home network and direction (behaviour §2.3). What a flow adds to a window is
 * house H0.1: counters take deltas in the window of the observation's own time; the flow itself
 * (count, letter, tuple) is charged once, to the window of its start, when it ends or when that
 * window closes.
 */
#include "daemon/engine/detect.h"
#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_timeline.h"
#include "daemon/engine/engine_whitelist.h"
#include "daemon/transactions/dns.h"

bool
engine_is_home(const struct engine *e, const struct addr *a)
{
	const struct config_list *home = &e->settings->home_network;
	const struct setting_cidr *nets = home->items;

	if (home->count == 0)
		return true;
	for (size_t i = 0; i < home->count; i++)
		if (cidr_contains(&nets[i].value, a))
			return true;
	return false;
}

static struct tuple_flow
tuple_flow_of(const struct obs_flow *o, enum obs_role role)
{
	return (struct tuple_flow){
		.peer = role == ROLE_CLIENT ? o->resp : o->orig,
		.orig_port = o->orig_port,
		.resp_port = o->resp_port,
		.ip_proto = o->ip_proto,
		.role = (uint8_t)role,
		.established = o->established,
		.start_ns = o->start_ns,
		.duration_ns = o->last_ns - o->start_ns,
		.payload_bytes_total = o->orig_total.payload_bytes + o->resp_total.payload_bytes,
		.ip_bytes_total = o->orig_total.ip_bytes + o->resp_total.ip_bytes,
	};
}

static void
add_sides(struct tuple_flow *t, const struct flow_side *orig, const struct flow_side *resp)
{
	t->packets = orig->packets + resp->packets;
	t->bytes = orig->payload_bytes + resp->payload_bytes;
	t->orig_packets = orig->packets;
}

void
engine_count_flow(struct engine *e, struct window *w, enum obs_role role, const struct obs_flow *o)
{
	struct tuple_flow t = tuple_flow_of(o, role);

	t.count = true;
	tuples_add(&w->tuples, &t);
	engine_window_changed(e, w);
}

/* The deltas of a flow go to the window of the observation; at its end in the window of its start, it is counted there too. */
static void
add_flow(struct window *w, enum obs_role role, const struct obs_flow *o, bool count)
{
	struct tuple_flow t = tuple_flow_of(o, role);

	add_sides(&t, &o->orig_delta, &o->resp_delta);
	t.count = count;
	tuples_add(&w->tuples, &t);
}

static void
party_leave(struct flow_party *party)
{
	TAILQ_REMOVE(&party->window->flows, party, link);
	party->window = NULL;
}

/* As Slips 0.7.0: everything at the end, in the window of the start. */
static void
account_s20(struct engine *e, struct profile *p, enum obs_role role, const struct observation *o)
{
	struct tuple_flow t = tuple_flow_of(o->flow, role);

	if (o->kind != OBS_FLOW_END)
		return;
	struct window *w = engine_window(e, p, o->flow->start_ns);
	if (w == NULL)
		return;
	add_sides(&t, &o->flow->orig_total, &o->flow->resp_total);
	t.count = true;
	tuples_add(&w->tuples, &t);
}

/* A flow that we follow ourselves. `w` is the window of the observation's own time. */
static void
account_own(struct engine *e, struct window *w, struct flow *f, enum obs_role role,
	const struct observation *o)
{
	struct flow_party *party = flow_party(f, role);

	if (o->kind == OBS_FLOW_START) {
		party->window = w;
		TAILQ_INSERT_TAIL(&w->flows, party, link);
		return;
	}
	struct window *start = o->kind == OBS_FLOW_END ? party->window : NULL;
	if (start != NULL) {
		party_leave(party);
		if (start != w)
			engine_count_flow(e, start, role, o->flow);
	}
	add_flow(w, role, o->flow, start == w);
}

static void
account(struct engine *e, struct window *w, struct flow *f, enum obs_role role,
	const struct observation *o)
{
	if (e->window_rule.s20)
		account_s20(e, w->profile, role, o);
	else if (f != NULL)
		account_own(e, w, f, role, o);
	else if (o->kind == OBS_FLOW_END)
		add_flow(w, role, o->flow, /* count= */ true);
	else if (o->kind == OBS_FLOW_INTERIM)
		add_flow(w, role, o->flow, /* count= */ false);
	engine_window_changed(e, w);
	if (o->flow->established)
		profile_settle(&e->profiles, w->profile);
}

/* A foreign flow is seen once, at its end: all of it belongs to the window of its start. */
static uint64_t
own_time(const struct engine *e, const struct flow *f, const struct observation *o)
{
	if (observation_is_flow(o) && (f == NULL || e->window_rule.s20))
		return o->flow->start_ns;
	return o->ts_ns;
}

/* A flow that a window of this side still waits for leads to its profile without a look-up. */
static struct profile *
profile_of(struct engine *e, struct flow *f, const struct observation *o, enum obs_role role,
	const struct addr *who)
{
	const struct window *start = f == NULL ? NULL : flow_party(f, role)->window;

	if (start == NULL)
		return engine_profile(e, who, o->ts_ns);
	profile_touch(&e->profiles, start->profile, e->clock_ns);
	return start->profile;
}

/* The detectors of a window see `o` as that side did. */
static void
detect_side(struct engine *e, struct window *w, const struct observation *o, enum obs_role role)
{
	struct observation mine = *o;

	mine.role = role;
	detect_observe(e, w, &mine);
}

/* `start` comes before `o` if it is not NULL. */
static void
show_side(struct engine *e, struct flow *f, const struct observation *start,
	const struct observation *o, enum obs_role role, const struct addr *who)
{
	struct observation mine = *o;
	struct profile *pinned = e->pinned;
	struct profile *p = profile_of(e, f, o, role, who);

	if (p == NULL)
		return;
	e->pinned = p;
	struct window *w = engine_window(e, p, own_time(e, f, o));
	if (w != NULL) {
		mine.role = role;
		if (start != NULL)
			detect_side(e, w, start, role);
		if (observation_is_flow(o))
			account(e, w, f, role, &mine);
		detect_observe(e, w, &mine);
		if (o->kind == OBS_FLOW_END && engine_tells_timeline(e))
			engine_timeline(e, w, &mine);
	}
	e->pinned = pinned;
}

/* NULL when it is nobody: some messages have no sender, and some lines of logs name one end only, or none. */
static const struct addr *
somebody(const struct addr *a)
{
	return addr_is_unspecified(a) ? NULL : a;
}

/* Who spoke and who was spoken to; each is NULL when it is no subject. */
static const struct addr *
subjects(const struct observation *o, const struct addr **ret_server)
{
	*ret_server = NULL;
	switch (o->kind) {
	case OBS_FLOW_START:
	case OBS_FLOW_INTERIM:
	case OBS_FLOW_END:
		*ret_server = &o->flow->resp;
		return &o->flow->orig;
	case OBS_ARP:
		return somebody(&o->arp->sender);
	case OBS_DNS:
		return somebody(&o->dns->client);
	case OBS_TUNNEL:
		*ret_server = &o->tunnel->flow->resp;
		return &o->tunnel->flow->orig;
	case OBS_WEIRD:
		return somebody(&o->weird->src);
	case OBS_ALERT: /* nobody did it: who looks at the whole site knows whom it concerns */
		return NULL;
	default:
		break;
	}
	if (o->talk == NULL)
		return NULL;
	*ret_server = somebody(&o->talk->resp);
	return somebody(&o->talk->orig);
}

/* Slips 0.7.0 opens a window for who was asked as well, unless we know that who asked is ours; nothing is charged to it. */
static void
open_destination_s20(
	struct engine *e, const struct addr *client, const struct addr *server, uint64_t start_ns)
{
	if (!engine_is_home(e, server) ||
		(e->settings->home_network.count > 0 && engine_is_home(e, client)))
		return;
	struct profile *p = engine_profile(e, server, start_ns);
	if (p != NULL)
		(void)engine_window(e, p, start_ns);
}

static void
show(struct engine *e, struct flow *f, const struct observation *start, const struct observation *o)
{
	const struct addr *server;
	const struct addr *client = subjects(o, &server);

	if (client != NULL && engine_is_home(e, client))
		show_side(e, f, start, o, ROLE_CLIENT, client);
	if (server == NULL)
		return;
	if (e->settings->direction == DIRECTION_ALL && engine_is_home(e, server))
		show_side(e, f, start, o, ROLE_SERVER, server);
	else if (e->window_rule.s20 && o->kind == OBS_FLOW_END)
		open_destination_s20(e, client, server, o->flow->start_ns);
}

void
engine_show(struct engine *e, struct flow *f, const struct observation *o)
{
	site_learn(e->site, o);
	if (o->talk != NULL && !detect_wants(e, o->kind))
		return; /* nothing of it is kept in a window */
	if (engine_ignores(e, f, o))
		return;
	detect_observe_site(e, o);
	show(e, f, NULL, o);
}

void
engine_show_begun(struct engine *e, const struct observation *start, const struct observation *o)
{
	site_learn(e->site, start);
	bool is_ignored = engine_ignores(e, NULL, o);
	if (!is_ignored)
		detect_observe_site(e, start);
	site_learn(e->site, o);
	if (is_ignored)
		return;
	detect_observe_site(e, o);
	show(e, NULL, detect_wants(e, OBS_FLOW_START) ? start : NULL, o);
}
