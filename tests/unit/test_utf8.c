#include "daemon/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The encoder of RFC 3629, section 3, as a second opinion. returns 0 for what has no encoding */
static size_t
encode(uint32_t code, char ret_text[4])
{
	if (code < 0x80) {
		ret_text[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		ret_text[0] = (char)(0xc0 | code >> 6);
		ret_text[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code >= 0xd800 && code <= 0xdfff)
		return 0;
	if (code < 0x10000) {
		ret_text[0] = (char)(0xe0 | code >> 12);
		ret_text[1] = (char)(0x80 | (code >> 6 & 0x3f));
		ret_text[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	ret_text[0] = (char)(0xf0 | code >> 18);
	ret_text[1] = (char)(0x80 | (code >> 12 & 0x3f));
	ret_text[2] = (char)(0x80 | (code >> 6 & 0x3f));
	ret_text[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

static void
every_code_point_is_one_sequence(void **state)
{
	char text[5] = "";

	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		size_t length = encode(code, text);
		if (length == 0)
			continue;
		text[length] = 'a'; /* what follows does not belong to it */
		if (utf8_sequence(text, length + (length < 4)) != length)
			fail_msg("U+%04X", code);
	}
}

static void
a_sequence_cut_short_is_none(void **state)
{
	static const char *const whole[] = { "\xc2\x80", "\xe0\xa0\x80", "\xef\xbf\xbf",
		"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf" };

	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		size_t length = strlen(whole[i]);
		assert_int_equal(utf8_sequence(whole[i], length), length);
		for (size_t left = 1; left < length; left++)
			assert_int_equal(utf8_sequence(whole[i], left), 0);
	}
}

static void
what_rfc_3629_forbids_is_none(void **state)
{
	static const char *const forbidden[] = {
		"\x80", /* a tail alone */
		"\xbf",
		"\xc0\x80",     /* overlong NUL */
		"\xc1\xbf",     /* overlong DEL */
		"\xe0\x80\x80", /* overlong */
		"\xe0\x9f\xbf",
		"\xed\xa0\x80", /* surrogates */
		"\xed\xbf\xbf",
		"\xf0\x80\x80\x80", /* overlong */
		"\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", /* U+110000 */
		"\xf5\x80\x80\x80",
		"\xfe\x80\x80\x80",
		"\xff\x80\x80\x80",
		"\xc2\x41", /* no tail where one is due */
		"\xc2\xc2",
		"\xe1\x80\x41",
		"\xe1\x41\x80",
		"\xf1\x80\x80\x41",
		"\xf1\x80\x41\x80",
		"\xf1\x80\x80\xc0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		if (utf8_sequence(forbidden[i], strlen(forbidden[i])) != 0)
			fail_msg("row %zu", i);
}

/* All pairs of lead and second byte with good tails: as many pass as the RFC's table has. */
static void
no_other_pair_of_bytes_begins_a_sequence(void **state)
{
	unsigned passed[5] = { 0 };

	(void)state;
	for (unsigned first = 0x80; first < 0x100; first++)
		for (unsigned second = 0; second < 0x100; second++) {
			const char text[] = { (char)first, (char)second, '\x80', '\x80' };
			passed[utf8_sequence(text, sizeof(text))]++;
		}
	assert_int_equal(passed[1], 0);
	assert_int_equal(passed[2], 30 * 64);
	assert_int_equal(passed[3], 14 * 64 + 32 + 32);
	assert_int_equal(passed[4], 3 * 64 + 48 + 16);
}

static void
a_text_is_cut_before_a_character_that_does_not_fit(void **state)
{
	static const char text[] = "a\xc3\xbc\xe2\x82\xac\xf0\x90\x80\x80";
	static const size_t kept[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10 };

	(void)state;
	for (size_t most = 0; most < sizeof(kept) / sizeof(kept[0]); most++)
		assert_int_equal(utf8_cut(text, 10, most), kept[most]);
	assert_int_equal(utf8_cut("", 0, 0), 0);
}

static void
what_is_no_character_may_be_cut_anywhere(void **state)
{
	static const char tails[] = "\x80\x80\x80\x80\x80\x80";

	(void)state;
	for (size_t most = 0; most <= 6; most++)
		assert_int_equal(utf8_cut(tails, 6, most), most);
	assert_int_equal(utf8_cut("\xe2\x82", 2, 1), 1); /* cut short already */
	assert_int_equal(utf8_cut("\xe2\x82(", 3, 2), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_is_one_sequence),
		cmocka_unit_test(a_sequence_cut_short_is_none),
		cmocka_unit_test(what_rfc_3629_forbids_is_none),
		cmocka_unit_test(no_other_pair_of_bytes_begins_a_sequence),
		cmocka_unit_test(a_text_is_cut_before_a_character_that_does_not_fit),
		cmocka_unit_test(what_is_no_character_may_be_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
