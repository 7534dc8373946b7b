/*
 * deadline.h -- what is due when, on the packet clock.
 *
 * A bounded binary heap over deadlines that live in their owners. Order is by time, then by asking,
 * so that equal times fire in a defined order. A deadline knows its place, so its owner can take it
 * back when it goes away.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum deadline_kind {
	DEADLINE_WINDOW_CLOSE,
	DEADLINE_WAKE,
};

struct deadline {
	uint64_t at_ns;
	uint64_t order; /* of asking */
	uint32_t place; /* in the heap, + 1; 0: not in it */
	uint8_t kind;   /* enum deadline_kind: what it is part of */
};

struct deadline_queue {
	struct deadline **heap;
	uint32_t count, capacity;
	uint64_t asked;
};

/* returns 0, or -ENOMEM */
int deadline_queue_init(struct deadline_queue *q, uint32_t capacity);
void deadline_queue_done(struct deadline_queue *q);

/*
 * File `d` for `at_ns`.
 *
 * d        not in the queue; stays where it is until it fires or is dropped
 * returns  false when the queue is full
 */
bool deadline_add(struct deadline_queue *q, struct deadline *d, uint64_t at_ns);

/* Take `d` out. Accepts one that is not in. */
void deadline_drop(struct deadline_queue *q, struct deadline *d);

/* The next one, which stays in; NULL when there is none. */
const struct deadline *deadline_next(const struct deadline_queue *q);
/* Its time; UINT64_MAX when there is none. */
uint64_t deadline_next_ns(const struct deadline_queue *q);

/* Take out and return the next one that is due at `now_ns`, or NULL. */
struct deadline *deadline_pop_due(struct deadline_queue *q, uint64_t now_ns);
