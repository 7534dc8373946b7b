#include "daemon/tuples/letters.h"

#include "daemon/base/time_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Seconds after this moment, as the vectors of behaviour §5 count. */
#define BASE_NS (UINT64_C(1600000000) * NS_PER_S)

struct flow {
	double at_s, duration_s;
	uint64_t bytes;
};

static uint64_t
ns(double seconds)
{
	return (uint64_t)llround(seconds * 1e6) * 1000;
}

/* Feed the flows to one tuple and write the symbols, one after the other, separated by blanks. */
static void
spell(const struct flow *flows, size_t count, char *text)
{
	struct letter_state s = { 0 };
	char one[LETTER_TEXT_MAX];

	for (size_t i = 0; i < count; i++) {
		struct letter l = letter_next(&s, BASE_NS + ns(flows[i].at_s),
			ns(flows[i].duration_s), flows[i].bytes, /* ip_bytes= */ 0);
		size_t length = letter_text(&l, false, one);
		if (i > 0)
			*text++ = ' ';
		memcpy(text, one, length + 1);
		text += length;
	}
}

#define ASSERT_SPELLS(expected, ...)                                  \
	do {                                                          \
		const struct flow flows[] = { __VA_ARGS__ };          \
		char text[4096];                                      \
		spell(flows, sizeof(flows) / sizeof(flows[0]), text); \
		assert_string_equal(text, expected);                  \
	} while (0)

static void
a_strict_beacon_spells_a_and_comma(void **state)
{
	(void)state;
	ASSERT_SPELLS("1 1, a, a, a, a,", { 0, .05, 100 }, { 60, .05, 100 }, { 120, .05, 100 },
		{ 180, .05, 100 }, { 240, .05, 100 }, { 300, .05, 100 });
}

static void
the_worked_example_of_the_specification(void **state)
{
	(void)state;
	ASSERT_SPELLS("1 5, e, i, z, a. e* 0Z 00r 00a", { 0, .05, 100 }, { 10, .2, 300 },
		{ 20, .2, 300 }, { 30.3, 12, 2000 }, { 45, 12, 2000 }, { 45, .1, 250 },
		{ 400, 10, 1100 }, { 4400, 10.0001, 1101 }, { 11700, .1, 250 }, { 19000, 0, 0 });
}

static void
equal_times_are_strongly_periodic(void **state)
{
	(void)state;
	ASSERT_SPELLS("1 1. a. a.", { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 0 });
	ASSERT_SPELLS("1 1. a.", { 0, 0, 0 }, { 0, 0, 0 }, { 5, 0, 0 });
}

static void
flows_out_of_order_are_strongly_periodic(void **state)
{
	(void)state;
	ASSERT_SPELLS("1 1, a. a,", { 0, 0, 0 }, { 10, 0, 0 }, { 4, 0, 0 }, { 20, 0, 0 });
}

static void
whole_hours_are_zeros_in_front(void **state)
{
	(void)state;
	ASSERT_SPELLS("1 1 00a 0r*", { 0, 0, 0 }, { 7200, 0, 0 }, { 14400, 0, 0 }, { 18000, 0, 0 });
}

static void
ratios_at_the_borders_of_the_periods(void **state)
{
	(void)state;
	ASSERT_SPELLS("1 1+ a+ A+ r* R*", { 0, 0, 0 }, { 100, 0, 0 }, { 205, 0, 0 },
		{ 341.5, 0, 0 }, { 1024, 0, 0 }, { 4443.325, 0, 0 });
}

static void
gaps_at_the_borders_of_the_time_symbols(void **state)
{
	(void)state;
	ASSERT_SPELLS("1 1. R, r+ 0R* 0a", { 0, 0, 0 }, { 5, 0, 0 }, { 65, 0, 0 }, { 365, 0, 0 },
		{ 3965, 0, 0 }, { 7565.001, 0, 0 });
}

static void
sizes_and_durations_choose_the_column(void **state)
{
	static const uint64_t bytes[] = { 250, 251, 1100, 1101 };
	static const char *const expected[] = { "123", "456", "456", "789" };
	static const double seconds[] = { 0.1, 10, 10.000001 };

	(void)state;
	for (size_t b = 0; b < 4; b++)
		for (size_t d = 0; d < 3; d++) {
			struct letter_state s = { 0 };
			struct letter l = letter_next(
				&s, BASE_NS, ns(seconds[d]), bytes[b], /* ip_bytes= */ 0);
			char text[LETTER_TEXT_MAX];
			assert_int_equal(letter_text(&l, false, text), 1);
			assert_int_equal(text[0], expected[b][d]);
		}
}

static void
models_read_the_size_by_ip_bytes(void **state)
{
	struct letter_state s = { 0 };
	char text[LETTER_TEXT_MAX];

	(void)state;
	struct letter l = letter_next(&s, BASE_NS, 0, /* payload_bytes= */ 0, /* ip_bytes= */ 1101);
	letter_text(&l, false, text);
	assert_string_equal(text, "1");
	letter_text(&l, true, text);
	assert_string_equal(text, "7");
}

static void
more_than_255_hours_are_shown_as_255(void **state)
{
	struct letter_state s = { 0 };
	char text[LETTER_TEXT_MAX];

	(void)state;
	(void)letter_next(&s, BASE_NS, 0, 0, 0);
	(void)letter_next(&s, BASE_NS, 0, 0, 0);
	struct letter l = letter_next(&s, BASE_NS + UINT64_C(300) * 3600 * NS_PER_S, 0, 0, 0);
	assert_int_equal(letter_text(&l, false, text), 256);
	assert_int_equal(strspn(text, "0"), 255);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_strict_beacon_spells_a_and_comma),
		cmocka_unit_test(the_worked_example_of_the_specification),
		cmocka_unit_test(equal_times_are_strongly_periodic),
		cmocka_unit_test(flows_out_of_order_are_strongly_periodic),
		cmocka_unit_test(whole_hours_are_zeros_in_front),
		cmocka_unit_test(ratios_at_the_borders_of_the_periods),
		cmocka_unit_test(gaps_at_the_borders_of_the_time_symbols),
		cmocka_unit_test(sizes_and_durations_choose_the_column),
		cmocka_unit_test(models_read_the_size_by_ip_bytes),
		cmocka_unit_test(more_than_255_hours_are_shown_as_255),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
