#include "ctl/report/report_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TALKS_MAX = 400 };

struct fixture {
	struct arena memory;
	struct report_talk rows[TALKS_MAX];
	struct report_talks talks;
	struct report_host host;
};

static int
set_up(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	arena_init(&f.memory, (size_t)1 << 24, NULL);
	f.talks.rows = f.rows;
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->memory);
	return 0;
}

static void
knock(struct fixture *f, int target, int port, bool answered)
{
	char text[64];
	struct report_talk *t = &f->rows[f->talks.count++];

	(void)snprintf(text, sizeof(text), "192.0.2.%d", target);
	t->peer = report_keep(&f->memory, text);
	(void)snprintf(text, sizeof(text), "%d/tcp", port);
	t->port = report_keep(&f->memory, text);
	t->answered = answered;
}

static const struct report_scan *
look(struct fixture *f)
{
	report_scan_fill(&f->host, &f->talks, &f->memory, &f->memory);
	return f->host.scan;
}

static void
few_attempts_are_no_picture(void **state)
{
	struct fixture *f = *state;

	for (int i = 1; i < 8; i++)
		knock(f, i, 23, false);
	for (int i = 100; i < 150; i++)
		knock(f, i, 23, true); /* who answers was not knocked at in vain */
	assert_null(look(f));
	knock(f, 8, 23, false);
	assert_non_null(look(f));
	assert_int_equal(f->host.scan->targets, 8);
}

static void
a_sweep_has_its_targets_across_in_the_order_of_numbers(void **state)
{
	struct fixture *f = *state;

	for (int i = 40; i > 0; i--)
		knock(f, i, 23, false);
	knock(f, 40, 23, true);
	const struct report_scan *scan = look(f);
	assert_non_null(scan);
	assert_false(scan->ports_across);
	assert_int_equal(scan->columns, 40);
	assert_int_equal(scan->rows, 1);
	assert_string_equal(scan->first, "192.0.2.1");
	assert_string_equal(scan->last, "192.0.2.40");
	assert_string_equal(scan->labels[0], "23/tcp");
	assert_int_equal(scan->attempts, 41);
	assert_int_equal(scan->unanswered, 40);
	assert_int_equal(scan->tried[0][39], 2);
	assert_int_equal(scan->answered[0][39], 1);
	assert_int_equal(scan->tried[0][0], 1);
}

static void
many_ports_of_one_host_are_across(void **state)
{
	struct fixture *f = *state;

	for (int i = 1; i <= 250; i++)
		knock(f, 1, i, false);
	const struct report_scan *scan = look(f);
	assert_non_null(scan);
	assert_true(scan->ports_across);
	assert_int_equal(scan->columns, REPORT_SCAN_COLUMNS);
	assert_string_equal(scan->first, "1/tcp");
	assert_string_equal(scan->last, "250/tcp");
	assert_string_equal(scan->labels[0], "192.0.2.1");
	/* Neighbours share columns, and none is lost. */
	unsigned sum = 0;
	for (size_t i = 0; i < REPORT_SCAN_COLUMNS; i++) {
		assert_in_range(scan->tried[0][i], 2, 3);
		sum += scan->tried[0][i];
	}
	assert_int_equal(sum, 250);
}

/* One row for each while there are enough; else those tried most, and one for all others. */
static void
ports_tried_least_share_the_last_row(void **state)
{
	struct fixture *f = *state;

	for (int i = 1; i <= REPORT_SCAN_ROWS; i++)
		knock(f, i, i, false);
	for (int i = 1; i <= 60; i++)
		knock(f, 100 + i, 23, false);
	assert_int_equal(look(f)->rows, REPORT_SCAN_ROWS);
	assert_string_equal(f->host.scan->labels[REPORT_SCAN_ROWS - 1], "24/tcp");
	knock(f, 25, 25, false);
	const struct report_scan *scan = look(f);
	assert_int_equal(scan->rows, 2);
	assert_string_equal(scan->labels[0], "23/tcp");
	assert_string_equal(scan->labels[1], "24 others");
	assert_int_equal(scan->ports, 25);
}

static void
what_the_peer_opened_is_no_attempt(void **state)
{
	struct fixture *f = *state;

	for (int i = 1; i <= 20; i++) {
		knock(f, i, 23, false);
		f->rows[i - 1].is_from = true;
	}
	assert_null(look(f));
	for (int i = 1; i <= 20; i++) {
		f->rows[i - 1].is_from = false;
		f->rows[i - 1].port = "";
	}
	assert_null(look(f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(few_attempts_are_no_picture, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_sweep_has_its_targets_across_in_the_order_of_numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			many_ports_of_one_host_are_across, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			ports_tried_least_share_the_last_row, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_the_peer_opened_is_no_attempt, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
