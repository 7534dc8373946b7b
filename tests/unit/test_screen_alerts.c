#include "tests/support/view_rig.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_alert_tells_how_it_came_to_its_sum),
		cmocka_unit_test(a_decisive_one_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
