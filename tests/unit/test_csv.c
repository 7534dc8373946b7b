#include "daemon/input/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
assert_column(struct text_view column, const char *expected)
{
	assert_int_equal(column.length, strlen(expected));
	assert_memory_equal(column.at, expected, column.length);
}

static size_t
split(const char *line, char separator, struct text_view *ret, size_t room)
{
	return csv_split(line, strlen(line), separator, ret, room);
}

static void
columns_stand_between_separators_without_their_spaces(void **state)
{
	struct text_view column[4];

	(void)state;
	assert_int_equal(split("a,  -> ,,b c", ',', column, 4), 4);
	assert_column(column[0], "a");
	assert_column(column[1], "->");
	assert_column(column[2], "");
	assert_column(column[3], "b c");
}

static void
a_line_without_separators_is_one_column(void **state)
{
	struct text_view column[2];

	(void)state;
	assert_int_equal(split("", ',', column, 2), 1);
	assert_column(column[0], "");
	assert_int_equal(split("   ", ',', column, 2), 1);
	assert_column(column[0], "");
	assert_int_equal(split("a,b", '\t', column, 2), 1);
	assert_column(column[0], "a,b");
}

static void
columns_past_the_room_are_left_out(void **state)
{
	struct text_view column[3];

	(void)state;
	assert_int_equal(split("1,2", ',', column, 3), 2);
	assert_int_equal(split("1,2,3", ',', column, 3), 3);
	assert_int_equal(split("1,2,3,4", ',', column, 3), 3);
	assert_column(column[2], "3");
	assert_int_equal(split("1,2,", ',', column, 3), 3);
	assert_column(column[2], "");
}

static void
the_separator_is_what_there_is_more_of(void **state)
{
	(void)state;
	assert_int_equal(csv_separator("a,b\tc,d", 7), ',');
	assert_int_equal(csv_separator("a\tb\tc,d", 7), '\t');
	assert_int_equal(csv_separator("a\tb,c", 5), ',');
	assert_int_equal(csv_separator("", 0), ',');
}

static void
words_are_found_in_any_case(void **state)
{
	const struct text_view name = { "StartTime", 9 };
	const struct text_view cut = { "StartTime", 8 };

	(void)state;
	assert_true(csv_holds(name, "time"));
	assert_true(csv_holds(name, "start"));
	assert_false(csv_holds(cut, "time"));
	assert_false(csv_holds((struct text_view){ "", 0 }, "t"));
	assert_true(csv_is(name, "STARTTIME"));
	assert_false(csv_is(cut, "STARTTIME"));
	assert_false(csv_is(name, "StartTim"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_stand_between_separators_without_their_spaces),
		cmocka_unit_test(a_line_without_separators_is_one_column),
		cmocka_unit_test(columns_past_the_room_are_left_out),
		cmocka_unit_test(the_separator_is_what_there_is_more_of),
		cmocka_unit_test(words_are_found_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
