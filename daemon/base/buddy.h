/*
 * buddy.h -- blocks of 512 B to 16 KiB out of one region that is reserved at start.
 *
 * Arenas grow by doubling chunks and are dropped whole. A binary buddy system (Knuth 2.5) serves
 * those sizes without malloc and without fragmenting for good: two free halves merge. The few of a size
 * that were given back last do so only when nothing else is left: who gives a block back mostly takes one
 * like it soon, and that one is in the cache. The region is touched only as far as it was ever needed.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { BUDDY_MIN_BYTES = 512, BUDDY_MAX_BYTES = 16 * 1024, BUDDY_ORDERS = 6, BUDDY_READY_MAX = 16 };

struct buddy_free;

struct buddy {
	uint8_t *region;
	uint8_t *
		order_of; /* one byte a 512 B unit: order of the free block that starts here, + 1 */
	uint32_t units;   /* 512 B units in the region, a multiple of 32 */
	uint32_t touched; /* units ever split off the untouched rest */
	uint32_t used_units;
	struct buddy_free *free[BUDDY_ORDERS];
	struct buddy_free *ready[BUDDY_ORDERS]; /* given back and not merged, the last one first */
	uint8_t ready_count[BUDDY_ORDERS];
};

/*
 * Reserve a region.
 *
 * bytes    rounded down to a multiple of BUDDY_MAX_BYTES; at least one of those
 * returns  0, or -ENOMEM
 */
int buddy_init(struct buddy *b, size_t bytes);
void buddy_done(struct buddy *b);

/*
 * Take a block of at least `bytes` (1 .. BUDDY_MAX_BYTES), rounded up to a power of two.
 *
 * returns  the block, not zeroed; NULL when no block of that size is left
 * cost     O(1), at most BUDDY_ORDERS splits; when that would touch new memory, what is ready merges first
 */
void *buddy_take(struct buddy *b, size_t bytes);

/* Give a block back; `bytes` as it was asked for. */
void buddy_give(struct buddy *b, void *block, size_t bytes);
