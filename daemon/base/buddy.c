#include "daemon/base/buddy.h"

#include "daemon/base/region.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum { UNITS_PER_MAX = BUDDY_MAX_BYTES / BUDDY_MIN_BYTES };

struct buddy_free {
	struct buddy_free *next;
	struct buddy_free *previous;
};

int
buddy_init(struct buddy *b, size_t bytes)
{
	size_t blocks = bytes / BUDDY_MAX_BYTES;

	assert(blocks > 0 && blocks < UINT32_MAX / UNITS_PER_MAX);
	*b = (struct buddy){ .units = (uint32_t)blocks * UNITS_PER_MAX };
	b->order_of = calloc(b->units, 1);
	if (b->order_of == NULL)
		return -ENOMEM;
	b->region = region_reserve(blocks * BUDDY_MAX_BYTES);
	if (b->region != NULL)
		return 0;
	free(b->order_of);
	*b = (struct buddy){ 0 };
	return -ENOMEM;
}

void
buddy_done(struct buddy *b)
{
	region_release(b->region, (size_t)b->units * BUDDY_MIN_BYTES);
	free(b->order_of);
	*b = (struct buddy){ 0 };
}

static unsigned
order_for(size_t bytes)
{
	unsigned order = 0;

	assert(bytes > 0 && bytes <= BUDDY_MAX_BYTES);
	while ((size_t)BUDDY_MIN_BYTES << order < bytes)
		order++;
	return order;
}

static uint32_t
unit_of(const struct buddy *b, const void *block)
{
	return (uint32_t)((size_t)((const uint8_t *)block - b->region) / BUDDY_MIN_BYTES);
}

static void
free_push(struct buddy *b, uint32_t unit, unsigned order)
{
	struct buddy_free *f = (void *)(b->region + (size_t)unit * BUDDY_MIN_BYTES);

	*f = (struct buddy_free){ .next = b->free[order] };
	if (f->next != NULL)
		f->next->previous = f;
	b->free[order] = f;
	b->order_of[unit] = (uint8_t)(order + 1);
}

static void
free_unlink(struct buddy *b, struct buddy_free *f, unsigned order)
{
	if (f->previous != NULL)
		f->previous->next = f->next;
	else
		b->free[order] = f->next;
	if (f->next != NULL)
		f->next->previous = f->previous;
	b->order_of[unit_of(b, f)] = 0;
}

/* A whole largest block: the freed ones first, then the untouched rest. */
static bool
refill(struct buddy *b)
{
	if (b->touched == b->units)
		return false;
	free_push(b, b->touched, BUDDY_ORDERS - 1);
	b->touched += UNITS_PER_MAX;
	return true;
}

/* A free block becomes one with its twin as long as that is free as well. */
static void
merge(struct buddy *b, uint32_t unit, unsigned order)
{
	while (order < BUDDY_ORDERS - 1) {
		uint32_t twin = unit ^ (UINT32_C(1) << order);
		if (b->order_of[twin] != order + 1)
			break;
		free_unlink(b, (void *)(b->region + (size_t)twin * BUDDY_MIN_BYTES), order);
		unit &= ~(UINT32_C(1) << order);
		order++;
	}
	free_push(b, unit, order);
}

static void
ready_push(struct buddy *b, struct buddy_free *f, unsigned order)
{
	f->next = b->ready[order];
	b->ready[order] = f;
	b->ready_count[order]++;
}

/* returns NULL when none of that size is ready */
static struct buddy_free *
ready_pop(struct buddy *b, unsigned order)
{
	struct buddy_free *f = b->ready[order];

	if (f == NULL)
		return NULL;
	b->ready[order] = f->next;
	b->ready_count[order]--;
	return f;
}

/* Merge all that is ready. returns false when nothing was */
static bool
ready_merge(struct buddy *b)
{
	bool any = false;

	for (unsigned order = 0; order < BUDDY_ORDERS; order++)
		for (struct buddy_free *f; (f = ready_pop(b, order)) != NULL; any = true)
			merge(b, unit_of(b, f), order);
	return any;
}

/* The smallest order from `order` on of which a block is free; BUDDY_ORDERS when none is. */
static unsigned
order_free(const struct buddy *b, unsigned order)
{
	while (order < BUDDY_ORDERS && b->free[order] == NULL)
		order++;
	return order;
}

/* Take a block off a larger one. returns NULL when there is none */
static struct buddy_free *
split_off(struct buddy *b, unsigned order)
{
	unsigned from = order_free(b, order);

	if (from == BUDDY_ORDERS && ready_merge(b))
		from = order_free(b, order);
	if (from == BUDDY_ORDERS) {
		if (!refill(b))
			return NULL;
		from = BUDDY_ORDERS - 1;
	}
	struct buddy_free *f = b->free[from];
	uint32_t unit = unit_of(b, f);
	free_unlink(b, f, from);
	while (from > order) {
		from--;
		free_push(b, unit + (UINT32_C(1) << from), from);
	}
	return f;
}

void *
buddy_take(struct buddy *b, size_t bytes)
{
	unsigned order = order_for(bytes);
	struct buddy_free *f = ready_pop(b, order);

	if (f == NULL)
		f = split_off(b, order);
	if (f != NULL)
		b->used_units += UINT32_C(1) << order;
	return f;
}

void
buddy_give(struct buddy *b, void *block, size_t bytes)
{
	unsigned order = order_for(bytes);
	uint32_t unit = unit_of(b, block);

	assert(unit < b->touched && b->used_units >= UINT32_C(1) << order);
	b->used_units -= UINT32_C(1) << order;
	if (b->ready_count[order] < BUDDY_READY_MAX)
		ready_push(b, block, order);
	else
		merge(b, unit, order);
}
