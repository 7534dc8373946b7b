#include "daemon/window/deadline.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

int
deadline_queue_init(struct deadline_queue *q, uint32_t capacity)
{
	*q = (struct deadline_queue){ .capacity = capacity };
	q->heap = calloc(capacity, sizeof(struct deadline *));
	return q->heap == NULL ? -ENOMEM : 0;
}

void
deadline_queue_done(struct deadline_queue *q)
{
	free(q->heap);
	*q = (struct deadline_queue){ 0 };
}

static bool
before(const struct deadline *a, const struct deadline *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

static void
put(struct deadline_queue *q, uint32_t at, struct deadline *d)
{
	q->heap[at] = d;
	d->place = at + 1;
}

static void
sift_up(struct deadline_queue *q, uint32_t at)
{
	struct deadline *d = q->heap[at];

	while (at > 0 && before(d, q->heap[(at - 1) / 2])) {
		put(q, at, q->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	put(q, at, d);
}

static void
sift_down(struct deadline_queue *q, uint32_t at)
{
	struct deadline *d = q->heap[at];

	for (;;) {
		uint32_t child = at * 2 + 1;
		if (child >= q->count)
			break;
		if (child + 1 < q->count && before(q->heap[child + 1], q->heap[child]))
			child++;
		if (!before(q->heap[child], d))
			break;
		put(q, at, q->heap[child]);
		at = child;
	}
	put(q, at, d);
}

bool
deadline_add(struct deadline_queue *q, struct deadline *d, uint64_t at_ns)
{
	assert(d->place == 0);
	if (q->count == q->capacity)
		return false;
	d->at_ns = at_ns;
	d->order = q->asked++;
	q->heap[q->count++] = d;
	sift_up(q, q->count - 1);
	return true;
}

void
deadline_drop(struct deadline_queue *q, struct deadline *d)
{
	if (d->place == 0)
		return;
	uint32_t at = d->place - 1;
	d->place = 0;
	q->count--;
	if (at == q->count)
		return;
	struct deadline *moved = q->heap[q->count];
	put(q, at, moved);
	sift_up(q, at);
	sift_down(q, moved->place - 1);
}

const struct deadline *
deadline_next(const struct deadline_queue *q)
{
	return q->count == 0 ? NULL : q->heap[0];
}

uint64_t
deadline_next_ns(const struct deadline_queue *q)
{
	return q->count == 0 ? UINT64_MAX : q->heap[0]->at_ns;
}

struct deadline *
deadline_pop_due(struct deadline_queue *q, uint64_t now_ns)
{
	if (q->count == 0 || q->heap[0]->at_ns > now_ns)
		return NULL;
	struct deadline *d = q->heap[0];
	deadline_drop(q, d);
	return d;
}
