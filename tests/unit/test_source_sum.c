#include "viewer/source/source_sum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define EVIDENCE(name, level, how_sure, is_counted, then)                         \
	{                                                                         \
		.id = (name), .window = { "host", 1 }, .threat = (level),         \
		.confidence = (how_sure), .counted = (is_counted), .sum = (then), \
		.silenced_by = "", .role = "attacker"                             \
	}

static struct source_evidence rows[] = {
	EVIDENCE("info", "info", 0.5, false, 0),
	EVIDENCE("first", "high", 0.5, true, 0.4),
	EVIDENCE("same subject", "high", 1, true, 0.8),
	EVIDENCE("lighter", "medium", 1, false, -1),
	EVIDENCE("other", "low", 1, true, 1),
	EVIDENCE("nothing new", "low", 1, true, 1),
	EVIDENCE("sum begun again", "low", 1, true, 0.2),
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void
levels_weigh_what_is_documented_and_others_nothing(void **state)
{
	(void)state;
	assert_float_equal(source_level("info"), 0, 1e-9);
	assert_float_equal(source_level("low"), 0.2, 1e-9);
	assert_float_equal(source_level("medium"), 0.5, 1e-9);
	assert_float_equal(source_level("high"), 0.8, 1e-9);
	assert_float_equal(source_level("critical"), 1, 1e-9);
	assert_float_equal(source_level("<b>"), 0, 1e-9);
	assert_float_equal(source_level(""), 0, 1e-9);
}

static void
one_is_found_by_its_id(void **state)
{
	(void)state;
	assert_ptr_equal(source_evidence_find(rows, ROWS, "other"), &rows[4]);
	assert_null(source_evidence_find(rows, 4, "other"));
	assert_null(source_evidence_find(rows, ROWS, "z"));
}

static void
why_one_added_nothing_is_known(void **state)
{
	struct source_evidence e = EVIDENCE("e", "medium", 0.5, true, 1);

	(void)state;
	e.role = "attacker";
	assert_int_equal(source_idle(&e), SOURCE_ADDS);
	assert_string_equal(source_idle_says(SOURCE_ADDS), "");
	e.counted = false;
	assert_int_equal(source_idle(&e), SOURCE_REPEATS);
	e.role = "victim";
	assert_int_equal(source_idle(&e), SOURCE_SUFFERS);
	e.confidence = 0;
	assert_int_equal(source_idle(&e), SOURCE_WEIGHTLESS);
	e.threat = "info";
	assert_int_equal(source_idle(&e), SOURCE_INFORMS);
	e.silenced_by = "rule";
	assert_int_equal(source_idle(&e), SOURCE_SILENCED);
}

static void
each_adds_what_the_sensor_wrote_and_no_more(void **state)
{
	static const char *const ids[] = { "info", "first", "same subject", "lighter", "other",
		"gone", "nothing new", "sum begun again" };
	const struct source_alert a = { .evidence = ids, .evidence_count = 8 };
	struct source_step s[8];

	(void)state;
	source_sum_steps(&a, rows, ROWS, s);
	assert_float_equal((float)s[0].added, 0, 1e-6F);
	assert_float_equal((float)s[0].sum, 0, 1e-6F);
	assert_float_equal((float)s[1].weight, 0.4F, 1e-6F);
	assert_float_equal((float)s[1].added, 0.4F, 1e-6F);
	assert_float_equal((float)s[2].weight, 0.8F, 1e-6F);
	assert_float_equal((float)s[2].added, 0.4F, 1e-6F);
	assert_float_equal((float)s[3].added, 0, 1e-6F);
	assert_float_equal((float)s[3].sum, 0.8F, 1e-6F);
	assert_float_equal((float)s[4].added, 0.2F, 1e-6F);
	assert_float_equal((float)s[4].sum, 1, 1e-6F);
	assert_null(s[5].evidence);
	assert_string_equal(s[5].id, "gone");
	assert_true(s[5].sum < 0 && s[5].added < 0 && s[5].weight < 0);
	assert_float_equal((float)s[6].added, 0, 1e-6F);
	assert_float_equal((float)s[7].added, 0.2F, 1e-6F);
	assert_float_equal((float)s[7].sum, 0.2F, 1e-6F);
}

static void
each_says_why_it_did_not_add_its_weight(void **state)
{
	struct source_evidence silenced = EVIDENCE("s", "high", 1, false, -1);
	struct source_evidence weightless = EVIDENCE("w", "medium", 0, false, -1);
	struct source_evidence decisive = EVIDENCE("d", "high", 1, true, 1);
	struct source_step s = { .evidence = &rows[0] };

	(void)state;
	silenced.silenced_by = "a rule";
	decisive.decisive = true;
	assert_string_equal(source_step_says(&s), "for information");
	s = (struct source_step){ .evidence = &rows[1], .weight = 0.4, .added = 0.4 };
	assert_string_equal(source_step_says(&s), "");
	s = (struct source_step){ .evidence = &rows[2], .weight = 0.8, .added = 0.4 };
	assert_string_equal(source_step_says(&s), "its subject counted for the rest");
	s = (struct source_step){ .evidence = &rows[3], .weight = 0.5 };
	assert_string_equal(source_step_says(&s), "its subject has counted already");
	s = (struct source_step){ .evidence = &weightless, .weight = 0 };
	assert_string_equal(source_step_says(&s), "its confidence is 0");
	s = (struct source_step){ .evidence = &silenced, .weight = 0.8 };
	assert_string_equal(source_step_says(&s), "silenced by a rule");
	s = (struct source_step){ .evidence = &decisive, .weight = 0.8, .added = 0.1 };
	assert_string_equal(source_step_says(&s), "decisive: convicts alone");
	s = (struct source_step){ .evidence = NULL };
	assert_string_equal(source_step_says(&s), "the source has it no more");
}

static void
where_no_sum_was_written_weights_are_added_up(void **state)
{
	static const char *const ids[] = { "a", "b" };
	const struct source_alert a = { .evidence = ids, .evidence_count = 2 };
	const struct source_evidence bare[] = { EVIDENCE("a", "high", 1, true, -1),
		EVIDENCE("b", "low", 0.5, true, -1) };
	struct source_step s[2];

	(void)state;
	source_sum_steps(&a, bare, 2, s);
	assert_float_equal((float)s[0].added, 0.8F, 1e-6F);
	assert_float_equal((float)s[0].sum, 0.8F, 1e-6F);
	assert_float_equal((float)s[1].added, 0.1F, 1e-6F);
	assert_float_equal((float)s[1].sum, 0.9F, 1e-6F);
}

/* A stronger finding of a subject counts what it has more; one whose sum nobody wrote its weight. */
static void
sums_of_which_some_were_written_go_on_from_the_last(void **state)
{
	static const char *const ids[] = { "a", "b", "c" };
	const struct source_alert a = { .evidence = ids, .evidence_count = 3 };
	const struct source_evidence mixed[] = { EVIDENCE("a", "high", 0.5, true, 0.2),
		EVIDENCE("b", "high", 0.5, true, -1), EVIDENCE("c", "high", 0.5, true, 0.8) };
	struct source_step s[3];

	(void)state;
	source_sum_steps(&a, mixed, 3, s);
	assert_float_equal((float)s[0].added, 0.2F, 1e-6F);
	assert_string_equal(source_step_says(&s[0]), "its subject counted for the rest");
	assert_float_equal((float)s[1].added, 0.4F, 1e-6F);
	assert_float_equal((float)s[1].sum, 0.6F, 1e-6F);
	assert_string_equal(source_step_says(&s[1]), "");
	assert_float_equal((float)s[2].added, 0.2F, 1e-6F);
	assert_float_equal((float)s[2].sum, 0.8F, 1e-6F);
}

static void
one_added_what_is_beyond_the_last_sum_of_its_window(void **state)
{
	struct source_evidence e[] = {
		EVIDENCE("a", "high", 1, true, 0.8),
		EVIDENCE("elsewhere", "high", 1, true, 5),
		EVIDENCE("of another", "high", 1, true, 6),
		EVIDENCE("not counted", "high", 1, false, 7),
		EVIDENCE("b", "high", 1, true, 1.6),
		EVIDENCE("after the alert", "high", 1, true, 0.8),
		EVIDENCE("bare", "high", 1, true, -1),
		EVIDENCE("nothing new", "high", 1, true, 0.8),
	};

	(void)state;
	e[1].window.number = 2;
	e[2].window.host = "another";
	assert_float_equal((float)source_sum_added(e, 8, &e[0]), 0.8F, 1e-6F);
	assert_float_equal((float)source_sum_added(e, 8, &e[3]), 0, 1e-6F);
	assert_float_equal((float)source_sum_added(e, 8, &e[4]), 0.8F, 1e-6F);
	assert_float_equal((float)source_sum_added(e, 8, &e[5]), 0.8F, 1e-6F);
	assert_true(source_sum_added(e, 8, &e[6]) < 0);
	assert_float_equal((float)source_sum_added(e, 8, &e[7]), 0, 1e-6F);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_weigh_what_is_documented_and_others_nothing),
		cmocka_unit_test(one_is_found_by_its_id),
		cmocka_unit_test(why_one_added_nothing_is_known),
		cmocka_unit_test(each_adds_what_the_sensor_wrote_and_no_more),
		cmocka_unit_test(each_says_why_it_did_not_add_its_weight),
		cmocka_unit_test(where_no_sum_was_written_weights_are_added_up),
		cmocka_unit_test(sums_of_which_some_were_written_go_on_from_the_last),
		cmocka_unit_test(one_added_what_is_beyond_the_last_sum_of_its_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
