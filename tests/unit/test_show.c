#include "viewer/screens/show.h"

#include "viewer/source/source_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
bytes_are_whole_and_larger_units_have_one_digit_more(void **state)
{
	char room[32];

	(void)state;
	assert_string_equal(show_bytes(room, 0), "0 b");
	assert_string_equal(show_bytes(room, 1023), "1023 b");
	assert_string_equal(show_bytes(room, 1024), "1.0 Kb");
	assert_string_equal(show_bytes(room, 1925), "1.9 Kb");
	assert_string_equal(show_bytes(room, UINT64_C(5) << 20), "5.0 Mb");
	assert_string_equal(show_bytes(room, UINT64_C(5) << 30), "5.0 Gb");
	assert_string_equal(show_bytes(room, UINT64_C(5) << 40), "5.0 Tb");
	assert_string_equal(show_bytes(room, UINT64_MAX), "16777216.0 Tb");
}

static void
counts_are_exact_up_to_seven_digits(void **state)
{
	char room[32];

	(void)state;
	assert_string_equal(show_count(room, 0), "0");
	assert_string_equal(show_count(room, 9999999), "9999999");
	assert_string_equal(show_count(room, 10000000), "10.0 M");
	assert_string_equal(show_count(room, 123456789), "123.5 M");
	assert_string_equal(show_count(room, UINT64_C(4500000000)), "4.5 G");
	assert_string_equal(show_count(room, UINT64_C(7000000000000)), "7.0 T");
	assert_string_equal(show_count(room, UINT64_MAX), "18446744.1 T");
}

static void
a_time_is_as_kalipso_has_it(void **state)
{
	char room[40];

	(void)state;
	assert_string_equal(show_time(room, UINT64_C(1602075600) * 1000000000 + 999999999),
		"2020/10/07 13:00:00");
	assert_string_equal(show_time(room, 1), "1970/01/01 00:00:00");
	assert_string_equal(show_time(room, 0), "");
	assert_true(strlen(show_time(room, UINT64_MAX)) == 19);
}

static void
without_an_answer_nothing_is_said_to_be_none(void **state)
{
	struct source s = { .state = NULL };

	(void)state;
	assert_string_equal(show_none(&s, "no evidence"), "no evidence");
	source_fail(&s, "gone");
	assert_string_equal(show_none(&s, "no evidence"), "no answer: this is not known now");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_whole_and_larger_units_have_one_digit_more),
		cmocka_unit_test(counts_are_exact_up_to_seven_digits),
		cmocka_unit_test(without_an_answer_nothing_is_said_to_be_none),
		cmocka_unit_test(a_time_is_as_kalipso_has_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
