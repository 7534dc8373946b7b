#include "exporters/disk_file.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 64, OTHER_USER = 65534 };

struct place {
	struct scratch *scratch;
	char path[128];
	int fd;
	uint64_t size;
	const char *cause;
};

static int
setup(void **state)
{
	static struct place p;

	p = (struct place){ .scratch = scratch_new(), .fd = -1, .cause = "" };
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	if (p->fd >= 0)
		(void)close(p->fd);
	scratch_free(p->scratch);
	return 0;
}

static char *
path(struct place *p, const char *name)
{
	(void)snprintf(p->path, sizeof(p->path), "%s/%s", p->scratch->directory, name);
	return p->path;
}

static int
reopen(struct place *p, const char *name, bool live)
{
	if (p->fd >= 0)
		(void)close(p->fd);
	p->fd = -1;
	return disk_file_open(path(p, name), live, &p->fd, &p->size, &p->cause);
}

static void
fill(struct place *p, const char *name, const char *text)
{
	FILE *f = fopen(path(p, name), "wb");

	assert_non_null(f);
	(void)fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void
a_live_file_keeps_what_is_in_it_and_one_of_a_run_begins_anew(void **state)
{
	struct place *p = *state;

	fill(p, "f", "four");
	assert_int_equal(reopen(p, "f", true), 0);
	assert_int_equal(p->size, 4);
	assert_int_equal(write(p->fd, "more", 4), 4);
	assert_string_equal(scratch_read(p->scratch, "f"), "fourmore");
	assert_int_equal(reopen(p, "f", false), 0);
	assert_int_equal(p->size, 0);
	assert_string_equal(scratch_read(p->scratch, "f"), "");
}

static void
directories_on_the_way_are_made_for_us_alone(void **state)
{
	struct place *p = *state;
	struct stat status;

	(void)umask(0);
	assert_int_equal(reopen(p, "a/b/f", true), 0);
	assert_string_equal(p->path + strlen(p->scratch->directory), "/a/b/f"); /* put back */
	assert_int_equal(fstat(p->fd, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	assert_int_equal(stat(path(p, "a/b"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0750);
}

static void
a_symbolic_link_is_never_followed(void **state)
{
	struct place *p = *state;
	char target[128];

	fill(p, "precious", "keep me");
	(void)snprintf(target, sizeof(target), "%s/precious", p->scratch->directory);
	assert_int_equal(symlink(target, path(p, "f")), 0);
	for (int live = 0; live < 2; live++) {
		assert_int_equal(reopen(p, "f", live), -ELOOP);
		assert_string_equal(p->cause, "it is a symbolic link");
	}
	assert_string_equal(scratch_read(p->scratch, "precious"), "keep me");
}

static void
what_is_no_regular_file_is_refused(void **state)
{
	struct place *p = *state;

	assert_int_equal(mkfifo(path(p, "pipe"), 0600), 0);
	assert_int_equal(reopen(p, "pipe", true), -EINVAL);
	assert_string_equal(p->cause, "it is no regular file");
	assert_int_equal(reopen(p, "pipe", false), -ENXIO); /* and nobody waits for a reader */
	int reader = open(path(p, "pipe"), O_RDONLY | O_NONBLOCK);
	assert_int_equal(reopen(p, "pipe", false), -EINVAL);
	(void)close(reader);
	assert_int_equal(reopen(p, ".", true), -EISDIR);

	char null[] = "/dev/null";
	assert_int_equal(disk_file_open(null, true, &p->fd, &p->size, &p->cause), -EINVAL);
	assert_int_equal(disk_file_open(null, false, &p->fd, &p->size, &p->cause), 0);
}

static void
a_live_file_has_one_name_and_is_ours(void **state)
{
	struct place *p = *state;
	char other[128];

	fill(p, "precious", "keep me");
	(void)snprintf(other, sizeof(other), "%s/precious", p->scratch->directory);
	assert_int_equal(link(other, path(p, "f")), 0);
	assert_int_equal(reopen(p, "f", true), -EMLINK);
	assert_int_equal(unlink(other), 0);
	assert_int_equal(reopen(p, "f", true), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(path(p, "f"), OTHER_USER, OTHER_USER), 0);
		assert_int_equal(reopen(p, "f", true), -EPERM);
		assert_string_equal(p->cause, "it belongs to another user");
		assert_int_equal(reopen(p, "f", false), 0);
	}
}

static void
a_live_file_is_not_where_everybody_may_rename_files(void **state)
{
	struct place *p = *state;
	char directory[128];

	assert_int_equal(reopen(p, "d/f", true), 0);
	(void)snprintf(directory, sizeof(directory), "%s/d", p->scratch->directory);
	assert_int_equal(chmod(directory, 0777), 0);
	assert_int_equal(reopen(p, "d/f", true), -EPERM);
	assert_non_null(strstr(p->cause, "chmod o-w"));
	assert_int_equal(reopen(p, "d/f", false), 0);
	assert_int_equal(chmod(directory, 01777), 0);
	assert_int_equal(reopen(p, "d/f", true), 0);
}

static void
it_is_noticed_when_the_path_names_something_else(void **state)
{
	struct place *p = *state;
	char moved[128];

	assert_int_equal(reopen(p, "f", true), 0);
	assert_true(disk_file_is_at(p->fd, path(p, "f")));
	(void)snprintf(moved, sizeof(moved), "%s/f.1", p->scratch->directory);
	assert_int_equal(rename(path(p, "f"), moved), 0);
	assert_false(disk_file_is_at(p->fd, path(p, "f")));
	assert_true(disk_file_has_name(p->fd));
	fill(p, "f", "another");
	assert_false(disk_file_is_at(p->fd, path(p, "f")));
	assert_int_equal(unlink(moved), 0);
	assert_false(disk_file_has_name(p->fd));
	fill(p, "d", "no directory");
	assert_false(disk_file_is_at(p->fd, path(p, "d/f")));
}

/* As without permission to look, which root always has: a way that leads nowhere. */
static void
a_file_without_a_name_is_nowhere_even_if_nobody_may_look(void **state)
{
	struct place *p = *state;
	char way[128];
	char moved[128];

	assert_int_equal(reopen(p, "way/f", true), 0);
	(void)snprintf(way, sizeof(way), "%s/way", p->scratch->directory);
	(void)snprintf(moved, sizeof(moved), "%s/moved", p->scratch->directory);
	assert_int_equal(rename(way, moved), 0);
	assert_int_equal(symlink(way, way), 0);
	assert_true(disk_file_is_at(p->fd, path(p, "way/f")));
	assert_int_equal(unlink(path(p, "moved/f")), 0);
	assert_false(disk_file_is_at(p->fd, path(p, "way/f")));
}

/* Every way in which a crash may end a file of two lines. */
static void
only_a_last_line_without_an_end_is_cut_off(void **state)
{
	struct place *p = *state;
	static const char whole[] = "first\nsecond line\n";

	for (size_t length = 0; length < sizeof(whole); length++) {
		char text[sizeof(whole)];
		size_t kept = length;

		(void)snprintf(text, sizeof(text), "%.*s", (int)length, whole);
		fill(p, "f", text);
		while (kept > 0 && text[kept - 1] != '\n')
			kept--;
		assert_int_equal(reopen(p, "f", true), 0);
		assert_int_equal(disk_file_mend(p->fd, &p->size, MOST), length - kept);
		assert_int_equal(p->size, kept);
		text[kept] = '\0';
		assert_string_equal(scratch_read(p->scratch, "f"), text);
	}
}

static void
a_long_tail_is_found_across_blocks_and_a_longer_one_is_left_alone(void **state)
{
	struct place *p = *state;
	static char text[10003];

	memset(text, 'x', 10002);
	text[1] = '\n';
	fill(p, "f", text);
	assert_int_equal(reopen(p, "f", true), 0);
	assert_int_equal(disk_file_mend(p->fd, &p->size, 9999), 0); /* 10 000 bytes: not ours */
	assert_int_equal(p->size, 10003);
	assert_int_equal(scratch_read(p->scratch, "f")[10002], '\n');
	fill(p, "f", text);
	assert_int_equal(reopen(p, "f", true), 0);
	assert_int_equal(disk_file_mend(p->fd, &p->size, 10000), 10000);
	assert_string_equal(scratch_read(p->scratch, "f"), "x\n");
}

static void
each_rotation_moves_every_file_one_further(void **state)
{
	struct place *p = *state;

	for (int i = 0; i < 4; i++) {
		const char text[] = { (char)('a' + i), '\0' };

		fill(p, "f", text);
		assert_int_equal(disk_file_rotate(path(p, "f"), 2), 0);
		assert_null(scratch_read(p->scratch, "f"));
	}
	assert_string_equal(scratch_read(p->scratch, "f.1"), "d");
	assert_string_equal(scratch_read(p->scratch, "f.2"), "c");
	assert_null(scratch_read(p->scratch, "f.3"));
	fill(p, "f", "e");
	assert_int_equal(unlink(path(p, "f.1")), 0);
	assert_int_equal(mkdir(path(p, "f.1"), 0700), 0);
	assert_int_equal(disk_file_rotate(path(p, "f"), 1), -EISDIR);
	assert_string_equal(scratch_read(p->scratch, "f"), "e");
}

static void
the_room_of_a_filesystem_is_told(void **state)
{
	struct place *p = *state;

	assert_int_equal(reopen(p, "f", true), 0);
	assert_true(disk_file_room(p->fd) > 0 && disk_file_room(p->fd) < UINT64_MAX);
	assert_true(disk_file_room(-1) == UINT64_MAX);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(a_live_file_keeps_what_is_in_it_and_one_of_a_run_begins_anew),
		IN_PLACE(directories_on_the_way_are_made_for_us_alone),
		IN_PLACE(a_symbolic_link_is_never_followed),
		IN_PLACE(what_is_no_regular_file_is_refused),
		IN_PLACE(a_live_file_has_one_name_and_is_ours),
		IN_PLACE(a_live_file_is_not_where_everybody_may_rename_files),
		IN_PLACE(it_is_noticed_when_the_path_names_something_else),
		IN_PLACE(a_file_without_a_name_is_nowhere_even_if_nobody_may_look),
		IN_PLACE(only_a_last_line_without_an_end_is_cut_off),
		IN_PLACE(a_long_tail_is_found_across_blocks_and_a_longer_one_is_left_alone),
		IN_PLACE(each_rotation_moves_every_file_one_further),
		IN_PLACE(the_room_of_a_filesystem_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
