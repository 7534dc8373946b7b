#include "daemon/loop/loop_lag.h"

#include "daemon/base/time_text.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define MS ((uint64_t)NS_PER_MS)

/* Note it on time until `until_ns`; returns the time of the last note. */
static uint64_t
punctual(struct loop_lag *l, uint64_t until_ns)
{
	uint64_t now = l->expected_ns;

	for (; now <= until_ns; now = l->expected_ns)
		loop_lag_note(l, now);
	return now;
}

static void
lateness_is_against_what_was_asked_for(void **state)
{
	struct loop_lag l = { .expected_ns = NS_PER_S, .turned_ns = NS_PER_S };

	(void)state;
	loop_lag_note(&l, NS_PER_S);
	assert_true(l.worst_ns == 0);
	assert_true(l.expected_ns == NS_PER_S + 250 * MS);
	loop_lag_note(&l, NS_PER_S + 257 * MS);
	assert_true(l.worst_ns == 7 * MS);
	loop_lag_note(&l, l.expected_ns + 3 * MS); /* the worst holds */
	assert_true(l.worst_ns == 7 * MS);
	loop_lag_note(&l, l.expected_ns - MS); /* early is not late */
	assert_true(l.worst_ns == 7 * MS);
}

static void
the_worst_is_told_for_half_a_minute_and_forgotten_after_one(void **state)
{
	uint64_t begin = 1000 * NS_PER_S;
	struct loop_lag l = { .expected_ns = begin, .turned_ns = begin };
	uint64_t stalled = begin + 10 * NS_PER_S;

	(void)state;
	(void)punctual(&l, stalled);
	loop_lag_note(&l, l.expected_ns + 400 * MS);
	(void)punctual(&l, stalled + 30 * NS_PER_S);
	assert_true(l.worst_ns == 400 * MS);
	(void)punctual(&l, begin + 59 * NS_PER_S);
	assert_true(l.worst_ns == 400 * MS);
	(void)punctual(&l, begin + 62 * NS_PER_S);
	assert_true(l.worst_ns == 0);
}

static void
a_stop_of_an_hour_is_told_and_what_was_before_is_old(void **state)
{
	struct loop_lag l = { .expected_ns = NS_PER_S, .turned_ns = NS_PER_S };

	(void)state;
	loop_lag_note(&l, 2 * NS_PER_S);
	loop_lag_note(&l, l.expected_ns + 3600 * NS_PER_S);
	assert_true(l.worst_ns == 3600 * NS_PER_S);
	assert_true(l.before_worst_ns == 0);

	/* What was a minute ago and more is not of the half minute before this one. */
	l = (struct loop_lag){ .expected_ns = NS_PER_S, .turned_ns = NS_PER_S };
	loop_lag_note(&l, l.expected_ns + 5 * NS_PER_S);
	loop_lag_note(&l, NS_PER_S + 61 * NS_PER_S);
	assert_true(l.before_worst_ns == 0);
	l = (struct loop_lag){ .expected_ns = NS_PER_S, .turned_ns = NS_PER_S };
	loop_lag_note(&l, l.expected_ns + 5 * NS_PER_S);
	loop_lag_note(&l, NS_PER_S + 59 * NS_PER_S);
	assert_true(l.before_worst_ns == 5 * NS_PER_S);
}

static void
a_callback_that_holds_the_loop_is_seen(void **state)
{
	struct event_base *base = event_base_new();
	struct loop_lag l = { 0 };

	(void)state;
	loop_lag_close(&l);
	assert_int_equal(loop_lag_open(&l, base), 0);
	assert_true(l.worst_ns < 10 * NS_PER_S); /* not since the machine began */
	(void)usleep(400 * 1000);
	(void)event_base_loop(base, EVLOOP_ONCE);
	assert_in_range(l.worst_ns, 140 * MS, 10 * NS_PER_S);
	assert_true(evtimer_pending(l.timer, NULL));
	loop_lag_close(&l);
	event_base_free(base);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lateness_is_against_what_was_asked_for),
		cmocka_unit_test(the_worst_is_told_for_half_a_minute_and_forgotten_after_one),
		cmocka_unit_test(a_stop_of_an_hour_is_told_and_what_was_before_is_old),
		cmocka_unit_test(a_callback_that_holds_the_loop_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
