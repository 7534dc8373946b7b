#include "daemon/input/input_reader.h"

#include "tests/support/input_files.h"
#include "tests/support/input_toy.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

struct rig {
	struct input_plan plan;
	struct input_file file;
	struct input_reader reader;
	char error[INPUT_ERROR_MAX];
};

/* Start a reader over a pipe into which a child writes `lines` lines of 64 bytes, 1000 bytes at a time. */
static pid_t
start(struct rig *r, size_t lines, bool follows)
{
	int ends[2];
	struct input_file *file = &r->file;

	*r = (struct rig){ .plan = { .follow = follows, .kind = INPUT_KIND_ZEEK } };
	r->file.count = (struct input_count){ .path = "x", .kind = INPUT_KIND_ZEEK };
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		char *text = malloc(lines * 64 + 1);
		(void)close(ends[0]);
		for (size_t i = 0; i < lines; i++)
			(void)snprintf(text + i * 64, 65, "{\"ts\":%-56zu}\n", i + 1);
		for (size_t at = 0; at < lines * 64; at += 1000)
			if (write(ends[1], text + at,
				    lines * 64 - at < 1000 ? lines * 64 - at : 1000) < 0)
				_exit(1);
		_exit(0);
	}
	(void)close(ends[1]);
	assert_int_equal(capture_input_open_fd(&r->file.opened, ends[0], "x", input_lines_how(),
				 r->error, sizeof(r->error)),
		0);
	assert_int_equal(input_reader_start(&r->reader, &r->plan, &file, 1, r->error), 0);
	return child;
}

static size_t
end(struct rig *r, pid_t child)
{
	size_t items = 0;

	while (input_reader_next(&r->reader) == INPUT_ITEM)
		assert_int_equal(input_reader_item(&r->reader)->o.ts_ns, ++items * TOY_S);
	input_reader_end(&r->reader);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return items;
}

/* Or the same bytes would give another run when they come another way. */
static void
a_format_sees_the_same_beginning_however_it_comes(void **state)
{
	static const size_t lines[] = { 1, 2047, 2048, 2049, 8000 };
	struct rig *r = calloc(1, sizeof(*r));

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		pid_t child = start(r, lines[i], false);
		const struct toy *t = r->reader.s.state;
		size_t bytes = lines[i] * 64;
		assert_int_equal(t->begun, 1);
		assert_int_equal(
			t->first_length, bytes < INPUT_LINES_BLOCK ? bytes : INPUT_LINES_BLOCK);
		assert_int_equal(end(r, child), lines[i]);
	}
	free(r);
}

/* The next line may be an hour away. */
static void
who_follows_does_not_wait_for_a_block(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	(void)state;
	pid_t child = start(r, 3000, true);
	assert_true(((const struct toy *)r->reader.s.state)->first_length <= INPUT_LINES_BLOCK);
	assert_true(((const struct toy *)r->reader.s.state)->first_length < (size_t)3000 * 64);
	assert_int_equal(input_reader_next(&r->reader), INPUT_ITEM);
	input_reader_end(&r->reader);
	assert_int_equal(waitpid(child, NULL, 0), child);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_format_sees_the_same_beginning_however_it_comes),
		cmocka_unit_test(who_follows_does_not_wait_for_a_block),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
