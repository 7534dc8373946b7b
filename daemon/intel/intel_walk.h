/*
 * intel_walk.h -- all that one list says in a store, thing by thing: so that it can be said again in the next one.
 *
 * Names and digests are known by their hashes only, so the next store has to have the same key.
 */
#pragma once

#include "daemon/intel/intel_build.h"
#include "daemon/intel/intel_trie.h"

#include <stdbool.h>

enum intel_walk_place {
	INTEL_WALK_ADDRS,
	INTEL_WALK_HASHES,
	INTEL_WALK_NETWORKS,
};

struct intel_walk {
	const struct intel *intel;
	uint16_t source;
	enum intel_walk_place place;
	uint32_t at; /* the next slot there */
	struct intel_trie_walk networks;
};

/* Begin with what the list of that name says. returns false when the store has no such list, or is NULL */
bool intel_walk_begin(struct intel_walk *w, const struct intel *i, const char *list);

/*
 * Look at the next place of the store: there is not something of the list in each.
 *
 * ret_what   what it says; texts are as old as the store
 * ret_found  whether it says anything there
 * returns    false at the end
 */
bool intel_walk_next(struct intel_walk *w, struct intel_indicator *ret_what, bool *ret_found);
