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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(devices_with_what_they_are_called),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
