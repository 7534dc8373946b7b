#include "exporters/store/store_open.h"

#include "exporters/store/store_file.h"
#include "exporters/store/store_schema.h"
#include "tests/support/store_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG = 12 * 1024 };

static int
setup(void **state)
{
	*state = store_rig_new();
	return 0;
}

static int
teardown(void **state)
{
	store_rig_free(*state);
	return 0;
}

static void
file_write(const struct store_rig *r, const char *bytes, size_t length)
{
	int fd = open(r->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	(void)close(fd);
}

/* With another number at `at`, big endian. */
static void
header_change(const struct store_rig *r, off_t at, unsigned char value)
{
	const unsigned char bytes[4] = { 0, 0, 0, value };
	int fd = open(r->path, O_WRONLY);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, sizeof(bytes), at), sizeof(bytes));
	(void)close(fd);
}

static void
run_once(struct store_rig *r)
{
	assert_int_equal(store_rig_open(r), 0);
	assert_int_equal(store_close(&r->store), 0);
}

static void
a_new_store_says_what_it_is_and_whose_run_it_holds(void **state)
{
	struct store_rig *r = *state;
	static const char *const inputs[] = { "a.pcap", "b \"x\"\x1b.pcap" };
	struct stat st;

	(void)umask(0);
	r->run.inputs = inputs;
	r->run.input_count = 2;
	run_once(r);
	assert_string_equal(
		store_rig_ask(r, "SELECT version, sensor, live, inputs, settings, ended FROM runs"),
		"0.1.0|gw1|0|[\"a.pcap\",\"b \\\"x\\\"\\u001b.pcap\"]|eve:\n|0");
	assert_string_equal(
		store_rig_ask(r, "PRAGMA application_id; PRAGMA user_version"), "1851877732\n2");
	assert_string_equal(store_rig_ask(r, "PRAGMA integrity_check"), "ok");
	assert_string_equal(store_rig_ask(r, "PRAGMA auto_vacuum"), "2");
	assert_int_equal(stat(r->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
over_files_it_is_made_anew_and_ends_as_one_file_with_indexes(void **state)
{
	struct store_rig *r = *state;
	char path[160];

	run_once(r);
	run_once(r);
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM runs"), "1");
	assert_string_equal(store_rig_ask(r, "PRAGMA journal_mode"), "delete");
	assert_string_equal(
		store_rig_ask(r,
			"SELECT count(*) > 5 FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"),
		"1");
	(void)snprintf(path, sizeof(path), "%s-wal", r->path);
	assert_int_equal(access(path, F_OK), -1);
}

static void
over_files_readers_keep_what_they_have_and_a_log_that_was_left_goes(void **state)
{
	static const char *const logs[] = { "journal", "wal", "shm" };
	struct store_rig *r = *state;
	struct store s = { .path = r->path };
	char path[160];
	struct stat st;

	run_once(r);
	int reader = open(r->path, O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s-%s", r->path, logs[i]);
		assert_int_equal(symlink(".", path), 0);
	}
	assert_int_equal(store_file_make(&s, &r->run), 0);
	store_file_leave(&s);
	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s-%s", r->path, logs[i]);
		assert_int_equal(access(path, F_OK), -1);
	}
	assert_int_equal(fstat(reader, &st), 0);
	(void)close(reader);
	assert_int_equal(st.st_nlink, 0);
	assert_true(st.st_size > 0);
}

static void
live_it_is_opened_again_with_another_run(void **state)
{
	struct store_rig *r = *state;

	r->run.live = true;
	assert_int_equal(store_rig_open(r), 0);
	assert_string_equal(store_rig_ask(r, "PRAGMA journal_mode"), "wal");
	assert_string_equal(
		store_rig_ask(r,
			"SELECT count(*) > 5 FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"),
		"1");
	assert_int_equal(store_close(&r->store), 0);
	assert_string_equal(store_rig_ask(r, "PRAGMA journal_mode"), "delete");
	run_once(r);
	assert_string_equal(store_rig_ask(r, "SELECT id, live FROM runs"), "1|1\n2|1");
}

static void
what_is_no_store_is_left_alone(void **state)
{
	struct store_rig *r = *state;

	file_write(r, "precious", 8);
	assert_int_equal(store_rig_open(r), -EEXIST);
	(void)store_close(&r->store);
	r->run.live = true;
	assert_int_equal(store_rig_open(r), -EEXIST);
	(void)store_close(&r->store);
	assert_string_equal(scratch_read(r->scratch, "naiad.db"), "precious");
}

static void
the_database_of_another_program_is_left_alone(void **state)
{
	struct store_rig *r = *state;

	run_once(r);
	header_change(r, 68, 7);
	assert_int_equal(store_rig_open(r), -EEXIST);
}

static void
an_empty_file_becomes_a_store(void **state)
{
	struct store_rig *r = *state;

	file_write(r, "", 0);
	r->run.live = true;
	assert_int_equal(store_rig_open(r), 0);
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM runs"), "1");
}

static void
live_a_store_of_another_version_is_refused(void **state)
{
	struct store_rig *r = *state;

	run_once(r);
	r->run.live = true;
	header_change(r, 60, STORE_VERSION + 1);
	assert_int_equal(store_rig_open(r), -EPROTO);
	(void)store_close(&r->store);
	header_change(r, 60, STORE_VERSION - 1);
	assert_int_equal(store_rig_open(r), -EPROTO);
	(void)store_close(&r->store);
	r->run.live = false; /* what a run over files made can be made again */
	assert_int_equal(store_rig_open(r), 0);
}

static void
an_input_is_not_overwritten(void **state)
{
	struct store_rig *r = *state;
	const char *inputs[] = { r->path };

	run_once(r);
	r->run.inputs = inputs;
	r->run.input_count = 1;
	assert_int_equal(store_rig_open(r), -EEXIST);
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM runs"), "1");
}

static void
a_link_is_not_followed(void **state)
{
	struct store_rig *r = *state;

	assert_int_equal(symlink("/dev/null", r->path), 0);
	assert_int_equal(store_rig_open(r), -ELOOP);
}

static void
add_event_of(struct store_rig *r, const char *text)
{
	assert_true(store_begin(&r->store));
	struct store_row row = store_row_begin(&r->store.statements, STORE_ADD_EVENT);
	store_put_i64(&row, r->store.run);
	store_put_i64(&row, 5);
	store_put_word(&row, "weird");
	store_put_word(&row, text);
	assert_true(store_row_write(&row) > 0);
}

static void
add_event(struct store_rig *r)
{
	add_event_of(r, "{}");
}

/* As root a device would be unlinked. */
static void
what_is_no_regular_file_is_left_alone(void **state)
{
	struct store_rig *r = *state;
	struct stat st;

	assert_int_equal(mkfifo(r->path, 0600), 0);
	assert_int_equal(store_rig_open(r), -EINVAL);
	assert_int_equal(lstat(r->path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	(void)store_close(&r->store);
	assert_int_equal(unlink(r->path), 0);
	assert_int_equal(mkdir(r->path, 0700), 0);
	assert_int_equal(store_rig_open(r), -EINVAL);
	assert_int_equal(rmdir(r->path), 0);
}

static void
one_that_was_moved_or_replaced_is_told_from_one_that_is_there(void **state)
{
	struct store_rig *r = *state;
	char other[160];

	r->run.live = true;
	assert_int_equal(store_rig_open(r), 0);
	assert_false(store_file_has_moved(&r->store));
	(void)snprintf(other, sizeof(other), "%s.1", r->path);
	assert_int_equal(rename(r->path, other), 0);
	assert_true(store_file_has_moved(&r->store));
	file_write(r, "", 0);
	assert_true(store_file_has_moved(&r->store));
	assert_int_equal(rename(other, r->path), 0);
	assert_false(store_file_has_moved(&r->store));
}

static void
disk_size(rlim_t bytes)
{
	struct rlimit limit;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* What a run over files has left that was killed before its indexes. */
static void
one_whose_indexes_need_more_memory_than_there_is_opens_all_the_same(void **state)
{
	struct store_rig *r = *state;
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		static const char *const more =
			"INSERT INTO timeline(window, ts_ns, role, peer, port, ip_proto, sent, received, established,"
			" uid) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)"
			" SELECT i * 7919 % 300007, i, 0, '', 0, 0, 0, 0, 0, '' FROM n";
		bool done =
			store_rig_open(r) == 0 && store_begin(&r->store) &&
			sqlite3_exec(r->store.statements.db, more, NULL, NULL, NULL) == SQLITE_OK &&
			store_commit(&r->store) &&
			sqlite3_exec(r->store.statements.db, "PRAGMA wal_checkpoint(TRUNCATE)",
				NULL, NULL, NULL) == SQLITE_OK;
		_exit(done ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	r->run.live = true;
	disk_size(UINT64_C(2) * 1024 * 1024); /* as where no file may be made */
	assert_int_equal(store_open(&r->store, &r->run, "naiad.db", STORE_RIG_SIZE,
				 UINT64_C(4) * 1024 * 1024),
		0);
	disk_size(RLIM_INFINITY);
	add_event(r);
	assert_int_equal(store_close(&r->store), 0);
	assert_string_equal(
		store_rig_ask(r,
			"SELECT count(*), (SELECT count(*) FROM sqlite_schema WHERE name = 'flows_uid') FROM events"),
		"1|0");
	assert_int_equal(store_open(&r->store, &r->run, "naiad.db", STORE_RIG_SIZE,
				 UINT64_C(4) * 1024 * 1024),
		0);
	assert_string_equal(
		store_rig_ask(
			r, "SELECT count(*) FROM sqlite_schema WHERE name = 'timeline_window'"),
		"1");
}

static void
while_another_program_writes_to_it_nothing_starts(void **state)
{
	struct store_rig *r = *state;
	sqlite3 *other = NULL;

	r->run.live = true;
	run_once(r);
	assert_int_equal(sqlite3_open(r->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(store_rig_open(r), -EBUSY);
	assert_int_equal(store_close(&r->store), 0);
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	assert_int_equal(store_rig_open(r), 0);
}

/* returns what another process gets that opens it, and closes it again */
static int
open_elsewhere(struct store_rig *r)
{
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		struct store *other = calloc(1, sizeof(*other));
		int result =
			store_open(other, &r->run, "naiad.db", STORE_RIG_SIZE, STORE_RIG_MEMORY);
		(void)store_close(other);
		free(other);
		_exit(-result);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static void
while_a_process_has_it_no_other_may_write_to_it(void **state)
{
	struct store_rig *r = *state;
	char moved[160];

	for (int live = 0; live < 2; live++) {
		r->run.live = live != 0;
		assert_int_equal(open_elsewhere(r), 0);
		assert_int_equal(store_rig_open(r), 0);
		for (int other = 0; other < 2; other++) {
			r->run.live = other != 0;
			assert_int_equal(open_elsewhere(r), -EBUSY);
		}
		assert_int_equal(store_close(&r->store), 0);
		assert_int_equal(open_elsewhere(r), 0);
	}

	/* The lock is the file's, not the path's. */
	assert_int_equal(store_rig_open(r), 0);
	(void)snprintf(moved, sizeof(moved), "%s.1", r->path);
	assert_int_equal(rename(r->path, moved), 0);
	r->run.live = false;
	assert_int_equal(open_elsewhere(r), 0);
}

static void
who_reads_sees_whole_transactions(void **state)
{
	struct store_rig *r = *state;

	assert_int_equal(store_rig_open(r), 0);
	add_event(r);
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM events"), "0");
	assert_true(store_commit(&r->store));
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM events"), "1");
}

static void
what_is_given_up_was_never_there(void **state)
{
	struct store_rig *r = *state;

	assert_int_equal(store_rig_open(r), 0);
	add_event(r);
	r->store.statements.error = SQLITE_FULL;
	assert_false(store_commit(&r->store));
	assert_string_equal(store_give_up(&r->store), sqlite3_errstr(SQLITE_FULL));
	add_event(r);
	assert_true(store_commit(&r->store));
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM events"), "1");
}

static void
a_process_that_is_killed_leaves_what_it_committed(void **state)
{
	struct store_rig *r = *state;
	int status = 0;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0) {
		if (store_rig_open(r) == 0) {
			add_event(r);
			(void)store_commit(&r->store);
			add_event(r);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	r->run.live = true;
	assert_int_equal(store_rig_open(r), 0);
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM events"), "1");
	assert_string_equal(store_rig_ask(r, "PRAGMA integrity_check"), "ok");
}

static void
a_reader_who_never_ends_shows_in_the_pages_of_the_log(void **state)
{
	struct store_rig *r = *state;
	sqlite3 *reader = NULL;
	char long_text[LONG];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	r->run.live = true;
	assert_int_equal(store_rig_open(r), 0);
	assert_int_equal(sqlite3_open_v2(r->path, &reader, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(reader, "BEGIN; SELECT * FROM runs", NULL, NULL, NULL), SQLITE_OK);
	for (int i = 0; i < 400; i++)
		add_event_of(r, long_text);
	assert_true(store_commit(&r->store));
	assert_true(r->store.wal_pages >= 1000);
	assert_int_equal(sqlite3_close(reader), SQLITE_OK);
	for (int i = 0; i < 400; i++)
		add_event_of(r, long_text);
	assert_true(store_commit(&r->store));
	assert_int_equal(r->store.wal_pages, 0);
	assert_true(store_size(&r->store) > UINT64_C(4096) * 800);
}

static uint64_t
log_size(const struct store_rig *r)
{
	char path[160];
	struct stat st;

	(void)snprintf(path, sizeof(path), "%s-wal", r->path);
	return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

static void
a_log_that_a_large_transaction_has_left_is_cut(void **state)
{
	struct store_rig *r = *state;
	char long_text[LONG];

	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	r->run.live = true;
	assert_int_equal(
		store_open(&r->store, &r->run, "naiad.db", UINT64_C(1024) * 1024, STORE_RIG_MEMORY),
		0);
	assert_int_equal(r->store.log_pages_max, 32);
	for (int i = 0; i < 12; i++)
		add_event_of(r, long_text);
	assert_true(store_commit(&r->store));
	assert_true(log_size(r) > 0);
	for (int i = 0; i < 30; i++)
		add_event_of(r, long_text);
	assert_true(store_commit(&r->store));
	assert_int_equal(log_size(r), 0);
}

static void
a_reader_does_not_keep_a_run_from_ending(void **state)
{
	struct store_rig *r = *state;
	sqlite3 *reader = NULL;

	assert_int_equal(store_rig_open(r), 0);
	assert_int_equal(sqlite3_open_v2(r->path, &reader, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(reader, "BEGIN; SELECT * FROM runs", NULL, NULL, NULL), SQLITE_OK);
	add_event(r);
	assert_int_equal(store_close(&r->store), 0);
	assert_int_equal(sqlite3_close(reader), SQLITE_OK);
	assert_string_equal(store_rig_ask(r, "SELECT count(*) FROM events"), "1");
}

static void
closing_what_is_not_open_is_nothing(void **state)
{
	struct store_rig *r = *state;

	assert_int_equal(store_close(&r->store), 0);
	assert_false(store_begin(&r->store));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_new_store_says_what_it_is_and_whose_run_it_holds),
		T(over_files_it_is_made_anew_and_ends_as_one_file_with_indexes),
		T(over_files_readers_keep_what_they_have_and_a_log_that_was_left_goes),
		T(live_it_is_opened_again_with_another_run),
		T(what_is_no_store_is_left_alone),
		T(the_database_of_another_program_is_left_alone),
		T(an_empty_file_becomes_a_store),
		T(live_a_store_of_another_version_is_refused),
		T(an_input_is_not_overwritten),
		T(a_link_is_not_followed),
		T(what_is_no_regular_file_is_left_alone),
		T(one_that_was_moved_or_replaced_is_told_from_one_that_is_there),
		T(one_whose_indexes_need_more_memory_than_there_is_opens_all_the_same),
		T(while_another_program_writes_to_it_nothing_starts),
		T(while_a_process_has_it_no_other_may_write_to_it),
		T(who_reads_sees_whole_transactions),
		T(what_is_given_up_was_never_there),
		T(a_process_that_is_killed_leaves_what_it_committed),
		T(a_reader_who_never_ends_shows_in_the_pages_of_the_log),
		T(a_log_that_a_large_transaction_has_left_is_cut),
		T(a_reader_does_not_keep_a_run_from_ending),
		T(closing_what_is_not_open_is_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
