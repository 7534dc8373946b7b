#include "daemon/base/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
a_pause_doubles_up_to_its_bound_until_something_goes_well(void **state)
{
	static const uint64_t expected[] = { 3, 6, 12, 20, 20 };
	struct backoff b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		assert_int_equal(backoff_next(&b, 3, 20), expected[i]);
	b = (struct backoff){ 0 };
	assert_int_equal(backoff_next(&b, 3, 20), 3);
}

static void
its_bounds_may_change_from_one_failure_to_the_next(void **state)
{
	struct backoff b = { 0 };

	(void)state;
	assert_int_equal(backoff_next(&b, 3, 100), 3);
	assert_int_equal(backoff_next(&b, 3, 4), 4);
	assert_int_equal(backoff_next(&b, 3, 100), 8);
	assert_int_equal(backoff_next(&b, 9, 100), 9);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pause_doubles_up_to_its_bound_until_something_goes_well),
		cmocka_unit_test(its_bounds_may_change_from_one_failure_to_the_next),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
