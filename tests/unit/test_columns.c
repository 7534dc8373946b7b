#include "viewer/columns.h"

#include "tests/support/grid_picture.h"
#include "viewer/model.h"

#include <locale.h>

static const struct column some[] = {
	{ "port", 6, false },
	{ "who", 0, false },
	{ "flows", 7, true },
};

static struct columns
fitted(const struct column *column, size_t count, unsigned width)
{
	struct columns c = { .column = column, .count = count };

	columns_fit(&c, width);
	return c;
}

static void
what_is_left_goes_to_those_without_a_width(void **state)
{
	static const struct column two[] = { { "a", 0, false }, { "b", 3, false },
		{ "c", 0, false } };
	struct columns c = fitted(some, 3, 30);

	(void)state;
	assert_int_equal(c.at[1], 7);
	assert_int_equal(c.wide[1], 15);
	assert_int_equal(c.at[2], 23);
	assert_int_equal(c.wide[2], 7);
	c = fitted(two, 3, 16);
	assert_int_equal(c.wide[0], 5);
	assert_int_equal(c.wide[2], 6);
	assert_int_equal(c.at[2] + c.wide[2], 16);
}

static void
without_room_the_last_ones_are_cut_first(void **state)
{
	struct columns c = fitted(some, 3, 10);

	(void)state;
	assert_int_equal(c.wide[0], 6);
	assert_int_equal(c.wide[1], 0);
	assert_int_equal(c.at[2], 8);
	assert_int_equal(c.wide[2], 2);
	c = fitted(some, 3, 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(c.at[i] + c.wide[i], 0);
}

static void
a_table_has_a_head_and_cells(void **state)
{
	struct grid_picture p;
	struct columns c = fitted(some, 3, 24);

	(void)state;
	grid_picture_begin(&p, 3, 24, true);
	struct area a = grid_area(&p.grid);
	columns_head(&c, &a, 0, 0, false);
	columns_cell(&c, &a, 1, 0, GRID_PORT, "23/TCP");
	columns_cell(&c, &a, 1, 1, GRID_PLAIN, "a.example");
	columns_cell(&c, &a, 1, 2, GRID_PLAIN, "7");
	columns_cell(&c, &a, 2, 0, GRID_PORT, "65535/TCP");
	columns_cell(&c, &a, 2, 1, GRID_PLAIN, "a.long.example");
	columns_cell(&c, &a, 2, 2, GRID_PLAIN, "12345678");
	assert_picture(&p, "port   who         flows\n"
			   "23/TCP a.example       7\n"
			   "65535… a.long.e… 123456…\n");
	assert_true(p.grid.cells[0].bold && p.grid.cells[5].bold && !p.grid.cells[6].bold);
	assert_int_equal(p.grid.cells[0].colour, GRID_HEAD);
	grid_picture_end(&p);
}

/* Also where its title takes all of it. */
static void
an_arrow_without_room_is_on_the_title(void **state)
{
	static const struct column full[] = { { "day", 3, false } };
	struct grid_picture p;
	struct columns c = fitted(full, 1, 3);

	(void)state;
	grid_picture_begin(&p, 1, 8, true);
	struct area a = grid_area(&p.grid);
	columns_head(&c, &a, 0, 1, false);
	assert_picture(&p, "da▼\n");
	grid_picture_end(&p);
}

static void
the_column_that_sorts_has_an_arrow(void **state)
{
	struct grid_picture p;
	struct columns c = fitted(some, 3, 24);

	(void)state;
	grid_picture_begin(&p, 2, 24, true);
	struct area a = grid_area(&p.grid);
	columns_head(&c, &a, 0, 1, true);
	columns_head(&c, &a, 1, 3, false);
	assert_picture(&p, "port▲  who         flows\nport   who        ▼flows\n");
	p.grid.utf8 = false;
	grid_clear(&p.grid);
	columns_head(&c, &a, 0, 1, true);
	columns_head(&c, &a, 1, 3, false);
	assert_picture(&p, "port ^ who         flows\nport   who       v flows\n");
	c = fitted(some, 3, 0);
	grid_clear(&p.grid);
	columns_head(&c, &a, 0, 1, true);
	assert_picture(&p, "\n\n");
	grid_picture_end(&p);
}

static void
keys_choose_the_column_and_turn_the_order(void **state)
{
	unsigned sorted = 0;
	bool up = false;
	struct key_event e = { .key = '>' };

	(void)state;
	for (unsigned i = 1; i <= 3; i++) {
		assert_true(columns_key(&sorted, &up, &e, 3));
		assert_int_equal(sorted, i);
	}
	assert_true(columns_key(&sorted, &up, &e, 3));
	assert_int_equal(sorted, 0);
	e.key = '<';
	assert_true(columns_key(&sorted, &up, &e, 3));
	assert_int_equal(sorted, 3);
	assert_true(columns_key(&sorted, &up, &e, 3));
	assert_int_equal(sorted, 2);
	assert_false(up);
	e.key = 's';
	assert_true(columns_key(&sorted, &up, &e, 3));
	assert_true(up);
	assert_true(columns_key(&sorted, &up, &e, 3));
	assert_false(up);
	e.key = 'x';
	assert_false(columns_key(&sorted, &up, &e, 3));
	assert_int_equal(sorted, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_left_goes_to_those_without_a_width),
		cmocka_unit_test(without_room_the_last_ones_are_cut_first),
		cmocka_unit_test(a_table_has_a_head_and_cells),
		cmocka_unit_test(the_column_that_sorts_has_an_arrow),
		cmocka_unit_test(an_arrow_without_room_is_on_the_title),
		cmocka_unit_test(keys_choose_the_column_and_turn_the_order),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8"); /* for wcwidth() */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
