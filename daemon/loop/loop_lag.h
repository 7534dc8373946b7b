/*
 * loop_lag.h -- how late the event loop is: what a packet, a scrape or a timer had to wait.
 *
 * A timer asks to be called four times a second. By how much it is late, some callback held the loop.
 */
#pragma once

#include "daemon/base/metric.h"

#include <stdint.h>

struct event;
struct event_base;

/* What a scrape sees: the worst of the last half minute, or a little less than a whole one. */
struct loop_lag {
	uint64_t worst_ns;
	uint64_t now_worst_ns, before_worst_ns; /* of this half minute, and of the one before */
	uint64_t expected_ns, turned_ns;        /* monotonic */
	struct event *timer;
};

extern const struct metric loop_lag_rows[];

/* returns 0 or -ENOMEM; `l` must stay where it is until loop_lag_close() */
int loop_lag_open(struct loop_lag *l, struct event_base *base);

/*
 * What the timer calls: it is `now_ns` by the monotonic clock. A stop of the whole process shows as
 * well, which is the truth: nothing was served.
 */
void loop_lag_note(struct loop_lag *l, uint64_t now_ns);

/* Accepts one that was never opened but zeroed. */
void loop_lag_close(struct loop_lag *l);
