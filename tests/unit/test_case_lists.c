#include "ctl/case_parts.h"

#include "tests/support/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WINDOWS = 400, FLOWS = 10 };

/* All conversations of a host with many windows, with so much memory. returns how many; -1: refused */
static int
flows_told(size_t memory_bytes, uint64_t limit, int64_t mute_window)
{
	static struct source_window windows[WINDOWS];
	static struct source_flow flows[FLOWS];
	const struct source_profile host = {
		.host = "10.0.0.1", .windows = windows, .window_count = WINDOWS
	};
	const struct arguments a = { .command = "flows",
		.json = true,
		.limit = limit,
		.values = { [COMMAND_OPTION_HOST] = "10.0.0.1" } };
	struct report_rig rig;
	struct table_terminal terminal = { .width = 0 };
	struct case_look l = { .a = &a, .terminal = &terminal };
	char *text = NULL;
	size_t length = 0;

	for (size_t i = 0; i < WINDOWS; i++)
		windows[i].id = (struct source_window_id){ "10.0.0.1", (int64_t)i + 1 };
	for (size_t i = 0; i < FLOWS; i++)
		flows[i] = (struct source_flow){ "C1", 1, 1, "10.0.0.1", "1", "10.0.0.2", "2",
			"tcp", "", "SF", true, 1, 1, 1, 1 };
	report_rig_init(&rig);
	rig.profiles = &host;
	rig.profile_count = 1;
	rig.flows = flows;
	rig.flow_count = FLOWS;
	rig.mute_window = mute_window;
	l.source = &rig.source;
	arena_init(&l.memory, memory_bytes, NULL);
	terminal.out = open_memstream(&text, &length);
	assert_non_null(terminal.out);
	enum exit_code code = case_flows_run(&l);
	assert_int_equal(fclose(terminal.out), 0);
	arena_done(&l.memory);
	json_t *rows = json_loads(text, 0, NULL);
	int told = code == EXIT_OK ? (int)json_array_size(rows) : -1;
	json_decref(rows);
	free(text);
	return told;
}

/* 4,000 rows are 540 KiB; copied anew for each window they were 100 MiB. */
static void
windows_cost_what_is_in_them(void **state)
{
	(void)state;
	assert_int_equal(flows_told(4 << 20, 100000, 0), WINDOWS * FLOWS);
	assert_int_equal(flows_told(4 << 20, 15, 0), 15);
}

static void
a_list_that_has_no_room_is_refused_and_not_short(void **state)
{
	(void)state;
	assert_int_equal(flows_told(256 << 10, 100000, 0), -1);
	assert_int_equal(flows_told(256 << 10, 100, 0), 100);
}

static void
a_window_that_has_no_answer_is_no_empty_one(void **state)
{
	(void)state;
	assert_int_equal(flows_told(4 << 20, 100000, 7), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_cost_what_is_in_them),
		cmocka_unit_test(a_window_that_has_no_answer_is_no_empty_one),
		cmocka_unit_test(a_list_that_has_no_room_is_refused_and_not_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
