/*
 * Windows are taken profile by profile, in the order in which profiles are stored: it follows from their coming and
 * going alone. One that opens behind the walk needs none, it knows the new lists. How much is shown at once is bounded
 * by windows and by peers; the peers of one window come together, since it may be closed before the next tick.
 */
#include "daemon/engine/engine_retro.h"

#include "daemon/engine/detect.h"
#include "daemon/engine/engine_state.h"

enum {
	WINDOWS_AT_ONCE = 64,
	PEERS_AT_ONCE = 4096,
	OPEN_FLOWS_MAX =
		4096, /* of a window: who has more of them open sweeps, and is found by that */
};

void
engine_set_intel(struct engine *e, const struct intel *i)
{
	e->plan.intel = i;
	site_set_intel(e->site, i);
	e->retro = (struct engine_retro){ .is_walking = detect_wants(e, OBS_PEER) };
}

static void
show_peer(struct engine *e, struct window *w, enum obs_role role, const struct obs_peer *peer)
{
	detect_observe(e, w,
		&(struct observation){
			.kind = OBS_PEER,
			.role = role,
			.ts_ns = w->slot.end_ns < e->clock_ns ? w->slot.end_ns : e->clock_ns,
			.peer = peer,
		});
}

static void
show_tuple(struct engine *e, struct window *w, const struct tuple *t)
{
	uint64_t last_ns = t->letter_state.last_ns;

	show_peer(e, w, (enum obs_role)t->role,
		&(struct obs_peer){
			.peer = t->peer,
			.port = t->port,
			.ip_proto = t->ip_proto,
			.established = t->sums[1].packets > 0,
			.first_ns = t->first_ns,
			.last_ns = last_ns > t->first_ns ? last_ns : t->first_ns,
		});
}

/* A conversation of which nothing is counted yet is in no tuple. */
static void
show_flow(struct engine *e, struct window *w, struct flow_party *party)
{
	enum obs_role role;
	struct obs_flow o;

	flow_snapshot(e->flows, flow_of_party(party, &role), &o);
	show_peer(e, w, role,
		&(struct obs_peer){
			.peer = role == ROLE_CLIENT ? o.resp : o.orig,
			.port = o.resp_port,
			.ip_proto = o.ip_proto,
			.established = o.established,
			.first_ns = o.start_ns,
			.last_ns = o.start_ns,
		});
}

/* returns how many peers were shown */
static uint32_t
show_window(struct engine *e, struct window *w)
{
	struct flow_party *party;
	uint32_t flows = 0;
	uint32_t tuples = 0;

	TAILQ_FOREACH (party, &w->flows, link) {
		if (flows++ == OPEN_FLOWS_MAX)
			break;
		show_flow(e, w, party);
	}
	for (const struct tuple *t = w->tuples.first; t != NULL; t = t->next, tuples++)
		show_tuple(e, w, t);
	return flows + tuples;
}

void
engine_retro_tick(struct engine *e)
{
	const struct pool *profiles = &e->profiles.table.items;
	struct engine_retro *r = &e->retro;
	uint32_t windows = 0;
	uint32_t peers = 0;

	while (r->is_walking && windows < WINDOWS_AT_ONCE && peers < PEERS_AT_ONCE) {
		if (r->at == profiles->touched) {
			r->is_walking = false;
			break;
		}
		/* A place that is free has no windows. */
		struct profile *p = pool_at(profiles, r->at++);
		struct profile *pinned = e->pinned;
		e->pinned = p;
		for (struct window *w = p->windows; w != NULL; w = w->older, windows++)
			peers += show_window(e, w);
		e->pinned = pinned;
	}
}
