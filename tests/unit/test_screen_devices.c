#include "tests/support/view_rig.h"

static void
devices_with_what_they_are_called(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "v");
	assert_golden(&v, "devices_80x24", false);
	view_resize(&v, 40, 120, true);
	assert_golden(&v, "devices_120x40", false);
	view_end(&v);
}

static void
devices_are_sorted_and_found(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 120, true);
	view_send(&v, "v>>>g"); /* routers first */
	assert_string_equal(v.model.screens[SCREEN_DEVICES].places[0].key, "02:00:00:00:00:01");
	view_send(&v, ">>>g"); /* first seen, the newest first */
	assert_string_equal(v.model.screens[SCREEN_DEVICES].places[0].key, "02:00:00:00:00:12");
	view_send(&v, "<lt><lt><lt><lt>sg");
	assert_string_equal(v.model.screens[SCREEN_DEVICES].places[0].key, "02:00:00:00:00:66");
	view_send(&v, "/fe80<Enter>");
	assert_shows(&v, "Devices: 1 of 3");
	view_end(&v);
}

/* Of an alert, which may be of another host. */
static void
evidence_of_the_screen_before_is_not_under_its_cursor(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "avx");
	assert_int_equal(v.model.screen, SCREEN_DEVICES);
	assert_shows(&v, "there is no evidence under the cursor");
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_with_what_they_are_called),
		cmocka_unit_test(devices_are_sorted_and_found),
		cmocka_unit_test(evidence_of_the_screen_before_is_not_under_its_cursor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
