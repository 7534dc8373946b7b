/*
 * window.h -- what is known of one host in one time window.
 *
 * A window, its detectors' states, its evidence and its tuples live in two arenas that die with it.
 * It opens with the first observation that falls into it and closes when packet time has passed its
 * end by one more width; it never opens again.
 */
#pragma once

#include "daemon/base/arena.h"
#include "daemon/evidence/evidence.h"
#include "daemon/flow/flow.h"
#include "daemon/tuples/tuples.h"
#include "daemon/window/deadline.h"
#include "daemon/window/window_number.h"
#include "daemon/window/window_peers.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct profile;
struct wake;

TAILQ_HEAD(wake_list, wake);

struct window {
	struct window *older; /* of the same profile, in order of opening */
	struct profile *profile;
	struct window_slot slot;
	struct arena memory; /* detectors' states and evidence, and this struct */
	struct arena tuple_memory;
	struct tuples tuples;
	struct evidence_ledger evidence;
	void ***detector_states; /* pages of WINDOW_STATES_PAGE, made when one of them is wanted */
	struct window_peers peers;
	struct flow_party_list flows; /* that started here and are not counted yet */
	struct wake_list wakes;       /* deadlines of detectors, in order of asking */
	uint32_t wake_count;
	uint32_t marks; /* bits of enum window_mark */
	struct deadline close;
	uint64_t late;               /* observations that belonged to a closed window */
	TAILQ_ENTRY(window) changed; /* if `has_changed` since it was told */
	uint64_t told_ns;            /* when it was, while open; 0: never */
	struct tuple *addressed;     /* the last whose peer's address was told */
	bool has_changed;
	bool truncated;
};

TAILQ_HEAD(window_list, window);

enum { WINDOW_WAKES_MAX = 64, WINDOW_STATES_PAGE = 16 };

/*
 * Make an empty window.
 *
 * source     of both arenas
 * cap_bytes  of each arena
 * states     detectors that have one, for the array of them
 * returns    NULL when the source has no chunk left
 */
struct window *window_new(struct profile *profile, const struct window_slot *slot,
	struct buddy *source, uint64_t cap_bytes, uint32_t states, const struct hash_key *hash_key);

/* Give back everything that lives in the window, itself included. Its lists must be empty. */
void window_free(struct window *w);
