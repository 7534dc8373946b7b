#include "daemon/input/input.h"

#include "daemon/input/input_lines.h"
#include "tests/support/input_files.h"
#include "tests/support/input_toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TOLD_MAX = 8192, PATHS_MAX = 80 };

struct rig {
	struct input_files *files;
	char paths[PATHS_MAX][256];
	const char *given[PATHS_MAX];
	struct input_plan plan;
	struct input *in;
	char error[INPUT_ERROR_MAX];
	char told
		[TOLD_MAX]; /* "a b c": uids in the order of telling, with the seconds of the key: "a@1" */
};

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->files = input_files_new();
	r->plan = (struct input_plan){ .paths = r->given };
	log_level_set(LOG_LEVEL_INFO);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	input_close(r->in);
	input_files_free(r->files);
	free(r);
	return 0;
}

static void
give(struct rig *r, const char *name)
{
	char *path = r->paths[r->plan.count];

	(void)snprintf(path, sizeof(r->paths[0]), "%s", input_files_path(r->files, name));
	r->given[r->plan.count++] = path;
}

static void
open_all(struct rig *r)
{
	input_close(r->in);
	r->in = NULL;
	if (input_open(&r->plan, &r->in, r->error) != 0)
		fail_msg("%s", r->error);
}

static int
refused(struct rig *r)
{
	input_close(r->in);
	r->in = NULL;
	int rc = input_open(&r->plan, &r->in, r->error);
	assert_null(r->in);
	return rc;
}

/* Read to the end, or until there is nothing now. */
static enum input_step
read_on(struct rig *r)
{
	const struct observation *o;
	enum input_step step;
	uint64_t key;
	uint64_t before = 0;
	size_t used = 0;

	r->told[0] = '\0';
	while ((step = input_next(r->in, &o, &key)) == INPUT_ITEM) {
		assert_true(key >= before);
		before = key;
		assert_int_equal(o->kind, OBS_FLOW_END);
		used += (size_t)snprintf(r->told + used, TOLD_MAX - used, "%s%s@%llu",
			used > 0 ? " " : "", o->flow->uid.text, (unsigned long long)(key / TOY_S));
		assert_true(used < TOLD_MAX);
	}
	return step;
}

static void
expect(struct rig *r, const char *told)
{
	open_all(r);
	assert_int_equal(read_on(r), INPUT_END);
	assert_string_equal(r->told, told);
}

static uint64_t
lost(struct rig *r, const char *reason)
{
	struct record_loss losses[INPUT_LOSSES];

	input_losses(r->in, losses);
	for (size_t i = 0; i < INPUT_LOSSES; i++)
		if (strcmp(losses[i].reason, reason) == 0)
			return losses[i].count;
	fail_msg("%s is no loss", reason);
	return 0;
}

static struct input_count
count_of(struct rig *r, size_t i)
{
	struct input_count c = { 0 };

	assert_int_equal(input_counts(r->in, i, &c, 1), 1);
	return c;
}

static void
files_are_merged_by_time(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "a", "{\"ts\":1,\"id\":\"a1\"}\n{\"ts\":4,\"id\":\"a4\"}\n");
	input_files_add(r->files, "b",
		"{\"ts\":1,\"id\":\"b1\"}\n{\"ts\":2,\"id\":\"b2\"}\n{\"ts\":9,\"id\":\"b9\"}");
	input_files_gzip(r->files, "c", "{\"ts\":3,\"id\":\"c3\"}\n");
	give(r, "a");
	give(r, "b");
	give(r, "c");
	expect(r, "a1@1 b1@1 b2@2 c3@3 a4@4 b9@9");
	const struct observation *o;
	uint64_t key;
	assert_int_equal(input_next(r->in, &o, &key), INPUT_END);
	struct input_count c = count_of(r, 1);
	assert_string_equal(c.path, r->given[1]);
	assert_int_equal(c.kind, INPUT_KIND_ZEEK);
	assert_string_equal(c.log, "toy");
	assert_int_equal(c.lines, 3);
	assert_int_equal(c.read, 3);
	assert_int_equal(input_counts(r->in, 3, &c, 1), 0);
	struct input_count all[4];
	assert_int_equal(input_counts(r->in, 0, all, 4), 3);
	assert_int_equal(input_counts(r->in, 0, all, 2), 2);
}

/* Within a file its own order holds, and time does not go back. */
static void
what_is_late_in_its_file_is_told_and_counted(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "a",
		"{\"ts\":5,\"id\":\"a5\"}\n{\"ts\":1,\"id\":\"a1\"}\n{\"ts\":5,\"id\":\"x\"}\n"
		"{\"ts\":2,\"id\":\"k\",\"key\":7}\n");
	input_files_add(r->files, "b", "{\"ts\":4,\"id\":\"b4\"}\n{\"ts\":6,\"id\":\"b6\"}\n");
	give(r, "a");
	give(r, "b");
	expect(r, "b4@4 a5@5 a1@5 x@5 b6@6 k@7");
	assert_int_equal(lost(r, "input_late"), 1);
}

/* In seconds, of what would be told now. */
static uint64_t
earliest(struct rig *r)
{
	uint64_t ns;

	open_all(r);
	while (!input_begins(r->in, &ns))
		;
	return ns == UINT64_MAX ? ns : ns / TOY_S;
}

static void
the_earliest_is_known_before_it_is_told(void **state)
{
	struct rig *r = *state;
	static char block[INPUT_LINES_BLOCK];

	input_files_add(r->files, "a",
		"#header\n\n{\"ts\":8,\"id\":\"a8\"}\r\nbad\n{\"ts\":9,\"id\":\"a9\",\"start\":5}\r\n");
	input_files_add(r->files, "b", "{\"ts\":7,\"id\":\"b7\",\"start\":6}");
	give(r, "a");
	give(r, "b");
	assert_int_equal(earliest(r), 5);
	assert_int_equal(read_on(r), INPUT_END);
	assert_string_equal(r->told, "b7@7 a8@8 a9@9");
	assert_int_equal(count_of(r, 0).bad, 1); /* looking ahead counts nothing */
	r->given[0] = r->given[1];
	assert_int_equal(earliest(r), 6); /* a last line without its end is at hand */
	input_files_add(r->files, "held", "{\"ts\":3,\"keep\":1}\n{\"ts\":4,\"id\":\"x\"}\n");
	r->plan.count = 0;
	give(r, "held");
	assert_int_equal(earliest(r), 3);
	input_files_add(r->files, "none", "{\"ts\":3,\"skip\":1}\n");
	r->plan.count = 0;
	give(r, "none");
	assert_int_equal(earliest(r), UINT64_MAX);

	/* What lies behind the first block is seen where lines are put in order. */
	memset(block, '\n', sizeof(block) - 1);
	input_files_add(r->files, "long", "{\"ts\":8,\"id\":\"l8\"}\n");
	input_files_add(r->files, "long", block);
	input_files_add(r->files, "long", "{\"ts\":9,\"id\":\"l9\",\"start\":2}\n");
	r->plan.count = 0;
	give(r, "long");
	assert_int_equal(earliest(r), 8);
	r->plan.sort = INPUT_SORT_ALWAYS;
	assert_int_equal(earliest(r), 2);
	for (unsigned i = 0; i < 600; i++) /* more lines than are read at once */
		input_files_add(r->files, "many", "{\"ts\":8,\"id\":\"m\"}\n");
	input_files_add(r->files, "many", "{\"ts\":9,\"id\":\"m9\",\"start\":1}\n");
	r->plan.count = 0;
	give(r, "many");
	assert_int_equal(earliest(r), 1);
	r->plan.sort = INPUT_SORT_AUTO;
	r->plan.follow = true;
	input_files_add(r->files, "grows",
		"{\"ts\":8,\"id\":\"l8\"}\n{\"ts\":9,\"id\":\"l9\",\"start\":2}\n");
	r->plan.count = 0;
	give(r, "grows");
	assert_int_equal(earliest(r), 8);
}

static void
a_line_may_say_several_things(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "a",
		"{\"ts\":1,\"id\":\"a\",\"items\":4}\n{\"ts\":1,\"id\":\"none\",\"items\":0}\n"
		"{\"ts\":2,\"id\":\"b\",\"items\":2}\n");
	give(r, "a");
	expect(r, "a@1 a@1 a@1 a@1 b@2 b@2");
}

static void
what_is_held_back_is_told_when_it_is_due_and_at_the_end(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "a",
		"{\"ts\":1,\"keep\":1}\n{\"ts\":5,\"id\":\"a\"}\n{\"ts\":11,\"id\":\"b\"}\n{\"ts\":12,\"id\":\"c\"}\n"
		"{\"ts\":12,\"keep\":1}\n");
	give(r, "a");
	expect(r, "a@5 b@11 kept@11 c@12 kept@12");
	assert_int_equal(count_of(r, 0).read, 5);
	assert_int_equal(count_of(r, 0).lines, 5);
	assert_int_equal(lost(r, "input_late"), 1);
}

static void
bad_lines_are_counted_and_the_first_is_told(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "a",
		"# header\n\n{\"ts\":1,\"id\":\"a\"}\nbad \x1b[31m\nbad\n{\"skip\":1}\n{\"ts\":2,\"id\":\"b\"}\n");
	give(r, "a");
	r->plan.kind = INPUT_KIND_ZEEK;
	int saved = input_files_hear(r->files);
	open_all(r);
	(void)read_on(r);
	const char *said = input_files_heard(r->files, saved);
	assert_string_equal(r->told, "a@1 b@2");
	assert_non_null(strstr(said,
		"/a:4: ts: \"bad \\x1b[31m\" is no time, the line is skipped; further ones are only counted"));
	assert_null(strstr(said, ":5:"));
	struct input_count c = count_of(r, 0);
	assert_int_equal(c.lines, 5);
	assert_int_equal(c.read, 2);
	assert_int_equal(c.skipped, 1);
	assert_int_equal(c.bad, 2);
	assert_int_equal(c.first_bad, 4);
	assert_int_equal(lost(r, "input_bad_lines"), 2);
	assert_int_equal(lost(r, "input_unknown"), 1);
}

static void
damage_is_told_and_counted(void **state)
{
	struct rig *r = *state;
	struct stat st;

	input_files_gzip(r->files, "a", "{\"ts\":1,\"id\":\"a\"}\n{\"ts\":2,\"id\":\"b\"}\n");
	assert_int_equal(stat(input_files_path(r->files, "a"), &st), 0);
	assert_int_equal(truncate(input_files_path(r->files, "a"), st.st_size - 4), 0);
	give(r, "a");
	int saved = input_files_hear(r->files);
	open_all(r);
	(void)read_on(r);
	const char *said = input_files_heard(r->files, saved);
	assert_string_equal(r->told, "a@1 b@2");
	assert_non_null(strstr(
		said, "/a: cut short behind line 2: the gzip stream breaks off; the rest is lost"));
	assert_int_equal(lost(r, "input_cut_files"), 1);
	char *lengthy = calloc(1, INPUT_LINE_MAX + 2);
	memset(lengthy, 'x', INPUT_LINE_MAX + 1);
	input_files_add(r->files, "b", "{\"ts\":1,\"id\":\"a\"}\n");
	input_files_add(r->files, "b", lengthy);
	free(lengthy);
	r->plan.count = 0;
	give(r, "b");
	expect(r, "a@1");
	assert_int_equal(lost(r, "input_long_lines"), 1);
	assert_int_equal(lost(r, "input_cut_files"), 0);
}

/* A year and a day and more; what follows a clock that was set is told, but for its first line. */
static void
a_line_far_ahead_is_believed_when_the_next_says_so_too(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "a",
		"{\"ts\":1,\"id\":\"a\"}\n{\"ts\":4102444800,\"id\":\"no\"}\n"
		"{\"ts\":2,\"id\":\"b\"}\n{\"ts\":4102444801,\"id\":\"no\"}\n"
		"{\"ts\":31622401,\"id\":\"c\"}\n{\"ts\":63244801,\"id\":\"no\"}\n"
		"{\"ts\":63244802,\"id\":\"d\"}\n");
	give(r, "a");
	int saved = input_files_hear(r->files);
	expect(r, "a@1 b@2 c@31622401 d@63244802");
	assert_non_null(strstr(input_files_heard(r->files, saved),
		"/a:2: its time is 47481 days ahead of the lines before, the line is skipped"));
	assert_int_equal(lost(r, "input_bad_lines"), 3);
	assert_int_equal(lost(r, "input_late"), 0);
	assert_int_equal(count_of(r, 0).read, 4);
}

static void
a_file_that_is_given_twice_is_read_once(void **state)
{
	struct rig *r = *state;
	char other[256];

	input_files_mkdir(r->files, "d");
	input_files_add(r->files, "d/conn.log", "{\"ts\":1,\"id\":\"a\"}\n");
	(void)snprintf(other, sizeof(other), "%s", input_files_path(r->files, "d/conn.1.log"));
	assert_int_equal(symlink("conn.log", other), 0);
	give(r, "d/conn.log");
	give(r, "d/conn.log");
	give(r, "d");
	int saved = input_files_hear(r->files);
	expect(r, "a@1");
	const char *said = input_files_heard(r->files, saved);
	assert_non_null(strstr(said, "/d/conn.log is the same file as "));
	assert_non_null(strstr(said, "/d/conn.1.log is the same file as "));
	struct input_count all[4];
	assert_int_equal(input_counts(r->in, 0, all, 4), 1);
}

static void
pieces_of_a_log_are_one_stream_in_the_order_of_their_times(void **state)
{
	struct rig *r = *state;

	input_files_mkdir(r->files, "d");
	input_files_mkdir(r->files, "d/2024-04-19");
	input_files_gzip(r->files, "d/conn.b.log.gz", "{\"ts\":0,\"id\":\"no\"}\n");
	input_files_gzip(r->files, "d/2024-04-19/conn.00:00:00-01:00:00.log.gz",
		"#header\n{\"ts\":5,\"id\":\"c5\"}\n{\"ts\":6,\"id\":\"c6\"}\n");
	input_files_add(r->files, "d/conn.log", "{\"ts\":9,\"id\":\"c9\"}\n");
	input_files_add(r->files, "d/conn.log.2", "{\"ts\":1,\"id\":\"c1\"}\n");
	input_files_add(r->files, "d/conn.log.1", "{\"skip\":1,\"ts\":1}\n");
	input_files_add(r->files, "d/dns.log", "{\"ts\":6,\"id\":\"d6\"}\n");
	input_files_add(r->files, "d/http.log", "nothing of ours\n");
	input_files_add(r->files, "d/ssl.log", "");
	give(r, "d");
	int saved = input_files_hear(r->files);
	open_all(r);
	const char *said = input_files_heard(r->files, saved);
	assert_non_null(strstr(said, "1 file is not followed, and passed over: \"conn.b.log.gz\""));
	assert_non_null(strstr(said,
		"/d/http.log: not recognised: starts with 6e 6f 74 68; expected a log of Zeek"));
	assert_non_null(
		strstr(said, "/d/ssl.log: not recognised: it is empty; expected a log of Zeek"));
	assert_int_equal(read_on(r), INPUT_END);
	assert_string_equal(r->told, "c1@1 c5@5 c6@6 d6@6 c9@9");
	assert_int_equal(lost(r, "input_unknown"), 3 + 1);
	struct input_count all[8];
	assert_int_equal(input_counts(r->in, 0, all, 8), 5);
	struct input_progress p;
	input_progress(r->in, &p);
	assert_true(p.bytes_total > 0);
	assert_int_equal(p.bytes_read, p.bytes_total);
	assert_int_equal(p.lines, 6);
}

static void
only_one_file_of_a_series_is_open(void **state)
{
	struct rig *r = *state;
	char name[64];
	char text[64];
	unsigned expected = 0;
	const struct observation *o;
	uint64_t key;

	input_files_mkdir(r->files, "d");
	for (unsigned i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof(name), "d/conn.log.%u", i);
		(void)snprintf(text, sizeof(text), "{\"ts\":%u,\"id\":\"x\"}\n", 301 - i);
		input_files_add(r->files, name, text);
	}
	give(r, "d");
	int before = dup(STDIN_FILENO);
	(void)close(before);
	open_all(r);
	while (input_next(r->in, &o, &key) == INPUT_ITEM) {
		assert_int_equal(o->ts_ns / TOY_S, ++expected + 1);
		int next = dup(STDIN_FILENO);
		assert_true(next <= before + 1);
		(void)close(next);
	}
	assert_int_equal(expected, 300);
}

static void
what_vanishes_before_its_turn_is_told_and_counted(void **state)
{
	struct rig *r = *state;

	input_files_mkdir(r->files, "d");
	input_files_add(r->files, "d/conn.log.2", "{\"ts\":1,\"id\":\"a\"}\n");
	input_files_add(r->files, "d/conn.log.1", "{\"ts\":2,\"id\":\"b\"}\n");
	input_files_add(r->files, "d/conn.log", "{\"ts\":3,\"id\":\"c\"}\n");
	give(r, "d");
	open_all(r);
	(void)unlink(input_files_path(r->files, "d/conn.log.1"));
	int saved = input_files_hear(r->files);
	assert_int_equal(read_on(r), INPUT_END);
	const char *said = input_files_heard(r->files, saved);
	assert_non_null(strstr(said,
		"conn.log.1: cannot be read: No such file or directory; going on without it"));
	assert_string_equal(r->told, "a@1 c@3");
	assert_int_equal(lost(r, "input_cut_files"), 1);
}

static void
what_cannot_be_read_is_refused_by_name(void **state)
{
	struct rig *r = *state;

	give(r, "nowhere");
	assert_int_equal(refused(r), -ENOENT);
	assert_non_null(strstr(r->error, "/nowhere: cannot be read: No such file or directory"));
	input_files_add(r->files, "empty", "");
	r->plan.count = 0;
	give(r, "empty");
	assert_int_equal(refused(r), -EINVAL);
	assert_non_null(
		strstr(r->error, "/empty: not recognised: it is empty; expected a log of Zeek"));
	input_files_add(r->files, "capture", "\x0a\x0d\x0d\x0a");
	r->plan.count = 0;
	give(r, "capture");
	assert_int_equal(refused(r), -EINVAL);
	assert_non_null(
		strstr(r->error, "/capture: a capture, not a log: starts with 0a 0d 0d 0a"));
	r->plan.kind = INPUT_KIND_ZEEK; /* whatever is said of it */
	assert_int_equal(refused(r), -EINVAL);
	r->plan.kind = INPUT_KIND_ARGUS;
	r->plan.count = 0;
	give(r, "empty");
	assert_int_equal(refused(r), -EINVAL);
	assert_non_null(strstr(r->error, "/empty: of a kind that this version does not read"));
	r->plan.kind = INPUT_KIND_UNKNOWN;
	input_files_mkdir(r->files, "d");
	r->plan.count = 0;
	give(r, "d");
	assert_int_equal(refused(r), -EINVAL);
	assert_non_null(strstr(r->error, "/d: the directory has no log that is read"));
	r->given[0] = r->given[1] = "-";
	r->plan.count = 2;
	assert_int_equal(refused(r), -EINVAL);
	assert_non_null(strstr(r->error, "once only"));
	r->plan.count = 0;
	assert_int_equal(refused(r), -EINVAL);
	r->plan.count = 1025;
	assert_int_equal(refused(r), -EINVAL);
}

static void
streams_have_a_cap(void **state)
{
	struct rig *r = *state;
	char name[64];

	for (unsigned i = 0; i < 65; i++) {
		(void)snprintf(name, sizeof(name), "%u", i);
		input_files_add(r->files, name, "{\"ts\":1,\"id\":\"a\"}\n");
		give(r, name);
	}
	r->plan.count = 64;
	open_all(r);
	assert_int_equal(read_on(r), INPUT_END);
	assert_int_equal(strlen(r->told), 64 * 4 - 1);
	r->plan.count = 65;
	assert_int_equal(refused(r), -EINVAL);
	assert_non_null(strstr(r->error, "more than 64 logs at once"));
}

static void
files_have_a_cap(void **state)
{
	struct rig *r = *state;
	const char *text = "{\"ts\":1,\"id\":\"x\"}\n";
	char name[64];

	input_files_mkdir(r->files, "d");
	input_files_mkdir(r->files, "e");
	for (unsigned i = 0; i < 4095; i++) {
		(void)snprintf(name, sizeof(name), "d/conn.log.%u", i);
		input_files_add(r->files, name, text);
	}
	input_files_add(r->files, "e/conn.log", text);
	give(r, "d");
	give(r, "e");
	open_all(r);
	assert_int_equal(input_counts(r->in, 4095, &(struct input_count){ 0 }, 1), 1);
	input_files_add(r->files, "e/dns.log", text);
	assert_int_equal(refused(r), -EINVAL);
	assert_non_null(strstr(r->error, "/e: more than 4096 files; give fewer at a time"));
}

static void
an_empty_file_is_read_where_its_kind_is_said(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "empty", "");
	give(r, "empty");
	r->plan.kind = INPUT_KIND_ZEEK;
	expect(r, "");
	struct input_progress p;
	input_progress(r->in, &p);
	assert_int_equal(p.bytes_total, 0);
}

/* However little of its first line has come, and whoever opened it. */
static void
a_pipe_is_recognised_and_read(void **state)
{
	struct rig *r = *state;
	static const char text[] = "# words\n{\"ts\":1,\"id\":\"a\"}\n{\"ts\":2,\"id\":\"b\"}\n";
	struct capture_input opened = { .fd = -1 };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		(void)close(ends[0]);
		for (size_t i = 0; text[i] != '\0'; i++)
			if (write(ends[1], text + i, 1) != 1 || (i < 12 && usleep(2000) != 0))
				_exit(1);
		_exit(0);
	}
	(void)close(ends[1]);
	assert_int_equal(capture_input_open_fd(&opened, ends[0], "a pipe", input_lines_how(),
				 r->error, sizeof(r->error)),
		0);
	r->given[0] = "a pipe";
	r->plan.count = 1;
	r->plan.opened = &opened;
	expect(r, "a@1 b@2");
	assert_false(opened.is_open);
	assert_int_equal(count_of(r, 0).lines, 2);
	assert_string_equal(count_of(r, 0).path, "a pipe");
}

static void
what_a_program_reads_is_told(void **state)
{
	struct rig *r = *state;

	input_files_mkdir(r->files, "d");
	input_files_add(r->files, "d/nfcapd.202401010000", "\x0c\xa5\x01 ");
	input_files_add(r->files, "d/nfcapd.202401010000.txt",
		"{\"ts\":5,\"id\":\"a\"}\n{\"ts\":6,\"id\":\"b\"}\n");
	input_files_add(r->files, "d/nfcapd.202401010500", "\x0c\xa5\x01 ");
	input_files_add(r->files, "d/nfcapd.202401010500.txt", "{\"ts\":1,\"id\":\"c\"}\n");
	give(r, "d");
	r->plan.kind = INPUT_KIND_NFDUMP;
	int saved = input_files_hear(r->files);
	open_all(r);
	assert_int_equal(read_on(r), INPUT_END);
	const char *said = input_files_heard(r->files, saved);
	assert_string_equal(r->told, "a@5 b@6 c@6"); /* by their names */
	assert_non_null(strstr(said,
		"nfcapd.202401010500: cut short behind line 1: the program said no; the rest is lost"));
	assert_null(strstr(said, "010000: cut"));
	(void)unlink(input_files_path(r->files, "d/nfcapd.202401010000.txt"));
	assert_int_equal(refused(r), -ENOENT);
	assert_non_null(strstr(r->error, "no program"));
}

static void
eve_that_is_cut_while_it_is_read_is_told_and_counted(void **state)
{
	struct rig *r = *state;
	const struct observation *o;
	uint64_t key;
	char far[20000]; /* from the first, so that it is not read with it */

	memset(far, ' ', sizeof(far));
	far[sizeof(far) - 1] = '\0';
	input_files_add(r->files, "eve", "{\"event_type\":1,\"ts\":1,\"id\":\"a\"}\n");
	input_files_add(r->files, "eve", far);
	input_files_add(r->files, "eve", "{\"event_type\":1,\"ts\":2,\"id\":\"b\"}\n");
	give(r, "eve");
	open_all(r);
	assert_int_equal(input_next(r->in, &o, &key), INPUT_ITEM);
	assert_int_equal(truncate(input_files_path(r->files, "eve"), 0), 0);
	int saved = input_files_hear(r->files);
	assert_int_equal(read_on(r), INPUT_END);
	assert_non_null(strstr(input_files_heard(r->files, saved),
		"/eve: it was cut while it was read, lines lost: 1; read a copy"));
	assert_int_equal(lost(r, "input_cut_files"), 1);
}

static void
eve_of_a_plain_file_is_put_in_order(void **state)
{
	static const char eve[] =
		"{\"event_type\":1,\"ts\":2,\"id\":\"b\"}\n{\"event_type\":1,\"ts\":1,\"id\":\"a\"}\n";
	struct rig *r = *state;

	input_files_add(r->files, "eve", eve);
	give(r, "eve");
	expect(r, "a@1 b@2");
	assert_int_equal(count_of(r, 0).kind, INPUT_KIND_EVE);
	assert_int_equal(count_of(r, 0).read, 2);
	uint64_t with_order = input_memory(r->in);
	struct input_progress p;
	input_progress(r->in, &p);
	assert_int_equal(p.bytes_read, p.bytes_total);
	open_all(r);
	assert_true(input_memory(r->in) > with_order); /* that is over by then */
	r->plan.sort = INPUT_SORT_NEVER;
	expect(r, "b@2 a@2");
	r->plan.sort = INPUT_SORT_ALWAYS;
	r->plan.file_order = true;
	expect(r, "b@2 a@2");
	r->plan.file_order = false;
	input_files_add(r->files, "zeek", "{\"ts\":2,\"id\":\"b\"}\n{\"ts\":1,\"id\":\"a\"}\n");
	input_files_gzip(r->files, "gz", eve);
	r->plan.count = 0;
	give(r, "zeek");
	expect(r, "a@1 b@2");
	r->plan.sort = INPUT_SORT_AUTO;
	expect(r, "b@2 a@2");
	r->plan.count = 0;
	give(r, "gz");
	expect(r, "b@2 a@2");
	assert_int_equal(lost(r, "input_late"), 1);
}

static void
what_a_format_had_no_room_for_is_a_loss(void **state)
{
	struct rig *r = *state;

	input_files_add(r->files, "x",
		"{\"ts\":1,\"keep\":1}\n{\"ts\":2,\"keep\":1}\n{\"ts\":3,\"keep\":1,\"refuse\":1}\n");
	give(r, "x");
	expect(r, "kept@3");
	assert_int_equal(lost(r, "input_evicted"), 2);
	assert_int_equal(lost(r, "input_refused"), 1);
}

/* While lines are put in order nothing is told, of the other files neither: it may come to be later. */
static void
nobody_is_told_before_lines_are_in_order(void **state)
{
	struct rig *r = *state;
	const struct observation *o;
	enum input_step step;
	char text[64];
	uint64_t key;
	uint64_t before = 0;
	unsigned waits = 0;
	unsigned told = 0;

	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(text, sizeof(text), "{\"ts\":%u,\"id\":\"x\"}\n", 1000 - i);
		input_files_add(r->files, "x", text);
	}
	input_files_add(r->files, "y", "{\"ts\":500,\"id\":\"y\"}\n");
	give(r, "y");
	give(r, "x");
	r->plan.sort = INPUT_SORT_ALWAYS;
	open_all(r);
	while ((step = input_next(r->in, &o, &key)) != INPUT_END) {
		if (step == INPUT_WAIT) {
			assert_int_equal(told, 0);
			waits++;
			continue;
		}
		assert_true(o->ts_ns >= before);
		before = o->ts_ns;
		told++;
	}
	assert_int_equal(told, 1001);
	assert_true(waits > 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define INPUT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		INPUT_TEST(files_are_merged_by_time),
		INPUT_TEST(what_is_late_in_its_file_is_told_and_counted),
		INPUT_TEST(the_earliest_is_known_before_it_is_told),
		INPUT_TEST(a_line_may_say_several_things),
		INPUT_TEST(what_is_held_back_is_told_when_it_is_due_and_at_the_end),
		INPUT_TEST(bad_lines_are_counted_and_the_first_is_told),
		INPUT_TEST(damage_is_told_and_counted),
		INPUT_TEST(a_line_far_ahead_is_believed_when_the_next_says_so_too),
		INPUT_TEST(a_file_that_is_given_twice_is_read_once),
		INPUT_TEST(pieces_of_a_log_are_one_stream_in_the_order_of_their_times),
		INPUT_TEST(only_one_file_of_a_series_is_open),
		INPUT_TEST(what_vanishes_before_its_turn_is_told_and_counted),
		INPUT_TEST(what_cannot_be_read_is_refused_by_name),
		INPUT_TEST(streams_have_a_cap),
		INPUT_TEST(files_have_a_cap),
		INPUT_TEST(an_empty_file_is_read_where_its_kind_is_said),
		INPUT_TEST(a_pipe_is_recognised_and_read),
		INPUT_TEST(what_a_program_reads_is_told),
		INPUT_TEST(eve_that_is_cut_while_it_is_read_is_told_and_counted),
		INPUT_TEST(eve_of_a_plain_file_is_put_in_order),
		INPUT_TEST(nobody_is_told_before_lines_are_in_order),
		INPUT_TEST(what_a_format_had_no_room_for_is_a_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
