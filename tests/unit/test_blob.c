#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WRITERS = 7, ROOM = 64 };

/* One of each kind of write. */
static void
write_one(struct blob *b, unsigned which)
{
	switch (which) {
	case 0:
		blob_u8(b, 0x91);
		break;
	case 1:
		blob_u16(b, 0x9182);
		break;
	case 2:
		blob_u32(b, 0x91827364);
		break;
	case 3:
		blob_u64(b, UINT64_C(0x9182736455463728));
		break;
	case 4:
		blob_f64(b, -2.5);
		break;
	case 5:
		blob_text(b, "ab");
		break;
	default:
		blob_bytes(b, "xyz", 3);
		break;
	}
}

static const size_t width[WRITERS] = { 1, 2, 4, 8, 8, 5, 3 };

static void
numbers_are_little_endian_on_every_machine(void **state)
{
	static const uint8_t expected[] = { 0x91, 0x82, 0x91, 0x64, 0x73, 0x82, 0x91, 0x28, 0x37,
		0x46, 0x55, 0x64, 0x73, 0x82, 0x91, 0, 0, 0, 0, 0, 0, 4, 0xc0, 2, 0, 'a', 'b', 0,
		'x', 'y', 'z' };
	uint8_t memory[ROOM];
	struct blob b = blob_over(memory, sizeof(memory));

	(void)state;
	for (unsigned which = 0; which < WRITERS; which++)
		write_one(&b, which);
	assert_false(b.overflow);
	assert_int_equal(b.length, sizeof(expected));
	assert_memory_equal(memory, expected, sizeof(expected));
}

static void
a_cursor_reads_back_what_was_written(void **state)
{
	uint8_t memory[ROOM];
	struct blob b = blob_over(memory, sizeof(memory));

	(void)state;
	for (unsigned which = 0; which < WRITERS; which++)
		write_one(&b, which);
	blob_f64(&b, NAN);
	struct cursor c = cursor_over(b.bytes, b.length);
	assert_int_equal(cursor_u8(&c), 0x91);
	assert_int_equal(cursor_le16(&c), 0x9182);
	assert_int_equal(cursor_le32(&c), 0x91827364);
	assert_true(cursor_le64(&c) == UINT64_C(0x9182736455463728));
	assert_true(cursor_f64(&c) == -2.5);
	assert_string_equal(cursor_text(&c), "ab");
	char three[3];
	cursor_bytes(&c, three, sizeof(three));
	assert_memory_equal(three, "xyz", 3);
	assert_true(isnan(cursor_f64(&c)));
	assert_int_equal(cursor_left(&c), 0);
	assert_false(c.short_read);
	cursor_bytes(&c, three, 1);
	assert_int_equal(three[0], 0);
	assert_int_equal(three[1], 'y');
	assert_true(c.short_read);
}

static void
a_write_that_does_not_fit_changes_nothing(void **state)
{
	(void)state;
	for (unsigned which = 0; which < WRITERS; which++)
		for (size_t room = 0; room <= width[which] + 1; room++) {
			uint8_t memory[ROOM];
			memset(memory, 0xee, sizeof(memory));
			struct blob b = blob_over(memory, 1 + room);
			blob_u8(&b, 7);
			write_one(&b, which);
			bool fits = room >= width[which];
			assert_int_equal(b.overflow, !fits);
			assert_int_equal(b.length, 1 + (fits ? width[which] : 0));
			for (size_t i = b.length; i < sizeof(memory); i++)
				assert_int_equal(memory[i], 0xee);
		}
}

static void
after_an_overflow_nothing_fits_any_more(void **state)
{
	uint8_t memory[4] = { 0 };
	struct blob b = blob_over(memory, sizeof(memory));

	(void)state;
	blob_u64(&b, 1);
	blob_u8(&b, 1);
	blob_bytes(&b, NULL, 0);
	assert_true(b.overflow);
	assert_int_equal(b.length, 0);
	assert_int_equal(memory[0], 0);
}

static void
a_part_that_does_not_fit_is_thrown_away_whole(void **state)
{
	uint8_t memory[8];
	struct blob b = blob_over(memory, sizeof(memory));

	(void)state;
	blob_u32(&b, 1);
	struct blob part = b;
	blob_u16(&part, 2);
	blob_u32(&part, 3);
	assert_true(part.overflow);
	assert_false(b.overflow);
	blob_u32(&b, 4);
	assert_int_equal(b.length, 8);
	assert_int_equal(memory[4], 4);
}

static void
the_longest_text_fits_and_one_byte_more_does_not(void **state)
{
	static char text[UINT16_MAX + 2];
	static uint8_t memory[UINT16_MAX + 16];
	struct blob b = blob_over(memory, sizeof(memory));

	(void)state;
	memset(text, 'a', UINT16_MAX);
	blob_text(&b, text);
	assert_false(b.overflow);
	struct cursor c = cursor_over(b.bytes, b.length);
	assert_string_equal(cursor_text(&c), text);
	text[UINT16_MAX] = 'a';
	b = blob_over(memory, sizeof(memory));
	blob_text(&b, text);
	assert_true(b.overflow);
	assert_int_equal(b.length, 0);
}

static void
a_text_that_is_cut_or_not_whole_reads_as_empty(void **state)
{
	static const char *const bad[] = {
		"\x02\x00"
		"abc", /* does not end where it says */
		"\x02\x00"
		"a\0", /* ends before */
	};
	uint8_t memory[ROOM];
	struct blob b = blob_over(memory, sizeof(memory));

	(void)state;
	blob_text(&b, "ab");
	for (size_t length = 0; length < b.length; length++) {
		struct cursor c = cursor_over(memory, length);
		assert_string_equal(cursor_text(&c), "");
		assert_true(c.short_read);
	}
	for (size_t i = 0; i < 2; i++) {
		struct cursor c = cursor_over(bad[i], 5);
		assert_string_equal(cursor_text(&c), "");
		assert_true(c.short_read);
	}
	b = blob_over(memory, sizeof(memory));
	blob_text(&b, "");
	struct cursor c = cursor_over(memory, b.length);
	assert_string_equal(cursor_text(&c), "");
	assert_false(c.short_read);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_little_endian_on_every_machine),
		cmocka_unit_test(a_cursor_reads_back_what_was_written),
		cmocka_unit_test(a_write_that_does_not_fit_changes_nothing),
		cmocka_unit_test(after_an_overflow_nothing_fits_any_more),
		cmocka_unit_test(a_part_that_does_not_fit_is_thrown_away_whole),
		cmocka_unit_test(the_longest_text_fits_and_one_byte_more_does_not),
		cmocka_unit_test(a_text_that_is_cut_or_not_whole_reads_as_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
