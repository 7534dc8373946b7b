/* backoff.h -- a pause that doubles from one failure to the next, up to a bound, until something goes well. */
#pragma once

#include <stdint.h>

/* All zero: nothing has failed. It went well: make it so again. */
struct backoff {
	uint64_t pause_ns; /* the last one */
};

/*
 * It failed.
 *
 * first_ns, most_ns  of the first pause, and of any; they may differ from one call to the next
 * returns            how long to wait now
 */
static inline uint64_t
backoff_next(struct backoff *b, uint64_t first_ns, uint64_t most_ns)
{
	b->pause_ns = b->pause_ns < first_ns ? first_ns : b->pause_ns * 2;
	if (b->pause_ns > most_ns)
		b->pause_ns = most_ns;
	return b->pause_ns;
}
