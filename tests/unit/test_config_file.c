#include "daemon/config/config_file.h"

#include "daemon/base/arena.h"
#include "daemon/config/config_rows.h"
#include "daemon/config/config_yaml.h"
#include "tests/support/config_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct sample sample;
	struct arena arena;
	struct sample_report told;
	char path[64];
};

static int
fixture_begin(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	arena_init(&f.arena, 65536, NULL);
	config_rows_default(sample_rows(), &f.sample);
	(void)snprintf(f.path, sizeof(f.path), "/tmp/test_config_file.XXXXXX");
	int fd = mkstemp(f.path);
	if (fd < 0)
		return -1;
	(void)close(fd);
	*state = &f;
	return 0;
}

static int
fixture_end(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	return unlink(f->path);
}

static int
load(struct fixture *f, const char *path)
{
	struct config_report *report = sample_report_init(&f->told);
	char *text = NULL;
	ssize_t length = config_file_read(path, report, &text);
	int r = length < 0 ? (int)length
			   : config_yaml_parse(path, text, (size_t)length, sample_rows(),
				     &f->sample, &f->arena, report);

	free(text);
	return r;
}

/* A comment of `length` bytes after one setting. */
static void
file_write(struct fixture *f, size_t length)
{
	static const char setting[] = "min_targets: 5\n#";
	FILE *out = fopen(f->path, "w");

	assert_non_null(out);
	(void)fputs(setting, out);
	for (size_t i = sizeof(setting) - 1; i < length; i++)
		(void)fputc('x', out);
	assert_int_equal(fclose(out), 0);
}

static void
a_file_is_read_up_to_its_largest_size(void **state)
{
	struct fixture *f = *state;

	file_write(f, CONFIG_FILE_MAX);
	assert_int_equal(load(f, f->path), 0);
	assert_int_equal(f->sample.min_targets, 5);
	file_write(f, CONFIG_FILE_MAX + 1);
	assert_int_equal(load(f, f->path), -EFBIG);
	assert_non_null(strstr(f->told.memory, ": larger than 1MiB, which no settings are\n"));
	assert_int_equal(f->told.report.count, 1);
}

static void
an_empty_file_is_fine(void **state)
{
	struct fixture *f = *state;

	errno = EIO; /* of something that failed before */
	assert_int_equal(load(f, f->path), 0);
	assert_int_equal(f->told.report.count, 0);
	assert_int_equal(load(f, "/dev/null"), 0);
	assert_int_equal(f->told.report.count, 0);
}

static void
mistakes_are_told_with_the_name_of_the_file(void **state)
{
	struct fixture *f = *state;
	FILE *out = fopen(f->path, "w");

	assert_non_null(out);
	(void)fputs("ratio: 2\n", out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(load(f, f->path), -EINVAL);
	assert_int_equal(strncmp(f->told.memory, f->path, strlen(f->path)), 0);
	assert_string_equal(f->told.memory + strlen(f->path),
		":1:8: ratio: \"2\" is not a number from 0 to 1\n");
}

static void
a_file_that_cannot_be_read_is_told(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(load(f, "/nowhere/naiad.yaml"), -ENOENT);
	assert_string_equal(
		f->told.memory, "/nowhere/naiad.yaml: cannot be read: No such file or directory\n");
	assert_int_equal(load(f, "/tmp"), -EISDIR);
	assert_string_equal(f->told.memory, "/tmp: cannot be read: Is a directory\n");
}

/* More than a pipe holds, so that it comes in pieces. */
static void
a_pipe_is_read_to_its_end(void **state)
{
	struct fixture *f = *state;
	char path[32];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t writer = fork();
	assert_true(writer >= 0);
	if (writer == 0) {
		FILE *out = fdopen(ends[1], "w");

		for (int i = 0; i < 20000; i++)
			(void)fputs("# a comment\n", out);
		(void)fputs("min_targets: 9\n", out);
		_exit(fclose(out) == 0 ? 0 : 1);
	}
	(void)close(ends[1]);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
	assert_int_equal(load(f, path), 0);
	assert_int_equal(f->sample.min_targets, 9);
	(void)close(ends[0]);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
}

static void
no_file_is_left_open(void **state)
{
	struct fixture *f = *state;
	int before = dup(STDERR_FILENO);

	(void)close(before);
	assert_int_equal(load(f, f->path), 0);
	assert_int_equal(load(f, "/tmp"), -EISDIR);
	int after = dup(STDERR_FILENO);
	(void)close(after);
	assert_int_equal(before, after);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		TEST(a_file_is_read_up_to_its_largest_size),
		TEST(a_pipe_is_read_to_its_end),
		TEST(an_empty_file_is_fine),
		TEST(mistakes_are_told_with_the_name_of_the_file),
		TEST(a_file_that_cannot_be_read_is_told),
		TEST(no_file_is_left_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
