#include "daemon/proto/mysql_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BYTES(text) cursor_over((text), sizeof(text) - 1)

static void
integers_have_four_lengths(void **state)
{
	struct cursor c =
		BYTES("\xfa\xfc\x01\x02\xfd\x01\x02\x03\xfe\x01\x02\x03\x04\x05\x06\x07\x08");

	(void)state;
	assert_int_equal(mysql_integer(&c), 0xfa);
	assert_int_equal(mysql_integer(&c), 0x0201);
	assert_int_equal(mysql_integer(&c), 0x030201);
	assert_true(mysql_integer(&c) == UINT64_C(0x0807060504030201));
	assert_false(c.short_read);
	c = BYTES("\xfb");
	(void)mysql_integer(&c);
	assert_true(c.short_read);
	c = BYTES("\xff");
	(void)mysql_integer(&c);
	assert_true(c.short_read);
}

static void
attributes_of_every_type_are_passed(void **state)
{
	/* eight of them; the second is NULL and has no value */
	struct cursor c = BYTES("\x08\x01\x02\x01"
				"\x01\x00\x01"
				"a\x03\x00\x01"
				"b\x02\x00\x01"
				"c\x03\x80\x01"
				"d\x08\x00\x01"
				"e\x0c\x00\x01"
				"f\x06\x00\x01"
				"g\xfe\x00\x01"
				"h"
				"1"
				"22"
				"4444"
				"88888888"
				"\x02TT"
				"\x03"
				"SSS"
				"rest");

	(void)state;
	mysql_attributes_pass(&c);
	assert_int_equal(cursor_left(&c), 4);
	assert_memory_equal(c.at, "rest", 4);
}

static void
no_attributes_are_two_bytes(void **state)
{
	struct cursor c = BYTES("\x00\x01select");

	(void)state;
	mysql_attributes_pass(&c);
	assert_int_equal(cursor_left(&c), 6);
}

static void
what_is_not_understood_is_not_guessed(void **state)
{
	struct cursor c = BYTES("\x01\x01\x00\x00select");

	(void)state;
	mysql_attributes_pass(&c);
	assert_true(c.short_read);
	uint8_t many[256] = { 33, 1, 0, 0, 0, 0, 0, 1 };
	c = cursor_over(many, sizeof(many));
	mysql_attributes_pass(&c);
	assert_true(c.short_read);
	uint8_t most[256] = { 32, 1, 0, 0, 0, 0, 1 };
	c = cursor_over(most, sizeof(most));
	mysql_attributes_pass(&c);
	assert_false(c.short_read);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_have_four_lengths),
		cmocka_unit_test(attributes_of_every_type_are_passed),
		cmocka_unit_test(no_attributes_are_two_bytes),
		cmocka_unit_test(what_is_not_understood_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
