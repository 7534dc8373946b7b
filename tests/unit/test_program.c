#include "ctl/program.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char output[256];

static int
shell(const char *script, bool both, size_t size)
{
	const char *const words[] = { "-c", script, NULL };

	return program_run("/bin/sh", words, both, output, size);
}

static void
what_it_wrote_and_how_it_ended_is_told(void **state)
{
	(void)state;
	assert_int_equal(shell("echo a b; exit 3", false, sizeof(output)), 3);
	assert_string_equal(output, "a b\n");
	assert_int_equal(shell("kill -9 $$", false, sizeof(output)), 137);
	assert_string_equal(output, "");
	assert_int_equal(shell("cat", false, sizeof(output)), 0); /* there is nothing to read */
}

static void
errors_come_along_where_they_are_wanted(void **state)
{
	(void)state;
	assert_int_equal(shell("echo a; echo b >&2", true, sizeof(output)), 0);
	assert_string_equal(output, "a\nb\n");
}

static void
what_is_too_long_is_left_out(void **state)
{
	(void)state;
	assert_int_equal(shell("i=0; while [ $i -lt 3000 ]; do echo 0123456789; i=$((i + 1)); done",
				 false, 8),
		0);
	assert_string_equal(output, "0123456");
}

static void
what_is_not_there_is_an_error(void **state)
{
	const char *const words[] = { NULL };

	(void)state;
	assert_int_equal(
		program_run("/is/not/there", words, false, output, sizeof(output)), -ENOENT);
}

static void
the_naiad_beside_is_found(void **state)
{
	char path[PROGRAM_PATH_MAX];

	(void)state;
	if (!program_find(path))
		skip();
	assert_non_null(strstr(path, "/naiad"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_wrote_and_how_it_ended_is_told),
		cmocka_unit_test(errors_come_along_where_they_are_wanted),
		cmocka_unit_test(what_is_too_long_is_left_out),
		cmocka_unit_test(what_is_not_there_is_an_error),
		cmocka_unit_test(the_naiad_beside_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
