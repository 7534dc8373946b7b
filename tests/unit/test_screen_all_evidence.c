#include "tests/support/view_rig.h"

static void
evidence_of_all_windows(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "z");
	assert_golden(&v, "all_evidence_80x24", false);
	view_resize(&v, 40, 120, true);
	assert_golden(&v, "all_evidence_120x40", false);
	view_end(&v);
}

static void
it_leads_to_why_and_back(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "zG");
	assert_string_equal(v.model.evidence, "e7");
	view_send(&v, "<Enter>");
	assert_int_equal(v.model.screen, SCREEN_EXPLAIN);
	view_send(&v, "<Esc>");
	assert_int_equal(v.model.screen, SCREEN_ALL_EVIDENCE);
	view_send(&v, ">>>g"); /* by window */
	assert_string_equal(v.model.evidence, "e7");
	view_send(&v, "/nothing<Enter>");
	assert_string_equal(v.model.evidence, "");
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_of_all_windows),
		cmocka_unit_test(it_leads_to_why_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
