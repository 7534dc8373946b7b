/*
 * table.h -- a bounded hash table whose keys peers choose.
 *
 * Items live in a pool; an array of 8-byte slots (hash, index), at most half full, finds them by
 * linear probing. A look-up that hits costs one load for the slot and one for the item. All memory
 * is reserved at start, but slots are used only as many as the items need, doubling in place, so a
 * table with room for a million that holds a thousand stays in the cache.
 *
 * The table chooses no victims: when it is full table_add() says so, and the owner decides who goes
 * and what is counted. The hash is keyed (hash.h), and nothing that can be observed may follow slot
 * order: there is no walk over slots. A walk goes by lists of the owner, or by item indices
 * (pool_at), which follow the order of insertion and removal.
 */
#pragma once

#include "daemon/base/hash.h"
#include "daemon/base/pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_slot {
	uint32_t tag;   /* low half of the hash */
	uint32_t index; /* of the item, + 1; 0 is an empty slot */
};

struct table {
	struct pool items;
	struct table_slot *slots;
	uint32_t slot_mask;      /* slots in use - 1 */
	uint32_t slots_reserved; /* a power of two, at least twice the capacity */
	size_t key_words;        /* the key is the first `key_words` * 8 bytes of an item */
	struct hash_key hash_key;
};

/*
 * Reserve room for `capacity` items.
 *
 * item_size  bytes of a whole item, whose first `key_size` bytes are its key
 * key_size   a multiple of 8; pad bytes in it must be zero
 * returns    0, or -ENOMEM
 */
int table_init(struct table *t, size_t item_size, size_t key_size, uint32_t capacity,
	const struct hash_key *hash_key);

/* Give everything back. Accepts a zeroed struct. */
void table_done(struct table *t);

/*
 * Hash `key` once; the functions below take the result, so that a look-up can be prefetched. An owner who
 * knows more of its keys may hash them in another way with the table's `hash_key`, always the same one.
 */
uint64_t table_hash(const struct table *t, const void *key);

/* Ask the cache for the slot of `hash`; changes nothing. */
void table_prefetch_slot(const struct table *t, uint64_t hash);

/* Ask the cache for the first `bytes` of the item that `hash` probably finds; changes nothing. */
void table_prefetch_item(const struct table *t, uint64_t hash, size_t bytes);

/* returns the item, or NULL when there is none. cost: two loads from memory */
void *table_find(const struct table *t, const void *key, uint64_t hash);

/*
 * Add an item for a key that is not in the table.
 *
 * returns  the item, zeroed but for its key; NULL when the table is full
 */
void *table_add(struct table *t, const void *key, uint64_t hash);

/* Remove an item, whose key has `hash`; its memory is reused by a later add. */
void table_remove(struct table *t, void *item, uint64_t hash);

/* Bytes that one item costs at most: slots are a power of two, so up to four an item. */
static inline size_t
table_bytes_per_item(size_t item_size)
{
	return ((item_size + 7) & ~(size_t)7) + 4 * sizeof(struct table_slot);
}

static inline uint32_t
table_count(const struct table *t)
{
	return t->items.used;
}

static inline uint32_t
table_capacity(const struct table *t)
{
	return t->items.capacity;
}
