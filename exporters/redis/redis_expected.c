#include "exporters/redis/redis_expected.h"

#include <assert.h>
#include <stdlib.h>

enum { SLOTS_FIRST = 64 };

static struct redis_expected *
slot(const struct redis_queue *q, size_t number)
{
	assert(q->capacity > 0);
	return &q->slots[(q->first + number) % q->capacity];
}

static uint64_t
cost(const struct redis_expected *e)
{
	return e->bytes + sizeof(*e);
}

static bool
room_make(struct redis_queue *q)
{
	size_t capacity = q->capacity > 0 ? q->capacity * 2 : SLOTS_FIRST;
	struct redis_expected *slots = malloc(capacity * sizeof(*slots));

	if (slots == NULL)
		return false;
	for (size_t i = 0; i < q->count; i++)
		slots[i] = *slot(q, i);
	free(q->slots);
	q->slots = slots;
	q->first = 0;
	q->capacity = capacity;
	return true;
}

bool
redis_queue_push(struct redis_queue *q, struct redis_expected expected)
{
	if (q->count == q->capacity && !room_make(q))
		return false;
	*slot(q, q->count++) = expected;
	q->bytes += cost(&expected);
	return true;
}

const struct redis_expected *
redis_queue_first(const struct redis_queue *q)
{
	return q->count > 0 ? slot(q, 0) : NULL;
}

bool
redis_queue_pop(struct redis_queue *q, struct redis_expected *ret_expected)
{
	if (q->count == 0)
		return false;
	*ret_expected = *slot(q, 0);
	q->first = (q->first + 1) % q->capacity;
	q->count--;
	q->bytes -= cost(ret_expected);
	return true;
}

void
redis_queue_done(struct redis_queue *q)
{
	free(q->slots);
	*q = (struct redis_queue){ 0 };
}
