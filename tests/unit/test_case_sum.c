#include "ctl/case_sum.h"

#include "tests/support/case_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
each_step_adds_up_to_the_sum_of_the_alert(void **state)
{
	const char *const ids[] = { "a", "b", "c", "d", "e", "gone" };
	struct source_evidence rows[] = { case_row("a", "low", 0.5, 0.1),
		case_row("b", "high", 1, 0.9), case_row("c", "high", 1, 0.9),
		case_row("d", "info", 1, 0.9), case_row("e", "high", 1, 1.2) };
	const struct source_alert alert = { .evidence = ids, .evidence_count = 6 };
	struct case_step steps[6];

	(void)state;
	rows[2].counted = false;
	rows[3].counted = false;
	case_sum_steps(&alert, rows, 5, steps);
	assert_float_equal(steps[0].added, 0.1, 1e-9);
	assert_string_equal(steps[0].says, "");
	assert_float_equal(steps[1].added, 0.8, 1e-9);
	assert_float_equal(steps[1].sum, 0.9, 1e-9);
	assert_float_equal(steps[2].added, 0, 1e-9);
	assert_string_equal(steps[2].says, "its subject has counted already");
	assert_string_equal(steps[3].says, "for information");
	assert_float_equal(steps[4].added, 0.3, 1e-9);
	assert_string_equal(steps[4].says, "its subject counted for the rest");
	assert_string_equal(steps[5].says, "it is kept no more");
	assert_string_equal(steps[1].id, "b");
	assert_string_equal(steps[1].kind, "A_SCAN");
	assert_string_equal(steps[1].level, "high");
	assert_string_equal(steps[1].text, "scanned");
	assert_float_equal(steps[0].confidence, 0.5, 1e-9);
	assert_float_equal(steps[0].weight, 0.1, 1e-9);
	assert_true(steps[5].added < 0 && steps[5].sum < 0 && steps[5].weight < 0);
	assert_true(steps[5].confidence < 0);
	assert_string_equal(steps[5].kind, "");
}

static void
decisive_and_silenced_steps_say_so(void **state)
{
	const char *const ids[] = { "a", "b" };
	struct source_evidence rows[] = { case_row("a", "high", 1, 0.8),
		case_row("b", "high", 1, 0.8) };
	const struct source_alert alert = { .evidence = ids, .evidence_count = 2 };
	struct case_step steps[2];

	(void)state;
	rows[0].decisive = true;
	rows[1].counted = false;
	rows[1].silenced_by = "backup";
	case_sum_steps(&alert, rows, 2, steps);
	assert_string_equal(steps[0].says, "decisive");
	assert_string_equal(steps[1].says, "silenced by a rule");
}

static void
sums_that_nobody_wrote_down_are_made_of_the_weights(void **state)
{
	const char *const ids[] = { "a", "b" };
	const struct source_evidence rows[] = { case_row("a", "medium", 0.5, -1),
		case_row("b", "critical", 0.5, -1) };
	const struct source_alert alert = { .evidence = ids, .evidence_count = 2 };
	struct case_step steps[2];

	(void)state;
	case_sum_steps(&alert, rows, 2, steps);
	assert_float_equal(steps[0].sum, 0.25, 1e-9);
	assert_float_equal(steps[1].added, 0.5, 1e-9);
	assert_float_equal(steps[1].sum, 0.75, 1e-9);
}

static void
what_one_added_is_what_is_more_than_before_in_its_window(void **state)
{
	struct source_evidence rows[] = { case_row("a", "high", 1, 0.8),
		case_row("b", "high", 1, 5), case_row("c", "high", 1, 1.6),
		case_row("d", "low", 1, 0.2), case_row("e", "low", 1, -1) };

	(void)state;
	rows[1].window.number = 2;
	assert_float_equal(case_sum_added(rows, 5, &rows[0]), 0.8, 1e-9);
	assert_float_equal(case_sum_added(rows, 5, &rows[2]), 0.8, 1e-9);
	/* An alert began the sum again. */
	assert_float_equal(case_sum_added(rows, 5, &rows[3]), 0.2, 1e-9);
	assert_true(case_sum_added(rows, 5, &rows[4]) < 0);
	rows[2].counted = false;
	assert_float_equal(case_sum_added(rows, 5, &rows[2]), 0, 1e-9);
	rows[1].window = (struct source_window_id){ "10.0.0.2", 1 };
	rows[2].counted = true;
	assert_float_equal(case_sum_added(rows, 5, &rows[2]), 0.8, 1e-9);
	assert_null(case_sum_find(rows, 5, "z"));
	assert_ptr_equal(case_sum_find(rows, 5, "c"), &rows[2]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_adds_up_to_the_sum_of_the_alert),
		cmocka_unit_test(decisive_and_silenced_steps_say_so),
		cmocka_unit_test(sums_that_nobody_wrote_down_are_made_of_the_weights),
		cmocka_unit_test(what_one_added_is_what_is_more_than_before_in_its_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
