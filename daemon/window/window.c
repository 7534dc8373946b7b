#include "daemon/window/window.h"

#include <assert.h>

struct window *
window_new(struct profile *profile, const struct window_slot *slot, struct buddy *source,
	uint64_t cap_bytes, uint32_t states, const struct hash_key *hash_key)
{
	struct arena memory;

	arena_init(&memory, cap_bytes, source);
	struct window *w = arena_alloc(&memory, sizeof(*w));
	void ***detector_states =
		arena_alloc(&memory, (states / WINDOW_STATES_PAGE + 1) * sizeof(void **));
	if (w == NULL || detector_states == NULL) {
		arena_done(&memory);
		return NULL;
	}
	w->profile = profile;
	w->slot = *slot;
	w->memory = memory;
	w->detector_states = detector_states;
	arena_init(&w->tuple_memory, cap_bytes, source);
	tuples_init(&w->tuples, &w->tuple_memory, hash_key);
	TAILQ_INIT(&w->flows);
	TAILQ_INIT(&w->wakes);
	return w;
}

void
window_free(struct window *w)
{
	struct arena memory = w->memory; /* the window itself lies in it */

	assert(TAILQ_EMPTY(&w->flows) && TAILQ_EMPTY(&w->wakes) && w->close.place == 0);
	arena_done(&w->tuple_memory);
	arena_done(&memory);
}
