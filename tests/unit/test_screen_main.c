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

/* One damaged table is enough to say so: what has an answer after it hides nothing. */
static void
one_question_that_fails_is_told(void **state)
{
	struct view_rig v;
	static char before[1 << 15];

	(void)state;
	view_begin(&v, 24, 80, true);
	(void)snprintf(before, sizeof(before), "%s", view_text(&v));
	v.sample.is_silent = true;
	for (int i = 0; i < 3; i++) {
		view_draw(&v);
		assert_shows(&v, "│no answer: this is not known now");
		assert_shows(&v, "┌─Evidence: ");
		assert_shows(&v, "\nno word of any entry\ne:sources ");
		assert_shows(&v, "  in trouble  ");
		assert_true(model_look(&v.model)); /* it is asked again, each second */
	}
	v.sample.is_silent = false;
	view_draw(&v);
	assert_string_equal(view_text(&v), before);
	assert_false(model_look(&v.model));
	view_end(&v);
}

/* A store made room, or a Redis is of another run: that nothing happened would be a lie. */
static void
a_window_that_went_is_said_to_be_gone(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	v.sample.entries = 0;
	v.sample.stamp++;
	(void)model_look(&v.model);
	view_draw_whole(&v);
	assert_shows(&v, "nothing happened");
	(void)snprintf(v.model.host, sizeof(v.model.host), "%s", "10.9.9.9");
	view_draw_whole(&v);
	assert_not_shows(&v, "nothing happened");
	assert_not_shows(&v, "no evidence");
	const char *timeline = strstr(view_text(&v), "this window is no longer there");
	assert_non_null(timeline);
	assert_non_null(strstr(timeline + 1, "this window is no longer there"));
	v.sample.is_empty = true; /* nor is any other: none was chosen */
	v.model.has_window = false;
	v.model.has_tree = false;
	view_draw_whole(&v);
	assert_shows(&v, "no evidence");
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
		cmocka_unit_test(one_question_that_fails_is_told),
		cmocka_unit_test(a_window_that_went_is_said_to_be_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
