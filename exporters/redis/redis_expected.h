/*
 * redis_expected.h -- which answers a connection is waiting for, in their order.
 *
 * A Redis answers in the order it was asked, and does not say what it answers: what is sent and what comes back
 * are matched here by their place in the queue alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum redis_expect {
	REDIS_EXPECT_GREETING, /* the owner has not been told of the connection yet */
	REDIS_EXPECT_COMMAND,
	REDIS_EXPECT_QUESTION,
	REDIS_EXPECT_MARK, /* no answer: it is reached when all before it have come */
};

struct redis_expected {
	uint64_t number; /* of a question or a mark */
	uint32_t bytes;  /* that were sent */
	enum redis_expect what;
};

/* All zero is empty. Grows as it must: who sends keeps `bytes` bounded, and with it the rest. */
struct redis_queue {
	struct redis_expected *slots; /* a ring */
	size_t first, count, capacity;
	uint64_t bytes; /* of all that is in it, and what the ring takes for them */
};

/* returns false when memory is out */
bool redis_queue_push(struct redis_queue *q, struct redis_expected expected);

/* The one whose answer comes next; NULL when there is none. Valid until the next push. */
const struct redis_expected *redis_queue_first(const struct redis_queue *q);
/* returns false when there is none */
bool redis_queue_pop(struct redis_queue *q, struct redis_expected *ret_expected);

/* Forget all, and give the memory back. */
void redis_queue_done(struct redis_queue *q);
