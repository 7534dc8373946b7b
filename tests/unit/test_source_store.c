/*
 * test_source_store.c -- which files are read, how windows are numbered, what is kept; hostile and damaged ones.
 */
#include "viewer/source/source_store_part.h"

#include "tests/support/source_rig.h"
#include "tests/support/stopwatch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { PAGE = 4096 };

/* ---- which files ---- */

static void
write_file(const char *path, const void *bytes, size_t length)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, length, f), length);
	assert_int_equal(fclose(f), 0);
}

static void
a_file_and_its_directory_are_the_same_store(void **state)
{
	char path[256];
	struct source_run run;

	(void)state;
	open_with(ONE_RUN);
	assert_true(source_run(source, &memory, &run));
	assert_string_equal(run.version, "0.1");
	assert_string_equal(run.sensor, "edge");
	assert_int_equal(run.input_count, 1);
	assert_string_equal(run.inputs[0], "a.pcap");
	assert_true(run.ended);
	assert_false(run.live);
	assert_int_equal(run.packets, 7);
	assert_int_equal(run.bytes, 700);
	assert_int_equal(run.flows, 3);
	assert_int_equal(run.first_ns, 100);
	assert_int_equal(run.last_ns, 190);
	for (int a = SOURCE_HAS_FLOWS; a <= SOURCE_HAS_RUN; a++)
		assert_true(source_can(source, (enum source_ability)a));
	source_close(source);

	open_file(store_build_directory());
	(void)snprintf(path, sizeof(path), "%s/naiad.db", store_build_directory());
	assert_string_equal(source_name(source), path);
	source_close(source);
	(void)snprintf(path, sizeof(path), "%s/", store_build_directory());
	open_file(path);
	(void)snprintf(path, sizeof(path), "%s/naiad.db", store_build_directory());
	assert_string_equal(source_name(source), path);
}

static void
what_is_no_store_is_refused_with_what_was_expected(void **state)
{
	const char *path = store_build_file(NULL);
	char zeros[100] = { 0 };
	char longest[400];

	(void)state;
	assert_refused("/nowhere/naiad.db", "No such file");
	assert_refused("", "No such file");
	assert_refused("/dev/null", "it is no file");
	write_file(path, "", 0);
	assert_refused(path, "is no store of naiad: expected naiad.db");
	write_file(path, zeros, sizeof(zeros));
	assert_refused(path, "is no store of naiad");
	unlink(path);
	assert_refused(store_build_directory(), "has no naiad.db in it");
	memset(longest, 'a', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_refused(longest, "longer than 255 bytes");
}

static void
another_version_and_another_program_are_refused(void **state)
{
	(void)state;
	assert_refused(store_build_file("PRAGMA user_version = 3"),
		"tables of version 3, and version 1 to 2 was expected: "
		"read it with the naiad that is as new");
	assert_refused(store_build_file("PRAGMA user_version = 0"), "as old as it");
	assert_refused(store_build_file("PRAGMA application_id = 1"), "is no store of naiad");
}

/* It did not say when something was lost. */
static void
a_store_of_the_first_version_is_read(void **state)
{
	const struct source_loss_span *spans = NULL;
	struct source_run run;

	(void)state;
	open_with(ONE_RUN "DROP TABLE loss_spans; PRAGMA user_version = 1;");
	assert_true(source_run(source, &memory, &run));
	assert_int_equal(source_loss_spans(source, &memory, &spans), 0);
	assert_no_trouble();
}

static void
a_pipe_is_not_waited_for(void **state)
{
	char path[256];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/naiad.db", store_build_directory());
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(path, "it is no file");
}

static bool
holds(const char page[PAGE], const char *word)
{
	size_t length = strlen(word);

	for (size_t at = 0; at + length <= PAGE; at++)
		if (memcmp(page + at, word, length) == 0)
			return true;
	return false;
}

static void
a_damaged_file_is_told(void **state)
{
	const char *path = store_build_file(ONE_WINDOW
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
		" INSERT INTO profiles SELECT i + 1, 'host-' || i FROM n;");
	const struct source_profile *profiles = NULL;
	char page[PAGE];

	(void)state;
	int fd = open(path, O_RDWR);
	for (off_t at = 0; pread(fd, page, PAGE, at) == PAGE; at += PAGE)
		if (holds(page, "host-1")) {
			memset(page, 0x5a, PAGE);
			assert_int_equal(pwrite(fd, page, PAGE, at), PAGE);
		}
	close(fd);
	open_file(path);
	(void)source_profiles(source, &memory, &profiles);
	assert_trouble("the file is damaged");
	/* The next question is another one. */
	assert_int_equal(source_losses(source, &memory, &(const struct source_loss *){ NULL }), 0);
	(void)source_profiles(source, &memory, &profiles);
	assert_trouble("the file is damaged");
}

static void
a_file_that_ends_too_early_is_told(void **state)
{
	const char *path = store_build_file(ONE_WINDOW);

	(void)state;
	assert_int_equal(truncate(path, 4096), 0);
	assert_refused(path, "the file is damaged");
	assert_int_equal(truncate(path, 100), 0);
	assert_refused(path, "the file is damaged");
	assert_int_equal(truncate(path, 99), 0);
	assert_refused(path, "is no store of naiad");
}

static void
what_takes_too_long_is_given_up(void **state)
{
	const struct source_loss *losses = NULL;

	(void)state;
	open_with(
		"DROP TABLE losses; CREATE VIEW losses(run, reason, count) AS WITH RECURSIVE n(i) AS"
		" (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 1, 'x', i FROM n;");
	((struct store_state *)source->state)->patience_ns = UINT64_C(50) * 1000 * 1000;
	const struct stopwatch watch = stopwatch_start();
	assert_int_equal(source_losses(source, &memory, &losses), 0);
	assert_true(stopwatch_own_ms(&watch) < 2000);
	assert_trouble("took too long");
}

static void
tables_that_are_not_there_are_told(void **state)
{
	const struct source_alert *alerts = NULL;

	(void)state;
	sqlite3 *db = store_build(NULL);
	store_build_sql(db, "DROP TABLE alerts");
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	open_file(store_build_directory());
	assert_int_equal(source_alerts(source, &memory, &alerts), 0);
	assert_trouble("no such table: alerts: expected the tables of docs/STORE.md");
	assert_int_equal(source_alerts(source, &memory, &alerts), 0);
	assert_trouble("no such table: alerts");
}

/* ---- profiles ---- */

static void
profiles_are_infected_first_and_then_by_address(void **state)
{
	const struct source_profile *p = NULL;

	(void)state;
	open_with(ONE_WINDOW
		"INSERT INTO profiles VALUES(2, '10.0.0.40'), (3, '9.0.0.1'), (4, '10.0.0.7'), (5, '2001:db8::1');"
		"INSERT INTO windows(id, profile, run, number, start_ns, end_ns) VALUES(8, 2, 1, 2, 200, 300),"
		" (9, 2, 1, 1, 100, 200), (10, 99, 1, 1, 100, 200);"
		"INSERT INTO alerts VALUES(1, 8, 'a', 1, 1, 1, 0, 'r', 's', 'high', 1);"
		"INSERT INTO evidence(window, uuid, ts_ns, kind, title, detector, role, threat, confidence,"
		" decisive, counted, sum, port, ip_proto, observed, threshold, text, suppressed)"
		" VALUES(8, 'e', 1, 'K', 't', 'd', 'attacker', 'low', 1, 0, 1, 1, 0, 0, 0, 0, 'x', 0),"
		" (9, 'f', 1, 'K', 't', 'd', 'attacker', 'low', 1, 0, 1, 1, 0, 0, 0, 0, 'x', 0);"
		"INSERT INTO tuples VALUES(8, 0, 0, '1.2.3.4', 80, 6, 1, '', 0, 0, 1, 2, 3, 4, 10, 20, 30, 40),"
		" (8, 1, 1, '1.2.3.4', 80, 6, 1, '', 0, 0, 100, 200, 300, 400, 0, 0, 0, 0);");
	assert_int_equal(source_profiles(source, &memory, &p), 5);
	assert_string_equal(p[0].host, "10.0.0.40");
	assert_string_equal(p[1].host, "9.0.0.1");
	assert_string_equal(p[2].host, "10.0.0.5");
	assert_string_equal(p[3].host, "10.0.0.7");
	assert_string_equal(p[4].host, "2001:db8::1");

	assert_true(p[0].infected);
	assert_int_equal(p[0].evidence, 2);
	assert_int_equal(p[0].alerts, 1);
	assert_int_equal(p[0].window_count, 2);
	assert_int_equal(p[0].windows[0].id.number, 1);
	assert_false(p[0].windows[0].infected);
	assert_int_equal(p[0].windows[0].evidence, 1);
	assert_int_equal(p[0].windows[0].flows, 0);
	assert_true(p[0].windows[1].infected);
	assert_string_equal(p[0].windows[1].id.host, "10.0.0.40");
	assert_int_equal(p[0].windows[1].flows, 111);
	assert_int_equal(p[0].windows[1].packets, 222);
	assert_int_equal(p[0].windows[1].bytes, 333);
	assert_false(p[0].windows[1].closed);

	assert_int_equal(p[1].window_count, 0);
	assert_false(p[2].infected || p[2].is_own);
	assert_true(p[2].windows[0].closed);
	assert_int_equal(p[2].windows[0].start_ns, 100);
	assert_int_equal(p[2].windows[0].end_ns, 200);
	assert_true(p[2].windows[0].threat == 2.5);
}

static void
a_host_has_the_best_name_that_is_known(void **state)
{
	const struct source_profile *p = NULL;

	(void)state;
	open_with(
		"INSERT INTO profiles VALUES(1, '10.0.0.1'), (2, '10.0.0.2'), (3, '10.0.0.3');"
		"INSERT INTO addresses VALUES(1, '10.0.0.1', 0, 1, 'NL', 64496, 'Example BV');"
		"INSERT INTO address_names VALUES('10.0.0.1', 0, 'newest', 'ssdp', '', 0, 0),"
		" ('10.0.0.1', 1, 'believed', 'dns', '', 0, 1);"
		"INSERT INTO devices VALUES(1, 'aa', 'Old', 0, 0, 0, 0), (2, 'bb', 'New', 0, 0, 0, 0);"
		"INSERT INTO device_addresses VALUES('aa', 0, '10.0.0.2', 5), ('bb', 0, '10.0.0.2', 6);"
		"INSERT INTO device_names VALUES('aa', 0, 'was', '', '', 0), ('bb', 0, 'is', '', '', 0);");
	assert_int_equal(source_profiles(source, &memory, &p), 3);
	assert_string_equal(p[0].name, "believed");
	assert_string_equal(p[0].country, "NL");
	assert_string_equal(p[0].vendor, "");
	assert_string_equal(p[1].name, "is");
	assert_string_equal(p[1].vendor, "New");
	assert_string_equal(p[1].country, "");
	assert_string_equal(p[2].name, "");
}

/* Run 1 had windows from 100 on, run 2 from 300; one of 300 to 400 was parted between runs 2 and 3. */
#define THREE_RUNS                                                                              \
	"INSERT INTO profiles VALUES(1, '10.0.0.5');"                                           \
	"INSERT INTO windows(id, profile, run, number, start_ns, end_ns, told_ns, closed, sum)" \
	" VALUES(1, 1, 1, 1, 100, 200, 1, 1, 1), (2, 1, 1, 2, 200, 300, 1, 1, 1),"              \
	" (3, 1, 2, 1, 300, 400, 1, 0, 3), (4, 1, 3, 1, 300, 400, 1, 1, 4),"                    \
	" (5, 1, 3, 2, 400, 500, 1, 0, 0);"                                                     \
	"INSERT INTO alerts VALUES(1, 3, 'a', 1, 1, 1, 0, 'r', 's', 'high', 1);"                \
	"INSERT INTO timeline VALUES(1, 3, 310, 0, 'x', 1, 6, NULL, 0, 0, 1, 'u1', NULL),"      \
	" (2, 4, 320, 0, 'x', 2, 6, NULL, 0, 0, 1, 'u2', NULL),"                                \
	" (3, 3, 315, 0, 'x', 3, 6, NULL, 0, 0, 1, 'u3', NULL),"                                \
	" (4, 1, 110, 0, 'x', 4, 6, NULL, 0, 0, 1, 'u4', NULL);"

static void
windows_are_numbered_as_the_last_run_does(void **state)
{
	const struct source_profile *p = NULL;
	const struct source_alert *a = NULL;
	const struct source_entry *e = NULL;
	struct source_window_id id = window("10.0.0.5", 1);

	(void)state;
	open_with(THREE_RUNS
		"INSERT INTO tuples VALUES(3, 0, 0, 'x', 1, 6, 1, '', 0, 0, 1, 2, 3, 0, 0, 0, 0, 0),"
		" (4, 0, 0, 'x', 1, 6, 1, '', 0, 0, 10, 20, 30, 0, 0, 0, 0, 0);");
	assert_int_equal(source_profiles(source, &memory, &p), 1);
	assert_int_equal(p->window_count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(p->windows[i].id.number, (int64_t)i - 1);
		assert_int_equal(p->windows[i].start_ns, 100 + i * 100);
	}
	assert_true(p->windows[2].infected);
	assert_true(p->windows[2].closed);
	assert_true(p->windows[2].threat == 4);
	assert_int_equal(p->windows[2].flows, 11);
	assert_int_equal(p->windows[2].packets, 22);
	assert_int_equal(p->windows[2].bytes, 33);
	assert_int_equal(source_alerts(source, &memory, &a), 1);
	assert_int_equal(a->window.number, 1);
	assert_string_equal(a->window.host, "10.0.0.5");

	/* A page over the restart. */
	assert_int_equal(source_entry_count(source, &id), 3);
	assert_int_equal(source_entries(source, &id, 0, 10, &memory, &e), 3);
	assert_string_equal(e[0].uid, "u1");
	assert_string_equal(e[1].uid, "u3");
	assert_string_equal(e[2].uid, "u2");
	assert_int_equal(source_entries(source, &id, 1, 2, &memory, &e), 2);
	assert_string_equal(e[0].uid, "u3");
	assert_string_equal(e[1].uid, "u2");
	assert_int_equal(source_entries(source, &id, 2, 10, &memory, &e), 1);
	assert_string_equal(e[0].uid, "u2");
	assert_int_equal(source_entries(source, &id, 3, 10, &memory, &e), 0);
	id.number = -1;
	assert_int_equal(source_entries(source, &id, 0, 10, &memory, &e), 1);
	assert_string_equal(e[0].uid, "u4");
	assert_no_trouble();
}

static void
numbers_that_no_time_has_are_no_windows(void **state)
{
	static const int64_t numbers[] = { INT64_MIN, INT64_MAX, -INT64_MAX / 2, 77 };

	(void)state;
	open_with(THREE_RUNS);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct source_window_id id = window("10.0.0.5", numbers[i]);
		assert_int_equal(source_entry_count(source, &id), 0);
		assert_no_trouble();
	}
	struct source_window_id nobody = window("10.0.0.6", 1);
	assert_int_equal(source_entry_count(source, &nobody), 0);
	assert_no_trouble();
}

static void
hostile_numbers_of_windows_do_no_harm(void **state)
{
	const struct source_profile *p = NULL;

	(void)state;
	open_with("INSERT INTO profiles VALUES(1, 'a'), (2, 'b'), (3, 'c');"
		  "INSERT INTO windows(profile, run, number, start_ns, end_ns) VALUES"
		  " (1, 2, 9223372036854775807, -9223372036854775807, 9223372036854775807),"
		  " (1, 1, -9223372036854775807, 9223372036854775807, -9223372036854775807),"
		  " (2, 2, 9223372036854775807, 0, 1), (2, 1, 5, 9000000000000000000, 1),"
		  " (3, 2, 1, 500, 500), (3, 1, 1, 100, 'x');");
	assert_int_equal(source_profiles(source, &memory, &p), 3);
	assert_int_equal(p[0].window_count, 2);
	assert_int_equal(p[1].windows[0].id.number, 5);
	assert_no_trouble();
}

static void
a_file_that_was_removed_is_told_and_still_answers(void **state)
{
	const struct source_profile *p = NULL;
	const char *path = store_build_file(ONE_WINDOW);

	(void)state;
	open_file(path);
	(void)source_stamp(source);
	assert_no_trouble();
	assert_int_equal(unlink(path), 0);
	(void)source_stamp(source);
	assert_non_null(strstr(source_trouble(source), "was removed or replaced"));
	assert_int_equal(source_profiles(source, &memory, &p), 1);
	assert_no_trouble();
	write_file(path, "", 0);
	(void)source_stamp(source);
	assert_non_null(strstr(source_trouble(source), "was removed or replaced"));
}

static void
a_writer_is_seen_and_nothing_else_is_read_again(void **state)
{
	const struct source_profile *p = NULL;
	sqlite3 *writer = store_build(ONE_WINDOW
		"INSERT INTO tuples VALUES(7, 0, 0, '1.2.3.4', 80, 6, 1, '', 0, 0, 1, 2, 3, 4, 0, 0, 0, 0);");

	(void)state;
	store_build_sql(writer, "PRAGMA journal_mode = WAL");
	open_file(store_build_directory());
	uint64_t first = source_stamp(source);
	assert_int_equal(source_profiles(source, &memory, &p), 1);
	assert_int_equal(p->windows[0].flows, 1);
	assert_int_equal(source_stamp(source), first);

	/* Sums are of the time at which a window was told; a writer in the middle is not waited for. */
	store_build_sql(writer, "UPDATE tuples SET est_flows = 5; BEGIN IMMEDIATE;"
				" INSERT INTO profiles VALUES(2, '10.0.0.6');");
	uint64_t second = source_stamp(source);
	assert_int_not_equal(second, first);
	assert_int_equal(source_profiles(source, &memory, &p), 1);
	assert_int_equal(p->windows[0].flows, 1);
	store_build_sql(writer, "UPDATE windows SET told_ns = 160; COMMIT");
	assert_int_not_equal(source_stamp(source), second);
	assert_int_equal(source_profiles(source, &memory, &p), 2);
	assert_int_equal(p->windows[0].flows, 5);
	assert_no_trouble();
	assert_int_equal(sqlite3_close(writer), SQLITE_OK);
}

static void
nothing_can_be_written_through_a_source(void **state)
{
	(void)state;
	open_with(ONE_WINDOW);
	const struct store_state *s = source->state;
	assert_int_equal(sqlite3_db_readonly(s->db, "main"), 1);
	assert_int_not_equal(
		sqlite3_exec(s->db, "DELETE FROM profiles", NULL, NULL, NULL), SQLITE_OK);
}

/* ---- cost ---- */

static void
without_memory_what_came_first_is_shown_and_said(void **state)
{
	const struct source_profile *p = NULL;
	const struct source_loss *l = NULL;
	struct arena little;

	(void)state;
	open_with("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
		  " INSERT INTO losses SELECT 1, 'reason ' || i, i FROM n;"
		  "INSERT INTO profiles VALUES(1, '10.0.0.1');");
	arena_init(&little, 2048, NULL);
	size_t count = source_losses(source, &little, &l);
	assert_true(count > 0 && count < 100);
	assert_trouble("more than there is memory for");
	for (size_t i = 0; i < count; i++)
		assert_non_null(l[i].reason);
	arena_done(&little);
	arena_init(&little, 16, NULL);
	assert_int_equal(source_profiles(source, &little, &p), 0);
	assert_trouble("more than there is memory for");
	arena_done(&little);
	assert_int_equal(source_profiles(source, &memory, &p), 1);
	assert_no_trouble();
}

/* Of tables that may be long only what is asked for is read, through an index; the others are read as wholes. */
static void
no_question_reads_more_than_it_must(void **state)
{
	static const char *const whole[STORE_QUESTIONS] = {
		[ASK_PROFILES] = "SCAN p",
		[ASK_WINDOWS] = "SCAN w USING INDEX",
		[ASK_ALL_SUMS] = "SCAN tuples",
		[ASK_EVIDENCE] = "SCAN e",
		[ASK_ALERTS] = "SCAN l",
		[ASK_DEVICES] = "SCAN devices USING INDEX",
		[ASK_LOSSES] = "SCAN losses",
		[ASK_LOSS_SPANS] = "SCAN loss_spans",
		[ASK_RUN] = "SCAN runs",
	};

	(void)state;
	open_with(NULL);
	const struct store_state *s = source->state;
	for (int i = 0; i < STORE_QUESTIONS; i++) {
		char sql[2048];
		sqlite3_stmt *plan = NULL;
		if (i <= ASK_END)
			continue;
		(void)snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s", source_store_sql[i]);
		assert_int_equal(sqlite3_prepare_v2(s->db, sql, -1, &plan, NULL), SQLITE_OK);
		while (sqlite3_step(plan) == SQLITE_ROW) {
			const char *step = (const char *)sqlite3_column_text(plan, 3);
			bool is_scan = strncmp(step, "SCAN", 4) == 0 &&
				       strstr(step, "json_each") == NULL &&
				       strstr(step, "subquery") == NULL &&
				       strcmp(step, "SCAN first") != 0 &&
				       strstr(step, "USING COVERING INDEX") == NULL &&
				       strcmp(step, "SCAN e") != 0 && strcmp(step, "SCAN a") != 0;
			if (is_scan && (whole[i] == NULL || strstr(step, whole[i]) == NULL))
				fail_msg("%s: %s", source_store_sql[i], step);
			if (i == ASK_ENTRIES && strcmp(step, "USE TEMP B-TREE FOR ORDER BY") == 0)
				fail_msg("a timeline is sorted: %s", step);
		}
		(void)sqlite3_finalize(plan);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, source_rig_setup, source_rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_file_and_its_directory_are_the_same_store),
		TEST(what_is_no_store_is_refused_with_what_was_expected),
		TEST(another_version_and_another_program_are_refused),
		TEST(a_store_of_the_first_version_is_read),
		TEST(a_pipe_is_not_waited_for),
		TEST(a_damaged_file_is_told),
		TEST(a_file_that_ends_too_early_is_told),
		TEST(what_takes_too_long_is_given_up),
		TEST(tables_that_are_not_there_are_told),
		TEST(profiles_are_infected_first_and_then_by_address),
		TEST(a_host_has_the_best_name_that_is_known),
		TEST(windows_are_numbered_as_the_last_run_does),
		TEST(numbers_that_no_time_has_are_no_windows),
		TEST(hostile_numbers_of_windows_do_no_harm),
		TEST(a_file_that_was_removed_is_told_and_still_answers),
		TEST(a_writer_is_seen_and_nothing_else_is_read_again),
		TEST(nothing_can_be_written_through_a_source),
		TEST(without_memory_what_came_first_is_shown_and_said),
		TEST(no_question_reads_more_than_it_must),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
