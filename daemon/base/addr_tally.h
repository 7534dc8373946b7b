/*
 * addr_tally.h -- how many distinct addresses: exact while they are few, then a sketch goes on.
 *
 * The first ones are kept in a set. What the set turns away goes into a sketch, which is made only
 * then: the count is that of the set and the estimate for the rest, whose standard error is 0.81 %
 * (hll.h). A tally that was only zeroed is valid and empty.
 */
#pragma once

#include "daemon/base/addr_set.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct hash_key;
struct hll;

struct addr_tally {
	struct addr_set few;
	struct hll *rest; /* NULL while `few` holds all */
	uint64_t count;
};

/* Where a tally has its memory from, and how much of it. */
struct addr_tally_room {
	struct arena *memory; /* the same in every call for one tally */
	const struct hash_key *sketch_key;
	uint32_t few_max; /* addresses in the set */
	bool may_sketch;  /* a sketch may be made; it is used in any case once it is there */
};

/*
 * Add an address.
 *
 * returns  whether the count has grown: by one while it is exact, now and then by more later;
 *          false as well when there is no room left, and the count stands still
 * owns     nothing: 32 B an address of the set, and once 12.1 KiB, in `room->memory`
 * cost     as addr_set_add(), and a hash
 */
bool addr_tally_add(struct addr_tally *t, const struct addr_tally_room *room, const struct addr *a);

/* Is the count an estimate by now? */
static inline bool
addr_tally_is_estimate(const struct addr_tally *t)
{
	return t->rest != NULL;
}
