#include "daemon/base/limiter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { BURST = 5 };
#define INTERVAL UINT64_C(1000)

/* returns how many of `tries` pass at `now` */
static unsigned
passes(struct limiter *l, uint64_t now, unsigned tries)
{
	uint64_t swallowed = 0;
	unsigned passed = 0;

	for (unsigned i = 0; i < tries; i++)
		passed += limiter_pass(l, now, &swallowed);
	return passed;
}

static int
limiter_open(void **state)
{
	static struct limiter l;

	limiter_init(&l, BURST, INTERVAL);
	*state = &l;
	return 0;
}

static void
a_burst_passes_and_the_next_does_not(void **state)
{
	struct limiter *l = *state;

	assert_int_equal(passes(l, 0, BURST), BURST);
	assert_int_equal(passes(l, 0, 1), 0);
	assert_int_equal(passes(l, INTERVAL - 1, 1), 0);
}

static void
each_interval_earns_one(void **state)
{
	struct limiter *l = *state;

	assert_int_equal(passes(l, 500, BURST + 1), BURST);
	assert_int_equal(passes(l, 500 + INTERVAL - 1, 1), 0);
	assert_int_equal(passes(l, 500 + INTERVAL, 2), 1);
	assert_int_equal(passes(l, 500 + 3 * INTERVAL, 9), 2);
}

static void
asking_in_between_loses_no_time(void **state)
{
	struct limiter *l = *state;
	unsigned passed = passes(l, 0, BURST);

	for (uint64_t now = 300; now <= 100 * INTERVAL; now += 300)
		passed += passes(l, now, 1);
	assert_int_equal(passed, BURST + 99); /* the last question is at 99,900 */
}

static void
a_long_rest_earns_a_burst_and_no_more(void **state)
{
	struct limiter *l = *state;

	assert_int_equal(passes(l, 0, BURST), BURST);
	assert_int_equal(passes(l, 4 * INTERVAL + 999, 9), 4);
	assert_int_equal(passes(l, 4 * INTERVAL + 1000, 9), 1); /* the rest of 999 counted */
	assert_int_equal(passes(l, 1000000 * INTERVAL + 999, 9), BURST);
	assert_int_equal(passes(l, 1000001 * INTERVAL + 998, 9), 0); /* nothing was saved */
	assert_int_equal(passes(l, 1000001 * INTERVAL + 999, 9), 1);
	assert_int_equal(passes(l, UINT64_MAX, 9), BURST);
}

static void
the_next_that_passes_admits_the_swallowed(void **state)
{
	struct limiter *l = *state;
	uint64_t swallowed = 77;

	assert_true(limiter_pass(l, 0, &swallowed));
	assert_int_equal(swallowed, 0);
	assert_int_equal(passes(l, 0, BURST - 1), BURST - 1);
	swallowed = 77;
	for (unsigned i = 0; i < 312; i++)
		assert_false(limiter_pass(l, 1, &swallowed));
	assert_int_equal(swallowed, 77); /* written only when it passes */
	assert_true(limiter_pass(l, INTERVAL, &swallowed));
	assert_int_equal(swallowed, 312);
	assert_false(limiter_pass(l, INTERVAL, &swallowed));
	assert_true(limiter_pass(l, 2 * INTERVAL, &swallowed));
	assert_int_equal(swallowed, 1);
}

static void
a_clock_set_back_neither_opens_nor_blocks(void **state)
{
	struct limiter *l = *state;

	assert_int_equal(passes(l, 1000000, BURST), BURST);
	assert_int_equal(passes(l, 10, 1), 0);
	assert_int_equal(passes(l, 10 + INTERVAL - 1, 1), 0);
	assert_int_equal(passes(l, 10 + INTERVAL, 2), 1);
}

static void
a_burst_of_one_is_one_an_interval(void **state)
{
	struct limiter l;

	(void)state;
	limiter_init(&l, 1, INTERVAL);
	assert_int_equal(passes(&l, 0, 3), 1);
	assert_int_equal(passes(&l, INTERVAL, 3), 1);
	assert_int_equal(passes(&l, 2 * INTERVAL - 1, 3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_burst_passes_and_the_next_does_not, limiter_open),
		cmocka_unit_test_setup(each_interval_earns_one, limiter_open),
		cmocka_unit_test_setup(asking_in_between_loses_no_time, limiter_open),
		cmocka_unit_test_setup(a_long_rest_earns_a_burst_and_no_more, limiter_open),
		cmocka_unit_test_setup(the_next_that_passes_admits_the_swallowed, limiter_open),
		cmocka_unit_test_setup(a_clock_set_back_neither_opens_nor_blocks, limiter_open),
		cmocka_unit_test(a_burst_of_one_is_one_an_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
