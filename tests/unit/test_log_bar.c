#include "viewer/screens/log_bar.h"

#include "tests/support/grid_picture.h"

#include <locale.h>

static const char *
bar(struct grid_picture *p, unsigned columns, const uint64_t *values, size_t count)
{
	grid_picture_begin(p, 1, columns, true);
	struct area a = grid_area(&p->grid);
	log_bar(&a, 0, values, count);
	return grid_picture_text(p, true);
}

static void
each_piece_is_as_wide_as_its_logarithm(void **state)
{
	struct grid_picture p;
	const uint64_t values[] = { 8, 55, 1097 }; /* 2.1, 4.0, 7.0 of 50 */

	(void)state;
	assert_string_equal(bar(&p, 50, values, 3), "██▓▓▓▓▒▒▒▒▒▒▒\nooppppqqqqqqq\n");
	grid_picture_end(&p);
	assert_string_equal(bar(&p, 25, values, 3), "█▓▓▒▒▒▒\noppqqqq\n");
	grid_picture_end(&p);
}

static void
one_and_none_have_no_width(void **state)
{
	struct grid_picture p;
	const uint64_t values[] = { 0, 1, 3 };

	(void)state;
	assert_string_equal(bar(&p, 50, values, 3), "▒\nq\n");
	grid_picture_end(&p);
	assert_string_equal(bar(&p, 50, &values[2], 1), "█\no\n");
	grid_picture_end(&p);
}

static void
the_greatest_of_all_stays_inside(void **state)
{
	struct grid_picture p;
	const uint64_t values[] = { UINT64_MAX, UINT64_MAX, UINT64_MAX };

	(void)state;
	assert_string_equal(bar(&p, 10, values, 3), "█████████▓\nooooooooop\n");
	grid_picture_end(&p);
	assert_string_equal(bar(&p, 0, values, 3), "\n\n");
	grid_picture_end(&p);
}

static void
a_legend_has_the_pieces_also_in_ascii(void **state)
{
	static const char *const names[] = { "flows", "packets", "bytes" };
	const uint64_t values[] = { 8, 8, 8 };
	struct grid_picture p;

	(void)state;
	grid_picture_begin(&p, 2, 30, false);
	struct area a = grid_area(&p.grid);
	log_bar_legend(&a, 0, names, 3);
	log_bar(&a, 1, values, 3);
	assert_picture(&p, "#flows =packets -bytes\n#=--\n");
	grid_clear(&p.grid);
	log_bar_legend(&a, 0, names, 1);
	assert_picture(&p, "#flows\n\n");
	grid_picture_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_piece_is_as_wide_as_its_logarithm),
		cmocka_unit_test(one_and_none_have_no_width),
		cmocka_unit_test(the_greatest_of_all_stays_inside),
		cmocka_unit_test(a_legend_has_the_pieces_also_in_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
