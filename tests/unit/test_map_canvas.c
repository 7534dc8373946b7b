#include "viewer/screens/map_canvas.h"

#include "tests/support/grid_picture.h"

#include <string.h>

static struct arena memory;
static struct map_canvas c;

static void
begin(struct grid_picture *p, unsigned rows, unsigned columns, bool utf8)
{
	grid_picture_begin(p, rows, columns, utf8);
	arena_init(&memory, 1 << 20, NULL);
	struct area a = grid_area(&p->grid);
	(void)map_canvas_begin(&c, &a, &memory);
}

static void
end(struct grid_picture *p)
{
	grid_picture_end(p);
	arena_done(&memory);
}

static void
the_world_keeps_its_proportions_in_the_middle(void **state)
{
	struct grid_picture p;

	(void)state;
	begin(&p, 40, 90, true); /* two dots and four a cell */
	assert_int_equal(c.columns, 180);
	assert_int_equal(c.rows, 105);
	assert_int_equal(c.area.row, 6);
	assert_int_equal(c.area.rows, 27);
	end(&p);
	begin(&p, 10, 300, true);
	assert_int_equal(c.rows, 40);
	assert_int_equal(c.columns, 153);
	assert_int_equal(c.area.column, 111);
	end(&p);
}

static void
a_disc_grows_with_its_radius(void **state)
{
	struct grid_picture p;

	(void)state;
	begin(&p, 7, 24, true);
	map_canvas_disc(&c, 0, 14, 0, GRID_BAD);
	map_canvas_draw(&c);
	assert_picture(&p, "\n\n\n            ⠂\n\n\n\n");
	map_canvas_disc(&c, 0, 14, 2, GRID_BAD);
	map_canvas_draw(&c);
	assert_picture(&p, "\n\n           ⢀⣀\n           ⢿⣿⠇\n\n\n\n");
	end(&p);
}

static void
a_larger_world_has_larger_discs(void **state)
{
	struct grid_picture p;

	(void)state;
	begin(&p, 60, 150, true); /* 300 dots */
	assert_int_equal(map_canvas_radius(&c, 1), 1);
	assert_int_equal(map_canvas_radius(&c, 6), 6);
	end(&p);
	begin(&p, 60, 75, true);
	assert_int_equal(map_canvas_radius(&c, 0), 1);
	assert_int_equal(map_canvas_radius(&c, 1), 1);
	assert_int_equal(map_canvas_radius(&c, 4), 2);
	assert_int_equal(map_canvas_radius(&c, 6), 3);
	end(&p);
}

static void
a_disc_takes_the_cells_of_a_coast(void **state)
{
	struct grid_picture p;

	(void)state;
	begin(&p, 20, 60, true);
	map_canvas_world(&c);
	map_canvas_disc(&c, -9, 37, 1, GRID_BAD);
	map_canvas_draw(&c);
	const char *text = grid_picture_text(&p, true);
	assert_non_null(strchr(text, 'h')); /* GRID_BAD */
	end(&p);
}

static void
what_is_beyond_the_edge_is_not_drawn(void **state)
{
	struct grid_picture p;

	(void)state;
	begin(&p, 7, 24, true);
	map_canvas_disc(&c, 180, 84, 3, GRID_BAD);
	map_canvas_disc(&c, -180, -90, 3, GRID_BAD);
	map_canvas_label(&c, 180, 84, 3, GRID_KEY, "AA");
	map_canvas_label(&c, -180, -90, 9, GRID_KEY, "BB");
	map_canvas_draw(&c);
	(void)grid_picture_text(&p, false);
	end(&p);
}

static void
ascii_has_points_and_rings(void **state)
{
	struct grid_picture p;

	(void)state;
	begin(&p, 12, 40, false);
	map_canvas_world(&c);
	map_canvas_disc(&c, 100, 60, 3, GRID_BAD);
	map_canvas_disc(&c, -60, -10, 0, GRID_BAD);
	map_canvas_draw(&c);
	const char *text = grid_picture_text(&p, false);
	assert_non_null(strchr(text, '.'));
	assert_non_null(strchr(text, 'o'));
	assert_non_null(strchr(text, '@'));
	for (; *text != '\0'; text++)
		assert_true((unsigned char)*text < 0x80);
	end(&p);
}

static void
a_label_is_right_of_its_place_else_left_else_nowhere(void **state)
{
	struct grid_picture p;

	(void)state;
	begin(&p, 7, 24, true);
	map_canvas_label(&c, 0, 14, 1, GRID_KEY, "AA");
	map_canvas_label(&c, 0, 14, 1, GRID_KEY, "BB");
	map_canvas_label(&c, 0, 14, 1, GRID_KEY, "CC");
	assert_picture(&p, "\n\n\n         BB  AA\n\n\n\n");
	end(&p);
}

static void
without_room_or_memory_there_is_no_canvas(void **state)
{
	struct grid_picture p;
	struct arena none;

	(void)state;
	grid_picture_begin(&p, 10, 40, true);
	arena_init(&none, 10, NULL);
	struct area a = grid_area(&p.grid);
	assert_false(map_canvas_begin(&c, &a, &none));
	arena_done(&none);
	for (unsigned rows = 0; rows < 4; rows++)
		for (unsigned columns = 0; columns < 4; columns++) {
			struct area small = area_part(&a, 0, 0, rows, columns);

			arena_init(&none, 1 << 20, NULL);
			if (map_canvas_begin(&c, &small, &none)) {
				map_canvas_world(&c);
				map_canvas_disc(&c, 0, 0, 5, GRID_BAD);
				map_canvas_draw(&c);
				map_canvas_label(&c, 0, 0, 5, GRID_BAD, "AA");
			}
			arena_done(&none);
		}
	grid_picture_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_world_keeps_its_proportions_in_the_middle),
		cmocka_unit_test(a_disc_grows_with_its_radius),
		cmocka_unit_test(a_larger_world_has_larger_discs),
		cmocka_unit_test(a_disc_takes_the_cells_of_a_coast),
		cmocka_unit_test(what_is_beyond_the_edge_is_not_drawn),
		cmocka_unit_test(ascii_has_points_and_rings),
		cmocka_unit_test(a_label_is_right_of_its_place_else_left_else_nowhere),
		cmocka_unit_test(without_room_or_memory_there_is_no_canvas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
