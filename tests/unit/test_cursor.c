#include "daemon/base/cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const uint8_t counting[] = { 0x91, 0x82, 0x73, 0x64, 0x55, 0x46, 0x37, 0x28, 0x19 };

static void
reads_are_big_endian_and_bounded(void **state)
{
	static const uint8_t wire[] = { 0x12, 0x34, 0x56, 0x78, 0x9a };
	struct cursor c = cursor_over(wire, sizeof(wire));

	(void)state;
	assert_int_equal(cursor_be16(&c), 0x1234);
	assert_int_equal(cursor_be16(&c), 0x5678);
	assert_int_equal(cursor_left(&c), 1);
	assert_int_equal(cursor_be16(&c), 0);
	assert_true(c.short_read);
	assert_int_equal(cursor_u8(&c), 0); /* short for good, though a byte is there */
	assert_int_equal(cursor_left(&c), 0);
}

static void
an_empty_or_failed_cursor_has_nothing(void **state)
{
	struct cursor c = cursor_over("", 0);

	(void)state;
	assert_false(c.short_read);
	assert_non_null(cursor_take(&c, 0)); /* no bytes are there */
	struct cursor sub = cursor_sub(&c, 1);
	assert_true(c.short_read);
	assert_true(sub.short_read);
	assert_int_equal(cursor_be32(&sub), 0);
	assert_null(cursor_take(&c, 0)); /* but not once it is short */
}

static void
every_width_reads_its_bytes_in_order(void **state)
{
	struct cursor c = cursor_over(counting, sizeof(counting));

	(void)state;
	assert_int_equal(cursor_u8(&c), 0x91);
	c = cursor_over(counting, sizeof(counting));
	assert_int_equal(cursor_be16(&c), 0x9182);
	c = cursor_over(counting, sizeof(counting));
	assert_int_equal(cursor_be32(&c), 0x91827364);
	c = cursor_over(counting, sizeof(counting));
	assert_true(cursor_be64(&c) == UINT64_C(0x9182736455463728));
	assert_int_equal(cursor_left(&c), 1);
	c = cursor_over(counting, sizeof(counting));
	assert_int_equal(cursor_le16(&c), 0x8291);
	c = cursor_over(counting, sizeof(counting));
	assert_int_equal(cursor_le32(&c), 0x64738291);
	c = cursor_over(counting, sizeof(counting));
	assert_true(cursor_le64(&c) == UINT64_C(0x2837465564738291));
	assert_int_equal(cursor_left(&c), 1);
}

/* Reads with one width or another; true when the bytes were there. */
static bool
read_fits(unsigned which, size_t length, uint64_t *ret_value)
{
	struct cursor c = cursor_over(counting, length);

	switch (which) {
	case 0:
		*ret_value = cursor_u8(&c);
		break;
	case 1:
		*ret_value = cursor_be16(&c);
		break;
	case 2:
		*ret_value = cursor_le16(&c);
		break;
	case 3:
		*ret_value = cursor_be32(&c);
		break;
	case 4:
		*ret_value = cursor_le32(&c);
		break;
	case 5:
		*ret_value = cursor_be64(&c);
		break;
	default:
		*ret_value = cursor_le64(&c);
		break;
	}
	return !c.short_read;
}

static void
a_read_one_byte_too_long_yields_zero_and_stays(void **state)
{
	static const size_t width[] = { 1, 2, 2, 4, 4, 8, 8 };

	(void)state;
	for (unsigned which = 0; which < 7; which++)
		for (size_t length = 0; length <= sizeof(counting); length++) {
			uint64_t value = 1;
			bool fits = read_fits(which, length, &value);
			assert_int_equal(fits, length >= width[which]);
			assert_int_equal(value != 0, fits);
		}
}

static void
a_sub_view_ends_where_its_length_says(void **state)
{
	struct cursor c = cursor_over(counting, sizeof(counting));

	(void)state;
	struct cursor sub = cursor_sub(&c, 3);
	assert_int_equal(cursor_left(&c), 6);
	assert_int_equal(cursor_left(&sub), 3);
	assert_int_equal(cursor_be16(&sub), 0x9182);
	assert_int_equal(cursor_be16(&sub), 0); /* the outer view goes on; the inner one does not */
	assert_true(sub.short_read);
	assert_false(c.short_read);
	assert_int_equal(cursor_u8(&c), 0x64);
	struct cursor rest = cursor_sub(&c, 5);
	assert_int_equal(cursor_left(&rest), 5);
	assert_int_equal(cursor_left(&c), 0);
	assert_false(c.short_read);
}

static void
the_last_byte_is_looked_at_and_left_out(void **state)
{
	struct cursor c = cursor_over(counting, 2);

	(void)state;
	assert_int_equal(cursor_last(&c), 0x82);
	cursor_drop_last(&c);
	assert_int_equal(cursor_left(&c), 1);
	assert_int_equal(cursor_last(&c), 0x91);
	assert_int_equal(cursor_u8(&c), 0x91);
	assert_int_equal(cursor_last(&c), 0); /* nothing is left, and nothing goes */
	cursor_drop_last(&c);
	assert_int_equal(cursor_left(&c), 0);
	assert_false(c.short_read);
	c = cursor_over(counting, 2);
	(void)cursor_take(&c, 3);
	assert_int_equal(cursor_last(&c), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_byte_is_looked_at_and_left_out),
		cmocka_unit_test(reads_are_big_endian_and_bounded),
		cmocka_unit_test(an_empty_or_failed_cursor_has_nothing),
		cmocka_unit_test(every_width_reads_its_bytes_in_order),
		cmocka_unit_test(a_read_one_byte_too_long_yields_zero_and_stays),
		cmocka_unit_test(a_sub_view_ends_where_its_length_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
