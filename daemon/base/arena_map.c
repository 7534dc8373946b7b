#include "daemon/base/arena_map.h"

#include <assert.h>
#include <stdalign.h>
#include <string.h>

enum { FIRST_BUCKETS = 2, KEY_WORDS_MAX = 16 };

struct arena_map_node {
	struct arena_map_node *next;
	uint64_t hash;
	alignas(max_align_t) unsigned char item[];
};

static struct arena_map_node **
bucket_of(const struct arena_map *m, uint64_t hash)
{
	return &m->buckets[hash & (m->bucket_count - 1)];
}

static void *
find_hashed(const struct arena_map *m, size_t key_size, const void *key, uint64_t hash)
{
	if (m->bucket_count == 0)
		return NULL;
	for (struct arena_map_node *n = *bucket_of(m, hash); n != NULL; n = n->next)
		if (memcmp(n->item, key, key_size) == 0)
			return n->item;
	return NULL;
}

/*
 * Double the buckets. The old ones stay in the arena until it goes: all of them together are
 * smaller than the new ones. When there is no room the map goes on with longer chains.
 */
static void
grow(struct arena_map *m, struct arena *memory)
{
	uint32_t old_count = m->bucket_count;
	struct arena_map_node **old = m->buckets;
	uint32_t count = old_count == 0 ? FIRST_BUCKETS : old_count * 2;
	struct arena_map_node **buckets =
		arena_alloc(memory, count * sizeof(struct arena_map_node *));

	if (buckets == NULL)
		return;
	m->buckets = buckets;
	m->bucket_count = count;
	for (uint32_t i = 0; i < old_count; i++) {
		while (old[i] != NULL) {
			struct arena_map_node *n = old[i];
			old[i] = n->next;
			n->next = *bucket_of(m, n->hash);
			*bucket_of(m, n->hash) = n;
		}
	}
}

void *
arena_map_find(const struct arena_map *m, const struct arena_map_shape *shape,
	const struct hash_key *hash_key, const void *key)
{
	uint64_t words[KEY_WORDS_MAX];

	assert(shape->key_size % 8 == 0 && shape->key_size <= sizeof(words));
	memcpy(words, key, shape->key_size);
	return find_hashed(
		m, shape->key_size, key, hash_words(hash_key, words, shape->key_size / 8));
}

void *
arena_map_get(struct arena_map *m, const struct arena_map_shape *shape, struct arena *memory,
	const struct hash_key *hash_key, const void *key)
{
	uint64_t words[KEY_WORDS_MAX];

	assert(shape->key_size % 8 == 0 && shape->key_size <= sizeof(words));
	assert(shape->capacity <= ARENA_MAP_CAPACITY_MAX);
	memcpy(words, key, shape->key_size);
	uint64_t hash = hash_words(hash_key, words, shape->key_size / 8);
	void *item = find_hashed(m, shape->key_size, key, hash);
	if (item != NULL)
		return item;

	if (m->count == m->bucket_count && m->count < shape->capacity)
		grow(m, memory);
	struct arena_map_node *n = NULL;
	if (m->bucket_count > 0 && m->count < shape->capacity)
		n = arena_alloc(memory, sizeof(*n) + shape->item_size);
	if (n == NULL) {
		m->refused++;
		return NULL;
	}
	memcpy(n->item, key, shape->key_size);
	n->hash = hash;
	n->next = *bucket_of(m, hash);
	*bucket_of(m, hash) = n;
	m->count++;
	return n->item;
}
