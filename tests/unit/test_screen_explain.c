#include "tests/support/view_rig.h"

static void
evidence_is_told_in_plain_words(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 40, 120, true);
	view_send(&v, "<Tab><Tab>gjjx");
	assert_golden(&v, "explain_120x40", true);
	view_resize(&v, 24, 80, false);
	view_send(&v, "<Right><Right>");
	assert_golden(&v, "explain_80x24_ascii", false);
	view_send(&v, "<Right>");
	assert_golden(&v, "explain_80x24_hostile", false);
	view_end(&v);
}

static void
enter_shows_the_flows_it_rests_on(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab><Tab>gjx<Enter>");
	assert_int_equal(v.model.screen, SCREEN_FLOWS);
	assert_shows(&v, "Flows of: scanned port 23/tcp on 10 hosts");
	assert_shows(&v, "198.51.100.1 ");
	assert_not_shows(&v, "203.0.113.99");
	view_send(&v, "<Esc>");
	assert_int_equal(v.model.screen, SCREEN_EXPLAIN);
	view_end(&v);
}

static void
one_steps_through_all_of_the_host(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab><Tab>gx<Left>");
	assert_string_equal(v.model.evidence, "e1");
	assert_shows(&v, "it added nothing: it is told for information");
	assert_shows(&v, "1 connection; reported from 1 on");
	view_send(&v, "<Right><Right><Right>");
	assert_shows(&v, "silenced by the old router");
	assert_shows(&v, "T9999");
	view_send(&v, "<Right><Right><Right><Right>");
	assert_string_equal(v.model.evidence, "e7");
	assert_shows(&v, "what        UNKNOWN_PORT");
	assert_shows(&v, "it added nothing: with a confidence of 0 it weighs nothing");
	assert_not_shows(&v, "observed");
	assert_shows(&v, "none are named");
	view_end(&v);
}

static void
a_line_is_copied_without_its_label(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab><Tab>gxw");
	assert_string_equal(v.model.copied, "Connection to an unknown port");
	view_send(&v, "jjjw"); /* a blank one */
	assert_string_equal(v.model.copied, "");
	assert_shows(&v, "there is nothing to copy here");
	view_end(&v);
}

static void
a_filter_waits_for_who_comes_back(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 100, true);
	view_send(&v, "z/scanned<Enter>x");
	assert_not_shows(&v, "only rows with");
	assert_shows(&v, "│when        ");
	view_send(&v, "/");
	assert_shows(&v, "all is shown here");
	view_send(&v, "<Esc>");
	assert_int_equal(v.model.screen, SCREEN_ALL_EVIDENCE);
	assert_shows(&v, "only rows with \"scanned\"");
	view_send(&v, "<Esc>");
	assert_int_equal(v.model.screen, SCREEN_ALL_EVIDENCE);
	assert_string_equal(v.model.filter, "");
	view_end(&v);
}

static void
what_the_source_does_not_know_is_not_said(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "zGx"); /* without a time and a role, as of Slips */
	assert_not_shows(&v, "when");
	assert_shows(&v, "who         192.168.2.12    ");
	view_send(&v, "<Left><Left>");
	assert_shows(&v, "who         192.168.2.12, who did it (attacker)");
	view_send(&v, "<Left>");
	assert_shows(&v, "who         192.168.2.12, to whom it was done (victim)");
	view_end(&v);
}

static void
evidence_that_is_gone_says_so(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	view_send(&v, "<Tab><Tab>x");
	(void)strcpy(v.model.evidence, "e99");
	view_send(&v, "<Right>");
	assert_shows(&v, "the source has this evidence no more");
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_is_told_in_plain_words),
		cmocka_unit_test(enter_shows_the_flows_it_rests_on),
		cmocka_unit_test(one_steps_through_all_of_the_host),
		cmocka_unit_test(a_line_is_copied_without_its_label),
		cmocka_unit_test(a_filter_waits_for_who_comes_back),
		cmocka_unit_test(what_the_source_does_not_know_is_not_said),
		cmocka_unit_test(evidence_that_is_gone_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
