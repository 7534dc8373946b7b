#include "daemon/loop/run_inputs.h"

#include "daemon/base/log.h"
#include "daemon/loop/capture/capture_file.h"
#include "tests/support/input_files.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PCAP_TEXT "\xd4\xc3\xb2\xa1"
#define ZEEK_TEXT "{\"ts\":1.5,\"uid\":\"C\"}\n"

struct rig {
	struct input_files *files;
	char paths[4][256];
	const char *given[4];
	size_t count;
	struct run_inputs inputs;
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->files = input_files_new();
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	run_inputs_end(&r->inputs);
	input_files_free(r->files);
	free(r);
	return 0;
}

static void
give(struct rig *r, const char *name, const char *text)
{
	char *path = r->paths[r->count];

	if (text != NULL)
		input_files_add(r->files, name, text);
	(void)snprintf(path, sizeof(r->paths[0]), "%s", input_files_path(r->files, name));
	r->given[r->count++] = path;
}

static enum exit_code
look(struct rig *r, enum options_input type)
{
	run_inputs_end(&r->inputs);
	return run_inputs_look(r->given, r->count, type, &r->inputs);
}

static void
captures_and_logs_are_told_apart_by_what_is_in_them(void **state)
{
	struct rig *r = *state;

	give(r, "a.log", PCAP_TEXT);
	assert_int_equal(look(r, OPTIONS_INPUT_ANY), EXIT_OK);
	assert_false(r->inputs.are_logs);
	assert_false(r->inputs.opened[0].is_open);
	r->count = 0;
	give(r, "b.pcap", ZEEK_TEXT);
	assert_int_equal(look(r, OPTIONS_INPUT_ANY), EXIT_OK);
	assert_true(r->inputs.are_logs);
	r->count = 0;
	input_files_mkdir(r->files, "d");
	give(r, "d", NULL);
	assert_int_equal(look(r, OPTIONS_INPUT_ANY), EXIT_OK);
	assert_true(r->inputs.are_logs);
	r->count = 0;
	give(r, "neither", "GET /"); /* who reads logs refuses it */
	assert_int_equal(look(r, OPTIONS_INPUT_ANY), EXIT_OK);
	assert_true(r->inputs.are_logs);
}

static void
a_type_that_is_said_holds_and_nothing_is_opened(void **state)
{
	struct rig *r = *state;

	give(r, "nowhere", NULL);
	assert_int_equal(look(r, OPTIONS_INPUT_PCAP), EXIT_OK);
	assert_false(r->inputs.are_logs);
	assert_null(r->inputs.opened);
	for (int type = OPTIONS_INPUT_ZEEK; type < OPTIONS_INPUT_COUNT; type++) {
		assert_int_equal(look(r, (enum options_input)type), EXIT_OK);
		assert_true(r->inputs.are_logs);
	}
}

static void
captures_and_logs_together_are_refused(void **state)
{
	struct rig *r = *state;

	give(r, "a", PCAP_TEXT);
	give(r, "b", ZEEK_TEXT);
	int saved = input_files_hear(r->files);
	enum exit_code code = look(r, OPTIONS_INPUT_ANY);
	const char *said = input_files_heard(r->files, saved);
	assert_int_equal(code, EXIT_USAGE);
	assert_non_null(strstr(said, "/a is a capture and "));
	assert_non_null(strstr(said, "/b is none: the same traffic would count twice"));
	r->count = 0;
	input_files_mkdir(r->files, "d");
	give(r, "d", NULL);
	give(r, "a", NULL);
	saved = input_files_hear(r->files);
	code = look(r, OPTIONS_INPUT_ANY);
	(void)input_files_heard(r->files, saved);
	assert_int_equal(code, EXIT_USAGE);
}

static void
what_is_not_there_is_told(void **state)
{
	struct rig *r = *state;

	give(r, "a", ZEEK_TEXT);
	give(r, "nowhere", NULL);
	int saved = input_files_hear(r->files);
	enum exit_code code = look(r, OPTIONS_INPUT_ANY);
	const char *said = input_files_heard(r->files, saved);
	assert_int_equal(code, EXIT_INPUT);
	assert_non_null(strstr(said, "/nowhere: cannot be read: No such file"));
	assert_int_equal(run_inputs_exit(-EACCES), EXIT_NO_PERMISSION);
	assert_int_equal(run_inputs_exit(-EPERM), EXIT_NO_PERMISSION);
	assert_int_equal(run_inputs_exit(-ENOENT), EXIT_INPUT);
}

/* A file that is standard input cannot be begun again, and nor can a pipe. */
static void
what_cannot_be_opened_twice_stays_open(void **state)
{
	struct rig *r = *state;
	int saved = dup(STDIN_FILENO);
	int ends[2];

	give(r, "a", ZEEK_TEXT);
	int fd = open(r->given[0], O_RDONLY | O_CLOEXEC);
	assert_true(dup2(fd, STDIN_FILENO) >= 0);
	(void)close(fd);
	r->given[0] = "-";
	assert_int_equal(look(r, OPTIONS_INPUT_ANY), EXIT_OK);
	assert_true(r->inputs.are_logs);
	assert_true(r->inputs.opened[0].is_open);
	assert_int_equal(cursor_left(&r->inputs.opened[0].bytes), strlen(ZEEK_TEXT));
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[0], STDIN_FILENO) >= 0);
	(void)close(ends[0]);
	assert_int_equal(write(ends[1], PCAP_TEXT "rest", 8), 8);
	(void)close(ends[1]);
	assert_int_equal(look(r, OPTIONS_INPUT_ANY), EXIT_OK);
	assert_false(r->inputs.are_logs);
	assert_int_equal(cursor_left(&r->inputs.opened[0].bytes), 8);
	struct capture_file *reader = NULL;
	char error[CAPTURE_ERROR_MAX];
	assert_int_equal(
		capture_file_open_with(r->inputs.opened, r->given, 1, NULL, &reader, error),
		-EINVAL);
	assert_non_null(strstr(error, "standard input: ")); /* it was read from, and is too short */
	assert_false(r->inputs.opened[0].is_open);
	assert_true(dup2(saved, STDIN_FILENO) >= 0);
	(void)close(saved);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define INPUTS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		INPUTS_TEST(captures_and_logs_are_told_apart_by_what_is_in_them),
		INPUTS_TEST(a_type_that_is_said_holds_and_nothing_is_opened),
		INPUTS_TEST(captures_and_logs_together_are_refused),
		INPUTS_TEST(what_is_not_there_is_told),
		INPUTS_TEST(what_cannot_be_opened_twice_stays_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
