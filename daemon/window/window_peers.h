/*
 * window_peers.h -- which detectors have had their say about which peers of a window's host.
 *
 * Many detectors tell a thing once for each other party. One table for all of them is smaller than a set
 * for each, and bounded once.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/arena_map.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	WINDOW_PEERS_MAX = 512,      /* of a window */
	WINDOW_PEERS_DETECTORS = 128 /* that can be told apart */
};

/* All zero is empty. */
struct window_peers {
	struct arena_map map;
};

/*
 * Is this the first time that this detector asks for this peer? From then on it is not.
 *
 * detector  0 .. WINDOW_PEERS_DETECTORS - 1
 * memory    the window's
 * returns   false also when there is no room for the peer: `map.refused` counts it
 * cost      one hash; 62 bytes and more for a new peer
 */
bool window_peers_first(struct window_peers *p, struct arena *memory,
	const struct hash_key *hash_key, const struct addr *peer, uint32_t detector);
