#include "daemon/input/input_directory.h"

#include "daemon/base/log.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct directory_rig {
	struct scratch *scratch;
	struct input_directory listed;
	char error[INPUT_ERROR_MAX];
};

static int
setup(void **state)
{
	struct directory_rig *r = calloc(1, sizeof(*r));

	/* 4096 files take seconds on a disk */
	r->scratch = scratch_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	log_level_set(LOG_LEVEL_ERR);
	*state = r;
	return r->scratch == NULL;
}

static int
teardown(void **state)
{
	struct directory_rig *r = *state;

	input_directory_free(&r->listed);
	scratch_free(r->scratch);
	free(r);
	return 0;
}

static void
touch(struct directory_rig *r, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", r->scratch->directory, name);
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
}

static void
make_directory(struct directory_rig *r, const char *name)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", r->scratch->directory, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static int
list(struct directory_rig *r, bool live_only)
{
	input_directory_free(&r->listed);
	return input_directory_list(r->scratch->directory, live_only, &r->listed, r->error);
}

static void
expect(struct directory_rig *r, size_t i, const char *name, const char *log)
{
	const struct input_directory_entry *e = &r->listed.entries[i];

	assert_true(i < r->listed.count);
	assert_string_equal(e->path + strlen(r->scratch->directory) + 1, name);
	assert_string_equal(e->name.log, log);
}

static void
logs_are_listed_by_name_and_others_passed_over(void **state)
{
	struct directory_rig *r = *state;

	touch(r, "dns.log");
	touch(r, "conn.log.gz");
	touch(r, "conn.2024-04-19.log");
	touch(r, "notes.txt");
	touch(r, ".hidden");
	touch(r, "packet_filter.log");
	make_directory(r, "2024-04-19");
	touch(r, "2024-04-19/conn.00:00:00-01:00:00.log.gz");
	make_directory(r, "2024-04-19/2024-04-20"); /* one level, no more */
	touch(r, "2024-04-19/2024-04-20/conn.log");
	make_directory(r, "old");
	touch(r, "old/conn.log");
	make_directory(r, "weird.log"); /* is none */
	char path[256];
	(void)snprintf(path, sizeof(path), "%s/http.log", r->scratch->directory);
	assert_int_equal(symlink("nowhere", path), 0);
	assert_int_equal(list(r, false), 0);
	assert_int_equal(r->listed.count, 4);
	expect(r, 0, "2024-04-19/conn.00:00:00-01:00:00.log.gz", "conn");
	expect(r, 1, "conn.2024-04-19.log", "conn");
	expect(r, 2, "conn.log.gz", "conn");
	expect(r, 3, "dns.log", "dns");
	assert_int_equal(r->listed.passed_over, 2);
	assert_int_equal(list(r, true), 0);
	assert_int_equal(r->listed.count, 1);
	expect(r, 0, "dns.log", "dns");
}

static void
what_is_there_with_labels_is_not_read_without(void **state)
{
	struct directory_rig *r = *state;

	touch(r, "conn.log");
	touch(r, "conn.log.labeled");
	touch(r, "dns.log.labeled");
	touch(r, "http.log");
	assert_int_equal(list(r, false), 0);
	assert_int_equal(r->listed.count, 3);
	expect(r, 0, "conn.log.labeled", "conn");
	expect(r, 1, "dns.log.labeled", "dns");
	expect(r, 2, "http.log", "http");
	assert_int_equal(r->listed.passed_over, 1);
}

static void
a_directory_has_a_cap(void **state)
{
	struct directory_rig *r = *state;
	char name[64];

	for (unsigned i = 1; i <= INPUT_FILES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "conn.log.%u", i);
		touch(r, name);
	}
	assert_int_equal(list(r, false), 0);
	assert_int_equal(r->listed.count, INPUT_FILES_MAX);
	touch(r, "dns.log");
	assert_int_equal(list(r, false), -EINVAL);
	assert_non_null(strstr(r->error, "more than 4096 logs"));
}

static void
what_is_no_directory_is_refused_by_name(void **state)
{
	struct directory_rig *r = *state;

	assert_int_equal(
		input_directory_list("/nowhere/at/all", false, &r->listed, r->error), -ENOENT);
	assert_string_equal(r->error, "/nowhere/at/all: cannot be read: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define DIRECTORY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		DIRECTORY_TEST(logs_are_listed_by_name_and_others_passed_over),
		DIRECTORY_TEST(what_is_there_with_labels_is_not_read_without),
		DIRECTORY_TEST(a_directory_has_a_cap),
		DIRECTORY_TEST(what_is_no_directory_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
