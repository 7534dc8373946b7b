#include "daemon/base/ascii.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
bytes_are_digits_letters_or_neither(void **state)
{
	(void)state;
	for (int c = -128; c < 256; c++) {
		assert_int_equal(ascii_is_digit(c), c >= 48 && c <= 57);
		assert_int_equal(ascii_is_letter(c), (c >= 65 && c <= 90) || (c >= 97 && c <= 122));
	}
}

static void
only_capitals_have_a_small_form(void **state)
{
	(void)state;
	for (int c = -128; c < 128; c++)
		assert_int_equal(ascii_lower((char)c), c >= 65 && c <= 90 ? c + 32 : c);
}

static void
a_part_is_held_anywhere_and_in_any_case(void **state)
{
	(void)state;
	assert_true(ascii_holds("SSH-2.0-Hydra", "hydra"));
	assert_true(ascii_holds("hydra", "HYDRA"));
	assert_true(ascii_holds("hhydra", "hy"));
	assert_true(ascii_holds("", ""));
	assert_true(ascii_holds("x", ""));
	assert_false(ascii_holds("hydr", "hydra"));
	assert_false(ascii_holds("", "h"));
	assert_false(ascii_holds("hy dra", "hydra"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_are_digits_letters_or_neither),
		cmocka_unit_test(only_capitals_have_a_small_form),
		cmocka_unit_test(a_part_is_held_anywhere_and_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
