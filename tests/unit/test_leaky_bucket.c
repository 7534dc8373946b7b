#include "daemon/base/leaky_bucket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { LEAK = 10, NOW = 1000 };

static void
events_at_once_add_up(void **state)
{
	struct leaky_bucket b = { 0 };

	(void)state;
	for (uint64_t i = 1; i <= 100; i++)
		assert_int_equal(leaky_bucket_add(&b, NOW, LEAK), i);
}

static void
one_leaks_away_in_its_time(void **state)
{
	struct leaky_bucket b = { 0 };

	(void)state;
	assert_int_equal(leaky_bucket_add(&b, NOW, LEAK), 1);
	assert_int_equal(leaky_bucket_add(&b, NOW + 9, LEAK), 2);  /* dry at 1020 */
	assert_int_equal(leaky_bucket_add(&b, NOW + 10, LEAK), 2); /* one is gone; dry at 1030 */
	assert_int_equal(leaky_bucket_add(&b, NOW + 11, LEAK), 3); /* dry at 1040 */
	assert_int_equal(leaky_bucket_add(&b, NOW + 40, LEAK), 1);
}

static void
who_waits_long_enough_never_has_two(void **state)
{
	struct leaky_bucket b = { 0 };

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		assert_int_equal(leaky_bucket_add(&b, NOW + i * LEAK, LEAK), 1);
}

static void
time_that_goes_back_fills_nothing_up(void **state)
{
	struct leaky_bucket b = { 0 };

	(void)state;
	assert_int_equal(leaky_bucket_add(&b, NOW, LEAK), 1);
	assert_int_equal(leaky_bucket_add(&b, 0, LEAK), 2);
	assert_int_equal(leaky_bucket_add(&b, NOW + 20, LEAK), 1);
}

static void
a_full_bucket_stays_full(void **state)
{
	struct leaky_bucket b = { .now_ns = NOW, .empty_ns = UINT64_MAX - 2 * (uint64_t)LEAK };

	(void)state;
	uint64_t most = (UINT64_MAX - LEAK - NOW + LEAK - 1) / LEAK;
	assert_true(leaky_bucket_add(&b, NOW, LEAK) == most);
	assert_true(leaky_bucket_add(&b, NOW, LEAK) == most);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_at_once_add_up),
		cmocka_unit_test(one_leaks_away_in_its_time),
		cmocka_unit_test(who_waits_long_enough_never_has_two),
		cmocka_unit_test(time_that_goes_back_fills_nothing_up),
		cmocka_unit_test(a_full_bucket_stays_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
