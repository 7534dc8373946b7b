/* The program is a script of this test's: what the real one prints, the integration tests see. */
#include "daemon/input/nfdump_run.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct rig {
	struct scratch *scratch;
	char program[128];
	char error[256];
	struct nfdump_run run;
};

static int
rig_open(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	*state = r;
	r->scratch = scratch_new();
	(void)snprintf(r->program, sizeof(r->program), "%s/nfdump", r->scratch->directory);
	return r->scratch == NULL;
}

static int
rig_close(void **state)
{
	struct rig *r = *state;

	scratch_free(r->scratch);
	free(r);
	return 0;
}

/* The program does this. */
static void
program(struct rig *r, const char *script)
{
	FILE *f = fopen(r->program, "w");

	assert_non_null(f);
	(void)fprintf(f, "#!/bin/sh\n%s\n", script);
	(void)fclose(f);
	assert_int_equal(chmod(r->program, S_IRWXU), 0);
	memset(r->error, 0, sizeof(r->error));
	assert_int_equal(
		nfdump_run_start(&r->run, r->program, "a\tfile", r->error, sizeof(r->error)), 0);
}

static void
assert_says(struct rig *r, const char *expected)
{
	char text[512];
	size_t length = 0;
	ssize_t more;

	while ((more = read(r->run.fd, text + length, sizeof(text) - 1 - length)) > 0)
		length += (size_t)more;
	text[length] = '\0';
	(void)close(r->run.fd);
	assert_string_equal(text, expected);
}

static int
end(struct rig *r)
{
	return nfdump_run_end(&r->run, r->error, sizeof(r->error));
}

static void
the_program_is_asked_for_plain_numbers_of_the_file(void **state)
{
	struct rig *r = *state;

	program(r, "echo \"$1 $2 $3 $4 ${5%%,*} $6 $7\"");
	assert_says(r, "-q -N -6 -o fmt:%tsr -r a\tfile\n");
	assert_int_equal(end(r), 0);
	assert_int_equal(end(r), 0); /* none runs any more */
}

static void
the_program_has_nothing_of_our_environment_and_input(void **state)
{
	struct rig *r = *state;

	(void)setenv("NAIAD_SECRET", "1", 1);
	program(r, "echo \"$NAIAD_SECRET $TZ\"; cat");
	assert_says(r, " UTC\n");
	assert_int_equal(end(r), 0);
}

static void
the_program_hears_signals_that_we_do_not(void **state)
{
	struct rig *r = *state;
	sigset_t pipe_only;

	(void)sigemptyset(&pipe_only);
	(void)sigaddset(&pipe_only, SIGPIPE);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)sigprocmask(SIG_BLOCK, &pipe_only, NULL);
	program(r, "kill -PIPE $$; echo deaf");
	assert_says(r, "");
	assert_int_equal(end(r), 0);
	(void)sigprocmask(SIG_UNBLOCK, &pipe_only, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
}

static void
who_stops_reading_ends_the_program(void **state)
{
	struct rig *r = *state;

	program(r, "while echo a line; do :; done");
	(void)close(r->run.fd);
	assert_int_equal(end(r), 0);
}

static void
a_complaint_is_told_even_if_it_exits_with_zero(void **state)
{
	struct rig *r = *state;

	program(r, "echo 'bad \033magic' >&2; echo more >&2");
	assert_says(r, "");
	assert_int_equal(end(r), -EIO);
	assert_string_equal(r->error, "nfdump could not read it: bad \\x1bmagic");
}

static void
a_program_that_fails_in_silence_is_told(void **state)
{
	struct rig *r = *state;

	program(r, "exit 3");
	assert_says(r, "");
	assert_int_equal(end(r), -EIO);
	assert_string_equal(r->error, "nfdump could not read it: it says nothing");
	program(r, "kill -KILL $$");
	assert_says(r, "");
	assert_int_equal(end(r), -EIO);
}

static void
no_complaint_is_so_long_that_it_is_waited_for(void **state)
{
	struct rig *r = *state;

	program(r, "yes 2>/dev/null | head -c 300000 >&2; echo done");
	assert_says(r, "done\n");
	assert_int_equal(end(r), -EIO);
}

static void
without_the_program_people_are_told_what_to_do(void **state)
{
	struct rig *r = *state;

	assert_int_equal(
		nfdump_run_start(&r->run, r->program, "f", r->error, sizeof(r->error)), -ENOENT);
	assert_string_equal(r->error,
		"f: its format is read by the program nfdump, which is not installed: install it, "
		"or give the text that it prints by -o csv");
	assert_int_equal(end(r), 0);
	assert_int_equal(
		nfdump_run_start(&r->run, r->scratch->directory, "f", r->error, sizeof(r->error)),
		-EACCES);
	assert_string_equal(r->error, "f: cannot run nfdump: Permission denied");
}

static void
its_name_is_looked_up_in_the_path(void **state)
{
	struct rig *r = *state;
	const char *before = getenv("PATH");
	char *path = strdup(before == NULL ? "" : before);

	program(r, "echo found");
	assert_says(r, "found\n");
	assert_int_equal(end(r), 0);
	(void)setenv("PATH", r->scratch->directory, 1);
	int error = nfdump_run_start(&r->run, NULL, "f", r->error, sizeof(r->error));
	(void)setenv("PATH", path, 1);
	free(path);
	assert_int_equal(error, 0);
	assert_says(r, "found\n");
	assert_int_equal(end(r), 0);
}

int
main(void)
{
#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		WITH_RIG(the_program_is_asked_for_plain_numbers_of_the_file),
		WITH_RIG(the_program_has_nothing_of_our_environment_and_input),
		WITH_RIG(the_program_hears_signals_that_we_do_not),
		WITH_RIG(who_stops_reading_ends_the_program),
		WITH_RIG(a_complaint_is_told_even_if_it_exits_with_zero),
		WITH_RIG(a_program_that_fails_in_silence_is_told),
		WITH_RIG(no_complaint_is_so_long_that_it_is_waited_for),
		WITH_RIG(without_the_program_people_are_told_what_to_do),
		WITH_RIG(its_name_is_looked_up_in_the_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
