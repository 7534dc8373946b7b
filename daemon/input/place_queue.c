#include "daemon/input/place_queue.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 1024 };

/* A list of `*room` places gets more of it, `most` at most. returns false when there is none */
static bool
grow(struct place **list, size_t *room, size_t most)
{
	size_t more = *room == 0 ? ROOM_FIRST : *room * 2;
	void *grown = realloc(*list, (more < most ? more : most) * sizeof(**list));

	if (grown == NULL)
		return false;
	*list = grown;
	*room = more < most ? more : most;
	return true;
}

/* The row goes round in its room: what stands before the end of a smaller one moves to the new end. */
static bool
grow_row(struct place_queue *q)
{
	size_t before = q->row_room;

	if (!grow(&q->row, &q->row_room, q->most))
		return false;
	if (q->row_first + q->row_count <= before)
		return true;
	size_t tail = before - q->row_first;
	memmove(q->row + q->row_room - tail, q->row + q->row_first, tail * sizeof(*q->row));
	q->row_first = q->row_room - tail;
	return true;
}

bool
place_queue_has_room(struct place_queue *q, size_t count)
{
	if (place_queue_count(q) + count > q->most)
		return false;
	while (q->heap_count + count > q->heap_room)
		if (!grow(&q->heap, &q->heap_room, q->most))
			return false;
	while (q->row_count + count > q->row_room)
		if (!grow_row(q))
			return false;
	return true;
}

static struct place *
row_at(const struct place_queue *q, size_t i)
{
	size_t at = q->row_first + i;

	return &q->row[at < q->row_room ? at : at - q->row_room];
}

void
place_queue_add(struct place_queue *q, struct place p)
{
	if (q->row_count == 0 || place_is_before(row_at(q, q->row_count - 1), &p))
		*row_at(q, q->row_count++) = p;
	else
		place_heap_add(q->heap, q->heap_count++, p);
}

const struct place *
place_queue_first(const struct place_queue *q)
{
	const struct place *row = q->row_count > 0 ? row_at(q, 0) : NULL;
	const struct place *heap = q->heap_count > 0 ? q->heap : NULL;

	if (row == NULL || heap == NULL)
		return row == NULL ? heap : row;
	return place_is_before(heap, row) ? heap : row;
}

struct place
place_queue_take(struct place_queue *q)
{
	const struct place *first = place_queue_first(q);

	if (first == q->heap)
		return place_heap_take(q->heap, q->heap_count--);
	q->row_first = q->row_first + 1 == q->row_room ? 0 : q->row_first + 1;
	q->row_count--;
	return *first;
}

void
place_queue_free(struct place_queue *q)
{
	free(q->heap);
	free(q->row);
	*q = (struct place_queue){ 0 };
}
