#include "tests/support/view_rig.h"

static void
evidence_is_told_in_plain_words(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	view_send(&v, "<Tab><Tab>jjx");
	assert_golden(&v, "explain_120x40", true);
	view_resize(&v, 24, 80, false);
	view_send(&v, "<Right><Right>");
	assert_golden(&v, "explain_80x24_ascii", false);
	view_send(&v, "<Right>");
	assert_golden(&v, "explain_80x24_hostile", false);
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_is_told_in_plain_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
