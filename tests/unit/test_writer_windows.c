/* test_writer_windows.c -- windows reach the writer's outlets whole, also those that are longer than a message. */
#include "daemon/loop/writer/writer.h"

#include "daemon/config/config.h"
#include "daemon/observation.h"
#include "exporters/exporter.h"
#include "tests/support/config_sample.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

enum {
	WINDOWS = 3,
	TUPLES = 300,
	FLOWS_OF_LAST = 600000, /* their letters alone are more than the queue takes */
	PATIENCE_MS = 20000,
	MEMORY = 8 * 1024 * 1024
};

struct fixture {
	struct scratch *scratch;
	struct config *config;
	struct run_info run;
	struct writer *writer;
	struct arena memory;
	struct tuples long_one; /* of a window that is longer than the queue */
};

static int
make_long_one(void **state)
{
	static const struct hash_key key = { { 1, 2 } };
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	arena_init(&f->memory, MEMORY, NULL);
	tuples_init(&f->long_one, &f->memory, &key);
	for (unsigned i = 0; i < TUPLES - 1 + FLOWS_OF_LAST; i++)
		tuples_add(
			&f->long_one, &(struct tuple_flow){ .peer = addr_v4(203, 0, 113, 9),
					      .resp_port = (uint16_t)(i < TUPLES ? i : TUPLES - 1),
					      .ip_proto = 6,
					      .role = ROLE_CLIENT,
					      .count = true,
					      .start_ns = SAMPLE_NS });
	*state = f;
	return 0;
}

static int
free_long_one(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->memory);
	free(f);
	return 0;
}

static int
begin(void **state)
{
	struct fixture *f = *state;
	static const struct config_setting settings[] = { { "store.write", "always", "a test" },
		{ "eve.enabled", "false", "a test" }, { "windows.memory_max", "8MiB", "a test" } };
	const struct config_overrides overrides = { .settings = settings, .setting_count = 3 };
	struct sample_report told;

	f->scratch = scratch_new();
	assert_non_null(f->scratch);
	assert_int_equal(config_load(NULL, &overrides, sample_report_init(&told), &f->config), 0);
	f->run = (struct run_info){ .version = "0",
		.sensor = "test",
		.output_dir = f->scratch->directory,
		.live = true,
		.settings_text = "" };
	assert_int_equal(writer_start(&(struct writer_plan){ .config = f->config, .run = &f->run },
				 &f->writer),
		0);
	return 0;
}

/* The child, which may stand still, writes down what it was given. */
static int
stop(struct fixture *f)
{
	struct writer *w = f->writer;

	f->writer = NULL;
	if (w != NULL)
		(void)kill(writer_pid(w), SIGCONT);
	return writer_stop(w, PATIENCE_MS);
}

static int
end(void **state)
{
	struct fixture *f = *state;

	(void)stop(f);
	config_free(f->config);
	scratch_free(f->scratch);
	return 0;
}

static void
give_window(struct fixture *f, unsigned number, const struct tuples *tuples)
{
	const struct record_sink sink = writer_sink(f->writer);
	const struct record_window w = {
		.host = addr_v4(10, 0, (uint8_t)(number >> 8), (uint8_t)number),
		.window = { 1, SAMPLE_NS, SAMPLE_NS + 1 },
		.tuples = tuples,
	};

	sink.write(sink.context,
		&(struct record){ .kind = RECORD_WINDOW, .ts_ns = SAMPLE_NS, .window = &w });
}

static int64_t
ask(const struct fixture *f, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *db = NULL;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/naiad.db", f->scratch->directory);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t value = sqlite3_column_int64(statement, 0);
	(void)sqlite3_finalize(statement);
	(void)sqlite3_close(db);
	return value;
}

static void
sleep_ms(long ms)
{
	const struct timespec t = { .tv_nsec = ms * 1000000 };

	(void)nanosleep(&t, NULL);
}

static void
give_evidence(struct fixture *f)
{
	const struct record_sink sink = writer_sink(f->writer);
	const struct record_evidence e = sample_evidence();

	sink.write(sink.context,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e });
}

/* In the midst of a window the writer waits for room. */
static void
windows_that_the_queue_has_to_wait_for_come_whole(void **state)
{
	struct fixture *f = *state;

	writer_hold(f->writer, PATIENCE_MS);
	for (unsigned i = 0; i < WINDOWS; i++)
		give_window(f, i, &f->long_one);
	assert_int_equal(writer_stats(f->writer).dropped_windows, 0);
	assert_int_equal(writer_stats(f->writer).records, WINDOWS);
	assert_int_equal(stop(f), 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM windows WHERE closed = 1"), WINDOWS);
	assert_int_equal(ask(f, "SELECT count(*) FROM windows WHERE truncated = 1"), 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM tuples"), WINDOWS * TUPLES);
	assert_int_equal(
		ask(f, "SELECT min(letter_count) FROM tuples WHERE port = 299"), FLOWS_OF_LAST);
}

static void
a_window_that_does_not_fit_while_nobody_waits_is_cut_short(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(kill(writer_pid(f->writer), SIGSTOP), 0);
	give_window(f, 0, &f->long_one);
	assert_int_equal(writer_stats(f->writer).records, 1);
	assert_int_equal(writer_stats(f->writer).dropped_windows, 1);
	assert_int_equal(stop(f), 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM windows WHERE truncated = 1"), 1);
	assert_int_equal(ask(f, "SELECT count(*) FROM tuples"), TUPLES);
	assert_in_range(ask(f, "SELECT min(letter_count) FROM tuples WHERE port = 299"),
		FLOWS_OF_LAST / 2, FLOWS_OF_LAST - 1);
}

static void
windows_leave_room_for_findings(void **state)
{
	struct fixture *f = *state;
	const unsigned findings = 500;

	assert_int_equal(kill(writer_pid(f->writer), SIGSTOP), 0);
	for (unsigned i = 0; i < WINDOWS; i++)
		give_window(f, i, &f->long_one);
	assert_int_equal(writer_stats(f->writer).dropped_windows, WINDOWS);
	assert_int_equal(writer_stats(f->writer).records, 1);
	for (unsigned i = 0; i < findings; i++)
		give_evidence(f);
	assert_int_equal(writer_dropped(f->writer), WINDOWS);
	assert_int_equal(stop(f), 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM evidence"), findings);
	assert_int_equal(ask(f, "SELECT count(*) FROM windows WHERE closed = 1"), 1);
}

/* Asked for each packet while a window waits: that costs no call of the system. */
static void
room_is_looked_for_once_a_turn(void **state)
{
	struct fixture *f = *state;
	const struct record_sink sink = writer_sink(f->writer);
	unsigned tries = 0;

	assert_true(sink.has_room(sink.context));
	assert_int_equal(kill(writer_pid(f->writer), SIGSTOP), 0);
	while (sink.has_room(sink.context))
		give_evidence(f);
	assert_int_equal(kill(writer_pid(f->writer), SIGCONT), 0);
	sleep_ms(100);
	assert_false(sink.has_room(sink.context));
	while (!sink.has_room(sink.context) && tries++ < 1000) {
		sleep_ms(10);
		writer_flush(f->writer);
	}
	assert_true(sink.has_room(sink.context));
	assert_int_equal(stop(f), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(windows_that_the_queue_has_to_wait_for_come_whole),
		TEST(a_window_that_does_not_fit_while_nobody_waits_is_cut_short),
		TEST(windows_leave_room_for_findings),
		TEST(room_is_looked_for_once_a_turn),
	};

	return cmocka_run_group_tests(tests, make_long_one, free_long_one);
}
