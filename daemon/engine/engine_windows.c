/*
 * engine_windows.c -- profiles and their windows: found, opened, closed, and making room.
 *
 * What is full makes room by closing, never by forgetting: the idlest profile's windows are closed
 * with all that this means (waits cut short, flows counted, records written) and then it goes. The
 * profile that is being worked on is pinned, and nothing is evicted inside an eviction.
 */
#include "daemon/engine/detect.h"
#include "daemon/engine/engine_save.h"
#include "daemon/engine/engine_state.h"

enum { EVICTIONS_PER_WINDOW = 8 };

static bool
evict_idlest(struct engine *e)
{
	struct profile *p = profile_idlest(&e->profiles, e->pinned);

	if (p == NULL || e->evicting)
		return false;
	engine_profile_evict(e, p);
	e->profiles.evicted++;
	return true;
}

struct profile *
engine_profile(struct engine *e, const struct addr *a, uint64_t ts_ns)
{
	struct profile *p = profile_find(&e->profiles, a);

	(void)ts_ns;
	if (p != NULL) {
		profile_touch(&e->profiles, p, e->clock_ns);
		return p;
	}
	p = profile_add(&e->profiles, a, e->clock_ns);
	if (p == NULL && evict_idlest(e))
		p = profile_add(&e->profiles, a, e->clock_ns);
	return p;
}

void
engine_profile_evict(struct engine *e, struct profile *p)
{
	bool was_evicting = e->evicting;

	e->evicting = true;
	while (p->windows != NULL) {
		struct window *oldest = p->windows;
		while (oldest->older != NULL)
			oldest = oldest->older;
		engine_window_close(e, oldest);
	}
	detect_profile_gone(e, p);
	profile_remove(&e->profiles, p);
	e->evicting = was_evicting;
}

static struct window *
window_find(const struct profile *p, int64_t number)
{
	for (struct window *w = p->windows; w != NULL; w = w->older)
		if (w->slot.number == number)
			return w;
	return NULL;
}

/* The moment at which a window closes; never, where windows are kept to the end. */
static uint64_t
close_ns(const struct engine *e, const struct window_slot *slot)
{
	if (e->window_rule.only_one || e->window_rule.s20)
		return UINT64_MAX;
	return slot->end_ns + e->window_rule.width_ns;
}

static struct window *
earliest_window(const struct profile *p)
{
	struct window *earliest = p->windows;

	for (struct window *w = p->windows; w != NULL; w = w->older)
		if (w->slot.start_ns < earliest->slot.start_ns)
			earliest = w;
	return earliest;
}

/* Windows that are open go on to need chunks: a part of them is kept back when new ones open. */
static bool
chunks_are_short(const struct engine *e)
{
	uint32_t kept_back = e->chunks.units / 32;

	return e->chunks.units - e->chunks.used_units < kept_back;
}

static struct window *
window_open(struct engine *e, struct profile *p, const struct window_slot *slot)
{
	struct window *w = NULL;
	struct profile *pinned = e->pinned;

	if (!e->window_rule.s20 && p->window_count >= e->settings->windows.open_max)
		engine_window_close(e, earliest_window(p));
	e->pinned = p;
	for (int tries = 0; tries < EVICTIONS_PER_WINDOW && chunks_are_short(e); tries++)
		if (!evict_idlest(e))
			break;
	for (int tries = 0; w == NULL && tries < EVICTIONS_PER_WINDOW; tries++) {
		w = window_new(p, slot, &e->chunks, e->settings->windows.memory_max,
			detect_window_states(e), &e->plan.hash_key);
		if (w == NULL && !evict_idlest(e))
			break;
	}
	e->pinned = pinned;
	if (w == NULL)
		return NULL;
	w->close.kind = DEADLINE_WINDOW_CLOSE;
	uint64_t at_ns = close_ns(e, slot);
	if (at_ns != UINT64_MAX && !deadline_add(&e->deadlines, &w->close, at_ns)) {
		window_free(w);
		return NULL;
	}
	if (at_ns < e->check_ns)
		e->check_ns = at_ns;
	w->older = p->windows;
	p->windows = w;
	p->window_count++;
	e->stats.windows_opened++;
	e->stats.windows_open++;
	return w;
}

struct window *
engine_window(struct engine *e, struct profile *p, uint64_t ts_ns)
{
	struct window_series *series = e->window_rule.by_profile ? &p->series : &e->series;
	struct window_slot slot = window_slot_of(&e->window_rule, series, ts_ns);
	struct window *w = window_find(p, slot.number);
	bool late = w == NULL && close_ns(e, &slot) <= e->clock_ns;

	if (late) {
		slot = window_slot_of(&e->window_rule, series, e->clock_ns);
		w = window_find(p, slot.number);
	}
	if (w == NULL)
		w = window_open(e, p, &slot);
	if (w == NULL)
		e->stats.windows_refused++;
	if (late)
		e->stats.observations_late++;
	if (late && w != NULL)
		w->late++;
	return w;
}

struct window *
engine_window_reopen(struct engine *e, const struct addr *host, uint64_t t0_ns, uint64_t start_ns,
	uint64_t now_ns)
{
	struct profile *p = profile_find(&e->profiles, host);
	struct window_series series = e->series;

	if (e->window_rule.by_profile)
		series = (struct window_series){
			.started = true, .t0_ns = t0_ns, .first = 1, .last = 1
		};
	if (!series.started && !e->window_rule.only_one)
		return NULL;
	struct window_slot slot = window_slot_of(&e->window_rule, &series, start_ns);
	bool is_open = slot.start_ns <= now_ns && close_ns(e, &slot) > now_ns;
	if (slot.start_ns != start_ns || !is_open || chunks_are_short(e))
		return NULL;
	if (p == NULL)
		p = profile_add(&e->profiles, host, e->clock_ns);
	if (p == NULL || p->window_count >= e->settings->windows.open_max ||
		window_find(p, slot.number) != NULL)
		return NULL;
	if (e->window_rule.by_profile)
		p->series = series;
	e->evicting = true; /* what was there before makes no room for what was there before */
	struct window *w = window_open(e, p, &slot);
	e->evicting = false;
	return w;
}

/* Flows of this window that go on are counted now, with what they have done so far. */
static void
count_open_flows(struct engine *e, struct window *w)
{
	for (struct flow_party *party; (party = TAILQ_FIRST(&w->flows)) != NULL;) {
		enum obs_role role;
		struct obs_flow o;
		struct flow *f = flow_of_party(party, &role);

		flow_snapshot(e->flows, f, &o);
		engine_count_flow(e, w, role, &o);
		TAILQ_REMOVE(&w->flows, party, link);
		party->window = NULL;
	}
}

void
engine_window_close(struct engine *e, struct window *w)
{
	struct profile *p = w->profile;
	uint64_t end_ns = w->slot.end_ns < e->clock_ns ? w->slot.end_ns : e->clock_ns;

	deadline_drop(&e->deadlines, &w->close);
	count_open_flows(e, w);
	detect_window_close(e, w, end_ns);
	engine_window_tell_end(e, w);
	e->stats.windows_truncated += w->truncated || w->tuples.truncated;
	e->stats.windows_open--;
	if (e->saving != NULL)
		engine_save_window(e, w);

	struct window **at = &p->windows;
	while (*at != w)
		at = &(*at)->older;
	*at = w->older;
	p->window_count--;
	window_free(w);
}
