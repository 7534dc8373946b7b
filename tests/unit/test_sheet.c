#include "tests/support/view_rig.h"
#include "viewer/screens/sheet.h"

struct row {
	const char *name;
	int size;
};

static const struct row rows[] = { { "beta", 20 }, { "alpha", 3 }, { "gamma", 20 },
	{ "delta", 100 } };

static const struct sheet_column columns[] = {
	{ { "name", 6, false }, 0 },
	{ { "rank", 4, true }, 30 },
	{ { "size", 5, true }, 0 },
};

static struct sheet_cell
cell(const void *all, size_t row, size_t column, char room[SHEET_ROOM])
{
	const struct row *r = (const struct row *)all + row;

	if (column == 0)
		return (struct sheet_cell){ r->name, GRID_NAME };
	(void)snprintf(room, SHEET_ROOM, "%d", column == 1 ? (int)row : r->size);
	return (struct sheet_cell){ room, GRID_PLAIN };
}

static int
compare(const void *all, size_t a, size_t b, size_t column)
{
	const struct row *r = all;

	return column == 0 ? strcmp(r[a].name, r[b].name) : SHEET_ORDER(r[a].size, r[b].size);
}

static void
key_of(const void *all, size_t row, char key[LIST_KEY_MAX])
{
	(void)snprintf(key, LIST_KEY_MAX, "%s", ((const struct row *)all)[row].name);
}

static bool
is_beta(const struct model *m, const void *all, size_t row)
{
	(void)m;
	return strcmp(((const struct row *)all)[row].name, "beta") == 0;
}

static const struct sheet whole = {
	.title = "Things",
	.none = "there is nothing",
	.columns = columns,
	.column_count = 3,
	.rows = rows,
	.count = 4,
	.cell = cell,
	.compare = compare,
	.key = key_of,
};

/* Draw into a picture of its own. */
static size_t
draw(struct view_rig *v, const struct sheet *s)
{
	struct area a = grid_area(&v->picture.grid);

	grid_clear(&v->picture.grid);
	arena_done(&v->model.memory);
	return sheet_draw(&v->model, s, 0, &a);
}

static struct screen_state *
state_of(struct view_rig *v)
{
	return &v->model.screens[v->model.screen];
}

static void
begin(struct view_rig *v, unsigned rows_high, unsigned columns_wide)
{
	view_begin(v, rows_high, columns_wide, false);
	memset(state_of(v), 0, sizeof(*state_of(v)));
}

static void
a_sheet_has_a_head_and_the_rows_of_the_answer(void **state)
{
	struct view_rig v;

	(void)state;
	begin(&v, 8, 40);
	assert_int_equal(draw(&v, &whole), 0);
	assert_picture(&v.picture, "+-Things: 4----------------------------+\n"
				   "|name   rank  size                     |\n"
				   "|beta      0    20                     |\n"
				   "|alpha     1     3                     |\n"
				   "|gamma     2    20                     |\n"
				   "|delta     3   100                     |\n"
				   "|                                      |\n"
				   "+--------------------------------------+\n");
	view_end(&v);
}

static void
what_has_no_room_is_left_out_and_what_is_sorted_by_keeps_its_number(void **state)
{
	struct view_rig v;

	(void)state;
	begin(&v, 7, 31);
	state_of(&v)->sort[0] = 3;
	assert_int_equal(draw(&v, &whole), 3);
	assert_picture(&v.picture, "+-Things: 4-------------------+\n"
				   "|name   vsize                 |\n"
				   "|delta    100                 |\n"
				   "|beta      20                 |\n"
				   "|gamma     20                 |\n"
				   "|alpha      3                 |\n"
				   "+-----------------------------+\n");
	state_of(&v)->sort_up[0] = true;
	assert_int_equal(draw(&v, &whole), 3); /* where it was: on delta, which is the last now */
	assert_shows(
		&v, "|alpha      3                 |\n|beta      20                 |\n|gamma  ");
	state_of(&v)->sort[0] = 1;
	state_of(&v)->places[0].key[0] = '\0';
	state_of(&v)->places[0].at = 0;
	assert_int_equal(draw(&v, &whole), 1); /* alpha */
	state_of(&v)->sort[0] = 2;             /* of which there is nothing to be seen */
	(void)draw(&v, &whole);
	assert_shows(&v, "|name    size ");
	view_end(&v);
}

static void
the_filter_looks_into_cells_or_asks(void **state)
{
	struct view_rig v;
	struct sheet s = whole;

	(void)state;
	begin(&v, 8, 40);
	(void)strcpy(v.model.filter, "MMA");
	assert_int_equal(draw(&v, &s), 2);
	assert_shows(&v, "-Things: 1 of 4-");
	s.passes = is_beta;
	assert_int_equal(draw(&v, &s), 0);
	assert_not_shows(&v, "gamma");
	s.is_whole = true;
	(void)draw(&v, &s);
	assert_shows(&v, "-Things: 4-");
	s.is_whole = false;
	s.passes = NULL;
	(void)strcpy(v.model.filter, "nowhere");
	assert_true(draw(&v, &s) == SHEET_NOTHING);
	assert_shows(&v, "-+\n|none has the text ");
	s.count = 0;
	assert_true(draw(&v, &s) == SHEET_NOTHING);
	assert_shows(&v, "|there is nothing ");
	view_end(&v);
}

static void
the_cursor_is_reversed_where_keys_go_and_bold_elsewhere(void **state)
{
	struct view_rig v;
	const struct grid_cell *cells;

	(void)state;
	begin(&v, 8, 40);
	cells = v.picture.grid.cells + (size_t)2 * 40 + 1;
	(void)draw(&v, &whole);
	assert_true(cells->reverse);
	assert_false(cells[40].reverse);
	state_of(&v)->panel = 1;
	(void)draw(&v, &whole);
	assert_false(cells->reverse);
	assert_true(cells->bold);
	assert_false(cells[40].bold);
	view_end(&v);
}

static void
more_rows_than_have_room_are_scrolled(void **state)
{
	struct view_rig v;

	(void)state;
	begin(&v, 5, 40);
	(void)strcpy(state_of(&v)->places[0].key, "gamma");
	assert_int_equal(draw(&v, &whole), 2);
	assert_not_shows(&v, "alpha");
	assert_shows(&v, "|gamma     2    20                     ^\n|delta");
	assert_int_equal(state_of(&v)->places[0].area.row, 2);
	assert_int_equal(state_of(&v)->places[0].rows, 2);
	view_end(&v);
}

static void
keys_choose_among_all_columns(void **state)
{
	struct view_rig v;

	(void)state;
	begin(&v, 8, 40);
	(void)draw(&v, &whole);
	assert_true(sheet_key(&v.model, &(struct key_event){ .key = '<' }));
	assert_int_equal(state_of(&v)->sort[0], 3);
	assert_true(sheet_key(&v.model, &(struct key_event){ .key = 's' }));
	assert_true(state_of(&v)->sort_up[0]);
	assert_false(sheet_key(&v.model, &(struct key_event){ .key = 'y' }));
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sheet_has_a_head_and_the_rows_of_the_answer),
		cmocka_unit_test(
			what_has_no_room_is_left_out_and_what_is_sorted_by_keeps_its_number),
		cmocka_unit_test(the_filter_looks_into_cells_or_asks),
		cmocka_unit_test(the_cursor_is_reversed_where_keys_go_and_bold_elsewhere),
		cmocka_unit_test(more_rows_than_have_room_are_scrolled),
		cmocka_unit_test(keys_choose_among_all_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
