#include "daemon/base/strbuf.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 8000 };

/* xorshift64 (Marsaglia 2003): the same numbers in every run. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void
what_fits_is_written_and_ended(void **state)
{
	char memory[6];
	struct strbuf b;

	(void)state;
	memset(memory, 'x', sizeof(memory));
	strbuf_init(&b, memory, sizeof(memory));
	assert_string_equal(memory, "");
	strbuf_text(&b, "ab");
	strbuf_char(&b, 'c');
	strbuf_bytes(&b, "defg", 2);
	assert_string_equal(memory, "abcde"); /* five bytes and the NUL fill six */
	assert_int_equal(b.length, 5);
	assert_false(b.truncated);
	strbuf_bytes(&b, NULL, 0);
	assert_false(b.truncated);
	strbuf_char(&b, 'f');
	assert_true(b.truncated);
	assert_string_equal(memory, "abcde");
	assert_int_equal(b.length, 5);
}

static void
nothing_follows_what_did_not_fit(void **state)
{
	char memory[8];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, memory, sizeof(memory));
	strbuf_text(&b, "ab");
	strbuf_text(&b, "123456");
	assert_true(b.truncated);
	strbuf_char(&b, 'c');
	strbuf_u64(&b, 1);
	strbuf_i64(&b, -1);
	strbuf_u64_padded(&b, 1, 1);
	strbuf_double(&b, 1, 0);
	strbuf_printf(&b, "%d", 1);
	strbuf_bytes(&b, "", 0);
	assert_string_equal(memory, "ab");
	strbuf_reset(&b);
	assert_false(b.truncated);
	assert_string_equal(memory, "");
	strbuf_text(&b, "1234567");
	assert_string_equal(memory, "1234567");
	assert_false(b.truncated);
}

static void
append_which(struct strbuf *b, unsigned which)
{
	switch (which) {
	case 0:
		strbuf_u64(b, 12345);
		break;
	case 1:
		strbuf_i64(b, -1234);
		break;
	case 2:
		strbuf_u64_padded(b, 12, 5);
		break;
	case 3:
		strbuf_double(b, -1.25, 2);
		break;
	case 4:
		strbuf_printf(b, "%s", "12345");
		break;
	default:
		strbuf_bytes(b, "12345", 5);
		break;
	}
}

static void
every_append_is_whole_or_absent(void **state)
{
	char memory[16];
	struct strbuf b;

	(void)state;
	for (unsigned which = 0; which < 6; which++)
		for (size_t capacity = 1; capacity <= 8; capacity++) {
			const size_t length = 5; /* of every one of them */
			memset(memory, 'x', sizeof(memory));
			strbuf_init(&b, memory, capacity);
			append_which(&b, which);
			assert_int_equal(b.truncated, capacity <= length);
			assert_int_equal(strlen(memory), capacity <= length ? 0 : length);
			assert_int_equal(b.length, strlen(memory));
			assert_int_equal(memory[capacity], 'x'); /* nothing past the end */
		}
}

static void
check_integers(uint64_t value)
{
	char memory[64];
	char expected[64];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	strbuf_u64(&b, value);
	(void)snprintf(expected, sizeof(expected), "%" PRIu64, value);
	assert_string_equal(memory, expected);
	strbuf_reset(&b);
	strbuf_i64(&b, (int64_t)value);
	(void)snprintf(expected, sizeof(expected), "%" PRId64, (int64_t)value);
	assert_string_equal(memory, expected);
	for (int width = 1; width <= 20; width++) {
		strbuf_reset(&b);
		strbuf_u64_padded(&b, value, (unsigned)width);
		(void)snprintf(expected, sizeof(expected), "%0*" PRIu64, width, value);
		assert_string_equal(memory, expected);
		assert_int_equal(b.length, strlen(expected));
	}
}

static void
integers_are_those_of_printf(void **state)
{
	uint64_t seed = 0x5eed;
	uint64_t power = 1;

	(void)state;
	for (unsigned i = 0; i < 20; i++, power *= 10) {
		check_integers(power - 1);
		check_integers(power);
		check_integers(power + 1);
	}
	check_integers(UINT64_MAX);
	check_integers((uint64_t)INT64_MIN);
	check_integers((uint64_t)INT64_MAX);
	for (unsigned i = 0; i < ROUNDS / 10; i++)
		check_integers(next_random(&seed) >> (i % 64));
}

static const char *
double_text(double value, unsigned decimals)
{
	static char memory[400];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	strbuf_double(&b, value, decimals);
	assert_false(b.truncated);
	return memory;
}

static void
halves_go_away_from_zero(void **state)
{
	(void)state;
	assert_string_equal(double_text(0.5, 0), "1");
	assert_string_equal(double_text(-0.5, 0), "-1");
	assert_string_equal(double_text(2.5, 0), "3");
	assert_string_equal(double_text(0.125, 2), "0.13");
	assert_string_equal(double_text(-0.375, 2), "-0.38");
	assert_string_equal(double_text(1.999, 2), "2.00"); /* the fraction carries over */
	assert_string_equal(double_text(9.9999999996, 9), "10.000000000");
	/* Written 0.015 but a little less than that; the product with 100 is exactly 1.5. */
	assert_string_equal(double_text(0.015, 2), "0.01");
	assert_string_equal(double_text(1.005, 2), "1.00");
}

static void
zero_has_no_sign(void **state)
{
	(void)state;
	assert_string_equal(double_text(-0.0, 1), "0.0");
	assert_string_equal(double_text(-0.004, 2), "0.00");
	assert_string_equal(double_text(-0.006, 2), "-0.01");
	assert_string_equal(double_text(0, 0), "0");
}

static void
odd_doubles_are_those_of_printf(void **state)
{
	static const double odd[] = { 0x1p53, 0x1p53 + 2, 0x1p62, 0x1p63, -0x1p63, 0x1p64, 1e300,
		-DBL_MAX, DBL_MIN, DBL_EPSILON };
	char expected[400];

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
		for (int decimals = 0; decimals <= 9; decimals++) {
			(void)snprintf(expected, sizeof(expected), "%.*f", decimals, odd[i]);
			assert_string_equal(double_text(odd[i], (unsigned)decimals), expected);
		}
	assert_string_equal(double_text((double)INFINITY, 1), "inf");
	assert_string_equal(double_text(-(double)INFINITY, 1), "-inf");
}

/* Decimal fractions, the values that lie nearest to a half, and any bits at all. */
static double
some_double(uint64_t *seed, unsigned round)
{
	uint64_t bits = next_random(seed);

	if (round % 3 == 0)
		return (double)(int64_t)(bits % 2000000 - 1000000) / 1000;
	if (round % 3 == 1)
		return (double)(bits >> (round % 50 + 11)) / 0x1p20;
	return (double)(bits % 100000) + (double)(bits >> 40 | 1) * 0x1p-25;
}

static void
doubles_are_those_of_printf_but_for_ties(void **state)
{
	uint64_t seed = 0xd0b1e;
	char expected[400];
	char exact[1200];
	unsigned ties = 0;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		double value = some_double(&seed, round);
		int decimals = (int)(round % 10);
		(void)snprintf(exact, sizeof(exact), "%.1074f", value);
		const char *tail = strchr(exact, '.') + 1 + decimals;
		if (tail[0] == '5' && strspn(tail + 1, "0") == strlen(tail + 1)) {
			ties++; /* printf() goes to even there */
			continue;
		}
		(void)snprintf(expected, sizeof(expected), "%.*f", decimals, value);
		const char *unsigned_zero =
			expected + (strpbrk(expected, "123456789") == NULL && expected[0] == '-');
		assert_string_equal(double_text(value, (unsigned)decimals), unsigned_zero);
	}
	assert_true(ties > 0 && ties < ROUNDS / 4);
}

static void
one_of_a_unit_is_singular(void **state)
{
	static const char *const texts[][2] = {
		{ "hosts", "1 host" },
		{ "bytes", "1 byte" },
		{ "log-ins", "1 log-in" },
		{ "changes", "1 change" },
		{ "addresses", "1 address" },
		{ "replies", "1 reply" },
		{ "handshakes/s", "1 handshake/s" },
		{ "s", "1 s" },
		{ "pkt", "1 pkt" },
		{ "seen", "1 seen" },
		{ "", "1 " },
	};
	char memory[40];
	char many[40];
	struct strbuf b;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		strbuf_init(&b, memory, sizeof(memory));
		strbuf_quantity(&b, 1, texts[i][0]);
		assert_string_equal(b.text, texts[i][1]);
		strbuf_reset(&b);
		strbuf_quantity(&b, 12, texts[i][0]);
		(void)snprintf(many, sizeof(many), "12 %s", texts[i][0]);
		assert_string_equal(b.text, many);
		strbuf_reset(&b);
		strbuf_quantity(&b, 0, texts[i][0]);
		(void)snprintf(many, sizeof(many), "0 %s", texts[i][0]);
		assert_string_equal(b.text, many);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_written_and_ended),
		cmocka_unit_test(nothing_follows_what_did_not_fit),
		cmocka_unit_test(every_append_is_whole_or_absent),
		cmocka_unit_test(integers_are_those_of_printf),
		cmocka_unit_test(halves_go_away_from_zero),
		cmocka_unit_test(zero_has_no_sign),
		cmocka_unit_test(odd_doubles_are_those_of_printf),
		cmocka_unit_test(doubles_are_those_of_printf_but_for_ties),
		cmocka_unit_test(one_of_a_unit_is_singular),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
