#include "daemon/proto/wire_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 8 };

#define BYTES(text) cursor_over((text), sizeof(text) - 1)

static void
bytes_stay_as_they_are_but_for_nuls(void **state)
{
	char text[32];

	(void)state;
	assert_int_equal(wire_text(text, sizeof(text), BYTES("a\0b\xff\r\n")), 9);
	assert_string_equal(text, "a\\x00b\xff\r\n");
	assert_int_equal(wire_text(text, sizeof(text), (struct cursor){ .short_read = true }), 0);
	assert_string_equal(text, "");
}

static void
what_does_not_fit_is_left_out(void **state)
{
	char text[ROOM];

	(void)state;
	assert_int_equal(wire_text(text, ROOM, BYTES("123456")), 6);
	assert_int_equal(wire_text(text, ROOM, BYTES("1234567")), 7);
	assert_int_equal(wire_text(text, ROOM, BYTES("12345678")), 7);
	assert_string_equal(text, "1234567");
	assert_int_equal(wire_text(text, ROOM, BYTES("1234\0")), 4);
	assert_string_equal(text, "1234");
}

static void
utf_16_becomes_utf_8(void **state)
{
	char text[32];

	(void)state;
	/* A, u umlaut, the euro, a musical clef in two halves, a NUL, and half a character. */
	assert_int_equal(wire_text_utf16(text, sizeof(text),
				 BYTES("A\0\xfc\0\xac\x20\x34\xd8\x1e\xdd\0\0Z")),
		14);
	assert_string_equal(text, "A\xc3\xbc\xe2\x82\xac\xf0\x9d\x84\x9e\\x00");
}

static void
half_a_pair_is_replaced(void **state)
{
	char text[32];

	(void)state;
	(void)wire_text_utf16(text, sizeof(text), BYTES("\x34\xd8"));
	assert_string_equal(text, "\xef\xbf\xbd");
	(void)wire_text_utf16(text, sizeof(text), BYTES("\x34\xd8Z\0"));
	assert_string_equal(text, "\xef\xbf\xbdZ");
	(void)wire_text_utf16(text, sizeof(text), BYTES("\x1e\xddZ\0"));
	assert_string_equal(text, "\xef\xbf\xbdZ");
}

static void
characters_are_written_whole_or_not(void **state)
{
	char text[ROOM];

	(void)state;
	assert_int_equal(wire_text_utf16(text, ROOM, BYTES("1\0002\0003\0004\000\xac\x20")), 7);
	assert_int_equal(
		wire_text_utf16(text, ROOM, BYTES("1\0002\0003\0004\0005\000\xac\x20")), 5);
	assert_string_equal(text, "12345");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_stay_as_they_are_but_for_nuls),
		cmocka_unit_test(what_does_not_fit_is_left_out),
		cmocka_unit_test(utf_16_becomes_utf_8),
		cmocka_unit_test(half_a_pair_is_replaced),
		cmocka_unit_test(characters_are_written_whole_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
