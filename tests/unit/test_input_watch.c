#include "daemon/loop/input_watch.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	struct scratch *scratch;
	struct input_watch *watch;
	char path[160];
};

static const char *
path_of(struct place *p, const char *name)
{
	(void)snprintf(p->path, sizeof(p->path), "%s/%s", p->scratch->directory, name);
	return p->path;
}

static int
begin(void **state)
{
	static struct place p;

	p.scratch = scratch_new();
	assert_non_null(p.scratch);
	assert_int_equal(input_watch_open(&p.watch), 0);
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	input_watch_close(p->watch);
	scratch_free(p->scratch);
	return 0;
}

/* For whom something was told, whatever it was. */
static uint64_t
all_of(struct place *p)
{
	struct input_watch_told told = input_watch_read(p->watch);

	return told.grew | told.turned;
}

static void
append(struct place *p, const char *name)
{
	int fd = open(path_of(p, name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x\n", 2), 2);
	(void)close(fd);
}

static void
what_is_written_in_a_directory_is_heard_of(void **state)
{
	struct place *p = *state;

	assert_int_equal(input_watch_add(p->watch, p->scratch->directory, 5), 0);
	assert_int_equal(all_of(p), 0);
	append(p, "conn.log");
	assert_int_equal(all_of(p), UINT64_C(1) << 5);
	assert_int_equal(all_of(p), 0);
	append(p, "conn.log");
	assert_int_equal(all_of(p), UINT64_C(1) << 5);
}

static void
a_file_that_is_moved_or_removed_is_heard_of(void **state)
{
	struct place *p = *state;
	char from[160];

	append(p, "conn.log");
	assert_int_equal(input_watch_add(p->watch, p->scratch->directory, 0), 0);
	(void)snprintf(from, sizeof(from), "%s", path_of(p, "conn.log"));
	assert_int_equal(rename(from, path_of(p, "conn.1.log")), 0);
	assert_int_equal(all_of(p), 1);
	assert_int_equal(unlink(path_of(p, "conn.1.log")), 0);
	assert_int_equal(all_of(p), 1);
}

static void
what_only_grew_is_told_apart_from_what_came_or_went(void **state)
{
	struct place *p = *state;
	struct input_watch_told told;
	char from[160];

	assert_int_equal(input_watch_add(p->watch, p->scratch->directory, 3), 0);
	append(p, "conn.log");
	told = input_watch_read(p->watch);
	assert_int_equal(told.turned, 1 << 3);
	append(p, "conn.log");
	told = input_watch_read(p->watch);
	assert_int_equal(told.grew, 1 << 3);
	assert_int_equal(told.turned, 0);
	(void)snprintf(from, sizeof(from), "%s", path_of(p, "conn.log"));
	assert_int_equal(rename(from, path_of(p, "conn.1.log")), 0);
	told = input_watch_read(p->watch);
	assert_int_equal(told.grew, 0);
	assert_int_equal(told.turned, 1 << 3);
}

static void
of_a_file_only_its_own_name_is_heard_of(void **state)
{
	struct place *p = *state;

	append(p, "eve.json");
	assert_int_equal(input_watch_add(p->watch, path_of(p, "eve.json"), 63), 0);
	append(p, "stats.log");
	assert_int_equal(all_of(p), 0);
	append(p, "eve.json");
	assert_int_equal(all_of(p), UINT64_C(1) << 63);
	assert_int_equal(unlink(path_of(p, "eve.json")), 0);
	append(p, "eve.json");
	assert_int_equal(all_of(p), UINT64_C(1) << 63);
}

static void
two_files_of_a_directory_are_told_apart(void **state)
{
	struct place *p = *state;

	append(p, "a");
	append(p, "b");
	assert_int_equal(input_watch_add(p->watch, path_of(p, "a"), 1), 0);
	assert_int_equal(input_watch_add(p->watch, path_of(p, "b"), 2), 0);
	append(p, "b");
	assert_int_equal(all_of(p), 1 << 2);
	append(p, "a");
	append(p, "b");
	assert_int_equal(all_of(p), 1 << 1 | 1 << 2);
}

static void
a_directory_that_is_not_there_is_refused(void **state)
{
	struct place *p = *state;

	assert_int_equal(input_watch_add(p->watch, path_of(p, "no/such"), 1), -ENOENT);
	/* a file that is not there yet is no mistake: its directory is */
	assert_int_equal(input_watch_add(p->watch, path_of(p, "later"), 1), 0);
	append(p, "later");
	assert_int_equal(all_of(p), 1 << 1);
}

static void
there_is_room_for_so_many_and_no_more(void **state)
{
	struct place *p = *state;

	for (unsigned i = 0; i < INPUT_WATCH_MAX; i++)
		assert_int_equal(input_watch_add(p->watch, p->scratch->directory, i % 64), 0);
	assert_int_equal(input_watch_add(p->watch, p->scratch->directory, 0), -ENOSPC);
	append(p, "x");
	assert_true(all_of(p) == UINT64_MAX);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_is_written_in_a_directory_is_heard_of),
		TEST(a_file_that_is_moved_or_removed_is_heard_of),
		TEST(what_only_grew_is_told_apart_from_what_came_or_went),
		TEST(of_a_file_only_its_own_name_is_heard_of),
		TEST(two_files_of_a_directory_are_told_apart),
		TEST(a_directory_that_is_not_there_is_refused),
		TEST(there_is_room_for_so_many_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
