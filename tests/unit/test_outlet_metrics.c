#include "exporters/outlet_metrics.h"

#include "exporters/outlets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
each(void *context, const struct metric *row, uint64_t value)
{
	char *text = context;
	size_t length = strlen(text);

	(void)snprintf(text + length, 1024 - length, "%s%s%s%s %s %llu\n", row->name,
		row->label != NULL ? "{" : "", row->label != NULL ? row->label : "",
		row->label != NULL ? "}" : "", row->type == METRIC_COUNTER ? "c" : "g",
		(unsigned long long)value);
}

static void
every_number_of_an_outlet_has_a_row_and_every_reason_a_label(void **state)
{
	const struct outlet_stats s = {
		.written = 1,
		.dropped = { [OUTLET_DROP_TOO_LONG] = 2,
			[OUTLET_DROP_FULL] = 3,
			[OUTLET_DROP_RESERVED] = 4,
			[OUTLET_DROP_FAILED] = 5 },
		.forgotten = { [OUTLET_FORGOT_WINDOWS] = 6,
			[OUTLET_FORGOT_LINES] = 7,
			[OUTLET_FORGOT_ADDRESSES] = 8 },
		.left_out = 9,
		.queued_records = 10,
		.queued_bytes = 11,
		.last_success_s = 12,
	};
	char text[1024] = "";

	(void)state;
	metric_walk(outlet_metric_rows, &s, each, text);
	assert_string_equal(text, "output_events_total c 1\n"
				  "output_dropped_total{reason=\"too_long\"} c 2\n"
				  "output_dropped_total{reason=\"full\"} c 3\n"
				  "output_dropped_total{reason=\"reserved\"} c 4\n"
				  "output_dropped_total{reason=\"failed\"} c 5\n"
				  "output_forgotten_total{what=\"windows\"} c 6\n"
				  "output_forgotten_total{what=\"lines\"} c 7\n"
				  "output_forgotten_total{what=\"addresses\"} c 8\n"
				  "output_left_out_total c 9\n"
				  "output_queue_length g 10\n"
				  "output_queue_bytes g 11\n"
				  "output_last_success_timestamp_seconds g 12\n");
	assert_int_equal(OUTLET_DROP_COUNT, 4);   /* a new reason needs a row, */
	assert_int_equal(OUTLET_FORGOT_COUNT, 3); /* and so does what may be forgotten */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_of_an_outlet_has_a_row_and_every_reason_a_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
