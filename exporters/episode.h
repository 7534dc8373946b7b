/* episode.h -- a trouble that lasts: said when it begins and when it is over, and less often when it keeps coming back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* All zero: none yet. */
struct episode {
	bool is_on;
	uint64_t count;
};

/* returns whether to say so: at the 1st, 2nd, 4th, 8th time */
static inline bool
episode_begin(struct episode *e)
{
	if (e->is_on)
		return false;
	e->is_on = true;
	e->count++;
	return (e->count & (e->count - 1)) == 0;
}

/* returns whether to say so: its begin was said */
static inline bool
episode_end(struct episode *e)
{
	bool was_on = e->is_on;

	e->is_on = false;
	return was_on && (e->count & (e->count - 1)) == 0;
}
