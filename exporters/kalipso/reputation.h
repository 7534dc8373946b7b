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

struct reputation;

/* The share of engines that call it bad, 0 to 1, by what was looked at. */
struct reputation_scores {
	struct addr addr; /* the key */
	double url, downloaded, referring, communicating;
	uint64_t time_s; /* when it was asked, since the epoch; 0: not told */
};

/*
 * directory  "": there is none
 * most       addresses that are kept; more are counted and left out
 * returns    NULL when memory is out, or there is no directory
 */
struct reputation *reputation_new(const char *directory, uint32_t most);
void reputation_free(struct reputation *r); /* or NULL */

/* Look for files that are new or have changed, at most once in 10 s. returns whether anything is new */
bool reputation_look(struct reputation *r, uint64_t monotonic_ns);

/* returns NULL when nobody said anything; `r` may be NULL */
const struct reputation_scores *reputation_of(const struct reputation *r, const struct addr *a);
