/*
 * profile.h -- one host: an address, its open windows, and what detectors remember of it.
 *
 * The table is bounded and keeps two lists, least recently active first. Newcomers stand in the
 * first; a host that held an answered conversation, or on which there is evidence, moves to the
 * second, up to four fifths of the slots. Who goes when it is full comes from the first: a flood of
 * invented addresses pushes out itself, not the hosts that are really there.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/arena.h"
#include "daemon/base/table.h"
#include "daemon/window/window_number.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

struct window;

struct profile {
	struct addr addr; /* the key */
	TAILQ_ENTRY(profile) idle;
	uint64_t idle_ns; /* when it was last moved to the end of its list */
	bool established; /* in the second list */
	uint32_t window_count;
	struct window *windows;      /* open ones, newest first */
	struct window_series series; /* numbering by profile */
	struct arena memory;         /* of detectors' profile states */
	void **detector_states;      /* of those that keep one; NULL until one is wanted */
};

TAILQ_HEAD(profile_list, profile);

struct profile_table {
	struct table table;
	struct profile_list newcomers, residents;
	uint32_t resident_count, resident_max;
	uint64_t made, evicted;
};

/* returns 0, or -ENOMEM */
int profile_table_init(struct profile_table *t, uint32_t capacity, const struct hash_key *hash_key);
void profile_table_done(struct profile_table *t);

/* returns the profile of `a`, or NULL */
struct profile *profile_find(const struct profile_table *t, const struct addr *a);

/* Add one for an address that has none. returns NULL when the table is full */
struct profile *profile_add(struct profile_table *t, const struct addr *a, uint64_t now_ns);

/* Note that it was active; moves it in its list at most once a second. */
void profile_touch(struct profile_table *t, struct profile *p, uint64_t now_ns);

/* Protect it from making room for newcomers. The longest idle resident steps back when they are too many. */
void profile_settle(struct profile_table *t, struct profile *p);

/* Who would go next: the longest idle newcomer, or resident if there is none; never `except`, which may be NULL. */
struct profile *profile_idlest(const struct profile_table *t, const struct profile *except);

/* Forget it. It must have no open windows and no memory. */
void profile_remove(struct profile_table *t, struct profile *p);
