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
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_of_the_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
