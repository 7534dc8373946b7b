#include "daemon/engine/detect.h"

#include "daemon/engine/detect_call.h"
#include "daemon/engine/engine_state.h"
#include "daemon/evidence/evidence_converge.h"
#include "detectors/detector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PROFILE_MEMORY_MAX = 64 * 1024 };

/* One wait of one detector in one window. */
struct wake {
	struct deadline deadline; /* first: detect_wake() is handed this */
	TAILQ_ENTRY(wake) in_window;
	struct window *window;
	uint32_t detector;
	void *what;
};

/* Who wants a kind of observation: indices into the plan's detectors, in run order. */
struct audience {
	uint32_t *detectors;
	uint32_t count;
};

struct detector_runner {
	size_t detector_count;
	struct audience wanting[OBS_KIND_COUNT];
	struct audience wanting_site[OBS_KIND_COUNT];
	void **site_states;
	uint32_t *
		window_state_at; /* by detector: the place of its state in a window, if it has one */
	uint32_t window_states;
	uint32_t *profile_state_at; /* the same of a profile */
	uint32_t profile_states;
	struct pool wakes;
};

const char *
detect_detector_name(const struct engine *e, uint32_t index)
{
	return index < e->plan.detector_count ? detect_detector_at(e, index)->name : NULL;
}

const struct evidence_kind *
detect_kind(const struct engine *e, const char *name)
{
	for (uint32_t i = 0; i < e->plan.detector_count; i++) {
		const struct evidence_kind *const *kinds = detect_detector_at(e, i)->kinds;
		for (; kinds != NULL && *kinds != NULL; kinds++)
			if (strcmp((*kinds)->name, name) == 0)
				return *kinds;
	}
	return strcmp(evidence_converging.name, name) == 0 ? &evidence_converging : NULL;
}

uint64_t
detector_runner_window_bytes(const struct engine_plan *plan)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < plan->detector_count; i++)
		bytes += plan->detectors[i]->window_state_size;
	return bytes;
}

uint64_t
detector_runner_wake_bytes(void)
{
	return sizeof(struct wake);
}

static bool
subscribe(struct detector_runner *r, const struct engine_plan *plan, unsigned kind)
{
	struct audience *hosts = &r->wanting[kind];
	struct audience *site = &r->wanting_site[kind];

	hosts->detectors = calloc(plan->detector_count + 1, sizeof(uint32_t));
	site->detectors = calloc(plan->detector_count + 1, sizeof(uint32_t));
	if (hosts->detectors == NULL || site->detectors == NULL)
		return false;
	for (uint32_t i = 0; i < plan->detector_count; i++) {
		const struct detector *d = plan->detectors[i];
		if ((d->subscribes & OBS_BIT(kind)) == 0)
			continue;
		if (d->observe != NULL)
			hosts->detectors[hosts->count++] = i;
		if (d->observe_site != NULL)
			site->detectors[site->count++] = i;
	}
	return true;
}

struct detector_runner *
detector_runner_new(const struct engine_plan *plan, uint32_t wake_capacity)
{
	struct detector_runner *r = calloc(1, sizeof(*r));

	assert(plan->detector_count <= WINDOW_PEERS_DETECTORS);
	if (r == NULL)
		return NULL;
	r->detector_count = plan->detector_count;
	bool ok = pool_init(&r->wakes, sizeof(struct wake), wake_capacity) == 0;
	for (unsigned kind = 0; ok && kind < OBS_KIND_COUNT; kind++)
		ok = subscribe(r, plan, kind);
	if (ok) {
		r->site_states = calloc(plan->detector_count + 1, sizeof(void *));
		r->window_state_at = calloc(plan->detector_count + 1, sizeof(uint32_t));
		r->profile_state_at = calloc(plan->detector_count + 1, sizeof(uint32_t));
		ok = r->site_states != NULL && r->window_state_at != NULL &&
		     r->profile_state_at != NULL;
	}
	for (size_t i = 0; ok && i < plan->detector_count; i++) {
		if (plan->detectors[i]->window_state_size > 0)
			r->window_state_at[i] = r->window_states++;
		if (plan->detectors[i]->profile_state_size > 0)
			r->profile_state_at[i] = r->profile_states++;
	}
	for (size_t i = 0; ok && i < plan->detector_count; i++) {
		if (plan->detectors[i]->site_state_size == 0)
			continue;
		r->site_states[i] = calloc(1, plan->detectors[i]->site_state_size);
		ok = r->site_states[i] != NULL;
	}
	if (ok)
		return r;
	detector_runner_free(r);
	return NULL;
}

void
detector_runner_free(struct detector_runner *r)
{
	if (r == NULL)
		return;
	for (unsigned kind = 0; kind < OBS_KIND_COUNT; kind++) {
		free(r->wanting[kind].detectors);
		free(r->wanting_site[kind].detectors);
	}
	for (size_t i = 0; r->site_states != NULL && i < r->detector_count; i++)
		free(r->site_states[i]);
	free(r->site_states);
	free(r->window_state_at);
	free(r->profile_state_at);
	pool_done(&r->wakes);
	free(r);
}

/* The state behind `*slot`, made at the first call; NULL when memory is out. */
static void *
state_get(void **slot, struct arena *memory, size_t size)
{
	if (*slot == NULL)
		*slot = arena_alloc(memory, size);
	return *slot;
}

static void **
profile_states(struct engine *e, struct profile *p)
{
	if (p->memory.cap_bytes == 0)
		arena_init(&p->memory, PROFILE_MEMORY_MAX, &e->chunks);
	if (p->detector_states == NULL)
		p->detector_states =
			arena_alloc(&p->memory, e->runner->profile_states * sizeof(void *));
	return p->detector_states;
}

uint32_t
detect_window_states(const struct engine *e)
{
	return e->runner->window_states;
}

/* The page of states in which the detector's is, or will be. */
static void ***
window_page(const struct engine *e, const struct window *w, uint32_t detector)
{
	return &w->detector_states[e->runner->window_state_at[detector] / WINDOW_STATES_PAGE];
}

/* Does the detector know anything of `w`? Who keeps nothing there always does. */
static bool
has_window_state(const struct engine *e, const struct window *w, uint32_t detector)
{
	if (detect_detector_at(e, detector)->window_state_size == 0)
		return true;
	void **page = *window_page(e, w, detector);
	return page != NULL &&
	       page[e->runner->window_state_at[detector] % WINDOW_STATES_PAGE] != NULL;
}

/* The detector's state in `w`, made at the first call; NULL when memory is out. */
static void *
window_state(const struct engine *e, struct window *w, uint32_t detector)
{
	void ***page = window_page(e, w, detector);

	if (*page == NULL)
		*page = arena_alloc(&w->memory, WINDOW_STATES_PAGE * sizeof(void *));
	if (*page == NULL)
		return NULL;
	return state_get(&(*page)[e->runner->window_state_at[detector] % WINDOW_STATES_PAGE],
		&w->memory, detect_detector_at(e, detector)->window_state_size);
}

/* Fill in what a detector is handed. returns false when there is no memory for its state */
static bool
call_begin(struct detect_call *c, struct detect *d)
{
	struct engine *e = c->engine;
	const struct detector *which = detect_detector_at(e, c->detector);
	struct window *w = c->window;

	*d = (struct detect){
		.config = e->plan.detector_configs[c->detector],
		.site_state = e->runner->site_states[c->detector],
		.site = e->site,
		.hash_key = &e->plan.hash_key,
		.sketch_key = &e->sketch_key,
		.core = c,
	};
	if (c->profile == NULL)
		return true;
	d->profile_memory = &c->profile->memory;
	d->host = &c->profile->addr;
	if (w != NULL) {
		d->memory = &w->memory;
		d->window_start_ns = w->slot.start_ns;
		d->window_end_ns = w->slot.end_ns;
	}
	if (w != NULL && which->window_state_size > 0) {
		d->window_state = window_state(e, w, c->detector);
		if (d->window_state == NULL)
			return false;
	}
	if (which->profile_state_size > 0) {
		void **states = profile_states(e, c->profile);
		if (states == NULL)
			return false;
		d->profile_state = state_get(&states[e->runner->profile_state_at[c->detector]],
			&c->profile->memory, which->profile_state_size);
		if (d->profile_state == NULL)
			return false;
	}
	return true;
}

bool
detect_wants(const struct engine *e, enum obs_kind kind)
{
	return e->runner->wanting[kind].count + e->runner->wanting_site[kind].count > 0;
}

void
detect_observe(struct engine *e, struct window *w, const struct observation *o)
{
	const struct audience *wanting = &e->runner->wanting[o->kind];

	for (uint32_t i = 0; i < wanting->count; i++) {
		const struct detector *which = detect_detector_at(e, wanting->detectors[i]);
		if (which->wants != NULL && !which->wants(e->site, o))
			continue;
		struct detect_call c = {
			.engine = e,
			.profile = w->profile,
			.window = w,
			.detector = wanting->detectors[i],
			.now_ns = o->ts_ns,
		};
		struct detect d;
		if (call_begin(&c, &d))
			which->observe(&d, o);
		else
			w->truncated = true;
	}
}

void
detect_observe_site(struct engine *e, const struct observation *o)
{
	const struct audience *wanting = &e->runner->wanting_site[o->kind];

	for (uint32_t i = 0; i < wanting->count; i++) {
		struct detect_call c = {
			.engine = e,
			.detector = wanting->detectors[i],
			.now_ns = o->ts_ns,
		};
		struct detect d;
		(void)call_begin(&c, &d);
		detect_detector_at(e, c.detector)->observe_site(&d, o);
	}
}

static void
wake_call(struct engine *e, struct wake *k, uint64_t now_ns, bool early)
{
	struct detect_call c = {
		.engine = e,
		.profile = k->window->profile,
		.window = k->window,
		.detector = k->detector,
		.now_ns = now_ns,
	};
	void *what = k->what;
	struct detect d;

	TAILQ_REMOVE(&k->window->wakes, k, in_window);
	k->window->wake_count--;
	pool_give(&e->runner->wakes, k);
	if (call_begin(&c, &d))
		detect_detector_at(e, c.detector)->wake(&d, what, now_ns, early);
}

void
detect_wake(struct engine *e, struct deadline *d, uint64_t now_ns)
{
	wake_call(e, (struct wake *)(void *)d, now_ns, /* early= */ false);
}

/* The wait that is due first; NULL when the time of none has come. */
static struct wake *
first_due(const struct engine *e, const struct window *w)
{
	struct wake *first = NULL;
	struct wake *k;

	TAILQ_FOREACH (k, &w->wakes, in_window)
		if (k->deadline.at_ns <= e->clock_ns &&
			(first == NULL || k->deadline.at_ns < first->deadline.at_ns))
			first = k;
	return first;
}

void
detect_window_close(struct engine *e, struct window *w, uint64_t end_ns)
{
	/* Asked for by what was told late, as conversations are at the end of a capture: nothing is cut short. */
	for (struct wake *k; (k = first_due(e, w)) != NULL;) {
		deadline_drop(&e->deadlines, &k->deadline);
		wake_call(e, k, e->clock_ns, /* early= */ false);
	}
	for (struct wake *k; (k = TAILQ_FIRST(&w->wakes)) != NULL;) {
		deadline_drop(&e->deadlines, &k->deadline);
		wake_call(e, k, end_ns, /* early= */ true);
	}
	for (uint32_t i = 0; i < e->plan.detector_count; i++) {
		struct detect_call c = { .engine = e,
			.profile = w->profile,
			.window = w,
			.detector = i,
			.now_ns = end_ns };
		struct detect d;
		if (detect_detector_at(e, i)->window_close != NULL && has_window_state(e, w, i) &&
			call_begin(&c, &d))
			detect_detector_at(e, i)->window_close(&d, end_ns);
	}
	detect_tell_suppressed(e, w, end_ns);
	/* A last word may have asked for a wait that nobody will see: it ends here, silently. */
	for (struct wake *k; (k = TAILQ_FIRST(&w->wakes)) != NULL;) {
		deadline_drop(&e->deadlines, &k->deadline);
		TAILQ_REMOVE(&w->wakes, k, in_window);
		pool_give(&e->runner->wakes, k);
	}
}

void
detect_profile_gone(struct engine *e, struct profile *p)
{
	for (uint32_t i = 0; p->detector_states != NULL && i < e->plan.detector_count; i++) {
		const struct detector *which = detect_detector_at(e, i);
		struct detect_call c = {
			.engine = e, .profile = p, .detector = i, .now_ns = e->clock_ns
		};
		struct detect d;
		if (which->profile_gone != NULL && which->profile_state_size > 0 &&
			p->detector_states[e->runner->profile_state_at[i]] != NULL &&
			call_begin(&c, &d))
			which->profile_gone(&d);
	}
	arena_done(&p->memory);
	p->detector_states = NULL;
}

bool
detect_wake_at(struct detect *d, uint64_t at_ns, void *what)
{
	struct detect_call *c = d->core;
	struct engine *e = c->engine;
	struct wake *k = NULL;

	assert(c->window != NULL && detect_detector_at(e, c->detector)->wake != NULL);
	if (c->window->wake_count < WINDOW_WAKES_MAX)
		k = pool_take(&e->runner->wakes);
	if (k == NULL) {
		e->stats.deadlines_refused++;
		return false;
	}
	k->deadline.kind = DEADLINE_WAKE;
	k->window = c->window;
	k->detector = c->detector;
	k->what = what;
	if (!deadline_add(&e->deadlines, &k->deadline, at_ns)) {
		pool_give(&e->runner->wakes, k);
		e->stats.deadlines_refused++;
		return false;
	}
	TAILQ_INSERT_TAIL(&c->window->wakes, k, in_window);
	c->window->wake_count++;
	if (at_ns < e->check_ns)
		e->check_ns = at_ns;
	return true;
}

void
detect_mark(struct detect *d, enum window_mark mark)
{
	struct detect_call *c = d->core;

	c->window->marks |= UINT32_C(1) << mark;
}

bool
detect_first_of_peer(struct detect *d, const struct addr *peer)
{
	struct detect_call *c = d->core;
	struct window *w = c->window;
	uint32_t refused = w->peers.map.refused;

	bool first = window_peers_first(&w->peers, &w->memory, d->hash_key, peer, c->detector);
	c->engine->stats.peers_refused += w->peers.map.refused - refused;
	return first;
}

bool
detect_marked(const struct detect *d, enum window_mark mark)
{
	const struct detect_call *c = d->core;

	return (c->window->marks & UINT32_C(1) << mark) != 0;
}
