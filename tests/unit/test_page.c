#include "tests/support/view_rig.h"
#include "viewer/page.h"

static struct area
whole(struct view_rig *v)
{
	grid_clear(&v->picture.grid);
	arena_done(&v->model.memory);
	v->model.screens[v->model.screen] = (struct screen_state){ .panel = 0 };
	return grid_area(&v->picture.grid);
}

static void
facts_are_broken_at_blanks(void **state)
{
	struct view_rig v;
	struct page p;

	(void)state;
	view_begin(&v, 10, 30, false);
	struct area a = whole(&v);
	page_begin(&p, &v.model, &a, "Page");
	page_fact(&p, "what", GRID_PLAIN, "one two three four   five");
	page_fact(&p, "unknown", GRID_PLAIN, "");
	page_blank(&p);
	page_fact(&p, "long", GRID_PLAIN, "a-word-that-is-too-long and more");
	page_format(&p, "number", GRID_PLAIN, "%d of %s", 7, "9");
	page_draw(&p);
	assert_picture(&v.picture, "+-Page-----------------------+\n"
				   "|what        one two three   |\n"
				   "|            four   five     |\n"
				   "|                            |\n"
				   "|long        a-word-that-is-~|\n"
				   "|            and more        |\n"
				   "|number      7 of 9          |\n"
				   "|                            |\n"
				   "|                            |\n"
				   "+----------------------------+\n");
	view_end(&v);
}

static void
a_line_that_just_fits_is_not_broken(void **state)
{
	struct view_rig v;
	struct page p;

	(void)state;
	view_begin(&v, 10, 30, false);
	struct area a = whole(&v);
	page_begin(&p, &v.model, &a, "");
	page_fact(&p, "fits", GRID_PLAIN, "sixteen columns.");
	page_fact(&p, "one more", GRID_PLAIN, "sixteen columns .");
	page_fact(&p, "codes", GRID_PLAIN,
		"sixteen col\033mns"); /* are wider than what they stand for */
	page_draw(&p);
	assert_shows(&v, "|fits        sixteen columns.|\n"
			 "|one more    sixteen columns |\n"
			 "|            .               |\n"
			 "|codes       sixteen         |\n"
			 "|            col\\x1bmns      |\n");
	view_end(&v);
}

static void
a_page_scrolls_with_its_cursor(void **state)
{
	struct view_rig v;
	struct page p;

	(void)state;
	view_begin(&v, 8, 40, false);
	struct area a = whole(&v);
	page_begin(&p, &v.model, &a, "");
	for (int i = 0; i < PAGE_LINES_MAX + 1; i++)
		page_format(&p, "", GRID_PLAIN, "line %d", i);
	assert_int_equal(p.count, PAGE_LINES_MAX);
	v.model.screens[v.model.screen].places[0].at = 7;
	page_draw(&p);
	assert_shows(&v, "line 7 ");
	assert_not_shows(&v, "line 1 ");
	assert_string_equal(v.model.screens[v.model.screen].places[0].key, "7 line 7");
	assert_true(v.picture.grid.cells[(size_t)6 * 40 + 1].reverse);
	assert_false(v.picture.grid.cells[(size_t)5 * 40 + 1].reverse);
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_are_broken_at_blanks),
		cmocka_unit_test(a_line_that_just_fits_is_not_broken),
		cmocka_unit_test(a_page_scrolls_with_its_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
