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

static void
information_is_one_and_has_no_owner(void **state)
{
	static const struct metric info[] = {
		METRIC_ROW_INFO("build_info", "What runs."),
		METRIC_END,
	};
	struct seen seen = { 0 };

	(void)state;
	metric_walk(info, NULL, note, &seen);
	assert_int_equal(seen.count, 1);
	assert_true(seen.value[0] == 1);
}

static void
a_bucket_includes_its_end(void **state)
{
	(void)state;
	assert_true(metric_bucket_ends_ns[0] == 100);
	assert_true(metric_bucket_ends_ns[1] == 250);
	assert_true(metric_bucket_ends_ns[2] == 500);
	for (unsigned i = 3; i < METRIC_BUCKET_COUNT; i++)
		assert_true(metric_bucket_ends_ns[i] == 10 * metric_bucket_ends_ns[i - 3]);
	for (unsigned i = 0; i < METRIC_BUCKET_COUNT; i++) {
		struct metric_histogram h = { 0 };
		uint64_t end = metric_bucket_ends_ns[i];

		assert_true(i == 0 || end > metric_bucket_ends_ns[i - 1]);
		metric_histogram_add(&h, end);
		assert_true(h.buckets[i] == 1);
		metric_histogram_add(&h, end + 1);
		assert_true(h.buckets[i] == 1);
		assert_true(i + 1 == METRIC_BUCKET_COUNT || h.buckets[i + 1] == 1);
		metric_histogram_add(&h, end - 1);
		assert_true(h.buckets[i] == 2);
		assert_true(h.count == 3);
		assert_true(h.sum_ns == 3 * end);
	}
}

static void
labels_are_joined_and_escaped(void **state)
{
	char memory[128];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, memory, sizeof(memory));
	assert_true(metric_label_append(&b, "interface", "eth0"));
	assert_true(metric_label_append(&b, "role", "a\"b\\c"));
	assert_true(metric_label_append(&b, "none", ""));
	assert_string_equal(b.text, "interface=\"eth0\",role=\"a\\\"b\\\\c\",none=\"\"");
}

static void
what_is_no_text_in_a_label_is_replaced(void **state)
{
	char memory[128];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, memory, sizeof(memory));
	assert_true(metric_label_append(&b, "a", "x \ny\x7f\xff\xc3z\xc3\xa9"));
	assert_string_equal(b.text, "a=\"x \xef\xbf\xbdy\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
				    "z\xc3\xa9\"");
}

static void
a_label_that_does_not_fit_leaves_nothing(void **state)
{
	const char *whole = "a=\"1\",b=\"\\\"\"";
	char memory[16];
	struct strbuf b;

	(void)state;
	for (size_t capacity = 6; capacity <= strlen(whole) + 1; capacity++) {
		strbuf_init(&b, memory, capacity);
		assert_true(metric_label_append(&b, "a", "1"));
		bool fits = capacity == strlen(whole) + 1;
		assert_int_equal(metric_label_append(&b, "b", "\""), fits);
		assert_string_equal(b.text, fits ? whole : "a=\"1\"");
		assert_int_equal(b.length, strlen(b.text));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_walked_in_order_with_their_values),
		cmocka_unit_test(a_row_keeps_what_it_was_given),
		cmocka_unit_test(a_table_without_rows_is_silent),
		cmocka_unit_test(information_is_one_and_has_no_owner),
		cmocka_unit_test(a_bucket_includes_its_end),
		cmocka_unit_test(labels_are_joined_and_escaped),
		cmocka_unit_test(what_is_no_text_in_a_label_is_replaced),
		cmocka_unit_test(a_label_that_does_not_fit_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
