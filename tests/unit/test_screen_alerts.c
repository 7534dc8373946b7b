#include "tests/support/view_rig.h"
#include "viewer/screens/main_panels.h"

static void
an_alert_tells_how_it_came_to_its_sum(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "a");
	assert_golden(&v, "alerts_80x24", true);
	view_resize(&v, 40, 120, true);
	assert_golden(&v, "alerts_120x40", false);
	view_end(&v);
}

static void
a_decisive_one_says_so(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 160, false);
	view_send(&v, "aj");
	assert_golden(&v, "alerts_decisive_160x40_ascii", false);
	view_end(&v);
}

static void
enter_leads_to_the_window_or_to_why(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "j<Enter>"); /* window 1 */
	assert_int_equal(v.model.number, 1);
	view_send(&v, "a");
	assert_int_equal(v.model.number, 1); /* to look at alerts moves nothing */
	view_send(&v, "<Enter>");
	assert_int_equal(v.model.screen, SCREEN_MAIN);
	assert_int_equal(v.model.number, 2);
	/* There the tree is on it, and the evidence begins with the strongest. */
	assert_string_equal(
		v.model.screens[SCREEN_MAIN].places[PANEL_TREE].key, "192.168.2.12 timewindow2");
	assert_string_equal(v.model.evidence, "e5");
	view_send(&v, "k<Enter>aj<Tab>gjjj");
	assert_string_equal(v.model.evidence, "e4");
	view_send(&v, "<Enter>");
	assert_int_equal(v.model.screen, SCREEN_EXPLAIN);
	assert_shows(&v, "logged in in the clear");
	view_send(&v, "<Esc>");
	assert_int_equal(v.model.screen, SCREEN_ALERTS);
	view_send(&v, "gjF");
	assert_shows(&v, "Flows of: scanned port 23/tcp on 10 hosts");
	view_end(&v);
}

static void
hotkeys_are_about_the_window_of_the_alert(void **state)
{
	static const char *const keys[] = { "ax", "aF", "az", "ac", "ah", "a<Click 23 18>", "a?c",
		"a?x" };
	struct view_rig v;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		view_begin(&v, 24, 80, true);
		view_send(&v, "<Down><Enter>");
		view_send(&v, keys[i]);
		assert_int_equal(v.model.number, 2);
		assert_int_not_equal(v.model.screen, SCREEN_ALERTS);
		view_end(&v);
	}
}

static void
alerts_and_steps_are_sorted_each_by_itself(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	view_send(&v, "a>>>>>g"); /* by sum: the decisive one is first */
	assert_string_equal(v.model.screens[SCREEN_ALERTS].places[0].key, "a2");
	view_send(&v, "<Tab>>>g"); /* by what they added */
	assert_string_equal(v.model.screens[SCREEN_ALERTS].places[1].key, "e5");
	view_send(&v, "/clear<Enter>");
	assert_shows(&v, "Alerts: 0 of 2");
	assert_true(v.model.number != 1);
	v.model.number = 1;
	view_send(&v, "<Enter>"); /* an alert that is not to be seen leads nowhere */
	assert_int_equal(v.model.number, 1);
	view_end(&v);
}

static void
without_alerts_there_is_no_arithmetic(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.is_empty = true;
	view_send(&v, "a<Enter>");
	assert_int_equal(v.model.screen, SCREEN_MAIN);
	(void)strcpy(v.model.evidence, "e1"); /* of a screen before */
	view_send(&v, "ax");
	assert_shows(&v, "there is no evidence under the cursor");
	assert_int_equal(v.model.screen, SCREEN_ALERTS);
	assert_shows(&v, "no alert was raised");
	assert_not_shows(&v, "What made it");
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_tells_how_it_came_to_its_sum),
		cmocka_unit_test(a_decisive_one_says_so),
		cmocka_unit_test(enter_leads_to_the_window_or_to_why),
		cmocka_unit_test(hotkeys_are_about_the_window_of_the_alert),
		cmocka_unit_test(alerts_and_steps_are_sorted_each_by_itself),
		cmocka_unit_test(without_alerts_there_is_no_arithmetic),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
