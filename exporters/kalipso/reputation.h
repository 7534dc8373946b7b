/*
 * reputation.h -- what others think of addresses, as files in a directory say that somebody drops there.
 *
 * Nobody is asked: another program asks, and drops the answers (docs/REDIS.md has the format: a JSON object a
 * line). Bounded; a line that makes no sense is counted and told once a file.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REPUTATION_FILES_MAX = 64 };

struct reputation;

/* The share of engines that call it bad, 0 to 1, by what was looked at. What was not told is 0. */
struct reputation_scores {
	struct addr addr; /* the key */
	double url, downloaded, referring, communicating;
	uint64_t time_s; /* when it was asked, since the epoch; 0: not told */
};

/* Of the files as they were read last. */
struct reputation_stats {
	uint64_t files;         /* that were read, at least in part */
	uint64_t files_refused; /* that cannot be read, or are above REPUTATION_FILES_MAX */
	uint64_t lines, lines_bad;
	uint64_t addresses;
	uint64_t left_out; /* lines of addresses that there was no room for */
};

/*
 * Begin, and read what is there now. A directory that cannot be read yet is told, and looked for again.
 *
 * directory  "": there is none
 * most       addresses that are kept, at least 1; more are counted and left out
 * returns    NULL when memory is out, or there is no directory
 */
struct reputation *reputation_new(const char *directory, uint32_t most);
/* Memory that `most` addresses take: twice, while files are read again. */
uint64_t reputation_bytes(uint32_t most);
void reputation_free(struct reputation *r); /* or NULL */

/*
 * Look for files that are new or gone or have changed, at most once in 10 s. If there are any all are read again, one a
 * call, and what they say takes the place of what was there when the last is through. returns whether that was now
 */
bool reputation_look(struct reputation *r, uint64_t monotonic_ns);

/* returns NULL when nobody said anything; valid until the next look. `r` may be NULL */
const struct reputation_scores *reputation_of(const struct reputation *r, const struct addr *a);

struct reputation_stats reputation_stats(const struct reputation *r);
