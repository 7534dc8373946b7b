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

void *
buddy_take(struct buddy *b, size_t bytes)
{
	unsigned order = order_for(bytes);
	unsigned from = order;

	while (from < BUDDY_ORDERS && b->free[from] == NULL)
		from++;
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
