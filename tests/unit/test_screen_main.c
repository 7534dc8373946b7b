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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_at_80x24),
		cmocka_unit_test(the_page_at_120x40),
		cmocka_unit_test(the_page_at_200x50_in_ascii),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
