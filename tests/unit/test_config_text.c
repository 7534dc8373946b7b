#include "daemon/config/config_text.h"

#include "daemon/base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROUNDS = 20000 };

/* xorshift64 (Marsaglia 2003): the same numbers in every run. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A number of any magnitude, round ones often. */
static uint64_t
next_number(uint64_t *seed)
{
	uint64_t number = next_random(seed) >> (next_random(seed) % 64);

	return next_random(seed) % 2 == 0 ? number : number / 60000000000 * 60000000000;
}

static void
every_quantity_reads_back_as_it_was(void **state)
{
	uint64_t seed = 7;
	char memory[64];
	struct strbuf b;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		uint64_t number = next_number(&seed);
		uint64_t back = ~number;

		strbuf_init(&b, memory, sizeof(memory));
		config_duration_format(number, &b);
		assert_true(config_duration_parse(b.text, b.length, &back));
		assert_true(back == number);

		back = ~number;
		strbuf_reset(&b);
		config_size_format(number, &b);
		assert_true(config_size_parse(b.text, b.length, &back));
		assert_true(back == number);
	}
}

static void
every_fraction_reads_back_as_it_was_in_the_fewest_digits(void **state)
{
	uint64_t seed = 7;
	char memory[64];
	struct strbuf b;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		double value = (double)next_random(&seed) / (double)(next_random(&seed) | 1);
		double back = -1;

		if (i % 2 == 1)
			value = (double)(next_random(&seed) % 1000) / 100;
		strbuf_init(&b, memory, sizeof(memory));
		config_double_format(value, &b);
		assert_true(config_double_parse(b.text, b.length, &back));
		assert_true(back >= value && back <= value);
		if (i % 2 == 1)
			assert_true(b.length <= strlen("9.99"));
	}
}

static void
fractions_are_said_without_exponents_where_people_would(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = { { 0, "0" }, { 1000, "1000" }, { 100, "100" }, { 1500, "1500" },
		{ 12.5, "12.5" }, { 1234.5, "1234.5" }, { 0.001, "0.001" },
		{ 999999999999999, "999999999999999" }, { 100000000000000, "100000000000000" },
		{ 1e15, "1e+15" }, { 1e300, "1e+300" }, { -2, "-2" } };
	char memory[64];
	struct strbuf b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		strbuf_init(&b, memory, sizeof(memory));
		config_double_format(cases[i].value, &b);
		assert_string_equal(b.text, cases[i].text);
	}
}

static void
text_is_clean_without_what_moves_a_terminal_or_folds_in_yaml(void **state)
{
	static const char *const clean[] = { "", "a b", "caf\xc3\xa9", "\xc2\xa0", "\xe2\x80\xa7",
		"\xef\xbf\xbd", "\xef\xbb\xbe", "\xf0\x9f\x98\x80", "~" };
	static const char *const unclean[] = { "\x1b[2J", "a\tb", "a\n", "\x7f", "\xc2\x80",
		"\xc2\x85", "\xc2\x9f", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf",
		"\xef\xbf\xbe", "\xef\xbf\xbf", "\xff", "caf\xc3", "\xc0\xaf", "\xed\xa0\x80" };

	(void)state;
	for (size_t i = 0; i < sizeof(clean) / sizeof(clean[0]); i++)
		if (!config_text_is_clean(clean[i], strlen(clean[i])))
			fail_msg("clean text %zu is refused", i);
	for (size_t i = 0; i < sizeof(unclean) / sizeof(unclean[0]); i++)
		if (config_text_is_clean(unclean[i], strlen(unclean[i])))
			fail_msg("unclean text %zu is taken", i);
	assert_false(config_text_is_clean("a\0b", 3));
}

static size_t
slip(const char *known, const char *name)
{
	return config_slip_distance(known, name, strlen(name));
}

/* Bytes, since a compiler warns of the characters themselves. */
static void
what_turns_the_direction_of_writing_is_unclean(void **state)
{
	unsigned char text[3] = { 0xe2, 0x80, 0 };

	(void)state;
	for (unsigned last = 0x80; last < 0xc0; last++) {
		text[1] = 0x80;
		text[2] = (unsigned char)last;
		assert_int_equal(config_text_is_clean((const char *)text, sizeof(text)),
			last < 0xa8 || last > 0xae);
		text[1] = 0x81;
		assert_int_equal(config_text_is_clean((const char *)text, sizeof(text)),
			last < 0xa6 || last > 0xa9);
	}
}

static void
a_slip_is_a_letter_too_many_missing_wrong_or_swapped(void **state)
{
	(void)state;
	assert_int_equal(slip("width", "width"), 0);
	assert_int_equal(slip("width", "widht"), 1);
	assert_int_equal(slip("width", "widt"), 1);
	assert_int_equal(slip("width", "widdth"), 1);
	assert_int_equal(slip("width", "wodth"), 1);
	assert_int_equal(slip("width", "xwidth"), 1);
	assert_int_equal(slip("home_network", "homenetwrok"), 2);
	assert_int_equal(slip("home_network", "hom_netwrk"), 2);
}

static void
more_than_a_third_wrong_is_no_slip(void **state)
{
	char longest[CONFIG_NAME_MAX + 2];

	(void)state;
	assert_int_equal(slip("all", "al"), 1);
	assert_int_equal(slip("all", "a"), SIZE_MAX);
	assert_int_equal(slip("all", "ell"), 1);
	assert_int_equal(slip("all", "eli"), SIZE_MAX);
	assert_int_equal(slip("direct", "dxrxct"), 2);
	assert_int_equal(slip("direct", "dxrxxt"), SIZE_MAX);
	assert_int_equal(slip("width", ""), SIZE_MAX);
	memset(longest, 'a', sizeof(longest));
	longest[CONFIG_NAME_MAX + 1] = '\0';
	assert_int_equal(slip(longest, longest), SIZE_MAX);
	assert_int_equal(slip(longest + 1, longest + 1), 0);
	assert_int_equal(slip(longest + 1, longest), SIZE_MAX);
}

static void
the_nearest_text_wins_and_the_first_of_equals(void **state)
{
	static const char *const texts[] = { "cat1", "cat2", "horse", "horses", NULL };
	static const char *const none[] = { NULL };

	(void)state;
	assert_string_equal(config_nearest(texts, "cat3", 4), "cat1");
	assert_string_equal(config_nearest(texts, "hrse", 4), "horse");
	assert_string_equal(config_nearest(texts, "horsesx", 7), "horses");
	assert_null(config_nearest(texts, "zebra", 5));
	assert_null(config_nearest(none, "cat1", 4));
}

static void
a_cut_buffer_can_be_written_again(void **state)
{
	char memory[4];
	struct strbuf b;

	(void)state;
	strbuf_init(&b, memory, sizeof(memory));
	strbuf_text(&b, "abc");
	strbuf_char(&b, 'd');
	assert_true(b.truncated);
	config_cut(&b, 3); /* nothing to take away */
	assert_true(b.truncated);
	assert_string_equal(b.text, "abc");
	config_cut(&b, 1);
	strbuf_text(&b, "xy");
	assert_string_equal(b.text, "axy");
	assert_false(b.truncated);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_quantity_reads_back_as_it_was),
		cmocka_unit_test(every_fraction_reads_back_as_it_was_in_the_fewest_digits),
		cmocka_unit_test(fractions_are_said_without_exponents_where_people_would),
		cmocka_unit_test(text_is_clean_without_what_moves_a_terminal_or_folds_in_yaml),
		cmocka_unit_test(what_turns_the_direction_of_writing_is_unclean),
		cmocka_unit_test(a_slip_is_a_letter_too_many_missing_wrong_or_swapped),
		cmocka_unit_test(more_than_a_third_wrong_is_no_slip),
		cmocka_unit_test(the_nearest_text_wins_and_the_first_of_equals),
		cmocka_unit_test(a_cut_buffer_can_be_written_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
