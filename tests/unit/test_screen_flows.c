#include "tests/support/view_rig.h"

static void
flows_of_the_window(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "F");
	assert_golden(&v, "flows_80x24", false);
	view_resize(&v, 40, 120, true);
	assert_golden(&v, "flows_120x40", false);
	view_resize(&v, 12, 40, true); /* who spoke to whom is what has room */
	assert_golden(&v, "flows_40x12", false);
	view_end(&v);
}

static void
flows_are_those_of_what_one_came_from(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab><Tab>gjF"); /* evidence has the focus */
	assert_shows(&v, "Flows of: scanned port 23/tcp on 10 hosts");
	view_send(&v, "<Esc>gF");
	assert_shows(&v, "no flows are kept of it");
	view_send(&v, "<Esc><Tab>F");
	assert_shows(&v, "Flows of 192.168.2.12, window 2: 5");
	view_send(&v, "<Esc>zjF");
	assert_shows(&v, "Flows of: scanned port 23/tcp on 10 hosts");
	view_end(&v);
}

/* By column n, the greatest first, the first one is this. */
static void
assert_sorted(unsigned column, bool up, const char *uid)
{
	struct view_rig v;

	view_begin(&v, 24, 80, true);
	view_send(&v, "F");
	v.model.screens[SCREEN_FLOWS].sort[0] = column;
	v.model.screens[SCREEN_FLOWS].sort_up[0] = up;
	view_send(&v, "g");
	assert_string_equal(v.model.screens[SCREEN_FLOWS].places[0].key, uid);
	view_end(&v);
}

static void
flows_are_sorted_by_any_column(void **state)
{
	(void)state;
	assert_sorted(1, true, "Chttp");
	assert_sorted(3, false, "Cscan2");
	assert_sorted(2, false, "Chttp");
	assert_sorted(4, false, "Chttp");
	assert_sorted(4, true, "\033[2J\033[31mevil\r\n\xe2\x80\x8b\xff");
	assert_sorted(5, false, "Cc2");
	assert_sorted(7, false, "Chttp");
	assert_sorted(9, false, "Cc2");
	assert_sorted(10, false, "Chttp");
	assert_sorted(11, false, "Chttp");
	assert_sorted(12, false, "Cscan2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_of_the_window),
		cmocka_unit_test(flows_are_those_of_what_one_came_from),
		cmocka_unit_test(flows_are_sorted_by_any_column),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
