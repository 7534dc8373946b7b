/*
 * place_heap.h -- places of lines, of which the earliest is taken out first.
 *
 * A binary heap in the caller's array. Of equal times the place that lies first in its file comes first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct place {
	uint64_t key_ns;
	uint64_t where; /* in the file; less is earlier */
	uint64_t line;  /* the caller's */
};

/* Without a branch: which of two it is nobody can guess. */
static inline bool
place_is_before(const struct place *a, const struct place *b)
{
	return (a->key_ns < b->key_ns) | ((a->key_ns == b->key_ns) & (a->where < b->where));
}

/* heap  has room for one more than `count` */
void place_heap_add(struct place *heap, size_t count, struct place p);

/* Take out the earliest of `count` > 0: there are so many less one then. */
struct place place_heap_take(struct place *heap, size_t count);
