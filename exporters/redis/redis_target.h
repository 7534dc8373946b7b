/*
 * redis_target.h -- one target: one Redis that is made equal to the mirror, in one dialect.
 *
 * Whatever it is found to be: ours still (naiad:run says so) is told all again over what is there; of an earlier
 * run, or of none, is first relieved of the keys that such a run left (naiad:keys), and of nothing else. Then it
 * is told what changes: addresses before the windows that have them, a window in one transaction, at most once an
 * interval. What it refuses is due again, after a pause that grows.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { REDIS_PENDING_MAX = 4 * 1024 * 1024 }; /* bytes that one target may have to answer */

struct redis_target;

/* Several times a second: write what is due. */
void redis_target_tick(struct redis_target *t, uint64_t monotonic_ns);

/* The end is near: no window waits for its interval any more, and from then on nothing is written. 0: it is not */
void redis_target_end_by(struct redis_target *t, uint64_t monotonic_ns);

/* returns whether it has all, and has said so; or is another target's, and told nothing */
bool redis_target_is_done(const struct redis_target *t);

struct redis_target_stats {
	uint64_t pending; /* bytes that are not answered */
	uint64_t flying;  /* windows, addresses and findings that are not answered */
	uint64_t
		moved; /* connections, and what was taken, ever: while it grows, it is getting on */
	uint64_t left_out;  /* commands, and names of keys, that were too long or too many */
	uint64_t forgotten; /* peers that had an entry, and make room */
	uint64_t cut; /* rows, lines and findings over a cap, each time that they are written */
};
struct redis_target_stats redis_target_stats(const struct redis_target *t);

/* For log lines: "redis 127.0.0.1:6379 last". */
const char *redis_target_name(const struct redis_target *t);
