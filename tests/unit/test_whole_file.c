/* A file that is read at once: whole, or not at all. */
#include "daemon/loop/whole_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];

/* A file of "abcdef". */
static int
set_up(void **state)
{
	(void)state;
	(void)snprintf(path, sizeof(path), "/tmp/test_whole_file.XXXXXX");
	int fd = mkstemp(path);
	bool is_written = fd >= 0 && write(fd, "abcdef", 6) == 6;
	return is_written && close(fd) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

static void
all_of_it_is_read(void **state)
{
	char *bytes;

	(void)state;
	for (size_t most = 6; most <= 7; most++) {
		assert_int_equal(whole_file_read(path, most, &bytes), 6);
		assert_memory_equal(bytes, "abcdef", 6);
		free(bytes);
	}
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(whole_file_read(path, 0, &bytes), 0);
	assert_non_null(bytes);
	free(bytes);
}

static void
what_is_too_large_or_none_is_not(void **state)
{
	char *bytes = path;

	(void)state;
	assert_int_equal(whole_file_read(path, 5, &bytes), -EFBIG);
	assert_null(bytes);
	assert_int_equal(whole_file_read("/tmp", 5, &bytes), -EINVAL);
	assert_int_equal(whole_file_read("/dev/null", 5, &bytes), -EINVAL);
	assert_int_equal(whole_file_read("/nowhere/at/all", 5, &bytes), -ENOENT);
	assert_null(bytes);
}

#define FILE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(all_of_it_is_read),
		FILE_TEST(what_is_too_large_or_none_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
