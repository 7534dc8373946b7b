#include "daemon/loop/now.h"

#include "daemon/base/time_text.h"

#include <time.h>

static uint64_t
ns_of(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

uint64_t
now_monotonic_ns(void)
{
	return ns_of(CLOCK_MONOTONIC);
}

uint64_t
now_wall_ns(void)
{
	return ns_of(CLOCK_REALTIME);
}
