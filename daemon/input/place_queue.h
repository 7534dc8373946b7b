/*
 * place_queue.h -- places of lines, of which the earliest is taken out first, where most come in order.
 *
 * Those that come behind all others wait in a row, at no cost; only the others go through a heap.
 */
#pragma once

#include "daemon/input/place_heap.h"

#include <stdbool.h>

/* Zeroed but for `most`: empty. It takes memory for up to twice as many, since either list may need it all. */
struct place_queue {
	struct place *heap, *row;
	size_t heap_count, heap_room;
	size_t row_first, row_count, row_room;
	size_t most; /* places at once */
};

static inline size_t
place_queue_count(const struct place_queue *q)
{
	return q->heap_count + q->row_count;
}

/* Have room for `count` (> 0) more. returns false when there is none: memory is out, or `most` is reached */
bool place_queue_has_room(struct place_queue *q, size_t count);

/* There is room for it. */
void place_queue_add(struct place_queue *q, struct place p);

/* The earliest; of equal times the one that lies first in its file. Valid to the next call. returns NULL: there is none */
const struct place *place_queue_first(const struct place_queue *q);

/* Take it out. There is one. */
struct place place_queue_take(struct place_queue *q);

/* Accepts a zeroed one. */
void place_queue_free(struct place_queue *q);
