/*
 * window_number.h -- which time window a moment belongs to.
 *
 * Windows are [start, start + width). Global numbering: window 1 starts at t0, the first packet of
 * all, for every profile alike; live, t0 is the last multiple of the width before it, so that hours
 * begin on the hour. Per profile: at the first packet of that profile. The Slips 0.7.0
 * numbering counts its windows backwards one too far when a flow is older than the profile's first
 * (behaviour §3); it exists to explain its data, not to be used.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct window_rule {
	uint64_t width_ns; /* > 0 */
	bool by_profile;
	bool aligned;  /* t0 is a multiple of the width since the epoch */
	bool only_one; /* one window from the epoch to the end of time */
	bool s20;
};

/* Where a series of windows stands: the global one, or a profile's. Zeroed is "no packet yet". */
struct window_series {
	bool started;
	uint64_t t0_ns;      /* start of window 1 */
	int64_t first, last; /* numbers given so far; only Slips 0.7.0's rule reads them */
};

struct window_slot {
	int64_t number;
	uint64_t start_ns;
	uint64_t end_ns;
};

/*
 * The window of `ts_ns`. The first call on a series sets its t0.
 *
 * returns  a slot whose start is not below the epoch
 * source   behaviour §3, house H0.1
 */
struct window_slot window_slot_of(
	const struct window_rule *rule, struct window_series *series, uint64_t ts_ns);
