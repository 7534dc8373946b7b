#include "daemon/loop/metrics_page.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct owner {
	uint64_t value;
	struct metric_histogram took;
};

static const struct metric rows[] = {
	METRIC_ROW("dropped_total", METRIC_COUNTER, "where=\"kernel\",why=\"full\"", struct owner,
		value, "Dropped."),
	METRIC_ROW("flows", METRIC_GAUGE, NULL, struct owner, value, "Flows."),
	METRIC_ROW("dropped_total", METRIC_COUNTER, "where=\"nic\",why=\"full\"", struct owner,
		value, "Dropped."),
	METRIC_ROW("dropped_total", METRIC_COUNTER, "where=\"nic\",why=\"late\"", struct owner,
		value, "Dropped."),
	METRIC_ROW("other_total", METRIC_COUNTER, "where=\"queue\"", struct owner, value, "Other."),
	METRIC_END,
};

static const struct metric few[] = {
	METRIC_ROW_INFO("build_info", "What runs."),
	METRIC_ROW_HISTOGRAM("took_seconds", NULL, struct owner, took, "How long."),
	METRIC_ROW("process_open_fds", METRIC_GAUGE, NULL, struct owner, value, "Files."),
	METRIC_END,
};

static void
a_name_is_one_line_with_the_values_of_its_labels(void **state)
{
	static const struct metrics_group groups[] = {
		{ "Frames", "interface, role", rows },
		{ "Rest", NULL, few },
		{ 0 },
	};
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	(void)state;
	assert_int_equal(metrics_page_print(out, groups), 0);
	(void)fclose(out);
	assert_string_equal(text,
		"\n## Frames\n\n| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n"
		"| `naiad_dropped_total` | counter | `interface`, `role`; `where`: kernel, nic; "
		"`why`: full, late | Dropped. |\n"
		"| `naiad_flows` | gauge | `interface`, `role` | Flows. |\n"
		"| `naiad_other_total` | counter | `interface`, `role`; `where`: queue | Other. |\n"
		"\n## Rest\n\n| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n"
		"| `naiad_build_info` | info, always 1 |  | What runs. |\n"
		"| `naiad_took_seconds` | histogram |  | How long. |\n"
		"| `process_open_fds` | gauge |  | Files. |\n");
	free(text);
}

static void
a_page_that_cannot_be_written_is_told(void **state)
{
	static const struct metrics_group groups[] = { { "Frames", NULL, rows }, { 0 } };
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_non_null(out);
	(void)setvbuf(out, NULL, _IONBF, 0);
	assert_int_equal(metrics_page_print(out, groups), -EIO);
	(void)fclose(out);
}

static bool
ends_in(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length > strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static void
every_row_keeps_the_rules_of_prometheus(void **state)
{
	(void)state;
	for (const struct metrics_group *g = metrics_groups; g->title != NULL; g++)
		for (const struct metric *row = g->rows; row->name != NULL; row++) {
			size_t length = strlen(row->name);

			assert_int_equal(
				strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789_"), length);
			assert_int_equal(ends_in(row->name, "_total"), row->type == METRIC_COUNTER);
			assert_int_equal(ends_in(row->name, "_info"), row->type == METRIC_INFO);
			assert_true(ends_in(row->help, "."));
			assert_null(strpbrk(row->help, "\"\\\n|"));
			assert_true(
				row->unit != METRIC_NS || strstr(row->name, "_seconds") != NULL);
		}
}

/* OpenMetrics names the family of x_total "x": then nothing else may be called that. */
static void
no_two_families_have_one_name(void **state)
{
	(void)state;
	for (const struct metrics_group *g = metrics_groups; g->title != NULL; g++)
		for (const struct metric *row = g->rows; row->name != NULL; row++)
			for (const struct metrics_group *h = metrics_groups; h->title != NULL; h++)
				for (const struct metric *other = h->rows; other->name != NULL;
					other++) {
					size_t length = strlen(other->name);

					if (strcmp(row->name, other->name) == 0) {
						assert_ptr_equal(g, h);
						assert_int_equal(row->type, other->type);
						assert_string_equal(row->help, other->help);
					} else if (strncmp(row->name, other->name, length) == 0) {
						assert_string_not_equal(
							row->name + length, "_total");
						assert_string_not_equal(
							row->name + length, "_info");
					}
				}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_one_line_with_the_values_of_its_labels),
		cmocka_unit_test(a_page_that_cannot_be_written_is_told),
		cmocka_unit_test(every_row_keeps_the_rules_of_prometheus),
		cmocka_unit_test(no_two_families_have_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
