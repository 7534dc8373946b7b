#include "daemon/loop/loop_lag.h"

#include "daemon/base/time_text.h"
#include "daemon/loop/now.h"

#include <errno.h>
#include <event2/event.h>

enum { PERIOD_MS = 250 };

#define PERIOD_NS (PERIOD_MS * (uint64_t)NS_PER_MS)
#define HALF_NS   (30 * NS_PER_S)

const struct metric loop_lag_rows[] = {
	METRIC_ROW_IN(METRIC_NS, "event_loop_lag_seconds", METRIC_GAUGE, NULL, struct loop_lag,
		worst_ns, "The longest that the loop was late, in the last half minute or more."),
	METRIC_END,
};

static uint64_t
worse(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void
loop_lag_note(struct loop_lag *l, uint64_t now_ns)
{
	uint64_t late = now_ns > l->expected_ns ? now_ns - l->expected_ns : 0;

	if (now_ns - l->turned_ns >= HALF_NS) {
		l->before_worst_ns = now_ns - l->turned_ns < 2 * HALF_NS ? l->now_worst_ns : 0;
		l->now_worst_ns = 0;
		l->turned_ns = now_ns;
	}
	l->now_worst_ns = worse(l->now_worst_ns, late);
	l->worst_ns = worse(l->now_worst_ns, l->before_worst_ns);
	l->expected_ns = now_ns + PERIOD_NS;
}

/* One shot, set again after each note: a persistent one would hide how late the next one is. */
static void
on_timer(evutil_socket_t fd, short what, void *context)
{
	const struct timeval period = { .tv_usec = PERIOD_NS / 1000 };
	struct loop_lag *l = context;

	(void)fd;
	(void)what;
	loop_lag_note(l, now_monotonic_ns());
	(void)event_add(l->timer, &period);
}

int
loop_lag_open(struct loop_lag *l, struct event_base *base)
{
	uint64_t now_ns = now_monotonic_ns();

	*l = (struct loop_lag){ .expected_ns = now_ns, .turned_ns = now_ns };
	l->timer = evtimer_new(base, on_timer, l);
	if (l->timer == NULL)
		return -ENOMEM;
	on_timer(-1, 0, l);
	return 0;
}

void
loop_lag_close(struct loop_lag *l)
{
	if (l->timer != NULL)
		event_free(l->timer);
	l->timer = NULL;
}
