#include "daemon/base/table.h"

#include "daemon/base/region.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { SLOTS_AT_FIRST = 1024 };

/* A slot is found by the low bits of the tag, so the tag is the low half: growing needs no keys. */
static uint32_t
hash_tag(uint64_t hash)
{
	return (uint32_t)hash;
}

static uint32_t
slot_home(const struct table *t, uint32_t tag)
{
	return tag & t->slot_mask;
}

/* The first empty slot at or after the home of `tag`. */
static struct table_slot *
slot_empty(struct table *t, uint32_t tag)
{
	uint32_t i = slot_home(t, tag);

	while (t->slots[i].index != 0)
		i = (i + 1) & t->slot_mask;
	return &t->slots[i];
}

int
table_init(struct table *t, size_t item_size, size_t key_size, uint32_t capacity,
	const struct hash_key *hash_key)
{
	assert(key_size % 8 == 0 && key_size <= item_size && capacity <= UINT32_C(1) << 30);
	*t = (struct table){ .key_words = key_size / 8, .hash_key = *hash_key };
	if (pool_init(&t->items, item_size, capacity) != 0)
		return -ENOMEM;

	uint32_t slots = SLOTS_AT_FIRST;
	while (slots < capacity * 2)
		slots *= 2;
	t->slots = region_reserve((size_t)slots * sizeof(*t->slots));
	if (t->slots == NULL) {
		pool_done(&t->items);
		return -ENOMEM;
	}
	t->slots_reserved = slots;
	t->slot_mask = SLOTS_AT_FIRST - 1;
	return 0;
}

void
table_done(struct table *t)
{
	region_release(t->slots, (size_t)t->slots_reserved * sizeof(*t->slots));
	pool_done(&t->items);
	*t = (struct table){ 0 };
}

/*
 * Use twice as many of the reserved slots. Entries of the old half stay or move up by its length, so
 * one pass from an empty slot on re-files them in place: each is taken out and put where it belongs
 * now, never in front of the pass.
 */
static void
slots_grow(struct table *t)
{
	uint32_t old = t->slot_mask + 1;
	uint32_t start = 0;

	while (t->slots[start].index != 0)
		start++;
	t->slot_mask = old * 2 - 1;
	for (uint32_t n = 0; n < old; n++) {
		uint32_t i = (start + n) & (old - 1);
		struct table_slot entry = t->slots[i];
		if (entry.index == 0)
			continue;
		t->slots[i] = (struct table_slot){ 0 };
		*slot_empty(t, entry.tag) = entry;
	}
}

uint64_t
table_hash(const struct table *t, const void *key)
{
	return hash_words(&t->hash_key, key, t->key_words);
}

void
table_prefetch_slot(const struct table *t, uint64_t hash)
{
	__builtin_prefetch(&t->slots[slot_home(t, hash_tag(hash))]);
}

void
table_prefetch_item(const struct table *t, uint64_t hash, size_t bytes)
{
	uint32_t tag = hash_tag(hash);

	for (uint32_t i = slot_home(t, tag); t->slots[i].index != 0; i = (i + 1) & t->slot_mask) {
		if (t->slots[i].tag != tag)
			continue;
		pool_prefetch(&t->items, t->slots[i].index - 1, bytes);
		return;
	}
}

/* Index of the slot that holds `key`, or of the empty one that ends its probe. */
static uint32_t
slot_of(const struct table *t, const void *key, uint64_t hash)
{
	uint32_t tag = hash_tag(hash);
	uint32_t i = slot_home(t, tag);

	for (; t->slots[i].index != 0; i = (i + 1) & t->slot_mask)
		if (t->slots[i].tag == tag && memcmp(pool_at(&t->items, t->slots[i].index - 1), key,
						      t->key_words * 8) == 0)
			break;
	return i;
}

void *
table_find(const struct table *t, const void *key, uint64_t hash)
{
	uint32_t i = slot_of(t, key, hash);

	return t->slots[i].index == 0 ? NULL : pool_at(&t->items, t->slots[i].index - 1);
}

void *
table_add(struct table *t, const void *key, uint64_t hash)
{
	void *item = pool_take(&t->items);

	if (item == NULL)
		return NULL;
	memcpy(item, key, t->key_words * 8);
	if (t->items.used > (t->slot_mask + 1) / 2)
		slots_grow(t);
	*slot_empty(t, hash_tag(hash)) = (struct table_slot){
		.tag = hash_tag(hash),
		.index = pool_index(&t->items, item) + 1,
	};
	return item;
}

/* Index of the slot that holds item `index`, which is in the table. */
static uint32_t
slot_of_item(const struct table *t, uint32_t index, uint64_t hash)
{
	uint32_t i = slot_home(t, hash_tag(hash));

	for (; t->slots[i].index != index + 1; i = (i + 1) & t->slot_mask)
		assert(t->slots[i].index != 0);
	return i;
}

/*
 * Empty slot `hole` by moving back whatever probed past it (Knuth 6.4, algorithm R), so that there
 * are no tombstones and a table that has been full once is as fast as a new one.
 */
static void
slot_close(struct table *t, uint32_t hole)
{
	for (uint32_t i = (hole + 1) & t->slot_mask; t->slots[i].index != 0;
		i = (i + 1) & t->slot_mask) {
		uint32_t home = slot_home(t, t->slots[i].tag);
		if (((i - home) & t->slot_mask) < ((i - hole) & t->slot_mask))
			continue;
		t->slots[hole] = t->slots[i];
		hole = i;
	}
	t->slots[hole] = (struct table_slot){ 0 };
}

void
table_remove(struct table *t, void *item, uint64_t hash)
{
	slot_close(t, slot_of_item(t, pool_index(&t->items, item), hash));
	pool_give(&t->items, item);
}
