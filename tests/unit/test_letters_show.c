#include "viewer/screens/letters_show.h"

#include "tests/support/grid_picture.h"

static void
each_letter_says_how_periodic_it_is(void **state)
{
	static const struct {
		const char *letters;
		enum letters_period period;
		enum grid_colour colour;
	} rows[] = {
		{ "abcdefghi", LETTERS_STRONG, GRID_STRONG },
		{ "ABCDEFGHI", LETTERS_WEAK, GRID_WEAK },
		{ "rstuvwxyz", LETTERS_WEAK_NOT, GRID_NOT },
		{ "RSTUVWXYZ", LETTERS_STRONG_NOT, GRID_NOT },
		{ "123456789", LETTERS_EARLY, GRID_PLAIN },
		{ "0.,+*jqJQ?{@`[ \x7f\xff", LETTERS_PERIODS, GRID_DIM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (const char *c = rows[i].letters; *c != '\0'; c++) {
			assert_int_equal(letters_period_of(*c), rows[i].period);
			assert_int_equal(letters_colour(*c), rows[i].colour);
		}
	assert_int_equal(letters_period_of('\0'), LETTERS_PERIODS);
}

static void
a_piece_is_drawn_in_its_colours_and_cleaned(void **state)
{
	struct grid_picture p;

	(void)state;
	grid_picture_begin(&p, 1, 12, true);
	struct area a = grid_area(&p.grid);
	assert_int_equal(letters_draw(&a, 0, 1, "1aA.r\033\n0*", 9), 10);
	assert_string_equal(grid_picture_text(&p, true), " 1aA.r??0*\n .stauaaaa\n");
	assert_true(p.grid.cells[2].bold);
	assert_false(p.grid.cells[3].bold);
	grid_picture_end(&p);
}

static void
letters_are_counted_by_kind(void **state)
{
	size_t counts[LETTERS_PERIODS];

	(void)state;
	letters_count("11.a,a+B*00r.S\xff", counts);
	assert_int_equal(counts[LETTERS_STRONG], 2);
	assert_int_equal(counts[LETTERS_WEAK], 1);
	assert_int_equal(counts[LETTERS_WEAK_NOT], 1);
	assert_int_equal(counts[LETTERS_STRONG_NOT], 1);
	assert_int_equal(counts[LETTERS_EARLY], 2);
	letters_count("", counts);
	assert_int_equal(counts[LETTERS_EARLY], 0);
}

static void
gaps_are_those_between_letters(void **state)
{
	size_t counts[LETTERS_GAPS];

	(void)state;
	letters_gaps("11.a,a,a+b*00r", counts);
	assert_int_equal(counts[LETTERS_5_S], 1);
	assert_int_equal(counts[LETTERS_1_MIN], 2);
	assert_int_equal(counts[LETTERS_5_MIN], 1);
	assert_int_equal(counts[LETTERS_1_H], 1);
	assert_int_equal(counts[LETTERS_LONGER], 1);
	letters_gaps("1", counts);
	assert_int_equal(counts[LETTERS_LONGER], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_letter_says_how_periodic_it_is),
		cmocka_unit_test(a_piece_is_drawn_in_its_colours_and_cleaned),
		cmocka_unit_test(letters_are_counted_by_kind),
		cmocka_unit_test(gaps_are_those_between_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
