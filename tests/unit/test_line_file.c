#include "exporters/line_file.h"

#include "exporters/disk_file.h"
#include "exporters/exporter.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

enum { CONTENT_MAX = 512 * 1024 };

struct place {
	char directory[64];
	struct run_info run;
	struct line_file file;
	char content[CONTENT_MAX];
};

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	(void)snprintf(p->directory, sizeof(p->directory), "/tmp/test_line_file.XXXXXX");
	assert_non_null(mkdtemp(p->directory));
	p->run.output_dir = p->directory;
	(void)signal(SIGXFSZ, SIG_IGN);
	*state = p;
	return 0;
}

static void
disk_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int
teardown(void **state)
{
	struct place *p = *state;
	char command[128];

	disk_size(RLIM_INFINITY);
	(void)line_file_close(&p->file, NULL);
	(void)snprintf(command, sizeof(command), "rm -rf '%s'", p->directory);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a path of our own making */
	free(p);
	return 0;
}

static const char *
content(struct place *p, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", p->directory, name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	size_t length = fread(p->content, 1, sizeof(p->content) - 1, f);
	(void)fclose(f);
	p->content[length] = '\0';
	return p->content;
}

static int
open_named(struct place *p, const char *name, int flags)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", p->directory, name);
	return open(path, flags, 0600);
}

static bool
put(struct place *p, const char *line)
{
	return line_file_write(&p->file, line, strlen(line), false) == 0;
}

static bool
put_bytes(struct place *p, const char *line, size_t length)
{
	return line_file_write(&p->file, line, length, false) == 0;
}

static size_t
one_log(void *context, size_t from, struct run_input *ret, size_t room)
{
	if (from > 0 || room < 1)
		return 0;
	*ret = (struct run_input){ .file = context };
	return 1;
}

/* An analyst in the directory of Suricata's logs who says nothing of -o. */
static void
what_the_run_reads_is_not_overwritten(void **state)
{
	struct place *p = *state;
	char path[128];
	char link_path[128];
	const char *inputs[] = { "-", path };

	(void)snprintf(path, sizeof(path), "%s/eve.json", p->directory);
	(void)snprintf(link_path, sizeof(link_path), "%s/other.json", p->directory);
	assert_int_equal(line_file_open(&p->file, &p->run, "eve.json", "theirs\n", NULL), 0);
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_int_equal(symlink(path, link_path), 0);

	p->run.inputs = inputs;
	p->run.input_count = 2;
	assert_int_equal(line_file_open(&p->file, &p->run, "eve.json", NULL, NULL), -EEXIST);
	(void)line_file_close(&p->file, NULL);
	assert_int_equal(line_file_open(&p->file, &p->run, "other.json", NULL, NULL), -EEXIST);
	(void)line_file_close(&p->file, NULL);
	p->run.input_count = 1;
	p->run.files = one_log; /* of a directory that was given */
	p->run.files_context = path;
	assert_int_equal(line_file_open(&p->file, &p->run, "eve.json", NULL, NULL), -EEXIST);
	(void)line_file_close(&p->file, NULL);
	assert_string_equal(content(p, "eve.json"), "theirs\n");
	assert_int_equal(line_file_open(&p->file, &p->run, "ours.json", NULL, NULL), 0);
	assert_int_equal(line_file_close(&p->file, NULL), 0);
}

static void
lines_come_out_in_order_in_a_directory_that_was_made(void **state)
{
	struct place *p = *state;
	struct stat status;
	char path[128];

	(void)umask(0);
	assert_int_equal(line_file_open(&p->file, &p->run, "a/b/lines", NULL, NULL), 0);
	assert_true(put(p, "one"));
	assert_true(put(p, ""));
	assert_true(put(p, "three"));
	assert_string_equal(content(p, "a/b/lines"), ""); /* still waiting */
	line_file_flush(&p->file);
	assert_string_equal(content(p, "a/b/lines"), "one\n\nthree\n");
	assert_int_equal(line_file_close(&p->file, "#end\n"), 0);
	assert_string_equal(content(p, "a/b/lines"), "one\n\nthree\n#end\n");
	(void)snprintf(path, sizeof(path), "%s/a/b/lines", p->directory);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	(void)snprintf(path, sizeof(path), "%s/a/b", p->directory);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0750);
}

static void
an_absolute_path_is_taken_as_it_is(void **state)
{
	struct place *p = *state;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/absolute", p->directory);
	p->run.output_dir = "/nonexistent";
	assert_int_equal(line_file_open(&p->file, &p->run, path, NULL, NULL), 0);
	assert_true(put(p, "here"));
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "absolute"), "here\n");
}

static void
a_run_over_files_begins_anew(void **state)
{
	struct place *p = *state;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", NULL), 0);
		assert_true(put(p, "x"));
		assert_int_equal(line_file_close(&p->file, NULL), 0);
		assert_string_equal(content(p, "f"), "#head\nx\n");
	}
}

static void
a_live_run_goes_on_and_repeats_no_header(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", NULL), 0);
		assert_true(put(p, "x"));
		assert_int_equal(line_file_close(&p->file, NULL), 0);
	}
	assert_string_equal(content(p, "f"), "#head\nx\nx\n");
}

static void
more_lines_than_the_buffer_holds_are_all_written(void **state)
{
	struct place *p = *state;
	char line[64];
	char *expected = calloc(1, CONTENT_MAX);
	size_t length = 0;

	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", NULL), 0);
	length += (size_t)snprintf(expected, CONTENT_MAX, "#head\n");
	for (int i = 0; i < 20000; i++) {
		(void)snprintf(line, sizeof(line), "line %d", i);
		assert_true(put(p, line));
		length += (size_t)snprintf(expected + length, CONTENT_MAX - length, "line %d\n", i);
	}
	assert_true(length > 3 * (size_t)LINE_FILE_BUFFER);
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "f"), expected);
	free(expected);
}

static void
a_line_may_fill_the_buffer_and_not_more(void **state)
{
	struct place *p = *state;
	char *line = malloc(LINE_FILE_BUFFER + 1);

	memset(line, 'x', LINE_FILE_BUFFER);
	line[LINE_FILE_BUFFER] = '\0';
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	assert_false(put_bytes(p, line, LINE_FILE_BUFFER));
	assert_true(put_bytes(p, line, LINE_FILE_BUFFER - 1));
	assert_true(put_bytes(p, line, LINE_FILE_BUFFER - 2));
	assert_int_equal(line_file_close(&p->file, NULL), -EMSGSIZE);
	assert_int_equal(strlen(content(p, "f")), 2 * LINE_FILE_BUFFER - 1);
	free(line);
}

static void
a_line_that_a_full_disk_cut_is_finished_when_there_is_room(void **state)
{
	struct place *p = *state;

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	disk_size(13);
	assert_true(put(p, "first"));
	assert_true(put(p, "second"));
	assert_true(put(p, "third"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "first\nsecond\n");
	assert_int_equal(p->file.trouble, EFBIG);
	disk_size(15);
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "first\nsecond\nth");
	disk_size(16);
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "first\nsecond\nthi");
	disk_size(RLIM_INFINITY);
	assert_true(put(p, "fourth"));
	line_file_flush(&p->file);
	assert_int_equal(p->file.trouble, 0);
	assert_int_equal(p->file.trouble_count, 1);
	assert_string_equal(content(p, "f"), "first\nsecond\nthird\nfourth\n");
	assert_int_equal(line_file_close(&p->file, NULL), 0); /* nothing was lost */
}

/* A hundred bytes a line: 655 fit, and the rest is dropped until the disk has room again. */
static void
lines_that_find_no_room_are_refused_until_the_disk_is_asked_again(void **state)
{
	struct place *p = *state;
	enum { LINE = 100, FIT = LINE_FILE_BUFFER / LINE };
	char line[LINE];
	unsigned accepted = 0;
	unsigned refused = 0;

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	disk_size(0);
	memset(line, 'x', sizeof(line));
	for (int i = 0; i < FIT; i++)
		assert_true(put_bytes(p, line, LINE - 1));
	for (int i = 0; i < 100; i++)
		assert_false(put_bytes(p, line, LINE - 1));
	assert_int_equal(p->file.refused, 100);
	disk_size(RLIM_INFINITY);
	for (int i = 0; i < 100; i++)
		if (put_bytes(p, line, LINE - 1))
			accepted++;
		else
			refused++;
	assert_in_range(refused, 0, 15);
	assert_int_equal(accepted + refused, 100);
	assert_int_equal(line_file_close(&p->file, NULL), -EFBIG); /* some were lost for good */
	assert_int_equal(strlen(content(p, "f")), (FIT + accepted) * LINE);
}

static void
a_full_disk_is_not_asked_for_every_line(void **state)
{
	struct place *p = *state;
	char line[1000];

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	disk_size(0);
	memset(line, 'x', sizeof(line));
	while (put_bytes(p, line, sizeof(line)))
		continue;
	disk_size(RLIM_INFINITY); /* room again, but it is not noticed at once */
	for (int i = 0; i < 14; i++)
		assert_false(put_bytes(p, line, sizeof(line)));
	assert_true(put_bytes(p, line, sizeof(line)));
}

static void
no_half_line_is_left_when_the_disk_stays_full(void **state)
{
	struct place *p = *state;

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	disk_size(9);
	assert_true(put(p, "first"));
	assert_true(put(p, "second"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "first\nsec");
	disk_size(10);
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "first\nseco");
	assert_int_equal(line_file_close(&p->file, "#end\n"), -EFBIG);
	assert_string_equal(content(p, "f"), "first\n");
}

static void
a_device_that_is_full_is_an_error_at_the_close(void **state)
{
	struct place *p = *state;

	assert_int_equal(line_file_open(&p->file, &p->run, "/dev/full", NULL, NULL), 0);
	assert_true(put(p, "lost"));
	line_file_flush(&p->file);
	assert_int_equal(p->file.trouble, ENOSPC);
	assert_int_equal(line_file_close(&p->file, NULL), -ENOSPC);
}

static void
rename_to(struct place *p, const char *from, const char *to)
{
	char old[128];
	char new[128];

	(void)snprintf(old, sizeof(old), "%s/%s", p->directory, from);
	(void)snprintf(new, sizeof(new), "%s/%s", p->directory, to);
	assert_int_equal(rename(old, new), 0);
}

static void
after_a_rotation_lines_go_to_a_new_file(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", NULL), 0);
	assert_true(put(p, "old"));
	rename_to(p, "f", "f.1");
	line_file_reopen(&p->file);
	assert_true(put(p, "new"));
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "f.1"), "#head\nold\n");
	assert_string_equal(content(p, "f"), "#head\nnew\n");
}

static void
a_cut_line_moves_whole_to_the_new_file(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", NULL), 0);
	disk_size(14);
	assert_true(put(p, "first"));
	assert_true(put(p, "second"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "#head\nfirst\nse");
	rename_to(p, "f", "f.1");
	line_file_reopen(&p->file);
	disk_size(RLIM_INFINITY);
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "f.1"), "#head\nfirst\n");
	assert_string_equal(content(p, "f"), "#head\nsecond\n");
}

static void
make_directory(struct place *p, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", p->directory, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static void
remove_named(struct place *p, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", p->directory, name);
	assert_int_equal(remove(path), 0);
}

static void
a_path_that_cannot_be_opened_again_is_no_reason_to_leave_the_old_file(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	rename_to(p, "f", "f.1");
	make_directory(p, "f");
	line_file_reopen(&p->file);
	assert_true(p->file.stale);
	assert_true(put(p, "still here"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f.1"), "still here\n");
	remove_named(p, "f");
	line_file_tick(&p->file, SECOND);
	assert_false(p->file.stale);
	assert_true(put(p, "here"));
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "f"), "here\n");
}

static void
without_a_file_lines_are_kept_until_there_is_one(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "d/f", "#head\n", NULL), 0);
	assert_true(put(p, "gone"));
	line_file_flush(&p->file);
	remove_named(p, "d/f");
	remove_named(p, "d");
	assert_int_equal(close(open_named(p, "d", O_CREAT | O_WRONLY)), 0); /* in the way */
	line_file_tick(&p->file, SECOND);
	assert_int_equal(p->file.fd, -1);
	assert_int_equal(p->file.trouble, ENOTDIR);
	assert_true(put(p, "kept"));
	line_file_flush(&p->file);
	line_file_tick(&p->file, 2 * SECOND);
	assert_int_equal(p->file.trouble_count, 1);
	remove_named(p, "d");
	line_file_tick(&p->file, 3 * SECOND - 1);
	assert_int_equal(p->file.fd, -1); /* it was asked less than a second ago */
	line_file_tick(&p->file, 3 * SECOND);
	assert_int_equal(p->file.trouble, 0);
	assert_string_equal(content(p, "d/f"), "#head\nkept\n");
	assert_int_equal(line_file_close(&p->file, NULL), 0);
}

static void
what_never_got_a_file_is_an_error_at_the_close(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	remove_named(p, "f");
	make_directory(p, "f");
	line_file_tick(&p->file, SECOND);
	assert_true(put(p, "lost"));
	assert_int_equal(line_file_close(&p->file, NULL), -EISDIR);
}

static void
a_file_that_was_moved_or_removed_is_noticed_within_a_second(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", NULL), 0);
	line_file_tick(&p->file, SECOND);
	rename_to(p, "f", "f.1");
	assert_true(put(p, "old"));
	line_file_tick(&p->file, 2 * SECOND);
	assert_true(put(p, "new"));
	line_file_tick(&p->file, 3 * SECOND);
	assert_string_equal(content(p, "f.1"), "#head\nold\n");
	assert_string_equal(content(p, "f"), "#head\nnew\n");
	remove_named(p, "f");
	line_file_tick(&p->file, 4 * SECOND);
	assert_string_equal(content(p, "f"), "#head\n");
}

static void
what_waits_is_written_after_half_a_second(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	line_file_tick(&p->file, SECOND);
	assert_true(put(p, "one"));
	line_file_tick(&p->file, SECOND + SECOND / 10);
	assert_string_equal(content(p, "f"), "one\n"); /* nothing was written for long */
	assert_true(put(p, "two"));
	assert_int_equal(line_file_waiting(&p->file), 1);
	line_file_tick(&p->file, SECOND + 6 * SECOND / 10 - 1);
	assert_string_equal(content(p, "f"), "one\n");
	line_file_tick(&p->file, SECOND + 6 * SECOND / 10);
	assert_string_equal(content(p, "f"), "one\ntwo\n");
	assert_int_equal(line_file_waiting(&p->file), 0);
	line_file_sync(&p->file);
	line_file_tick(&p->file, 2 * SECOND);
	assert_false(p->file.unsynced);
}

static void
a_crash_leaves_no_half_line(void **state)
{
	struct place *p = *state;
	int fd = open_named(p, "f", O_CREAT | O_WRONLY);

	assert_int_equal(write(fd, "#head\nwhole\nhal", 15), 15);
	assert_int_equal(close(fd), 0);
	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", NULL), 0);
	assert_true(put(p, "next"));
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "f"), "#head\nwhole\nnext\n");
}

static void
a_file_that_is_full_grown_is_renamed_and_the_oldest_goes(void **state)
{
	struct place *p = *state;
	const struct line_file_limits limits = { .rotate_at = 16, .rotated_kept = 2 };

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n", &limits), 0);
	for (char line[] = "1111"; line[0] <= '8'; line[0]++) {
		assert_true(put(p, line));
		line_file_flush(&p->file);
	}
	assert_string_equal(content(p, "f"), "#head\n7111\n8111\n"); /* 16 bytes: not more */
	assert_string_equal(content(p, "f.1"), "#head\n5111\n6111\n");
	assert_string_equal(content(p, "f.2"), "#head\n3111\n4111\n");
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_int_equal(open_named(p, "f.3", O_RDONLY), -1);
}

static void
a_file_that_cannot_be_renamed_grows_on(void **state)
{
	struct place *p = *state;
	const struct line_file_limits limits = { .rotate_at = 9, .rotated_kept = 1 };

	p->run.live = true;
	make_directory(p, "f.1");
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, &limits), 0);
	assert_true(put(p, "first"));
	line_file_flush(&p->file);
	assert_true(put(p, "second"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "first\nsecond\n");
	assert_true(p->file.overgrown);
	remove_named(p, "f.1");
	assert_true(put(p, "third"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "first\nsecond\nthird\n"); /* asked once a second */
	line_file_tick(&p->file, SECOND);
	assert_true(put(p, "fourth"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "fourth\n");
	assert_string_equal(content(p, "f.1"), "first\nsecond\nthird\n");
	assert_false(p->file.overgrown);
}

static void
the_last_room_of_a_disk_is_kept_for_findings(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	p->file.limits.keep_free = disk_file_room(p->file.fd) / 10 * 9;
	line_file_tick(&p->file, SECOND);
	assert_true(p->file.scarce);
	assert_int_equal(line_file_write(&p->file, "flow", 4, false), -ENOSPC);
	assert_int_equal(line_file_write(&p->file, "finding", 7, true), 0);
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "finding\n");
	assert_int_equal(p->file.reserved, 1);
	p->file.limits.keep_free = disk_file_room(p->file.fd) / 2;
	line_file_tick(&p->file, 2 * SECOND);
	assert_false(p->file.scarce);
	assert_int_equal(line_file_write(&p->file, "flow", 4, false), 0);
	assert_int_equal(line_file_close(&p->file, NULL), -ENOSPC); /* one was lost */
	assert_string_equal(content(p, "f"), "finding\nflow\n");
}

static void
where_the_room_ends_findings_wait(void **state)
{
	struct place *p = *state;

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	p->file.limits.keep_free = UINT64_MAX / 4;
	assert_int_equal(line_file_write(&p->file, "finding", 7, true), 0);
	line_file_flush(&p->file);
	assert_int_equal(p->file.trouble, ENOSPC);
	assert_string_equal(content(p, "f"), "");
	p->file.limits.keep_free = 1;
	line_file_tick(&p->file, SECOND);
	assert_int_equal(p->file.trouble, 0);
	assert_string_equal(content(p, "f"), "finding\n");
}

static void
while_a_disk_is_full_the_buffer_grows_for_findings_alone(void **state)
{
	struct place *p = *state;
	enum { LINE = 1000, MOST = LINE_FILE_BUFFER_MAX / (LINE + 1) };
	char line[LINE];
	unsigned kept = 0;

	p->run.live = true;
	memset(line, 'x', sizeof(line));
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL, NULL), 0);
	disk_size(0);
	while (line_file_write(&p->file, line, LINE, false) == 0)
		kept++;
	assert_int_equal(kept, LINE_FILE_BUFFER / (LINE + 1));
	while (line_file_write(&p->file, line, LINE, true) == 0)
		kept++;
	assert_int_equal(kept, MOST);
	assert_int_equal(line_file_write(&p->file, line, LINE, true), -ENOBUFS);
	disk_size(RLIM_INFINITY);
	line_file_tick(&p->file, SECOND);
	assert_int_equal(p->file.trouble, 0);
	assert_int_equal(p->file.capacity, LINE_FILE_BUFFER);
	assert_int_equal(p->file.size, (uint64_t)MOST * (LINE + 1));
	assert_int_equal(line_file_close(&p->file, NULL), -EFBIG);
}

static void
what_cannot_be_opened_is_an_error_and_can_be_closed(void **state)
{
	struct place *p = *state;
	char path[128];

	assert_int_equal(line_file_open(&p->file, &p->run, ".", NULL, NULL), -EISDIR);
	assert_int_equal(line_file_close(&p->file, "#end\n"), 0);
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	memset(&p->file, 0, sizeof(p->file));
	assert_int_equal(line_file_close(&p->file, NULL), 0);

	/* A pipe that nobody reads must not stop a live sensor. */
	p->run.live = true;
	(void)snprintf(path, sizeof(path), "%s/pipe", p->directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(line_file_open(&p->file, &p->run, "pipe", NULL, NULL), -EINVAL);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(what_the_run_reads_is_not_overwritten),
		IN_PLACE(lines_come_out_in_order_in_a_directory_that_was_made),
		IN_PLACE(an_absolute_path_is_taken_as_it_is),
		IN_PLACE(a_run_over_files_begins_anew),
		IN_PLACE(a_live_run_goes_on_and_repeats_no_header),
		IN_PLACE(more_lines_than_the_buffer_holds_are_all_written),
		IN_PLACE(a_line_may_fill_the_buffer_and_not_more),
		IN_PLACE(a_line_that_a_full_disk_cut_is_finished_when_there_is_room),
		IN_PLACE(lines_that_find_no_room_are_refused_until_the_disk_is_asked_again),
		IN_PLACE(a_full_disk_is_not_asked_for_every_line),
		IN_PLACE(no_half_line_is_left_when_the_disk_stays_full),
		IN_PLACE(a_device_that_is_full_is_an_error_at_the_close),
		IN_PLACE(after_a_rotation_lines_go_to_a_new_file),
		IN_PLACE(a_cut_line_moves_whole_to_the_new_file),
		IN_PLACE(a_path_that_cannot_be_opened_again_is_no_reason_to_leave_the_old_file),
		IN_PLACE(without_a_file_lines_are_kept_until_there_is_one),
		IN_PLACE(what_never_got_a_file_is_an_error_at_the_close),
		IN_PLACE(a_file_that_was_moved_or_removed_is_noticed_within_a_second),
		IN_PLACE(what_waits_is_written_after_half_a_second),
		IN_PLACE(a_crash_leaves_no_half_line),
		IN_PLACE(a_file_that_is_full_grown_is_renamed_and_the_oldest_goes),
		IN_PLACE(a_file_that_cannot_be_renamed_grows_on),
		IN_PLACE(the_last_room_of_a_disk_is_kept_for_findings),
		IN_PLACE(where_the_room_ends_findings_wait),
		IN_PLACE(while_a_disk_is_full_the_buffer_grows_for_findings_alone),
		IN_PLACE(what_cannot_be_opened_is_an_error_and_can_be_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
