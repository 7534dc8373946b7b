#include "viewer/grid.h"

#include "tests/support/grid_picture.h"
#include "tests/support/hostile_text.h"

#include <locale.h>
#include <math.h>
#include <string.h>
#include <wchar.h>

static struct grid_picture p;
static struct area all;

static void
begin(unsigned rows, unsigned columns, bool utf8)
{
	grid_picture_begin(&p, rows, columns, utf8);
	all = grid_area(&p.grid);
}

static int
end(void **state)
{
	(void)state;
	grid_picture_end(&p);
	return 0;
}

static void
a_picture_begins_empty_and_is_emptied_again(void **state)
{
	(void)state;
	begin(2, 4, true);
	assert_picture(&p, "\n\n");
	(void)area_text(&all, 1, 1, GRID_BAD, "x");
	area_reverse(&all, 0);
	assert_string_equal(grid_picture_text(&p, true), "\n x\n####\n h\n");
	grid_clear(&p.grid);
	assert_string_equal(grid_picture_text(&p, true), "\n\n\n\n");
}

static void
text_stands_where_it_was_put_and_says_where_it_ends(void **state)
{
	(void)state;
	begin(3, 10, true);
	assert_int_equal(area_text(&all, 0, 0, GRID_PLAIN, "abc"), 3);
	assert_int_equal(area_format(&all, 1, 2, GRID_PLAIN, "%s-%d", "x", 7), 5);
	area_right(&all, 2, 9, GRID_PLAIN, "right");
	area_right(&all, 0, 8, GRID_PLAIN, "xy");
	assert_picture(&p, "abc    xy\n"
			   "  x-7\n"
			   "     right\n");
}

static void
a_label_leaves_what_is_right_of_it(void **state)
{
	(void)state;
	begin(2, 8, true);
	struct area in = area_labelled(&all, 1, "ab", 4);
	(void)area_text(&in, 0, 0, GRID_PLAIN, "whole");
	assert_picture(&p, "\nab  who…\n");
	assert_int_equal(p.grid.cells[8].colour, GRID_DIM);
}

static void
text_that_is_cut_says_so(void **state)
{
	(void)state;
	begin(4, 6, true);
	assert_int_equal(area_text(&all, 0, 0, GRID_PLAIN, "sixsix"), 6);
	assert_int_equal(area_text(&all, 1, 0, GRID_PLAIN, "sevense"), 6);
	area_right(&all, 2, 5, GRID_PLAIN, "sevense");
	assert_int_equal(area_text(&all, 3, 5, GRID_PLAIN, "ab"), 6);
	assert_picture(&p, "sixsix\nseven…\nseven…\n     …\n");
	p.grid.utf8 = false;
	(void)area_text(&all, 0, 0, GRID_PLAIN, "sevense");
	assert_picture(&p, "seven~\nseven…\nseven…\n     …\n");
}

static void
nothing_is_drawn_outside_of_an_area(void **state)
{
	(void)state;
	begin(4, 8, true);
	struct area inner = area_part(&all, 1, 2, 2, 3);
	struct area beyond = area_part(&inner, 1, 1, 100, 100);
	struct area nowhere = area_part(&inner, 5, 9, 1, 1);

	assert_int_equal(beyond.rows, 1);
	assert_int_equal(beyond.columns, 2);
	assert_int_equal(nowhere.rows + nowhere.columns, 0);
	assert_int_equal(area_text(&inner, 0, 0, GRID_PLAIN, "abcdef"), 3);
	assert_int_equal(area_text(&inner, 2, 0, GRID_PLAIN, "below"), 0);
	assert_int_equal(area_text(&inner, 0, 3, GRID_PLAIN, "right of it"), 3);
	(void)area_text(&beyond, 0, 0, GRID_PLAIN, "xyz");
	(void)area_text(&nowhere, 0, 0, GRID_PLAIN, "gone");
	area_character(&inner, 0, 3, GRID_PLAIN, "!");
	area_character(&inner, 2, 0, GRID_PLAIN, "!");
	area_reverse(&inner, 2);
	area_bold(&inner, 2, 0, 9);
	area_spark(&inner, 2, 0, (double[]){ 1 }, 1, GRID_PLAIN);
	area_bar(&inner, 1, 3, 4, 1, GRID_PLAIN);
	assert_picture(&p, "\n  ab…\n   x…\n\n");
	for (unsigned i = 0; i < 8; i++)
		assert_false(p.grid.cells[24 + i].bold || p.grid.cells[24 + i].reverse);
}

static void
bold_and_reverse_are_the_cells_own(void **state)
{
	(void)state;
	begin(2, 6, true);
	struct area part = area_part(&all, 0, 1, 2, 4);

	(void)area_text(&part, 1, 0, GRID_PLAIN, "abcd");
	area_bold(&part, 1, 1, 2);
	area_reverse(&part, 1);
	for (unsigned i = 0; i < 6; i++) {
		assert_int_equal(p.grid.cells[6 + i].bold, i == 2 || i == 3);
		assert_int_equal(p.grid.cells[6 + i].reverse, i >= 1 && i <= 4);
	}
}

static void
a_wide_character_takes_two_columns_and_never_hangs_over(void **state)
{
	(void)state;
	begin(4, 6, true);
	assert_int_equal(area_width(&all, "世界x"), 5);
	assert_int_equal(area_text(&all, 0, 0, GRID_PLAIN, "世界世"), 6);
	assert_int_equal(area_text(&all, 1, 0, GRID_PLAIN, "世界世界"), 6);
	assert_int_equal(area_text(&all, 2, 1, GRID_PLAIN, "世界世"), 6);
	assert_int_equal(area_text(&all, 3, 5, GRID_PLAIN, "世"), 6);
	assert_string_equal(p.grid.cells[1].text, "");
	assert_picture(&p, "世界世\n世界……\n 世界…\n     …\n");
}

static void
what_is_left_of_a_wide_character_is_a_blank(void **state)
{
	(void)state;
	begin(3, 6, true);
	for (unsigned row = 0; row < 3; row++)
		(void)area_text(&all, row, 0, GRID_PLAIN, "世世世");
	area_character(&all, 0, 2, GRID_PLAIN, "x");
	area_character(&all, 1, 3, GRID_PLAIN, "x");
	(void)area_text(&all, 2, 1, GRID_PLAIN, "界");
	assert_picture(&p, "世x 世\n世 x世\n 界 世\n");
	struct area right = area_part(&all, 0, 5, 3, 1);
	area_character(&right, 0, 0, GRID_PLAIN, "y");
	assert_picture(&p, "世x  y\n世 x世\n 界 世\n");
}

static void
what_drives_a_terminal_stands_as_its_bytes(void **state)
{
	(void)state;
	begin(7, 40, true);
	(void)area_text(&all, 0, 0, GRID_PLAIN, "\x1b[31mred\n\r\t\a");
	(void)area_text(&all, 1, 0, GRID_PLAIN, "c1 \xc2\x9b raw \x9b end \xff");
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tried */
	(void)area_text(&all, 2, 0, GRID_PLAIN, "bidi \xe2\x80\xae x \xe2\x81\xa6");
	(void)area_text(&all, 3, 0, GRID_PLAIN, "pile e\xcc\x81\xcc\x81");
	(void)area_text(&all, 4, 0, GRID_PLAIN, "none \xe2\x80\x8b \xef\xbb\xbf");
	(void)area_text(&all, 5, 0, GRID_PLAIN, "cut \xe4\xb8");
	(void)area_format(&all, 6, 0, GRID_PLAIN, "nul %c after", '\0');
	assert_picture(&p, "\\x1b[31mred\\x0a\\x0d\\x09\\x07\n"
			   "c1 \\xc2\\x9b raw \\x9b end \\xff\n"
			   "bidi \\xe2\\x80\\xae x \\xe2\\x81\\xa6\n"
			   "pile e\\xcc\\x81\\xcc\\x81\n"
			   "none \\xe2\\x80\\x8b \\xef\\xbb\\xbf\n"
			   "cut \\xe4\\xb8\n"
			   "nul\n");
	assert_int_equal(area_width(&all, "e\xcc\x81"), 9);
}

static void
without_utf8_there_is_ascii_only(void **state)
{
	(void)state;
	begin(4, 12, false);
	struct area box = area_box(&all, "T", false);

	(void)area_text(&box, 0, 0, GRID_PLAIN, "é");
	area_bar(&box, 1, 0, 10, 0.25, GRID_PLAIN);
	assert_picture(&p, "+-T--------+\n"
			   "|\\xc3\\xa9  |\n"
			   "|###       |\n"
			   "+----------+\n");
	for (const char *at = p.text; *at != '\0'; at++)
		assert_true((unsigned char)*at < 0x80);
}

/* Columns that a line takes on a terminal. */
static int
columns_of(const char *line, size_t length)
{
	wchar_t wide[512];
	char text[2048];

	assert_true(length < sizeof(text));
	memcpy(text, line, length);
	text[length] = '\0';
	size_t count = mbstowcs(wide, text, 512);
	assert_true(count < 512);
	return wcswidth(wide, count);
}

static void
no_text_leaves_its_place(void **state)
{
	char text[HOSTILE_TEXT_MAX];

	(void)state;
	for (unsigned i = 0; i < HOSTILE_TEXT_COUNT; i++) {
		begin(3, 31, i % 2 == 0);
		struct area inner = area_part(&all, 1, 1, 1, 29);

		hostile_text(i, HOSTILE_TEXT_MAX, text);
		(void)area_text(&inner, 0, 0, GRID_PLAIN, text);
		area_character(&all, 1, 0, GRID_PLAIN, "<");
		area_character(&all, 1, 30, GRID_PLAIN, ">");
		const char *line = grid_picture_text(&p, false) + 1;
		size_t length = strcspn(line, "\n");

		assert_int_equal(p.text[0], '\n');
		assert_string_equal(line + length, "\n\n");
		hostile_text_check(line, length);
		assert_int_equal(columns_of(line, length), 31);
		assert_int_equal(line[length - 1], '>');
		(void)end(NULL);
	}
	begin(1, 1, true);
}

static void
a_very_long_text_is_no_longer_than_its_area(void **state)
{
	static char text[3 * GRID_TEXT_MAX];

	(void)state;
	memset(text, 0xff, sizeof(text) - 1);
	begin(1, 5, true);
	assert_int_equal(area_text(&all, 0, 0, GRID_PLAIN, text), 5);
	assert_picture(&p, "\\xff…\n");
	assert_int_equal(area_width(&all, text), 4 * GRID_TEXT_MAX + 3);
}

static void
a_box_has_its_title_in_its_border(void **state)
{
	(void)state;
	begin(4, 10, true);
	struct area inner = area_box(&all, "Timeline", false);

	assert_int_equal(inner.rows, 2);
	assert_int_equal(inner.columns, 8);
	(void)area_text(&inner, 0, 0, GRID_PLAIN, "inside it");
	assert_picture(&p, "┌─Timeli…┐\n"
			   "│inside …│\n"
			   "│        │\n"
			   "└────────┘\n");
	(void)area_box(&all, "x", true);
	assert_string_equal(grid_picture_text(&p, true), "┌─x──────┐\n"
							 "│inside …│\n"
							 "│        │\n"
							 "└────────┘\n"
							 "ddbddddddd\n"
							 "d...... .d\n"
							 "d        d\n"
							 "dddddddddd\n");
}

static void
there_is_no_room_for_a_box_in_less_than_two_by_two(void **state)
{
	(void)state;
	begin(2, 3, true);
	struct area row = area_part(&all, 0, 0, 1, 3);
	struct area column = area_part(&all, 0, 0, 2, 1);
	struct area least = area_part(&all, 0, 0, 2, 2);

	assert_int_equal(area_box(&row, "x", false).columns, 0);
	assert_int_equal(area_box(&column, "x", false).rows, 0);
	assert_picture(&p, "\n\n");
	assert_int_equal(area_box(&least, "x", false).rows, 0);
	assert_picture(&p, "┌┐\n└┘\n");
}

static void
a_bar_is_as_long_as_its_share(void **state)
{
	(void)state;
	begin(6, 8, true);
	area_bar(&all, 0, 0, 8, 1, GRID_FLOWS);
	area_bar(&all, 1, 0, 8, 0.5, GRID_FLOWS);
	area_bar(&all, 2, 1, 4, 0.28125, GRID_FLOWS); /* nine eighths */
	area_bar(&all, 3, 0, 8, 7, GRID_FLOWS);
	area_bar(&all, 4, 0, 8, -1, GRID_FLOWS);
	area_bar(&all, 5, 0, 8, (double)NAN, GRID_FLOWS);
	assert_picture(&p, "████████\n████\n █▏\n████████\n\n\n");
	(void)area_text(&all, 4, 0, GRID_PLAIN, "abcdefgh");
	area_bar(&all, 4, 0, 4, 0.5, GRID_FLOWS);
	area_bar(&all, 4, 5, 2, 1.5, GRID_FLOWS);
	assert_picture(&p, "████████\n████\n █▏\n████████\n██cde██h\n\n");
}

static void
a_spark_reaches_from_nothing_to_the_most(void **state)
{
	static const double values[] = { 0, 1, 8, 4, 0.001, 16, -3 };
	static const double small[] = { 0.25, 0.5 };
	static const double endless[] = { INFINITY, 1, NAN };

	(void)state;
	begin(3, 9, true);
	area_spark(&all, 0, 1, values, 7, GRID_FLOWS);
	area_spark(&all, 1, 0, endless, 3, GRID_FLOWS);
	area_spark(&all, 2, 0, (double[]){ 0, 0 }, 2, GRID_FLOWS);
	area_spark(&all, 2, 2, small, 2, GRID_FLOWS);
	assert_picture(&p, "  ▁▄▂▁█\n▁▁\n  ▄█\n");
	p.grid.utf8 = false;
	grid_clear(&p.grid);
	area_spark(&all, 0, 1, values, 7, GRID_FLOWS);
	assert_picture(&p, "  .=:.#\n\n\n");
}

static void
colours_are_letters_and_capitals_where_reversed(void **state)
{
	(void)state;
	begin(2, 8, true);
	(void)area_text(&all, 0, 0, GRID_DIM, "dim");
	(void)area_text(&all, 0, 4, GRID_NOT, "not");
	(void)area_text(&all, 1, 0, GRID_BAD, "bad");
	(void)area_text(&all, 1, 4, GRID_PLAIN, "x");
	area_reverse(&all, 1);
	assert_string_equal(grid_picture_text(&p, true), "dim not\n"
							 "bad x\n"
							 "aaa uuu\n"
							 "HHH#####\n");
}

static void
a_picture_has_no_more_than_a_thousand_rows_and_columns(void **state)
{
	(void)state;
	begin(GRID_SIDE_MAX + 1, 3, true);
	assert_int_equal(p.grid.rows, GRID_SIDE_MAX);
	(void)end(NULL);
	begin(3, 4000000000U, true);
	assert_int_equal(p.grid.columns, GRID_SIDE_MAX);
	(void)end(NULL);
	begin(0, 0, true);
	assert_picture(&p, "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, end)
	const struct CMUnitTest tests[] = {
		TEST(a_picture_begins_empty_and_is_emptied_again),
		TEST(text_stands_where_it_was_put_and_says_where_it_ends),
		TEST(a_label_leaves_what_is_right_of_it),
		TEST(text_that_is_cut_says_so),
		TEST(nothing_is_drawn_outside_of_an_area),
		TEST(bold_and_reverse_are_the_cells_own),
		TEST(a_wide_character_takes_two_columns_and_never_hangs_over),
		TEST(what_is_left_of_a_wide_character_is_a_blank),
		TEST(what_drives_a_terminal_stands_as_its_bytes),
		TEST(without_utf8_there_is_ascii_only),
		TEST(no_text_leaves_its_place),
		TEST(a_very_long_text_is_no_longer_than_its_area),
		TEST(a_box_has_its_title_in_its_border),
		TEST(there_is_no_room_for_a_box_in_less_than_two_by_two),
		TEST(a_bar_is_as_long_as_its_share),
		TEST(a_spark_reaches_from_nothing_to_the_most),
		TEST(colours_are_letters_and_capitals_where_reversed),
		TEST(a_picture_has_no_more_than_a_thousand_rows_and_columns),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
