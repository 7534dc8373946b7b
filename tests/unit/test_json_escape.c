/* test_json_escape.c -- what is an escape, and what it stands for. */
#include "daemon/base/json_escape.h"

#include "tests/support/exact_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static size_t
length_of(const char *text, size_t length)
{
	char *exact = exact_text(text, length);
	size_t result = json_escape_length(exact, exact + length);

	free(exact);
	return result;
}

static void
escapes_have_a_letter_or_four_digits(void **state)
{
	char text[] = "\\?";

	(void)state;
	for (int c = 0; c < 256; c++) {
		text[1] = (char)c;
		assert_int_equal(
			length_of(text, 2), c != 0 && strchr("\"\\/bfnrt", c) != NULL ? 2 : 0);
	}
	assert_int_equal(length_of("\\u09aFx", 7), 6);
	assert_int_equal(length_of("\\uFFFF", 6), 6);
	for (size_t cut = 1; cut < 6; cut++)
		assert_int_equal(length_of("\\u00fc", cut), 0);
	assert_int_equal(length_of("\\n", 1), 0);
	assert_int_equal(length_of("\\u00g0", 6), 0);
	assert_int_equal(length_of("\\ux000", 6), 0);
	assert_int_equal(length_of("\\u000 ", 6), 0);
}

/* returns the length of what is in `to` then */
static size_t
text_of(const char *escaped, char *to, size_t room)
{
	char *exact = exact_text(escaped, strlen(escaped));
	struct strbuf b;

	strbuf_init(&b, to, room);
	json_escape_undo(&b, exact, strlen(escaped));
	free(exact);
	return b.length;
}

static const char *
plain(const char *escaped)
{
	static char text[256];

	size_t length = text_of(escaped, text, sizeof(text));
	assert_int_equal(length, strlen(text));
	return text;
}

static void
escapes_are_undone(void **state)
{
	(void)state;
	assert_string_equal(plain(""), "");
	assert_string_equal(plain("plain"), "plain");
	assert_string_equal(plain("\\\"\\\\\\/\\b\\f\\n\\r\\t"), "\"\\/\b\f\n\r\t");
	assert_string_equal(plain("a\\u0041b\\u007f\\u0080\\u07ff\\u0800\\uffffc"),
		"aAb\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"
		"c");
	assert_string_equal(plain("\\u00FC\\u00fc"), "\xc3\xbc\xc3\xbc");
	assert_string_equal(plain("a\\u0000b"), "a\\x00b");
}

static void
surrogates_become_one_character_and_lone_ones_none(void **state)
{
	static const char lone[] = "\xef\xbf\xbd";
	char two[8];

	(void)state;
	(void)snprintf(two, sizeof(two), "%s%s", lone, lone);
	assert_string_equal(plain("\\ud800\\udc00"), "\xf0\x90\x80\x80");
	assert_string_equal(plain("\\uDBFF\\uDFFF"), "\xf4\x8f\xbf\xbf");
	assert_string_equal(plain("\\ud83d\\udc1f"), "\xf0\x9f\x90\x9f");
	assert_string_equal(plain("\\ud800"), lone);
	assert_string_equal(plain("\\udfff"), lone);
	assert_string_equal(plain("\\udc00\\ud800"), two);
	assert_string_equal(plain("\\udc00\\udc00"), two);
	assert_string_equal(plain("\\ud800\\ud800"), two);
	assert_string_equal(plain("\\ud7ff\\ue000"), "\xed\x9f\xbf\xee\x80\x80");
	assert_string_equal(plain("\\udbff\\ue000"), "\xef\xbf\xbd\xee\x80\x80");
	assert_string_equal(plain("\\ud800x"), "\xef\xbf\xbdx");
	assert_string_equal(plain("\\ud800\\n1234"), "\xef\xbf\xbd\n1234");
	assert_string_equal(plain("\\ud800\\udbff!"), "\xef\xbf\xbd\xef\xbf\xbd!");
}

static void
bytes_that_are_no_utf8_stay(void **state)
{
	(void)state;
	assert_string_equal(plain("\xff\xc3(\x80\\n\xed\xa0\x80"), "\xff\xc3(\x80\n\xed\xa0\x80");
}

static void
a_text_is_cut_at_a_character(void **state)
{
	static const char whole[] = "a\xc3\xbc\xf0\x9f\x90\x9f\xff\n\\x00"
				    "b";
	static const char *const forms[] = {
		"a\xc3\xbc\xf0\x9f\x90\x9f\xff\\n\\u0000"
		"b",
		"\\u0061\\u00fc\\ud83d\\udc1f\xff\\n\\u0000\\u0062",
		"\\u0061\xc3\xbc\xf0\x9f\x90\x9f\xff\\n\\u0000"
		"b",
	};
	static const size_t ends[] = { 0, 1, 3, 7, 8, 9, 13, 14 };

	(void)state;
	for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
		for (size_t room = 1; room <= sizeof(whole) + 1; room++) {
			char *to = malloc(room);
			size_t expected = 0;

			assert_non_null(to);
			for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
				expected = ends[i] < room ? ends[i] : expected;
			assert_int_equal(text_of(forms[f], to, room), expected);
			assert_memory_equal(to, whole, expected);
			assert_int_equal(to[expected], '\0');
			free(to);
		}
	}
	char to[4];
	assert_int_equal(text_of("ab\xc3\xbc", to, sizeof(to)), 2); /* no escape in it */
	assert_string_equal(to, "ab");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes_have_a_letter_or_four_digits),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(surrogates_become_one_character_and_lone_ones_none),
		cmocka_unit_test(bytes_that_are_no_utf8_stay),
		cmocka_unit_test(a_text_is_cut_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
