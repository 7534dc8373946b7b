#include "daemon/input/input_follow.h"

#include "tests/support/input_files.h"
#include "tests/support/input_toy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { POSITIONS_MAX = 8, TOLD_MAX = 256 };

struct place {
	struct input_files *files;
	const char *given;
	struct input *in;
	struct input_position positions[POSITIONS_MAX];
	size_t position_count;
	char told
		[TOLD_MAX]; /* ids of what was told since the last question, with blanks between them */
};

static int
begin(void **state)
{
	static struct place p;

	p = (struct place){ .files = input_files_new() };
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	input_close(p->in);
	input_files_free(p->files);
	return 0;
}

static void
add(struct place *p, const char *name, const char *text)
{
	input_files_add(p->files, name, text);
}

/* A line, told as `id`. */
#define LINE(ts, id) "{\"ts\":" #ts ",\"id\":\"" id "\"}\n"

static void
open_at(struct place *p, const char *path)
{
	char error[INPUT_ERROR_MAX] = "";
	const struct input_plan plan = {
		.paths = &p->given,
		.count = 1,
		.kind = INPUT_KIND_ZEEK,
		.follow = true,
		.positions = p->positions,
		.position_count = p->position_count,
	};

	input_close(p->in);
	p->in = NULL;
	p->given = path;
	assert_int_equal(input_open(&plan, &p->in, error), 0);
	assert_string_equal(error, "");
}

static void
open_directory(struct place *p)
{
	open_at(p, p->files->scratch->directory);
}

/* What is told until it waits. */
static const char *
told(struct place *p)
{
	const struct observation *o;
	uint64_t key_ns;
	struct strbuf b;
	enum input_step step;

	strbuf_init(&b, p->told, sizeof(p->told));
	while ((step = input_next(p->in, &o, &key_ns)) == INPUT_ITEM)
		strbuf_printf(&b, "%s%s", b.length > 0 ? " " : "", o->flow->uid.text);
	assert_int_equal(step, INPUT_WAIT);
	return p->told;
}

static const char *
told_after_a_look(struct place *p)
{
	input_look_again(p->in);
	return told(p);
}

/* As a process that ends now would leave it. */
static void
leave(struct place *p)
{
	p->position_count = input_positions(p->in, p->positions, POSITIONS_MAX);
}

static void
move(struct place *p, const char *from, const char *to)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s", input_files_path(p->files, from));
	assert_int_equal(rename(path, input_files_path(p->files, to)), 0);
}

static void
a_log_that_grows_is_read_on_by_whole_lines(void **state)
{
	struct place *p = *state;

	add(p, "conn.log", LINE(1, "a"));
	open_directory(p);
	assert_string_equal(told(p), "a");
	assert_string_equal(told(p), "");
	add(p, "conn.log", LINE(2, "b") "{\"ts\":3,");
	assert_string_equal(told(p), "b");
	add(p, "conn.log", "\"id\":\"c\"}\n");
	assert_string_equal(told(p), "c");
}

static void
a_log_that_is_renamed_is_read_to_its_end_and_the_new_one_after_it(void **state)
{
	struct place *p = *state;

	add(p, "conn.log", LINE(1, "a"));
	open_directory(p);
	assert_string_equal(told(p), "a");
	move(p, "conn.log", "conn.2026-01-01.log");
	assert_string_equal(told_after_a_look(p), "");
	add(p, "conn.2026-01-01.log", LINE(2, "b")); /* its writer has it open still */
	assert_string_equal(told_after_a_look(p), "b");
	add(p, "conn.2026-01-01.log", LINE(3, "c"));
	add(p, "conn.log", LINE(4, "d"));
	assert_string_equal(told_after_a_look(p), "c d");
	add(p, "conn.log", LINE(5, "e"));
	assert_string_equal(told_after_a_look(p), "e");
}

static void
a_log_is_rotated_again_and_again(void **state)
{
	struct place *p = *state;
	struct input_count counts[2];
	char name[32];

	add(p, "conn.log", LINE(1, "a"));
	open_directory(p);
	assert_string_equal(told(p), "a");
	for (int i = 0; i < 100; i++) {
		(void)snprintf(name, sizeof(name), "old.%d", i);
		move(p, "conn.log", name);
		assert_int_equal(unlink(input_files_path(p->files, name)), 0);
		add(p, "conn.log", LINE(2, "b"));
		assert_string_equal(told_after_a_look(p), "b");
	}
	assert_int_equal(input_counts(p->in, 0, counts, 2), 1);
	assert_int_equal(counts[0].read, 101);
}

static void
a_log_that_was_cut_is_read_from_its_beginning(void **state)
{
	struct place *p = *state;

	add(p, "conn.log", LINE(1, "a") LINE(2, "b"));
	open_directory(p);
	assert_string_equal(told(p), "a b");
	assert_int_equal(truncate(input_files_path(p->files, "conn.log"), 0), 0);
	int saved = input_files_hear(p->files);
	assert_string_equal(told_after_a_look(p), "");
	assert_non_null(strstr(input_files_heard(p->files, saved),
		"conn.log: it was cut, and is read from its beginning"));
	add(p, "conn.log", LINE(3, "c"));
	assert_string_equal(told_after_a_look(p), "c");
}

static void
a_log_that_was_not_there_is_found(void **state)
{
	struct place *p = *state;

	open_directory(p);
	assert_string_equal(told(p), "");
	add(p, "conn.log", LINE(1, "a"));
	assert_string_equal(told(p), "");
	assert_string_equal(told_after_a_look(p), "a");
	add(p, "dns.log", LINE(2, "b"));
	add(p, "notes.txt", LINE(3, "x"));
	add(p, "dns.2025-01-01.log", LINE(0, "y")); /* a piece of the past */
	assert_string_equal(told_after_a_look(p), "b");
	add(p, "conn.log", LINE(4, "c"));
	add(p, "dns.log", LINE(3, "d"));
	assert_string_equal(told_after_a_look(p), "d c");
}

static void
a_path_that_is_not_there_is_waited_for(void **state)
{
	struct place *p = *state;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s", input_files_path(p->files, "eve.json"));
	open_at(p, path);
	assert_string_equal(told_after_a_look(p), "");
	add(p, "eve.json", LINE(1, "a"));
	assert_string_equal(told_after_a_look(p), "a");
	move(p, "eve.json", "eve.json.1");
	assert_string_equal(told_after_a_look(p), "");
	add(p, "eve.json", LINE(2, "b"));
	assert_string_equal(told_after_a_look(p), "b");
}

static void
a_directory_that_is_not_there_is_waited_for(void **state)
{
	struct place *p = *state;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s", input_files_path(p->files, "current"));
	open_at(p, path);
	assert_string_equal(told_after_a_look(p), "");
	input_files_mkdir(p->files, "current");
	add(p, "current/conn.log", LINE(1, "a"));
	assert_string_equal(told_after_a_look(p), "a");
}

static void
a_later_reading_goes_on_where_the_earlier_one_came_to(void **state)
{
	struct place *p = *state;

	add(p, "conn.log", "#header\n" LINE(1, "a") LINE(2, "b"));
	add(p, "dns.log", LINE(3, "c"));
	open_directory(p);
	assert_string_equal(told(p), "a b c");
	leave(p);
	assert_int_equal(p->position_count, 2);
	open_directory(p);
	assert_string_equal(told(p), "");
	add(p, "conn.log", LINE(4, "d"));
	assert_string_equal(told(p), "d");
}

static void
what_was_given_last_is_not_told_yet(void **state)
{
	struct place *p = *state;
	const struct observation *o;
	uint64_t key_ns;

	add(p, "conn.log", LINE(1, "a") LINE(3, "c"));
	add(p, "dns.log", LINE(2, "b"));
	open_directory(p);
	assert_int_equal(input_next(p->in, &o, &key_ns), INPUT_ITEM); /* a */
	assert_int_equal(input_next(p->in, &o, &key_ns), INPUT_ITEM); /* b */
	leave(p);
	open_directory(p);
	assert_string_equal(told(p), "b c");
}

static void
headers_are_read_again_and_lines_have_their_numbers(void **state)
{
	struct place *p = *state;

	add(p, "conn.log", "#one\n#two\n" LINE(1, "a"));
	open_directory(p);
	assert_string_equal(told(p), "a");
	leave(p);
	assert_int_equal(p->positions[0].line, 3);
	add(p, "conn.log", "{\"ts\":bad}\n");
	open_directory(p);
	int saved = input_files_hear(p->files);
	assert_string_equal(told(p), "");
	assert_non_null(strstr(input_files_heard(p->files, saved), "conn.log:4: "));
}

static void
a_piece_that_was_renamed_meanwhile_is_finished_first(void **state)
{
	struct place *p = *state;

	add(p, "conn.log", LINE(1, "a"));
	open_directory(p);
	assert_string_equal(told(p), "a");
	leave(p);
	add(p, "conn.log", LINE(2, "b"));
	move(p, "conn.log", "conn.2026-01-01.log");
	add(p, "conn.2025-01-01.log", LINE(0, "x")); /* which nobody had begun */
	add(p, "conn.log", LINE(3, "c"));
	open_directory(p);
	assert_string_equal(told_after_a_look(p), "b c");
	add(p, "conn.log", LINE(4, "d"));
	assert_string_equal(told_after_a_look(p), "d");
	move(p, "conn.log", "conn.2026-01-02.log"); /* and so it goes on */
	add(p, "conn.log", LINE(5, "e"));
	assert_string_equal(told_after_a_look(p), "e");
	leave(p);
	assert_int_equal(p->position_count, 1);
	open_directory(p);
	assert_string_equal(told(p), "");
}

static void
another_file_with_the_same_inode_is_read_from_its_beginning(void **state)
{
	struct place *p = *state;
	int fd;

	add(p, "conn.log", LINE(1, "a") LINE(2, "b"));
	open_directory(p);
	assert_string_equal(told(p), "a b");
	leave(p);
	fd = open(input_files_path(p->files, "conn.log"), O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	(void)close(fd);
	add(p, "conn.log", LINE(3, "c") LINE(4, "d") LINE(5, "e"));
	open_directory(p);
	assert_string_equal(told(p), "c d e");
	/* and one that is shorter than that */
	p->positions[0].offset += 1000;
	open_directory(p);
	assert_string_equal(told(p), "c d e");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_log_that_grows_is_read_on_by_whole_lines),
		TEST(a_log_that_is_renamed_is_read_to_its_end_and_the_new_one_after_it),
		TEST(a_log_is_rotated_again_and_again),
		TEST(a_log_that_was_cut_is_read_from_its_beginning),
		TEST(a_log_that_was_not_there_is_found),
		TEST(a_path_that_is_not_there_is_waited_for),
		TEST(a_directory_that_is_not_there_is_waited_for),
		TEST(a_later_reading_goes_on_where_the_earlier_one_came_to),
		TEST(what_was_given_last_is_not_told_yet),
		TEST(headers_are_read_again_and_lines_have_their_numbers),
		TEST(a_piece_that_was_renamed_meanwhile_is_finished_first),
		TEST(another_file_with_the_same_inode_is_read_from_its_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
