#include "tests/support/view_rig.h"

static void
the_page_at_80x24(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	assert_golden(&v, "main_80x24", true);
	view_end(&v);
}

static void
the_page_at_120x40(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	assert_golden(&v, "main_120x40", false);
	view_send(&v, "<Tab>jj");
	assert_golden(&v, "main_120x40_timeline", false);
	view_end(&v);
}

static void
the_page_at_200x50_in_ascii(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 50, 200, false);
	view_send(&v, "<Tab><Tab>j");
	assert_golden(&v, "main_200x50_ascii", true);
	view_end(&v);
}

static void
a_hostile_size_is_drawn_or_refused(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_resize(&v, 3, 10, true);
	assert_golden(&v, "main_10x3", false);
	view_resize(&v, 1, 1, true);
	view_resize(&v, 0, 0, true);
	for (unsigned rows = 8; rows < 30; rows += 3)
		for (unsigned columns = 40; columns < 100; columns += 13) {
			view_resize(&v, rows, columns, rows % 2 == 0);
			view_send(&v, "<Tab>jj<Tab>j<Tab>G<Click 5 5><Click 5 39>");
		}
	view_end(&v);
}

static void
a_narrow_screen_has_the_panel_that_keys_go_to(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 12, 40, true);
	assert_golden(&v, "main_40x12_tree", false);
	view_send(&v, "<Tab>j");
	assert_golden(&v, "main_40x12_timeline", false);
	view_send(&v, "<Tab>");
	assert_golden(&v, "main_40x12_evidence", false);
	view_end(&v);
}

static void
a_redis_without_a_run_is_shown_all_the_same(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.is_bare = true;
	view_send(&v, "F");
	assert_shows(&v, "this source keeps no flows");
	view_send(&v, "v");
	assert_shows(&v, "this source knows no devices");
	view_send(&v, "a");
	assert_shows(&v, "this source does not tell how alerts came about");
	view_send(&v, "z");
	assert_int_equal(v.model.screen, SCREEN_ALL_EVIDENCE);
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_at_80x24),
		cmocka_unit_test(the_page_at_120x40),
		cmocka_unit_test(the_page_at_200x50_in_ascii),
		cmocka_unit_test(a_hostile_size_is_drawn_or_refused),
		cmocka_unit_test(a_narrow_screen_has_the_panel_that_keys_go_to),
		cmocka_unit_test(a_redis_without_a_run_is_shown_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
