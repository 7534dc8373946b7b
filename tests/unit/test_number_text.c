/* test_number_text.c -- numbers are read exactly or not at all. */
#include "daemon/base/number_text.h"
#include "tests/support/exact_text.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef int number_fn(const char *text, size_t length, uint64_t *ret);

static int
parse(number_fn *fn, const char *text, uint64_t *ret)
{
	size_t length = strlen(text);
	char *exact = exact_text(text, length);

	int result = fn(exact, length, ret);
	free(exact);
	return result;
}

static void
assert_value(number_fn *fn, const char *text, uint64_t expected)
{
	uint64_t value = 12345;

	if (parse(fn, text, &value) != 0 || value != expected)
		fail_msg("%s: %" PRIu64 ", not %" PRIu64, text, value, expected);
}

static void
assert_refused(number_fn *fn, const char *text)
{
	uint64_t value = 12345;

	if (parse(fn, text, &value) != -EBADMSG || value != 12345)
		fail_msg("%s: taken as %" PRIu64, text, value);
}

static void
a_count_is_decimal_digits(void **state)
{
	static const char *const bad[] = { "", " ", "-", "-1", "+1", "1 ", " 1", "1.0", "1e3",
		"0x10", "1,000", "a", "1/", "1:", "\xb2" };

	(void)state;
	assert_value(number_text_count, "0", 0);
	assert_value(number_text_count, "9", 9);
	assert_value(number_text_count, "40042", 40042);
	assert_value(number_text_count, "0000000000000000000000000000017", 17);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(number_text_count, bad[i]);
	assert_value(number_text_any, "0017", 17);
	assert_refused(number_text_any, "");
	assert_refused(number_text_any, "0b1");
}

static void
what_64_bits_hold_is_read_and_no_more(void **state)
{
	number_fn *const both[] = { number_text_count, number_text_any };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_value(both[i], "9999999999999999999", UINT64_C(9999999999999999999));
		assert_value(both[i], "18446744073709551609", UINT64_MAX - 6);
		assert_value(both[i], "18446744073709551614", UINT64_MAX - 1);
		assert_value(both[i], "18446744073709551615", UINT64_MAX);
		assert_refused(both[i], "18446744073709551616");
		assert_refused(both[i], "18446744073709551620");
		assert_refused(both[i], "18446744073709551700");
		assert_refused(both[i], "99999999999999999999");
		assert_refused(both[i], "184467440737095516150");
	}
	assert_value(number_text_any, "0xffffffffffffffff", UINT64_MAX);
	assert_value(number_text_any, "0x00000ffffffffffffffff", UINT64_MAX);
	assert_refused(number_text_any, "0x10000000000000000");
}

static void
hexadecimal_digits_follow_0x(void **state)
{
	static const char *const bad[] = { "0x", "x1", "0x ", "0xg", "0x1g", "0x-1", "1x1", "0y1",
		"0x@", "0xG", "0x`", "0x/", "0x:" };

	(void)state;
	assert_value(number_text_any, "0x0", 0);
	assert_value(number_text_any, "0x0403", 0x403);
	assert_value(number_text_any, "0XaFAf09", 0xafaf09);
	assert_value(number_text_any, "10", 10);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(number_text_any, bad[i]);
}

static void
seconds_become_nanoseconds(void **state)
{
	(void)state;
	assert_value(number_text_seconds, "0", 0);
	assert_value(number_text_seconds, "1", 1000000000);
	assert_value(number_text_seconds, "1664990312.481", UINT64_C(1664990312481000000));
	assert_value(number_text_seconds, "0.012166976928710938", 12166977);
	assert_value(number_text_seconds, "0.09628199999999865", 96282000);
	assert_value(number_text_seconds, "1.000000001", 1000000001);
	assert_value(number_text_seconds, "0001.500", 1500000000);
	assert_value(number_text_seconds, "5.", UINT64_C(5000000000));
	assert_value(number_text_seconds, ".5", 500000000);
}

static void
exponents_move_the_point(void **state)
{
	(void)state;
	assert_value(number_text_seconds, "1.5e-05", 15000);
	assert_value(number_text_seconds, "9.5367431640625e-07", 954);
	assert_value(number_text_seconds, "1.5E3", UINT64_C(1500000000000));
	assert_value(number_text_seconds, "1.5e+3", UINT64_C(1500000000000));
	assert_value(number_text_seconds, "1e-9", 1);
	assert_value(number_text_seconds, "5e-10", 1);
	assert_value(number_text_seconds, "4.9e-10", 0);
	assert_value(number_text_seconds, "15e-10", 2);
	assert_value(number_text_seconds, "0e999999999999999999999", 0);
	assert_value(number_text_seconds, "1e-999999999999999999999", 0);
	assert_value(number_text_seconds, "18446744073709551615e-28", 2); /* 10^19 divides it */
	assert_value(number_text_seconds, "18446744073709551615e-29", 0);
	assert_value(
		number_text_seconds, "0.0000000000000000000000000000007e31", UINT64_C(7000000000));
}

static void
an_exponent_may_make_up_for_any_number_of_zeros(void **state)
{
	char text[1300] = "0.";

	(void)state;
	memset(text + 2, '0', 1200);
	(void)snprintf(text + 1202, sizeof(text) - 1202, "1e1201");
	assert_value(number_text_seconds, text, 1000000000);
}

static void
what_is_between_goes_to_the_nearest(void **state)
{
	(void)state;
	assert_value(number_text_seconds, "0.0000000004999999999999999999999", 0);
	assert_value(number_text_seconds, "0.0000000005", 1);
	assert_value(number_text_seconds, "1.9999999995", 2000000000);
	assert_value(number_text_seconds, "1.9999999994999999999999999", 1999999999);
	/* 20 digits and more, of which those that 64 bits do not hold still round */
	assert_value(number_text_seconds, "1844674407.3709551614", UINT64_C(1844674407370955161));
	assert_value(number_text_seconds, "1844674407.3709551619", UINT64_C(1844674407370955162));
	assert_value(number_text_seconds, "1844674408.3709551619", UINT64_C(1844674408370955162));
	assert_value(
		number_text_seconds, "1844674408.37095516149999", UINT64_C(1844674408370955161));
	assert_value(
		number_text_seconds, "1844674408.37095516150000", UINT64_C(1844674408370955162));
}

static void
the_last_nanosecond_of_64_bits_is_read(void **state)
{
	(void)state;
	assert_value(number_text_seconds, "18446744073.709551615", UINT64_MAX);
	assert_value(number_text_seconds, "18446744073.7095516154", UINT64_MAX);
	assert_refused(number_text_seconds, "18446744073.7095516155");
	assert_refused(number_text_seconds, "18446744073.709551616");
	assert_value(number_text_seconds, "18446744073", UINT64_C(18446744073000000000));
	assert_refused(number_text_seconds, "18446744074");
	assert_refused(number_text_seconds, "99999999999999999999");
	assert_refused(number_text_seconds, "1e11");
	assert_value(number_text_seconds, "1e10", UINT64_C(10000000000000000000));
	assert_refused(number_text_seconds, "18446744073709551615999");
	assert_value(
		number_text_seconds, "18446744073709551616e-10", UINT64_C(1844674407370955162));
	assert_refused(number_text_seconds, "1e999999999999999999999");
}

static void
what_is_no_number_of_seconds_is_refused(void **state)
{
	static const char *const bad[] = { "", ".", "-", "-1", "-0.5", "+1", " 1", "1 ", "1.5.5",
		"e5", ".e5", "1e", "1e+", "1e-", "1e5.5", "1e5 ", "1e-5x", "1ee5", "1,5", "inf",
		"nan", "0x1p3", "1.5s", "1e--5", "12:01" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(number_text_seconds, bad[i]);
}

static void
any_digits_are_read_as_they_were_written(void **state)
{
	uint64_t seed = 0x6e756d;
	char text[64];

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		uint64_t value = seed >> (round % 64);
		(void)snprintf(text, sizeof(text), "%" PRIu64, value);
		assert_value(number_text_count, text, value);
		(void)snprintf(text, sizeof(text), "0x%" PRIx64, value);
		assert_value(number_text_any, text, value);
		(void)snprintf(text, sizeof(text), "%" PRIu64 ".%09" PRIu64 "e-2",
			value / 1000000000, value % 1000000000);
		assert_value(number_text_seconds, text, value / 100 + (value % 100 >= 50));
		*strchr(text, 'e') = '\0';
		assert_value(number_text_seconds, text, value);
	}
}

static void
digits_of_16_have_values(void **state)
{
	static const char digits[] = "0123456789abcdef";
	static const char capitals[] = "0123456789ABCDEF";

	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		assert_int_equal(number_text_hex_digit(digits[i]), i);
		assert_int_equal(number_text_hex_digit(capitals[i]), i);
	}
	for (const char *none = "/:@G`g"; *none != '\0'; none++)
		assert_int_equal(number_text_hex_digit(*none), 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_count_is_decimal_digits),
		cmocka_unit_test(what_64_bits_hold_is_read_and_no_more),
		cmocka_unit_test(hexadecimal_digits_follow_0x),
		cmocka_unit_test(seconds_become_nanoseconds),
		cmocka_unit_test(exponents_move_the_point),
		cmocka_unit_test(an_exponent_may_make_up_for_any_number_of_zeros),
		cmocka_unit_test(what_is_between_goes_to_the_nearest),
		cmocka_unit_test(the_last_nanosecond_of_64_bits_is_read),
		cmocka_unit_test(what_is_no_number_of_seconds_is_refused),
		cmocka_unit_test(any_digits_are_read_as_they_were_written),
		cmocka_unit_test(digits_of_16_have_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
