/* monotonic.h -- the clock that nobody sets, for outlets that give themselves a time within a call. */
#pragma once

#include <stdint.h>
#include <time.h>

static inline uint64_t
monotonic_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}
