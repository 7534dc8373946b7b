#include "tests/support/view_rig.h"
#include "viewer/screens/main_panels.h"

static void
one_begins_at_the_strongest(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	assert_string_equal(v.model.evidence, "e5"); /* which is decisive */
	view_send(&v, "x");
	assert_int_equal(v.model.screen, SCREEN_EXPLAIN);
	assert_shows(&v, "Command and control");
	view_end(&v);
}

static void
the_other_party_is_looked_up(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	assert_string_equal(v.model.address, "192.168.2.12");
	view_send(&v, "<Tab><Tab>");
	assert_string_equal(v.model.address, "203.0.113.66");
	view_send(&v, "g");
	assert_string_equal(v.model.evidence, "e1");
	view_send(&v, "j"); /* about nobody in particular */
	assert_string_equal(v.model.address, "192.168.2.12");
	view_send(&v, "<Enter>");
	assert_int_equal(v.model.screen, SCREEN_EXPLAIN);
	view_end(&v);
}

static void
it_is_sorted_and_filtered(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	view_send(&v, "<Tab><Tab>>>>>g"); /* by level, the worst first */
	assert_string_equal(v.model.evidence, "e5");
	view_send(&v, "jjj");
	assert_string_equal(v.model.evidence, "e4");
	view_send(&v, "<lt><lt><lt><lt>/T1046<Enter>g"); /* a technique, which has no column */
	assert_shows(&v, "Evidence: 2 of 6");
	assert_string_equal(v.model.evidence, "e2");
	view_send(&v, "/nothing<Enter>");
	assert_string_equal(v.model.evidence, "");
	view_send(&v, "x");
	assert_shows(&v, "there is no evidence under the cursor");
	view_end(&v);
}

/* One may click while a filter is typed; on the screen that it leads to keys are hotkeys. */
static void
what_a_click_opens_takes_nothing_for_the_filter(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	view_send(&v, "<Tab><Tab>/scan");
	const struct area *a = &v.model.screens[SCREEN_MAIN].places[PANEL_EVIDENCE].area;
	struct key_event click = { PRESS_CLICK, a->row, a->column };
	for (int i = 0; i < 2; i++) {
		model_key(&v.model, &click, &v.picture.grid);
		view_draw_whole(&v);
	}
	assert_int_equal(v.model.screen, SCREEN_EXPLAIN);
	view_send(&v, "z");
	assert_int_equal(v.model.screen, SCREEN_ALL_EVIDENCE);
	assert_string_equal(v.model.filter, "scan");
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_begins_at_the_strongest),
		cmocka_unit_test(the_other_party_is_looked_up),
		cmocka_unit_test(it_is_sorted_and_filtered),
		cmocka_unit_test(what_a_click_opens_takes_nothing_for_the_filter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
