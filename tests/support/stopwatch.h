/*
 * stopwatch.h -- how long something took, by the clock and without what a busy machine added.
 *
 * What is promised to be over in time is judged by the second: the kernel counts how long a process was ready and had no
 * processor (the second number of /proc/self/schedstat). On a machine at rest both are the same; where nobody counts,
 * too.
 */
#pragma once

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

struct stopwatch {
	uint64_t begun_ns, waited_ns;
};

static inline uint64_t
stopwatch_now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

/* For how long a process was kept waiting, since it began: that of /proc/PID/schedstat. */
static inline uint64_t
stopwatch_waited_ns(const char *schedstat)
{
	FILE *f = fopen(schedstat, "re");
	uint64_t waited_ns = 0;

	if (f == NULL)
		return 0;
	if (fscanf(f, "%*u %" SCNu64, &waited_ns) != 1) /* NOLINT(cert-err34-c): the kernel's */
		waited_ns = 0;
	(void)fclose(f);
	return waited_ns;
}

static inline struct stopwatch
stopwatch_start(void)
{
	return (struct stopwatch){ stopwatch_now_ns(),
		stopwatch_waited_ns("/proc/self/schedstat") };
}

static inline uint64_t
stopwatch_ms(const struct stopwatch *s)
{
	return (stopwatch_now_ns() - s->begun_ns) / 1000000;
}

/* Without the time that the machine had for others. */
static inline uint64_t
stopwatch_own_ms(const struct stopwatch *s)
{
	const uint64_t waited_ns = stopwatch_waited_ns("/proc/self/schedstat") - s->waited_ns;
	const uint64_t took_ns = stopwatch_now_ns() - s->begun_ns;

	return waited_ns < took_ns ? (took_ns - waited_ns) / 1000000 : 0;
}
