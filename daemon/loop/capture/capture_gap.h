/* capture_gap.h -- when a live interface captured and when it did not, on the monotonic clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum capture_state {
	CAPTURE_OPEN,
	CAPTURE_DOWN, /* there, and switched off */
	CAPTURE_GONE, /* not there, or cannot be opened */
};

/* A stretch of time in which nothing was captured. */
struct capture_gap {
	uint64_t from_ns, to_ns;
	enum capture_state reason; /* CAPTURE_DOWN or CAPTURE_GONE */
};

/* All zero but `sure_ns`: it has captured until then. */
struct capture_gaps {
	uint64_t sure_ns; /* the last moment at which it surely captured */
	bool is_blind;
	struct capture_gap open; /* while blind */
	bool has_ended;
	struct capture_gap ended; /* not yet taken */
	uint64_t count;           /* that ended */
};

/* It does not capture, and may not have since the last moment that was sure. Again for another reason is fine. */
void capture_gaps_lose(struct capture_gaps *g, enum capture_state reason);

/*
 * It captures at `now_ns`, or, at the end, nobody is going to any more.
 *
 * returns  for how long it had not; 0 if it had all along
 */
uint64_t capture_gaps_regain(struct capture_gaps *g, uint64_t now_ns);

/*
 * Take the gap that has ended since the last call.
 *
 * returns  false if there is none. Gaps that nobody took are one, from the first to the last, with the
 *          worst of their reasons
 */
bool capture_gaps_take(struct capture_gaps *g, struct capture_gap *ret_gap);
