#include "daemon/base/metric.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct owner {
	uint64_t flows;
	char between[3]; /* never read, and it moves what follows */
	uint64_t dropped_full;
	uint64_t dropped_short;
};

static const struct metric rows[] = {
	METRIC_ROW("dropped_total", METRIC_COUNTER, "reason=\"short\"", struct owner, dropped_short,
		"Frames not looked at."),
	METRIC_ROW("dropped_total", METRIC_COUNTER, "reason=\"full\"", struct owner, dropped_full,
		"Frames not looked at."),
	METRIC_ROW("flows", METRIC_GAUGE, NULL, struct owner, flows, "Flows open now."),
	METRIC_END,
};

struct seen {
	const struct metric *row[8];
	uint64_t value[8];
	unsigned count;
};

static void
note(void *context, const struct metric *row, uint64_t value)
{
	struct seen *s = context;

	assert_true(s->count < 8);
	s->row[s->count] = row;
	s->value[s->count++] = value;
}

static void
rows_are_walked_in_order_with_their_values(void **state)
{
	struct owner owner = {
		.flows = 3,
		.between = "xx",
		.dropped_full = UINT64_MAX,
		.dropped_short = 11,
	};
	struct seen seen = { 0 };

	(void)state;
	metric_walk(rows, &owner, note, &seen);
	assert_int_equal(seen.count, 3);
	assert_ptr_equal(seen.row[0], &rows[0]);
	assert_true(seen.value[0] == 11);
	assert_ptr_equal(seen.row[1], &rows[1]);
	assert_true(seen.value[1] == UINT64_MAX);
	assert_ptr_equal(seen.row[2], &rows[2]);
	assert_true(seen.value[2] == 3);
}

static void
a_row_keeps_what_it_was_given(void **state)
{
	(void)state;
	assert_string_equal(rows[1].name, "dropped_total");
	assert_string_equal(rows[1].label, "reason=\"full\"");
	assert_string_equal(rows[1].help, "Frames not looked at.");
	assert_int_equal(rows[1].type, METRIC_COUNTER);
	assert_int_equal(rows[1].offset, offsetof(struct owner, dropped_full));
	assert_null(rows[2].label);
	assert_int_equal(rows[2].type, METRIC_GAUGE);
}

static void
a_table_without_rows_is_silent(void **state)
{
	static const struct metric none[] = { METRIC_END };
	struct seen seen = { 0 };

	(void)state;
	metric_walk(none, &seen, note, &seen);
	assert_int_equal(seen.count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_walked_in_order_with_their_values),
		cmocka_unit_test(a_row_keeps_what_it_was_given),
		cmocka_unit_test(a_table_without_rows_is_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
