#include "viewer/screens/sorted.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int
sign(int order)
{
	return (order > 0) - (order < 0);
}

static void
texts_are_in_the_order_that_people_expect(void **state)
{
	static const char *const ascending[] = { "", "10.0.0.2", "10.0.0.10", "10.0.1.1", "TCP/9",
		"TCP/80", "TCP/443", "TCP/18446744073709551616", "TCP/x", "UDP/53", "a", "a b",
		"a1", "a01b", "a2" };

	(void)state;
	for (size_t i = 0; i < sizeof(ascending) / sizeof(ascending[0]); i++)
		for (size_t n = 0; n < sizeof(ascending) / sizeof(ascending[0]); n++)
			if (sign(sorted_texts(ascending[i], ascending[n])) != (i > n) - (i < n))
				fail_msg("\"%s\" and \"%s\"", ascending[i], ascending[n]);
	assert_int_equal(sorted_texts("a007", "a7"), 0);
	assert_true(sorted_texts("\xff", "a") > 0);
}

static void
numbers_go_up_or_down_and_equal_ones_stay(void **state)
{
	struct sorted rows[] = { { 0, NULL, 2 }, { 1, NULL, 10 }, { 2, NULL, 2 }, { 3, NULL, 1 } };

	(void)state;
	sorted_by(rows, 4, true);
	assert_int_equal(rows[0].at, 3);
	assert_int_equal(rows[1].at, 0);
	assert_int_equal(rows[2].at, 2);
	assert_int_equal(rows[3].at, 1);
	sorted_by(rows, 4, false);
	assert_int_equal(rows[0].at, 1);
	assert_int_equal(rows[1].at, 0);
	assert_int_equal(rows[2].at, 2);
	assert_int_equal(rows[3].at, 3);
}

static void
texts_go_down_too(void **state)
{
	struct sorted rows[] = { { 0, "a", 9 }, { 1, "b", 0 }, { 2, "a", 1 } };

	(void)state;
	sorted_by(rows, 3, false);
	assert_int_equal(rows[0].at, 1);
	assert_int_equal(rows[1].at, 0);
	assert_int_equal(rows[2].at, 2);
	sorted_by(NULL, 0, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_in_the_order_that_people_expect),
		cmocka_unit_test(numbers_go_up_or_down_and_equal_ones_stay),
		cmocka_unit_test(texts_go_down_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
