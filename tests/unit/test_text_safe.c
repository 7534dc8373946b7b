#include "daemon/base/text_safe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
safe(const char *text, size_t most)
{
	static char memory[256];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	text_safe(&b, text, most);
	return memory;
}

static void
what_can_be_read_stays_as_it_is(void **state)
{
	(void)state;
	assert_string_equal(safe("", 10), "");
	assert_string_equal(safe("a ~\"\\b", 10), "a ~\"\\b");
	assert_string_equal(safe("\xc2\xa0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 20),
		"\xc2\xa0\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void
every_control_byte_is_written_out(void **state)
{
	char text[2] = "";
	char expected[5] = "\\x00";

	(void)state;
	for (unsigned c = 1; c < 0x100; c++) {
		text[0] = (char)c;
		if (c >= 0x20 && c < 0x7f) {
			assert_string_equal(safe(text, 10), text);
			continue;
		}
		expected[2] = "0123456789abcdef"[c >> 4];
		expected[3] = "0123456789abcdef"[c & 15];
		assert_string_equal(safe(text, 10), expected);
	}
}

static void
controls_of_two_and_three_bytes_are_written_out_and_their_neighbours_not(void **state)
{
	(void)state;
	assert_string_equal(safe("\xc2\x80\xc2\x9b\xc2\x9f", 20), "\\xc2\\x80\\xc2\\x9b\\xc2\\x9f");
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tested */
	assert_string_equal(safe("\xd8\x9c|\xd8\x9b|\xd9\x9c", 20), "\\xd8\\x9c|\xd8\x9b|\xd9\x9c");
	assert_string_equal(
		safe("\xe2\x80\x8e|\xe2\x80\x8f", 20), "\\xe2\\x80\\x8e|\\xe2\\x80\\x8f");
	assert_string_equal(
		/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what is tested */
		safe("\xe2\x80\xa8|\xe2\x80\xae", 20), "\\xe2\\x80\\xa8|\\xe2\\x80\\xae");
	assert_string_equal(
		safe("\xe2\x81\xa6|\xe2\x81\xa9", 20), "\\xe2\\x81\\xa6|\\xe2\\x81\\xa9");
	assert_string_equal(safe("\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf", 20),
		"\xe2\x80\x8d\xe2\x80\x90\xe2\x80\xa7\xe2\x80\xaf");
	assert_string_equal(safe("\xe2\x81\xa5\xe2\x81\xaa\xe3\x80\xa8", 20),
		"\xe2\x81\xa5\xe2\x81\xaa\xe3\x80\xa8");
	assert_string_equal(safe("\xd8\x9b\xd8\x9c\xd9\x9c", 20), "\xd8\x9b\\xd8\\x9c\xd9\x9c");
}

static void
what_is_too_long_is_cut_and_says_so(void **state)
{
	(void)state;
	assert_string_equal(safe("abcd", 4), "abcd");
	assert_string_equal(safe("abcde", 4), "abcd...");
	assert_string_equal(safe("abc\xc3\xa9", 4), "abc\\xc3..."); /* cut inside a letter */
}

static void
it_fits_room_of_its_own_and_says_what_is_left_out(void **state)
{
	char room[8];

	(void)state;
	assert_ptr_equal(text_safe_in(room, sizeof(room), "ab"), room);
	assert_string_equal(room, "ab");
	assert_string_equal(text_safe_in(room, sizeof(room), "abcd"), "abcd");
	assert_string_equal(text_safe_in(room, sizeof(room), "abcdefgh"), "abcd...");
	assert_string_equal(text_safe_in(room, sizeof(room), "\x1b\x1b"), "\\x1b");
	assert_string_equal(text_safe_in(room, sizeof(room), NULL), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_can_be_read_stays_as_it_is),
		cmocka_unit_test(every_control_byte_is_written_out),
		cmocka_unit_test(
			controls_of_two_and_three_bytes_are_written_out_and_their_neighbours_not),
		cmocka_unit_test(what_is_too_long_is_cut_and_says_so),
		cmocka_unit_test(it_fits_room_of_its_own_and_says_what_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
