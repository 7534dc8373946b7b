#include "ctl/table_print.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct table_column columns[] = { { "NAME", false }, { "N", true },
	{ "WHAT", false } };

struct sheet {
	struct table_terminal terminal;
	struct table_print table;
	char *text;
	size_t length;
};

static int
begin(void **state)
{
	static struct sheet s;

	s = (struct sheet){ .text = NULL };
	s.terminal.out = open_memstream(&s.text, &s.length);
	assert_non_null(s.terminal.out);
	table_print_begin(&s.table, &s.terminal, columns, 3);
	*state = &s;
	return 0;
}

static int
end(void **state)
{
	struct sheet *s = *state;

	free(s->text);
	return 0;
}

static void
row(struct sheet *s, const char *name, int n, const char *what)
{
	table_print_cell(&s->table, name, TABLE_PLAIN);
	table_print_format(&s->table, TABLE_PLAIN, "%d", n);
	table_print_cell(&s->table, what, TABLE_PLAIN);
}

static const char *
printed(struct sheet *s)
{
	table_print_end(&s->table);
	assert_int_equal(fclose(s->terminal.out), 0);
	return s->text;
}

static void
columns_are_as_wide_as_what_is_in_them(void **state)
{
	struct sheet *s = *state;

	row(s, "a", 1, "short");
	row(s, "longer", 12345, "this goes on and on where there is no end");
	row(s, NULL, -1, "");
	assert_string_equal(printed(s), "NAME        N  WHAT\n"
					"a           1  short\n"
					"longer  12345  this goes on and on where there is no end\n"
					"-          -1  \n");
}

static void
without_rows_there_are_titles(void **state)
{
	assert_string_equal(printed(*state), "NAME  N  WHAT\n");
}

static void
the_last_column_is_folded_below_itself(void **state)
{
	struct sheet *s = *state;

	s->terminal.width = 33;
	row(s, "a", 1, "one two three four five six seven");
	row(s, "b", 2, "twenty-four letters here");
	row(s, "c", 3, "twenty-five characters on");
	assert_string_equal(printed(s), "NAME  N  WHAT\n"
					"a     1  one two three four five\n"
					"         six seven\n"
					"b     2  twenty-four letters here\n"
					"c     3  twenty-five characters\n"
					"         on\n");
}

/* From 17 to 23 columns: what is narrow enough stays where it is, whatever the others say. */
static void
a_text_that_would_be_a_tower_stands_below_its_row(void **state)
{
	struct sheet *s = *state;

	s->terminal.width = 32;
	row(s, "a", 1, "one two three four five six seven");
	row(s, "b", 2, "twenty-three of letters");
	row(s, "c", 3, NULL);
	assert_string_equal(printed(s), "NAME  N  WHAT\n"
					"a     1  \n"
					"    one two three four five six\n"
					"    seven\n"
					"b     2  twenty-three of letters\n"
					"c     3  -\n");
}

/* 16 columns and fewer would make it a column of syllables. */
static void
without_room_beside_the_others_it_stands_below_them(void **state)
{
	struct sheet *s = *state;

	s->terminal.width = 25;
	row(s, "a", 1, "one two three four five six");
	row(s, "-", 3, NULL);
	row(s, "b", 2, "short");
	assert_string_equal(printed(s), "NAME  N\n"
					"    WHAT\n"
					"a     1\n"
					"    one two three four\n"
					"    five six\n"
					"-     3\n"
					"b     2\n"
					"    short\n");
}

/* Numbers do not go below: they are there to be compared. */
static void
texts_without_room_stand_below_with_their_titles(void **state)
{
	static const struct table_column four[] = { { "NAME", false }, { "N", true },
		{ "WHERE", false }, { "WHAT", false } };
	struct sheet *s = *state;

	s->terminal.width = 30;
	table_print_begin(&s->table, &s->terminal, four, 4);
	row(s, "a", 1, "at the end of the road");
	table_print_cell(&s->table, "six words on more than a line", TABLE_PLAIN);
	row(s, "sixteen letters.", 200, NULL);
	table_print_cell(&s->table, "x", TABLE_PLAIN);
	row(s, "b", 3, "y");
	table_print_cell(&s->table, NULL, TABLE_PLAIN);
	assert_string_equal(printed(s), "NAME                N\n"
					"a                   1\n"
					"    WHERE at the end of the\n"
					"          road\n"
					"    WHAT six words on more\n"
					"         than a line\n"
					"sixteen letters.  200\n"
					"    WHAT x\n"
					"b                   3\n"
					"    WHERE y\n");
}

static void
numbers_stay_beside_each_other(void **state)
{
	static const struct table_column four[] = { { "A", false }, { "B", false }, { "N", true },
		{ "WHAT", false } };
	struct sheet *s = *state;

	s->terminal.width = 25;
	table_print_begin(&s->table, &s->terminal, four, 4);
	table_print_cell(&s->table, "one two three four", TABLE_PLAIN);
	table_print_cell(&s->table, "five six", TABLE_PLAIN);
	table_print_cell(&s->table, "7", TABLE_PLAIN);
	table_print_cell(&s->table, "eight nine", TABLE_PLAIN);
	assert_string_equal(printed(s), "A                   B         N\n"
					"    WHAT\n"
					"one two three four  five six  7\n"
					"    eight nine\n");
}

static void
what_is_narrow_enough_stays_beside_the_others(void **state)
{
	struct sheet *s = *state;

	s->terminal.width = 25;
	row(s, "a", 1, "sixteen in a row");
	assert_string_equal(printed(s), "NAME  N  WHAT\na     1  sixteen in a row\n");
}

static void
a_terminal_that_is_too_narrow_is_left_to_break_lines(void **state)
{
	struct sheet *s = *state;

	s->terminal.width = 20;
	row(s, "a", 1, "one two three four five six");
	assert_string_equal(printed(s), "NAME  N  WHAT\na     1  one two three four five six\n");
}

static void
nothing_in_a_cell_leaves_its_place(void **state)
{
	struct sheet *s = *state;

	s->terminal.width = 40;
	row(s, "\x1b[31m", 1,
		"a\nb\x9b"
		"c");
	row(s, "plain", 2, "x");
	assert_string_equal(printed(s), "NAME      N  WHAT\n"
					"\\x1b[31m  1  a\\x0ab\\x9bc\n"
					"plain     2  x\n");
}

static void
a_cell_shows_so_much_of_a_text(void **state)
{
	static char text[TABLE_CELL_MAX + 2];
	struct sheet *s = *state;

	memset(text, 0xff, sizeof(text) - 1);
	row(s, "a", 1, text);
	assert_int_equal(strlen(printed(s)),
		strlen("NAME  N  WHAT\na     1  ...\n") + (size_t)4 * TABLE_CELL_MAX);
}

static void
colour_is_around_a_text_and_never_around_blanks(void **state)
{
	struct sheet *s = *state;

	s->terminal.colour = true;
	table_print_cell(&s->table, "a", TABLE_GOOD);
	table_print_cell(&s->table, "1", TABLE_WARN);
	table_print_cell(&s->table, "b", TABLE_BAD);
	row(s, "long", 22, "c");
	assert_string_equal(printed(s),
		"NAME   N  WHAT\n"
		"\x1b[32ma\x1b[0m      \x1b[33m1\x1b[0m  \x1b[1;31mb\x1b[0m\n"
		"long  22  c\n");
}

static void
a_table_may_do_without_titles(void **state)
{
	static const struct table_column bare[] = { { NULL, false }, { NULL, false } };
	struct sheet *s = *state;

	table_print_end(&s->table);
	rewind(s->terminal.out);
	table_print_begin(&s->table, &s->terminal, bare, 2);
	table_print_cell(&s->table, "key", TABLE_PLAIN);
	table_print_cell(&s->table, "value", TABLE_PLAIN);
	assert_string_equal(printed(s), "key  value\n");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(columns_are_as_wide_as_what_is_in_them),
		TEST(without_rows_there_are_titles),
		TEST(the_last_column_is_folded_below_itself),
		TEST(a_text_that_would_be_a_tower_stands_below_its_row),
		TEST(without_room_beside_the_others_it_stands_below_them),
		TEST(texts_without_room_stand_below_with_their_titles),
		TEST(numbers_stay_beside_each_other),
		TEST(what_is_narrow_enough_stays_beside_the_others),
		TEST(a_terminal_that_is_too_narrow_is_left_to_break_lines),
		TEST(nothing_in_a_cell_leaves_its_place),
		TEST(a_cell_shows_so_much_of_a_text),
		TEST(colour_is_around_a_text_and_never_around_blanks),
		TEST(a_table_may_do_without_titles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
