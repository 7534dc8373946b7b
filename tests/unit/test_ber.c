#include "daemon/proto/ber.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BYTES(text) cursor_over((text), sizeof(text) - 1)

static void
values_follow_each_other(void **state)
{
	struct cursor c = BYTES("\x02\x01\x05\x30\x03\x04\x01x\x04\x00");
	struct ber b;
	struct ber inner;

	(void)state;
	assert_true(ber_read(&c, &b));
	assert_int_equal(b.tag, BER_INTEGER);
	assert_int_equal(ber_number(&b), 5);
	assert_false(ber_read_tag(&c, BER_INTEGER, &b));
	assert_true(ber_read_tag(&c, BER_SEQUENCE, &b));
	assert_int_equal(b.size, 3);
	assert_true(ber_read_tag(&b.value, BER_OCTET_STRING, &inner));
	assert_int_equal(cursor_left(&inner.value), 1);
	assert_true(ber_read(&c, &b));
	assert_int_equal(b.size, 0);
	assert_false(ber_read(&c, &b));
}

static void
lengths_may_be_long(void **state)
{
	uint8_t bytes[4 + 300] = { 0x04, 0x82, 0x01, 0x2c };
	struct cursor c = cursor_over(bytes, sizeof(bytes));
	struct ber b;

	(void)state;
	assert_true(ber_read(&c, &b));
	assert_int_equal(b.size, 300);
	assert_int_equal(cursor_left(&b.value), 300);
	c = BYTES("\x04\x84\x00\x00\x00\x01x");
	assert_true(ber_read(&c, &b));
	assert_int_equal(b.size, 1);
	c = BYTES("\x04\x85\x00\x00\x00\x00\x01x");
	assert_false(ber_read(&c, &b));
	c = BYTES("\x30\x80xx");
	assert_false(ber_read(&c, &b)); /* indefinite */
	c = BYTES("\x1f\x81\x01\x00");
	assert_false(ber_read(&c, &b)); /* a tag of several bytes */
}

static void
of_what_is_cut_the_beginning_is_there(void **state)
{
	struct cursor c = BYTES("\x04\x05xy");
	struct ber b;

	(void)state;
	assert_true(ber_read(&c, &b));
	assert_int_equal(b.size, 5);
	assert_int_equal(cursor_left(&b.value), 2);
	assert_int_equal(cursor_left(&c), 0);
	c = BYTES("\x04");
	assert_false(ber_read(&c, &b));
	c = BYTES("\x04\x82\x01");
	assert_false(ber_read(&c, &b));
}

static void
numbers_have_a_sign_and_four_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		int32_t number;
	} cases[] = {
		{ "\x02\x01\x7f", 3, 127 },
		{ "\x02\x01\x80", 3, -128 },
		{ "\x02\x02\x01\x00", 4, 256 },
		{ "\x02\x04\x7f\xff\xff\xff", 6, INT32_MAX },
		{ "\x02\x04\x80\x00\x00\x00", 6, INT32_MIN },
		{ "\x02\x05\x00\x80\x00\x00\x00", 7, 0 },
		{ "\x02\x00", 2, 0 },
		{ "\x02\x02\x01", 3, 0 },
	};
	struct ber b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cursor c = cursor_over(cases[i].bytes, cases[i].size);
		assert_true(ber_read(&c, &b));
		assert_int_equal(ber_number(&b), cases[i].number);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_follow_each_other),
		cmocka_unit_test(lengths_may_be_long),
		cmocka_unit_test(of_what_is_cut_the_beginning_is_there),
		cmocka_unit_test(numbers_have_a_sign_and_four_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
