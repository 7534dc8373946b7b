/* test_reputation_file.c -- files of reputation, whatever they are. */
#include "exporters/kalipso/reputation_file.h"

#include "exporters/kalipso/reputation_line.h"
#include "tests/support/child_rig.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define GOOD "{\"address\":\"203.0.113.66\",\"url\":0.5}"

struct rig {
	struct scratch *scratch;
	int directory;
	unsigned taken;
	struct reputation_scores last;
	struct reputation_file is;
};

static int
start(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->scratch = scratch_new();
	r->directory = open(r->scratch->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = r;
	return r->directory < 0;
}

static int
stop(void **state)
{
	struct rig *r = *state;

	(void)close(r->directory);
	scratch_free(r->scratch);
	free(r);
	return 0;
}

static void
take(void *context, const struct reputation_scores *scores)
{
	struct rig *r = context;

	r->taken++;
	r->last = *scores;
}

static void
read_it(struct rig *r)
{
	r->taken = 0;
	reputation_file_read(r->directory, "x.jsonl", take, r, &r->is);
}

/* The file is `count` times `text`, and `end`. */
static void
read_text(struct rig *r, const char *text, size_t count, const char *end)
{
	int fd = openat(r->directory, "x.jsonl", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	FILE *f = fdopen(fd, "w");

	assert_non_null(f);
	for (size_t i = 0; i < count; i++)
		(void)fputs(text, f);
	(void)fputs(end, f);
	assert_int_equal(fclose(f), 0);
	read_it(r);
}

static void
assert_wrong(const struct rig *r, const char *expected, uint64_t line)
{
	assert_non_null(r->is.expected);
	assert_string_equal(r->is.expected, expected);
	assert_int_equal(r->is.line, line);
}

static void
each_line_is_taken_in_order(void **state)
{
	struct rig *r = *state;

	read_text(r, GOOD "\n", 1000, "{\"address\":\"203.0.113.67\",\"url\":1}\n");
	assert_null(r->is.expected);
	assert_int_equal(r->is.lines, 1001);
	assert_int_equal(r->is.bad, 0);
	assert_int_equal(r->taken, 1001);
	assert_true(r->last.url == 1);
	read_text(r, "", 0, "");
	assert_null(r->is.expected);
	assert_int_equal(r->is.lines, 0);
}

static void
a_last_line_needs_no_end_and_half_of_one_costs_only_itself(void **state)
{
	struct rig *r = *state;

	read_text(r, GOOD "\r\n\n \t\n", 2, GOOD);
	assert_null(r->is.expected);
	assert_int_equal(r->taken, 3);
	assert_int_equal(r->is.lines, 3);
	read_text(r, GOOD "\n", 2, "{\"address\":\"203.0.113.66\",\"ur");
	assert_wrong(r, "a JSON object", 3);
	assert_int_equal(r->taken, 2);
	assert_int_equal(r->is.bad, 1);
}

static void
the_first_line_that_is_wrong_is_told_and_all_are_counted(void **state)
{
	struct rig *r = *state;

	read_text(r, "\n" GOOD "\n{\"address\":1,\"url\":0}\nbinary \x01\xff\n", 3, GOOD "\n");
	assert_wrong(r, "\"address\" to be an IPv4 or IPv6 address", 3);
	assert_int_equal(r->is.lines, 10);
	assert_int_equal(r->is.bad, 6);
	assert_int_equal(r->taken, 4);
}

/* A good line of `length` bytes, blanks and its end. */
static void
read_long(struct rig *r, size_t length, const char *end)
{
	char *text = malloc(length + 1);

	assert_non_null(text);
	memset(text, ' ', length);
	memcpy(text, GOOD, sizeof(GOOD) - 2);
	text[length - 1] = '}';
	text[length] = '\0';
	read_text(r, text, 1, end);
	free(text);
}

static void
a_line_that_is_too_long_costs_only_itself(void **state)
{
	const size_t line = REPUTATION_LINE_MAX;
	const size_t lengths[] = { line + 1, 4 * line - 1, 4 * line, 4 * line + 1, 1280 * line };
	struct rig *r = *state;

	read_long(r, line - 1, "\n" GOOD);
	assert_null(r->is.expected);
	read_long(r, line, "\n" GOOD);
	assert_null(r->is.expected);
	assert_int_equal(r->taken, 2);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		read_long(r, lengths[i], "\n" GOOD);
		assert_wrong(r, "a line of at most 4096 bytes", 1);
		assert_int_equal(r->is.lines, 2);
		assert_int_equal(r->is.bad, 1);
		assert_int_equal(r->taken, 1);
		read_long(r, lengths[i], "");
		assert_int_equal(r->is.bad, 1);
		assert_int_equal(r->taken, 0);
	}
}

static void
make_size(struct rig *r, off_t size)
{
	int fd = openat(r->directory, "x.jsonl", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	assert_int_equal(ftruncate(fd, size), 0);
	assert_int_equal(close(fd), 0);
	read_it(r);
}

static void
a_file_that_is_too_large_is_not_read(void **state)
{
	struct rig *r = *state;

	make_size(r, REPUTATION_FILE_BYTES_MAX); /* of zeros: a line */
	assert_wrong(r, "a line of at most 4096 bytes", 1);
	make_size(r, REPUTATION_FILE_BYTES_MAX + 1);
	assert_wrong(r, "at most 8 MiB, in more files if it is more", 0);
	assert_int_equal(r->is.lines, 0);
}

static void
what_is_no_regular_file_is_refused_at_once(void **state)
{
	struct rig *r = *state;
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	assert_int_equal(mkfifoat(r->directory, "x.jsonl", 0600), 0);
	read_it(r);
	assert_wrong(r, "a regular file", 0);
	assert_int_equal(unlinkat(r->directory, "x.jsonl", 0), 0);

	assert_int_equal(mkdirat(r->directory, "x.jsonl", 0700), 0);
	read_it(r);
	assert_wrong(r, "a regular file", 0);
	assert_int_equal(unlinkat(r->directory, "x.jsonl", AT_REMOVEDIR), 0);

	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)snprintf(name.sun_path, sizeof(name.sun_path), "%s/x.jsonl", r->scratch->directory);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	read_it(r);
	assert_wrong(r, "a regular file", 0);
	assert_int_equal(close(fd), 0);
	assert_int_equal(unlinkat(r->directory, "x.jsonl", 0), 0);

	assert_int_equal(symlinkat("/etc/passwd", r->directory, "x.jsonl"), 0);
	read_it(r);
	assert_wrong(r, "a regular file", 0);
	assert_int_equal(unlinkat(r->directory, "x.jsonl", 0), 0);

	read_it(r);
	assert_wrong(r, "a file that stays while it is read", 0);
}

static void
read_as_nobody(void *context)
{
	const uid_t nobody = 65534;
	struct rig *r = context;

	CHILD_CHECK(geteuid() != 0 || setuid(nobody) == 0);
	read_it(r);
	CHILD_CHECK(r->is.line == 0 && r->is.expected != NULL);
	CHILD_CHECK(strcmp(r->is.expected, "a file that this user may read") == 0);
}

static void
what_may_not_be_read_is_told(void **state)
{
	struct rig *r = *state;

	make_size(r, 0);
	assert_int_equal(fchmodat(r->directory, "x.jsonl", 0, 0), 0);
	assert_true(child_holds(read_as_nobody, r));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_line_is_taken_in_order),
		TEST(a_last_line_needs_no_end_and_half_of_one_costs_only_itself),
		TEST(the_first_line_that_is_wrong_is_told_and_all_are_counted),
		TEST(a_line_that_is_too_long_costs_only_itself),
		TEST(a_file_that_is_too_large_is_not_read),
		TEST(what_is_no_regular_file_is_refused_at_once),
		TEST(what_may_not_be_read_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
