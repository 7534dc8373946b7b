#include "exporters/line_file.h"

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

static bool
put(struct place *p, const char *line)
{
	return line_file_write(&p->file, line, strlen(line));
}

static void
lines_come_out_in_order_in_a_directory_that_was_made(void **state)
{
	struct place *p = *state;
	struct stat status;
	char path[128];

	(void)umask(0);
	assert_int_equal(line_file_open(&p->file, &p->run, "a/b/lines", NULL), 0);
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
	assert_int_equal(line_file_open(&p->file, &p->run, path, NULL), 0);
	assert_true(put(p, "here"));
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "absolute"), "here\n");
}

static void
a_run_over_files_begins_anew(void **state)
{
	struct place *p = *state;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n"), 0);
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
		assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n"), 0);
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

	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n"), 0);
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
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL), 0);
	assert_false(line_file_write(&p->file, line, LINE_FILE_BUFFER));
	assert_true(line_file_write(&p->file, line, LINE_FILE_BUFFER - 1));
	assert_true(line_file_write(&p->file, line, LINE_FILE_BUFFER - 2));
	assert_int_equal(line_file_close(&p->file, NULL), -EMSGSIZE);
	assert_int_equal(strlen(content(p, "f")), 2 * LINE_FILE_BUFFER - 1);
	free(line);
}

static void
a_line_that_a_full_disk_cut_is_finished_when_there_is_room(void **state)
{
	struct place *p = *state;

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL), 0);
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

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL), 0);
	disk_size(0);
	memset(line, 'x', sizeof(line));
	for (int i = 0; i < FIT; i++)
		assert_true(line_file_write(&p->file, line, LINE - 1));
	for (int i = 0; i < 100; i++)
		assert_false(line_file_write(&p->file, line, LINE - 1));
	assert_int_equal(p->file.refused, 100);
	disk_size(RLIM_INFINITY);
	for (int i = 0; i < 100; i++)
		if (line_file_write(&p->file, line, LINE - 1))
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

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL), 0);
	disk_size(0);
	memset(line, 'x', sizeof(line));
	while (line_file_write(&p->file, line, sizeof(line)))
		continue;
	disk_size(RLIM_INFINITY); /* room again, but it is not noticed at once */
	for (int i = 0; i < 14; i++)
		assert_false(line_file_write(&p->file, line, sizeof(line)));
	assert_true(line_file_write(&p->file, line, sizeof(line)));
}

static void
no_half_line_is_left_when_the_disk_stays_full(void **state)
{
	struct place *p = *state;

	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL), 0);
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

	assert_int_equal(line_file_open(&p->file, &p->run, "/dev/full", NULL), 0);
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
	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n"), 0);
	assert_true(put(p, "old"));
	rename_to(p, "f", "f.1");
	line_file_reopen(&p->file, "#head\n");
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
	assert_int_equal(line_file_open(&p->file, &p->run, "f", "#head\n"), 0);
	disk_size(14);
	assert_true(put(p, "first"));
	assert_true(put(p, "second"));
	line_file_flush(&p->file);
	assert_string_equal(content(p, "f"), "#head\nfirst\nse");
	rename_to(p, "f", "f.1");
	line_file_reopen(&p->file, "#head\n");
	disk_size(RLIM_INFINITY);
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "f.1"), "#head\nfirst\n");
	assert_string_equal(content(p, "f"), "#head\nsecond\n");
}

static void
a_reopen_that_fails_drops_lines_and_the_next_one_recovers(void **state)
{
	struct place *p = *state;
	char path[128];

	p->run.live = true;
	assert_int_equal(line_file_open(&p->file, &p->run, "f", NULL), 0);
	rename_to(p, "f", "f.1");
	(void)snprintf(path, sizeof(path), "%s/f", p->directory);
	assert_int_equal(mkdir(path, 0700), 0);
	line_file_reopen(&p->file, NULL);
	assert_false(put(p, "nowhere"));
	line_file_flush(&p->file);
	assert_int_equal(rmdir(path), 0);
	line_file_reopen(&p->file, NULL);
	assert_true(put(p, "here"));
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	assert_string_equal(content(p, "f"), "here\n");
}

static void
what_cannot_be_opened_is_an_error_and_can_be_closed(void **state)
{
	struct place *p = *state;
	char path[128];

	assert_int_equal(line_file_open(&p->file, &p->run, ".", NULL), -EISDIR);
	assert_int_equal(line_file_close(&p->file, "#end\n"), 0);
	assert_int_equal(line_file_close(&p->file, NULL), 0);
	memset(&p->file, 0, sizeof(p->file));
	assert_int_equal(line_file_close(&p->file, NULL), 0);

	/* A pipe that nobody reads must not stop a live sensor. */
	p->run.live = true;
	(void)snprintf(path, sizeof(path), "%s/pipe", p->directory);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(line_file_open(&p->file, &p->run, "pipe", NULL), -ENXIO);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
		IN_PLACE(a_reopen_that_fails_drops_lines_and_the_next_one_recovers),
		IN_PLACE(what_cannot_be_opened_is_an_error_and_can_be_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
