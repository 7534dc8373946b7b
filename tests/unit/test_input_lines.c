#include "daemon/input/input_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct lines_rig {
	struct input_lines lines;
	int writer; /* the end of a pipe that the lines are read from, or a file's descriptor */
	char error[128];
	char path[64];
};

static int
setup(void **state)
{
	struct lines_rig *r = calloc(1, sizeof(*r));

	(void)snprintf(r->path, sizeof(r->path), "/tmp/naiad_test.XXXXXX");
	r->writer = mkstemp(r->path);
	*state = r;
	return r->writer < 0;
}

static int
teardown(void **state)
{
	struct lines_rig *r = *state;

	capture_input_close(&r->lines.in);
	(void)close(r->writer);
	(void)unlink(r->path);
	free(r);
	return 0;
}

static void
put(struct lines_rig *r, const void *bytes, size_t length)
{
	assert_int_equal(write(r->writer, bytes, length), (ssize_t)length);
}

static void
put_run(struct lines_rig *r, char c, size_t length)
{
	char *run = malloc(length);

	memset(run, c, length);
	put(r, run, length);
	free(run);
}

static void
open_lines(struct lines_rig *r, size_t block_bytes, bool follows)
{
	struct capture_how how = input_lines_how();

	if (block_bytes > 0)
		how.block_bytes = block_bytes;
	capture_input_close(&r->lines.in);
	r->lines = (struct input_lines){ .follows = follows };
	assert_int_equal(
		capture_input_open(&r->lines.in, r->path, how, r->error, sizeof(r->error)), 0);
}

static void
expect_line(struct lines_rig *r, uint64_t number, const char *text)
{
	char *line = NULL;
	size_t length = 0;

	assert_int_equal(input_lines_next(&r->lines, &line, &length), INPUT_ITEM);
	assert_int_equal(length, strlen(text));
	assert_string_equal(line, text);
	assert_int_equal(r->lines.number, number);
}

static void
expect(struct lines_rig *r, enum input_step step)
{
	char *line = NULL;
	size_t length = 0;

	assert_int_equal(input_lines_next(&r->lines, &line, &length), step);
}

static void
lines_come_without_their_ends_whatever_the_block(void **state)
{
	static const char log[] = "one\ntwo\r\n\n\r\nfive\r\r\n\rsix\nlast";
	struct lines_rig *r = *state;

	put(r, log, strlen(log));
	for (size_t block = 4; block < 40; block++) {
		open_lines(r, block, false);
		expect_line(r, 1, "one");
		expect_line(r, 2, "two");
		expect_line(r, 5, "five\r");
		expect_line(r, 6, "\rsix");
		expect_line(r, 7, "last");
		expect(r, INPUT_END);
		expect(r, INPUT_END);
		assert_int_equal(r->lines.in.end, CAPTURE_END_CLEAN);
	}
}

static void
an_empty_file_has_no_lines(void **state)
{
	struct lines_rig *r = *state;

	open_lines(r, 0, false);
	expect(r, INPUT_END);
	put(r, "\n", 1);
	open_lines(r, 0, false);
	expect(r, INPUT_END);
}

static void
a_line_is_too_long_above_the_cap(void **state)
{
	struct lines_rig *r = *state;
	char *line = NULL;
	size_t length = 0;

	put_run(r, 'a', INPUT_LINE_MAX - 1);
	put(r, "\n", 1);
	put_run(r, 'b', INPUT_LINE_MAX);
	put(r, "\n", 1);
	put_run(r, 'c', INPUT_LINE_MAX + 1);
	put(r, "\nshort\n", 7);
	put_run(r, 'd', (size_t)10 * INPUT_LINE_MAX);
	put(r, "\nlast\n", 6);
	put_run(r, 'e', (size_t)2 * INPUT_LINE_MAX);
	for (size_t block = 0; block < 300000; block = block * 2 + 777) {
		open_lines(r, block, false);
		assert_int_equal(input_lines_next(&r->lines, &line, &length), INPUT_ITEM);
		assert_int_equal(length, INPUT_LINE_MAX - 1);
		assert_int_equal(input_lines_next(&r->lines, &line, &length), INPUT_ITEM);
		assert_int_equal(length, INPUT_LINE_MAX);
		assert_int_equal(line[0], 'b');
		assert_int_equal(line[INPUT_LINE_MAX - 1], 'b');
		expect_line(r, 4, "short");
		expect_line(r, 6, "last");
		expect(r, INPUT_END);
		assert_int_equal(r->lines.too_long, 3);
	}
}

/* What a writer without O_APPEND leaves in place of what copytruncate cut off. */
static void
nul_bytes_in_front_of_a_line_are_passed_over(void **state)
{
	struct lines_rig *r = *state;
	char *line = NULL;
	size_t length = 0;

	put_run(r, '\0', 1000);
	put(r, "one\na\0b\n\0\n", 10);
	open_lines(r, 16, false);
	expect_line(r, 1, "one");
	assert_int_equal(input_lines_next(&r->lines, &line, &length), INPUT_ITEM);
	assert_int_equal(length, 3);
	assert_memory_equal(line, "a\0b", 4);
	expect(r, INPUT_END);
}

static void
a_followed_line_is_withheld_until_it_is_whole(void **state)
{
	struct lines_rig *r = *state;

	put(r, "one\ntw", 6);
	open_lines(r, 0, true);
	expect_line(r, 1, "one");
	expect(r, INPUT_WAIT);
	expect(r, INPUT_WAIT);
	put(r, "o", 1);
	expect(r, INPUT_WAIT);
	put(r, "\nthr", 4);
	expect_line(r, 2, "two");
	expect(r, INPUT_WAIT);
	r->lines.follows = false; /* its writer is gone */
	expect_line(r, 3, "thr");
	expect(r, INPUT_END);
}

static void
a_line_of_a_pipe_that_never_waits_comes_when_it_is_there(void **state)
{
	struct lines_rig *r = *state;
	struct capture_how how = input_lines_how();
	int ends[2];

	how.never_waits = true;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	r->lines.follows = true;
	assert_int_equal(capture_input_open_fd(
				 &r->lines.in, ends[0], "pipe", how, r->error, sizeof(r->error)),
		0);
	expect(r, INPUT_WAIT);
	assert_int_equal(write(ends[1], "on", 2), 2);
	expect(r, INPUT_WAIT);
	assert_int_equal(write(ends[1], "e\n", 2), 2);
	expect_line(r, 1, "one");
	expect(r, INPUT_WAIT);
	(void)close(ends[1]);
	expect(r, INPUT_WAIT);
	r->lines.follows = false;
	expect(r, INPUT_END);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define LINES_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		LINES_TEST(lines_come_without_their_ends_whatever_the_block),
		LINES_TEST(an_empty_file_has_no_lines),
		LINES_TEST(a_line_is_too_long_above_the_cap),
		LINES_TEST(nul_bytes_in_front_of_a_line_are_passed_over),
		LINES_TEST(a_followed_line_is_withheld_until_it_is_whole),
		LINES_TEST(a_line_of_a_pipe_that_never_waits_comes_when_it_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
