/*
 * addr_set.h -- a bounded set of addresses in an arena: "was this target seen before?"
 *
 * A set that was only zeroed is valid and empty, so it may lie in a detector's state as it is.
 * There is no walk: the order inside follows from the addresses, and nothing shown may follow it.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

struct addr_set_node {
	struct addr addr;
	struct addr_set_node *child[2];
};

struct addr_set {
	struct addr_set_node *root;
	uint32_t count;
	bool saturated; /* something was turned away: `count` is a lower bound from then on */
};

/*
 * Add an address unless it is known.
 *
 * memory   the same arena in every call for one set
 * max      members at most
 * returns  true the first time; false when it is known, or when `max` or the arena's end is reached:
 *          then it is not a member, and `saturated` says so
 * owns     nothing: 32 B a member in `memory`
 * cost     about log2(count) + 2 steps, each a load and a compare; never more than 129, whatever
 *          addresses peers choose
 */
bool addr_set_add(struct addr_set *s, struct arena *memory, const struct addr *a, uint32_t max);

/* returns whether addr_set_add() took it. cost: as there */
bool addr_set_has(const struct addr_set *s, const struct addr *a);
