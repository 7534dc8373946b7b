/* test_mail_code.c -- base 64 and quoted-printable, cut anywhere. */
#include "daemon/proto/mail_code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Decode a text whose lines end in LF, `part` bytes at a time, from memory of exactly that size. */
static void
assert_decodes(enum mail_code code, const char *text, size_t part, const char *expected)
{
	struct mail_decoder d = { .code = (uint8_t)code };
	char plain[256];
	size_t written = 0;

	while (*text != '\0') {
		size_t line = strcspn(text, "\n");
		size_t size = line < part ? line : part;
		bool is_end = size == 0;
		size += is_end;
		uint8_t *exact = malloc(size);
		uint8_t *decoded = malloc(size + MAIL_CODE_HELD_MAX);
		memcpy(exact, text, size);
		size_t some = is_end ? mail_decode_end(&d, exact, size, decoded)
				     : mail_decode(&d, exact, size, decoded);
		assert_true(written + some < sizeof(plain));
		memcpy(plain + written, decoded, some);
		written += some;
		text += size;
		free(exact);
		free(decoded);
	}
	plain[written] = '\0';
	assert_string_equal(plain, expected);
}

static void
assert_is(enum mail_code code, const char *text, const char *expected)
{
	for (size_t part = 1; part < 10; part++)
		assert_decodes(code, text, part, expected);
}

static void
what_has_no_code_is_as_it_is(void **state)
{
	(void)state;
	assert_is(MAIL_CODE_NONE, "a=3Db\nYWJj=\n", "a=3Db\nYWJj=\n");
}

static void
base_64_goes_over_lines_and_what_is_no_digit(void **state)
{
	(void)state;
	assert_is(MAIL_CODE_BASE64, "aGVsbG8gd29ybGQ=\n", "hello world");
	assert_is(MAIL_CODE_BASE64, "aGVs\nbG 8-g!\nd29ybGQ", "hello world");
	assert_is(MAIL_CODE_BASE64, "//+/\n", "\xff\xff\xbf");
}

/* Some mailers put several texts together. */
static void
base_64_begins_anew_behind_what_fills_it_up(void **state)
{
	(void)state;
	assert_is(MAIL_CODE_BASE64, "NA==Mg==", "42");
	assert_is(MAIL_CODE_BASE64, "N=NA==", "4");
}

static void
quoted_bytes_are_two_digits(void **state)
{
	(void)state;
	assert_is(MAIL_CODE_QUOTED, "a=3Db=3db\n=C3=A9\n", "a=b=b\n\xc3\xa9\n");
}

static void
a_line_that_ends_in_an_equals_sign_goes_on(void **state)
{
	(void)state;
	assert_is(MAIL_CODE_QUOTED, "one=\ntwo\n=\n\n", "onetwo\n\n");
}

static void
what_is_quoted_wrongly_stays(void **state)
{
	(void)state;
	assert_is(MAIL_CODE_QUOTED, "=3\n=G1 =1G ==41=\n", "=3\n=G1 =1G ==41");
	assert_is(MAIL_CODE_QUOTED, "=x\n", "=x\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_has_no_code_is_as_it_is),
		cmocka_unit_test(base_64_goes_over_lines_and_what_is_no_digit),
		cmocka_unit_test(base_64_begins_anew_behind_what_fills_it_up),
		cmocka_unit_test(quoted_bytes_are_two_digits),
		cmocka_unit_test(a_line_that_ends_in_an_equals_sign_goes_on),
		cmocka_unit_test(what_is_quoted_wrongly_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
