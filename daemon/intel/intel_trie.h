/*
 * intel_trie.h -- networks and what is said of them: all that hold an address, the narrowest first.
 *
 * A radix trie with compressed paths (Morrison 1968) in one array of 16-byte nodes, sized before it is filled.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	INTEL_TRIE_NODE_BYTES = 16,
	INTEL_TRIE_DEPTH_MAX = 129 /* networks that can hold one address */
};

struct intel_trie_node;

/* All zero is empty and has no room. */
struct intel_trie {
	struct intel_trie_node *nodes;
	uint32_t count, capacity;
};

/* Nodes that a network needs at most; a trie with room for the sum of its networks never refuses one. */
uint32_t intel_trie_nodes(const struct cidr *net);

/* Bytes of a trie for so many nodes. */
uint64_t intel_trie_bytes(uint32_t nodes);

/* Make room for `nodes`. returns 0, or -ENOMEM */
int intel_trie_init(struct intel_trie *t, uint32_t nodes);
void intel_trie_done(struct intel_trie *t);

/* Give back the room that is left; nothing is put into it afterwards. */
void intel_trie_settle(struct intel_trie *t);

/*
 * Find the place of a network, or make it.
 *
 * returns  its value, 0 when it is new, to be set to anything else; valid to the next call; NULL without room
 * cost     a node for each fork on its way, at most 128
 */
uint32_t *intel_trie_put(struct intel_trie *t, const struct cidr *net);

/*
 * The values of all networks that hold an address.
 *
 * ret_values  `room` at least 1; the narrowest first; wider ones are left out when there is no room
 * returns     how many were written
 */
unsigned intel_trie_find(
	const struct intel_trie *t, const struct addr *a, uint32_t *ret_values, unsigned room);

/* A walk over all networks; where it stands, and what is left to go to. */
struct intel_trie_walk {
	const struct intel_trie *trie;
	unsigned count;
	struct intel_trie_stop {
		struct addr base; /* the path that leads to the node */
		uint32_t node;
		uint8_t bits; /* of the path, those before an IPv4 address included */
	} left[INTEL_TRIE_DEPTH_MAX + 1];
};

void intel_trie_walk_begin(struct intel_trie_walk *w, const struct intel_trie *t);

/*
 * Go to the next node. Nothing may be put into the trie meanwhile.
 *
 * ret_value  of the network that ends there; 0: none does
 * returns    false when there is no node left
 */
bool intel_trie_walk_next(struct intel_trie_walk *w, struct cidr *ret_net, uint32_t *ret_value);
