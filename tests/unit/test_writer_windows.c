/* test_writer_windows.c -- windows reach the writer's outlets whole, also those that are longer than a message. */
#include "daemon/loop/writer.h"

#include "daemon/config.h"
#include "daemon/observation.h"
#include "exporters/exporter.h"
#include "tests/support/config_sample.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* One is longer than the queue takes: at the end the writer waits for room in the midst of it. */
enum {
	WINDOWS = 3,
	TUPLES = 300,
	FLOWS_OF_LAST = 600000,
	PATIENCE_MS = 20000,
	MEMORY = 8 * 1024 * 1024
};

struct fixture {
	struct scratch *scratch;
	struct config *config;
	struct run_info run;
	struct writer *writer;
};

static void
begin(struct fixture *f)
{
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
windows_that_the_queue_has_to_wait_for_come_whole(void **state)
{
	struct hash_key key = { { 1, 2 } };
	struct fixture f = { 0 };
	struct arena memory;
	struct tuples tuples;

	(void)state;
	begin(&f);
	arena_init(&memory, MEMORY, NULL);
	tuples_init(&tuples, &memory, &key);
	for (unsigned i = 0; i < TUPLES - 1 + FLOWS_OF_LAST; i++)
		tuples_add(&tuples, &(struct tuple_flow){ .peer = addr_v4(203, 0, 113, 9),
					    .resp_port = (uint16_t)(i < TUPLES ? i : TUPLES - 1),
					    .ip_proto = 6,
					    .role = ROLE_CLIENT,
					    .count = true,
					    .start_ns = SAMPLE_NS });
	writer_hold(f.writer, PATIENCE_MS);
	for (unsigned i = 0; i < WINDOWS; i++)
		give_window(&f, i, &tuples);
	assert_int_equal(writer_stats(f.writer).dropped, 0);
	assert_int_equal(writer_stats(f.writer).records, WINDOWS);
	assert_int_equal(writer_stop(f.writer, PATIENCE_MS), 0);
	assert_int_equal(ask(&f, "SELECT count(*) FROM windows WHERE closed = 1"), WINDOWS);
	assert_int_equal(ask(&f, "SELECT count(*) FROM windows WHERE truncated = 1"), 0);
	assert_int_equal(ask(&f, "SELECT count(*) FROM tuples"), WINDOWS * TUPLES);
	assert_int_equal(
		ask(&f, "SELECT min(letter_count) FROM tuples WHERE port = 299"), FLOWS_OF_LAST);
	arena_done(&memory);
	config_free(f.config);
	scratch_free(f.scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_that_the_queue_has_to_wait_for_come_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
