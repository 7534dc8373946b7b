/*
 * pool.h -- equal-sized items out of one region that is reserved at start.
 *
 * The region is mapped once and touched only as items are handed out, so resident memory follows
 * use up to the cap. Freed items are reused last in, first out: the warm one first, and the order
 * depends on nothing but the calls.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct pool {
	uint8_t *region;
	size_t item_size;   /* rounded up to 8 */
	uint32_t capacity;  /* items */
	uint32_t used;      /* items out now */
	uint32_t touched;   /* items ever handed out: [0, touched) are resident */
	uint32_t free_head; /* index + 1 of the last freed item, 0 if none */
};

/*
 * Reserve room for `capacity` items.
 *
 * item_size  bytes, >= 4
 * capacity   items, > 0
 * returns    0, or -ENOMEM
 */
int pool_init(struct pool *p, size_t item_size, uint32_t capacity);

/* Give the region back. Accepts a zeroed struct. */
void pool_done(struct pool *p);

/* Take an item, zeroed. returns NULL when all are out. */
void *pool_take(struct pool *p);

/* Return an item that pool_take() gave. */
void pool_give(struct pool *p, void *item);

static inline void *
pool_at(const struct pool *p, uint32_t index)
{
	return p->region + (size_t)index * p->item_size;
}

/* Ask the cache for the first `bytes` of an item that will be written soon; changes nothing. */
static inline void
pool_prefetch(const struct pool *p, uint32_t index, size_t bytes)
{
	enum { CACHE_LINE = 64 };
	const uint8_t *item = pool_at(p, index);

	for (size_t at = 0; at < bytes; at += CACHE_LINE)
		__builtin_prefetch(item + at, /* write= */ 1);
}

static inline uint32_t
pool_index(const struct pool *p, const void *item)
{
	return (uint32_t)((size_t)((const uint8_t *)item - p->region) / p->item_size);
}
