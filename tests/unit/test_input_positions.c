#include "daemon/loop/input_positions.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROOM = 64 * 1024 };

struct place {
	struct scratch *scratch;
	int directory;
	uint8_t memory[ROOM];
	struct input_position read[INPUT_POSITIONS_MAX];
};

static const struct input_position two[] = {
	{ .device = 2049, .inode = 131072, .offset = 70000, .line = 300, .head = 77 },
	{ .device = UINT64_MAX,
		.inode = 1,
		.offset = UINT64_MAX - 1,
		.line = UINT64_MAX,
		.head = UINT32_MAX },
};

static void
assert_same(const struct input_position *a, const struct input_position *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(a[i].device == b[i].device);
		assert_true(a[i].inode == b[i].inode);
		assert_true(a[i].offset == b[i].offset);
		assert_true(a[i].line == b[i].line);
		assert_int_equal(a[i].head, b[i].head);
	}
}

static int
begin(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof(p));
	p.scratch = scratch_new();
	assert_non_null(p.scratch);
	p.directory = open(p.scratch->directory, O_RDONLY | O_DIRECTORY);
	assert_true(p.directory >= 0);
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	(void)close(p->directory);
	scratch_free(p->scratch);
	return 0;
}

static size_t
pack(struct place *p, const struct input_position *positions, size_t count)
{
	struct blob b = blob_over(p->memory, sizeof(p->memory));

	input_positions_pack(&b, positions, count);
	assert_false(b.overflow);
	return b.length;
}

static void
positions_are_read_back_as_they_were(void **state)
{
	struct place *p = *state;

	size_t size = pack(p, two, 2);
	assert_int_equal(input_positions_unpack(p->memory, size, p->read), 2);
	assert_same(p->read, two, 2);
	assert_int_equal(input_positions_unpack(p->memory, pack(p, NULL, 0), p->read), 0);
}

static void
a_list_that_was_cut_or_changed_makes_no_sense(void **state)
{
	struct place *p = *state;
	size_t size = pack(p, two, 2);

	for (size_t cut = 0; cut < size; cut++)
		assert_int_equal(input_positions_unpack(p->memory, cut, p->read), -EBADMSG);
	for (size_t at = 0; at < size; at++) {
		p->memory[at] ^= 0x10;
		assert_int_equal(input_positions_unpack(p->memory, size, p->read), -EBADMSG);
		p->memory[at] ^= 0x10;
	}
	assert_int_equal(input_positions_unpack(p->memory, size, p->read), 2);
}

static void
more_than_the_most_are_cut(void **state)
{
	static struct input_position many[INPUT_POSITIONS_MAX + 1];
	struct place *p = *state;

	for (uint64_t i = 0; i <= INPUT_POSITIONS_MAX; i++)
		many[i].inode = i;
	size_t size = pack(p, many, INPUT_POSITIONS_MAX + 1);
	assert_int_equal(input_positions_unpack(p->memory, size, p->read), INPUT_POSITIONS_MAX);
	assert_int_equal(p->read[INPUT_POSITIONS_MAX - 1].inode, INPUT_POSITIONS_MAX - 1);
	assert_int_equal(input_positions_write(p->directory, p->memory, size), 0);
	assert_int_equal(input_positions_read(p->directory, p->read), INPUT_POSITIONS_MAX);
}

static void
a_shorter_list_replaces_a_longer_one(void **state)
{
	struct place *p = *state;
	struct stat st;

	assert_int_equal(input_positions_read(p->directory, p->read), 0);
	assert_int_equal(input_positions_write(p->directory, p->memory, pack(p, two, 2)), 0);
	assert_int_equal(input_positions_read(p->directory, p->read), 2);
	assert_int_equal(input_positions_write(p->directory, p->memory, pack(p, two + 1, 1)), 0);
	assert_int_equal(input_positions_read(p->directory, p->read), 1);
	assert_same(p->read, two + 1, 1);
	assert_int_equal(fstatat(p->directory, "inputs", &st, 0), 0);
	assert_int_equal(st.st_mode & 0137, 0);
}

static void
a_file_of_something_else_is_none(void **state)
{
	struct place *p = *state;

	assert_int_equal(input_positions_write(p->directory, "something", 9), 0);
	assert_int_equal(input_positions_read(p->directory, p->read), 0);
}

static void
a_link_is_not_followed(void **state)
{
	struct place *p = *state;

	assert_int_equal(symlinkat("elsewhere", p->directory, "inputs"), 0);
	assert_int_equal(input_positions_write(p->directory, "x", 1), -ELOOP);
	assert_int_equal(input_positions_write(-1, "x", 1), -EBADF);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(positions_are_read_back_as_they_were),
		TEST(a_list_that_was_cut_or_changed_makes_no_sense),
		TEST(more_than_the_most_are_cut),
		TEST(a_shorter_list_replaces_a_longer_one),
		TEST(a_file_of_something_else_is_none),
		TEST(a_link_is_not_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
