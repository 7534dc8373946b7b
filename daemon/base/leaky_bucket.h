/*
 * leaky_bucket.h -- how many events came faster than they are forgotten.
 *
 * Each event fills the bucket by one, and one leaks away each `leak_ns`. What counts is not how many there
 * were but how many there are more than a patient sender has. All zero is an empty bucket.
 */
#pragma once

#include <stdint.h>

struct leaky_bucket {
	uint64_t now_ns;   /* of the latest event */
	uint64_t empty_ns; /* when it will have run dry */
};

/*
 * One event more.
 *
 * now_ns   packet time; what is earlier than the last event's counts as at that time, so that records in
 *          disorder fill nothing up
 * leak_ns  > 0; may differ from call to call, as after a reload
 * returns  how many are in it now, this one included, each that has begun to leak counted whole
 */
static inline uint64_t
leaky_bucket_add(struct leaky_bucket *b, uint64_t now_ns, uint64_t leak_ns)
{
	if (now_ns > b->now_ns)
		b->now_ns = now_ns;
	if (b->empty_ns < b->now_ns)
		b->empty_ns = b->now_ns;
	if (b->empty_ns <= UINT64_MAX - 2 * leak_ns)
		b->empty_ns += leak_ns;
	return (b->empty_ns - b->now_ns + leak_ns - 1) / leak_ns;
}
