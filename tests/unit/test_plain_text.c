#include "daemon/proto/plain_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *
text_of(const char *bytes, size_t size, size_t capacity)
{
	static char text[64];

	plain_text(cursor_over(bytes, size), text, capacity);
	return text;
}

static void
bytes_stay_as_they_are(void **state)
{
	(void)state;
	assert_string_equal(text_of("caf\xc3\xa9 \x01\xff\\", 9, 64), "caf\xc3\xa9 \x01\xff\\");
	assert_string_equal(text_of("", 0, 64), "");
	assert_string_equal(text_of("", 0, 1), "");
}

static void
a_nul_becomes_four_characters(void **state)
{
	(void)state;
	assert_string_equal(text_of("a\0b", 3, 64), "a\\x00b");
	assert_string_equal(text_of("\0", 1, 5), "\\x00");
	assert_string_equal(text_of("\0", 1, 4), "");
}

static void
what_does_not_fit_is_left_out(void **state)
{
	(void)state;
	assert_string_equal(text_of("abcd", 4, 6), "abcd");
	assert_string_equal(text_of("abcd", 4, 5), "abcd");
	assert_string_equal(text_of("abcd", 4, 4), "abc");
	assert_string_equal(text_of("abcd", 4, 1), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_stay_as_they_are),
		cmocka_unit_test(a_nul_becomes_four_characters),
		cmocka_unit_test(what_does_not_fit_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
