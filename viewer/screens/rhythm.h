/*
 * rhythm.h -- how regular a conversation is: the intervals between its flows, and what they say in a sentence.
 *
 * Robust figures: one long pause must not hide a beat.
 */
#pragma once

#include "daemon/base/arena.h"
#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	RHYTHM_LEAST = 3, /* intervals; of fewer nothing is said */
	RHYTHM_BINS_MAX = 64,
};

struct rhythm {
	double *intervals_s; /* ascending */
	size_t count;
	double median_s;
	double deviation_s; /* three of four intervals are this near to the median, */
	double most_s;      /* 95 % this near */
};

/*
 * Work it out.
 *
 * starts_ns  of its flows, in any order; put in order here
 * count      no intervals below 2
 * memory     holds the intervals; may be full, then there are none
 */
struct rhythm rhythm_of(uint64_t *starts_ns, size_t count, struct arena *memory);

/* "every 60 s, 95 % within 2 s", or that it is not regular, or that there is too little to say so. */
void rhythm_say(const struct rhythm *b, struct strbuf *out);
/* Three of four intervals are within a tenth of the median. */
bool rhythm_is_regular(const struct rhythm *b);

/* "350 ms", "60 s", "5 min", "1.5 h" */
void rhythm_time(double seconds, struct strbuf *out);

/* Intervals from `from_s` on, `step_s` wide each. */
struct rhythm_bins {
	double from_s, step_s;
	double unit_s; /* of its labels: milliseconds, seconds, minutes or hours */
	size_t counts[RHYTHM_BINS_MAX];
	size_t count, most; /* bins; the greatest of them */
	size_t beyond;      /* intervals after the last bin: at most the longest twentieth */
};

/* At most `most` (2 .. RHYTHM_BINS_MAX) bins, of which the border is round in a unit that people use. */
struct rhythm_bins rhythm_bins(const struct rhythm *b, size_t most);
/* Where a bin begins: "60 s" */
void rhythm_bin_say(const struct rhythm_bins *bins, size_t bin, struct strbuf *out);
