/*
 * arena_map.h -- a small bounded table whose memory is an arena's: it grows, and dies with it.
 *
 * For what a window counts per port or per peer. Items never move, nothing is removed, and the
 * hash is keyed, since peers choose the keys. There is no walk: nothing may follow its order.
 */
#pragma once

#include "daemon/base/arena.h"
#include "daemon/base/hash.h"

#include <stddef.h>
#include <stdint.h>

struct arena_map_node;

/* All zero is an empty map. */
struct arena_map {
	struct arena_map_node **buckets;
	uint32_t bucket_count; /* a power of two; 0 before the first item */
	uint32_t count;
	uint32_t refused; /* keys turned away: the map was full, or its arena */
};

/* What all maps of one purpose have in common. */
struct arena_map_shape {
	size_t item_size; /* bytes of a whole item, whose first `key_size` bytes are its key */
	size_t key_size;  /* a multiple of 8, at most item_size; pad bytes in it must be zero */
	uint32_t capacity;
};

enum { ARENA_MAP_CAPACITY_MAX = 1024 }; /* so that its buckets fit one block of an arena */

/* returns the item of `key`, or NULL. cost: one hash, O(1) */
void *arena_map_find(const struct arena_map *m, const struct arena_map_shape *shape,
	const struct hash_key *hash_key, const void *key);

/*
 * Find the item of `key`, or make it.
 *
 * returns  the item, zeroed but for its key when it is new; valid as long as `memory`; NULL when
 *          the map is full or `memory` is: `refused` counts it
 * cost     one hash, O(1); about 30 bytes a new item and the item, and now and then new buckets
 */
void *arena_map_get(struct arena_map *m, const struct arena_map_shape *shape, struct arena *memory,
	const struct hash_key *hash_key, const void *key);
