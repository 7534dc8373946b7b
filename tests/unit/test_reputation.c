/* test_reputation.c -- a directory of what others think of addresses, as files come, change and go. */
#include "exporters/kalipso/reputation.h"

#include "daemon/base/table.h"
#include "daemon/base/time_text.h"
#include "tests/support/mapped.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 4, MANY = 1 << 20, LOOK_S = 10 };

struct rig {
	struct scratch *scratch;
	struct reputation *reputation;
	uint64_t now_ns;
	int stderr_kept;
	char path[160];
};

static const char *
path_of(struct rig *r, const char *name)
{
	(void)snprintf(r->path, sizeof(r->path), "%s/%s", r->scratch->directory, name);
	return r->path;
}

static void
put(struct rig *r, const char *name, const char *text)
{
	FILE *f = fopen(path_of(r, name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
drop(struct rig *r, const char *name)
{
	assert_int_equal(remove(path_of(r, name)), 0);
}

/* From here on what goes to stderr goes into a file. */
static void
hear(struct rig *r)
{
	int fd = open(path_of(r, ".said"), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	(void)fflush(stderr);
	r->stderr_kept = dup(STDERR_FILENO);
	(void)dup2(fd, STDERR_FILENO);
	(void)close(fd);
}

static const char *
heard(struct rig *r)
{
	(void)fflush(stderr);
	(void)dup2(r->stderr_kept, STDERR_FILENO);
	(void)close(r->stderr_kept);
	return scratch_read(r->scratch, ".said");
}

static unsigned
count(const char *text, const char *part)
{
	unsigned n = 0;

	while ((text = strstr(text, part)) != NULL) {
		text += strlen(part);
		n++;
	}
	return n;
}

static int
start(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	r->scratch = scratch_new();
	r->now_ns = 1000 * NS_PER_S;
	*state = r;
	return r->scratch == NULL;
}

static int
stop(void **state)
{
	struct rig *r = *state;

	reputation_free(r->reputation);
	scratch_free(r->scratch);
	free(r);
	return 0;
}

static void
begin(struct rig *r, uint32_t most)
{
	r->reputation = reputation_new(r->scratch->directory, most);
	assert_non_null(r->reputation);
}

/* Ten seconds later. returns how many calls it took until something was new; 0: nothing was, in a hundred */
static unsigned
look(struct rig *r)
{
	r->now_ns += LOOK_S * NS_PER_S;
	for (unsigned i = 1; i <= 100; i++)
		if (reputation_look(r->reputation, r->now_ns))
			return i;
	return 0;
}

/* -1: nobody said anything */
static double
url_of(const struct rig *r, const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	const struct reputation_scores *s = reputation_of(r->reputation, &a);
	return s == NULL ? -1 : s->url;
}

#define LINE(address, url) "{\"address\":\"" address "\",\"url\":" url "}\n"

static void
no_directory_is_nobody_who_says_anything(void **state)
{
	struct addr a = addr_v4(203, 0, 113, 66);

	(void)state;
	assert_null(reputation_new("", MOST));
	assert_null(reputation_of(NULL, &a));
	reputation_free(NULL);
}

static void
later_files_by_name_and_later_lines_win(void **state)
{
	struct rig *r = *state;

	put(r, "b.jsonl", LINE("203.0.113.1", "0.2") LINE("203.0.113.2", "0.2"));
	put(r, "a.jsonl",
		LINE("203.0.113.1", "0.1") LINE("203.0.113.3", "0.1") LINE("203.0.113.3", "0.5"));
	put(r, ".c.jsonl", LINE("203.0.113.1", "0.3"));
	put(r, "c.json", LINE("203.0.113.1", "0.3"));
	put(r, "jsonl", LINE("203.0.113.1", "0.3"));
	put(r, "c.jsonl.new", LINE("203.0.113.1", "0.3"));
	begin(r, MOST);
	assert_true(url_of(r, "203.0.113.1") == 0.2);
	assert_true(url_of(r, "203.0.113.2") == 0.2);
	assert_true(url_of(r, "203.0.113.3") == 0.5);
	assert_true(url_of(r, "203.0.113.4") == -1);
	struct reputation_stats s = reputation_stats(r->reputation);
	assert_int_equal(s.files, 2);
	assert_int_equal(s.files_refused, 0);
	assert_int_equal(s.lines, 5);
	assert_int_equal(s.lines_bad, 0);
	assert_int_equal(s.addresses, 3);
}

static void
files_that_come_change_and_go_are_seen(void **state)
{
	struct rig *r = *state;

	begin(r, MOST);
	assert_true(url_of(r, "203.0.113.1") == -1);
	assert_int_equal(look(r), 0);
	put(r, "a.jsonl", LINE("203.0.113.1", "0.1"));
	assert_int_equal(look(r), 1);
	assert_true(url_of(r, "203.0.113.1") == 0.1);
	assert_int_equal(look(r), 0);
	put(r, "a.jsonl", LINE("203.0.113.1", "0.25")); /* another size */
	assert_int_equal(look(r), 1);
	assert_true(url_of(r, "203.0.113.1") == 0.25);

	/* renamed over it, of the same size and time: another inode */
	struct stat st;
	assert_int_equal(stat(path_of(r, "a.jsonl"), &st), 0);
	put(r, ".new", LINE("203.0.113.1", "0.75"));
	const struct timespec times[] = { st.st_atim, st.st_mtim };
	assert_int_equal(utimensat(AT_FDCWD, path_of(r, ".new"), times, 0), 0);
	char from[sizeof(r->path)];
	(void)snprintf(from, sizeof(from), "%s", path_of(r, ".new"));
	assert_int_equal(rename(from, path_of(r, "a.jsonl")), 0);
	assert_int_equal(look(r), 1);
	assert_true(url_of(r, "203.0.113.1") == 0.75);

	/* in place, of the same size: another time */
	put(r, "a.jsonl", LINE("203.0.113.1", "0.85"));
	const struct timespec later[] = { { .tv_sec = 1 }, { .tv_sec = 1, .tv_nsec = 1 } };
	assert_int_equal(utimensat(AT_FDCWD, path_of(r, "a.jsonl"), later, 0), 0);
	assert_int_equal(look(r), 1);
	assert_true(url_of(r, "203.0.113.1") == 0.85);

	put(r, "b.jsonl", LINE("203.0.113.2", "0.5"));
	assert_int_equal(look(r), 2); /* a file a call */
	drop(r, "a.jsonl");
	assert_int_equal(look(r), 1);
	assert_true(url_of(r, "203.0.113.1") == -1);
	assert_true(url_of(r, "203.0.113.2") == 0.5);
	drop(r, "b.jsonl");
	assert_int_equal(look(r), 1);
	assert_true(url_of(r, "203.0.113.2") == -1);
	assert_int_equal(reputation_stats(r->reputation).addresses, 0);
}

static void
it_looks_every_ten_seconds_and_what_was_there_stays_until_all_is_read(void **state)
{
	struct rig *r = *state;
	uint64_t then_ns = r->now_ns + LOOK_S * NS_PER_S;

	put(r, "a.jsonl", LINE("203.0.113.1", "0.1"));
	begin(r, MOST);
	assert_int_equal(look(r), 0);
	put(r, "a.jsonl", LINE("203.0.113.1", "0.25"));
	put(r, "b.jsonl", LINE("203.0.113.2", "0.2"));
	put(r, "c.jsonl", LINE("203.0.113.3", "0.3"));
	assert_false(reputation_look(r->reputation, then_ns + LOOK_S * NS_PER_S - 1));
	assert_false(reputation_look(r->reputation, then_ns + LOOK_S * NS_PER_S)); /* a */
	assert_true(url_of(r, "203.0.113.1") == 0.1);
	assert_false(reputation_look(r->reputation, then_ns + LOOK_S * NS_PER_S)); /* b */
	assert_true(url_of(r, "203.0.113.1") == 0.1);
	assert_true(reputation_look(r->reputation, then_ns + LOOK_S * NS_PER_S)); /* c */
	assert_true(url_of(r, "203.0.113.1") == 0.25);
	assert_true(url_of(r, "203.0.113.3") == 0.3);
}

/* The old table beside the new one, and never a third. */
static void
reading_again_takes_the_memory_of_two_tables(void **state)
{
	struct rig *r = *state;
	const uint64_t table =
		(uint64_t)MANY * table_bytes_per_item(sizeof(struct reputation_scores));

	assert_int_equal(reputation_bytes(MANY), 2 * table);
	begin(r, MANY);
	uint64_t before = mapped_bytes();
	for (int i = 0; i < 4; i++) {
		put(r, "a.jsonl",
			i % 2 == 0 ? LINE("203.0.113.1", "0.1") : LINE("203.0.113.1", "0.25"));
		assert_int_equal(look(r), 1);
	}
	assert_true(mapped_bytes() < before + 2 * table);
}

static void
addresses_are_kept_as_many_as_there_is_room_for(void **state)
{
	struct rig *r = *state;

	put(r, "a.jsonl",
		LINE("203.0.113.1", "0.1") LINE("203.0.113.2", "0.2") LINE("203.0.113.3", "0.3")
			LINE("203.0.113.4", "0.4"));
	begin(r, 4);
	assert_int_equal(reputation_stats(r->reputation).left_out, 0);
	put(r, "b.jsonl",
		LINE("203.0.113.5", "0.5") LINE("203.0.113.4", "0.6") LINE("203.0.113.6", "0.6"));
	hear(r);
	assert_int_equal(look(r), 2);
	assert_non_null(strstr(heard(r), "2 lines of "));
	assert_int_equal(reputation_stats(r->reputation).left_out, 2);
	assert_int_equal(reputation_stats(r->reputation).addresses, 4);
	assert_true(url_of(r, "203.0.113.4") == 0.6); /* which was there */
	assert_true(url_of(r, "203.0.113.5") == -1);
}

static void
files_are_read_as_many_as_there_may_be(void **state)
{
	struct rig *r = *state;
	char name[32];

	for (unsigned i = 0; i < REPUTATION_FILES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "%u.jsonl", i);
		put(r, name, LINE("203.0.113.1", "0.1"));
	}
	begin(r, MOST);
	assert_int_equal(reputation_stats(r->reputation).files, REPUTATION_FILES_MAX);
	assert_int_equal(reputation_stats(r->reputation).files_refused, 0);
	put(r, "one_more.jsonl", LINE("203.0.113.1", "0.1"));
	hear(r);
	assert_int_equal(look(r), REPUTATION_FILES_MAX);
	assert_non_null(strstr(heard(r), "1 files of "));
	assert_int_equal(reputation_stats(r->reputation).files, REPUTATION_FILES_MAX);
	assert_int_equal(reputation_stats(r->reputation).files_refused, 1);
}

/* A file a day: the newest is never the one that is left out, in whatever order the directory lists them. */
static void
of_more_files_those_with_the_last_names_are_read(void **state)
{
	struct rig *r = *state;
	char name[32];
	char line[128];

	for (unsigned i = 0; i < 2 * REPUTATION_FILES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "day%03u.jsonl", i);
		(void)snprintf(
			line, sizeof(line), "{\"address\":\"203.0.113.%u\",\"url\":0.5}\n", i);
		put(r, name, line);
	}
	begin(r, 2 * REPUTATION_FILES_MAX);
	assert_int_equal(reputation_stats(r->reputation).files, REPUTATION_FILES_MAX);
	for (unsigned i = 0; i < 2 * REPUTATION_FILES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "203.0.113.%u", i);
		assert_true(url_of(r, name) == (i < REPUTATION_FILES_MAX ? -1 : 0.5));
	}
}

static void
what_is_wrong_is_told_once_for_each_file_until_it_changes(void **state)
{
	struct rig *r = *state;

	put(r, "a\n\x1b[2J.jsonl", LINE("203.0.113.1", "0.1") "no\n" LINE("203.0.113.2", "7") "{");
	assert_int_equal(mkfifo(path_of(r, "f.jsonl"), 0600), 0);
	hear(r);
	begin(r, MOST);
	const char *said = heard(r);
	assert_int_equal(count(said, "warning"), 2);
	assert_non_null(strstr(said,
		"/a\\x0a\\x1b[2J.jsonl, line 2: expected a JSON object; 3 of its 4 lines are passed over\n"));
	assert_non_null(strstr(said, "/f.jsonl: expected a regular file; it is passed over\n"));
	assert_non_null(strstr(said, "1 addresses of 1 files in "));
	assert_true(url_of(r, "203.0.113.1") == 0.1);
	assert_int_equal(reputation_stats(r->reputation).lines, 4);
	assert_int_equal(reputation_stats(r->reputation).lines_bad, 3);
	assert_int_equal(reputation_stats(r->reputation).files, 1);
	assert_int_equal(reputation_stats(r->reputation).files_refused, 1);

	for (unsigned i = 0; i < 2; i++) {
		put(r, i == 0 ? "b.jsonl" : "c.jsonl", LINE("203.0.113.3", "0.1"));
		hear(r);
		assert_int_equal(look(r), 3 + i);
		assert_int_equal(count(heard(r), "warning"), 0);
		assert_int_equal(reputation_stats(r->reputation).lines_bad, 3);
	}
	put(r, "a\n\x1b[2J.jsonl", "no\n");
	hear(r);
	assert_int_equal(look(r), 4);
	assert_int_equal(count(heard(r), "warning"), 1);
}

static void
a_directory_that_cannot_be_read_takes_nothing_away(void **state)
{
	struct rig *r = *state;
	char away[sizeof(r->scratch->directory) + 8];
	char directory[sizeof(r->path)];

	(void)snprintf(directory, sizeof(directory), "%s", path_of(r, "drop"));
	(void)snprintf(away, sizeof(away), "%s/away", r->scratch->directory);
	hear(r);
	r->reputation = reputation_new(directory, MOST);
	assert_non_null(r->reputation);
	assert_int_equal(look(r), 0);
	const char *said = heard(r);
	assert_int_equal(count(said, "warning"), 1); /* not each time */
	assert_non_null(
		strstr(said, "/drop: No such file or directory; what was read before stays"));

	assert_int_equal(mkdir(directory, 0700), 0);
	put(r, "drop/a.jsonl", LINE("203.0.113.1", "0.1"));
	hear(r);
	assert_int_equal(look(r), 1);
	assert_non_null(strstr(heard(r), "/drop can be read again\n"));
	assert_int_equal(rename(directory, away), 0);
	hear(r);
	assert_int_equal(look(r), 0);
	assert_int_equal(count(heard(r), "warning"), 1);
	assert_true(url_of(r, "203.0.113.1") == 0.1);
}

/* It is gone in the middle of a reading: what its files would have said is refused, and no file is read twice. */
static void
a_file_that_goes_while_others_are_read_is_told(void **state)
{
	struct rig *r = *state;

	begin(r, MOST);
	put(r, "a.jsonl", LINE("203.0.113.1", "0.1"));
	put(r, "b.jsonl", LINE("203.0.113.2", "0.2"));
	r->now_ns += LOOK_S * NS_PER_S;
	assert_false(reputation_look(r->reputation, r->now_ns));
	drop(r, "b.jsonl");
	hear(r);
	assert_true(reputation_look(r->reputation, r->now_ns));
	assert_non_null(strstr(heard(r), "/b.jsonl: expected a file that stays while it is read;"));
	assert_true(url_of(r, "203.0.113.1") == 0.1);
	assert_int_equal(look(r), 1); /* there is one less */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_directory_is_nobody_who_says_anything),
		TEST(later_files_by_name_and_later_lines_win),
		TEST(files_that_come_change_and_go_are_seen),
		TEST(it_looks_every_ten_seconds_and_what_was_there_stays_until_all_is_read),
		TEST(reading_again_takes_the_memory_of_two_tables),
		TEST(addresses_are_kept_as_many_as_there_is_room_for),
		TEST(files_are_read_as_many_as_there_may_be),
		TEST(of_more_files_those_with_the_last_names_are_read),
		TEST(what_is_wrong_is_told_once_for_each_file_until_it_changes),
		TEST(a_directory_that_cannot_be_read_takes_nothing_away),
		TEST(a_file_that_goes_while_others_are_read_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
