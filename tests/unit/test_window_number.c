#include "daemon/window/window_number.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BASE_S UINT64_C(1000000)

static const struct window_rule hourly = { .width_ns = 3600 * NS_PER_S };
static const struct window_rule slips = {
	.width_ns = 3600 * NS_PER_S, .by_profile = true, .s20 = true
};

/* The number of the window of a moment `ms` before or after the base. */
static int64_t
number(const struct window_rule *rule, struct window_series *s, int64_t ms)
{
	uint64_t at_ns = (uint64_t)((int64_t)(BASE_S * NS_PER_S) + ms * NS_PER_MS);
	struct window_slot slot = window_slot_of(rule, s, at_ns);

	assert_true(slot.start_ns <= at_ns || slot.number != 1);
	assert_int_equal(slot.end_ns - slot.start_ns, rule->width_ns);
	return slot.number;
}

static void
windows_follow_from_the_first_packet(void **state)
{
	struct window_series s = { 0 };

	(void)state;
	assert_int_equal(number(&hourly, &s, 0), 1);
	assert_int_equal(number(&hourly, &s, 3599900), 1);
	assert_int_equal(number(&hourly, &s, 3600000), 2); /* the end belongs to the next */
	assert_int_equal(number(&hourly, &s, 14410000), 5);
	assert_int_equal(number(&hourly, &s, 5000), 1);
	assert_int_equal(number(&hourly, &s, 4000000), 2);
}

static void
what_is_older_has_zero_and_negative_numbers(void **state)
{
	struct window_series s = { 0 };

	(void)state;
	assert_int_equal(number(&hourly, &s, 0), 1);
	assert_int_equal(number(&hourly, &s, -10000), 0);
	assert_int_equal(number(&hourly, &s, -3600000), 0);
	assert_int_equal(number(&hourly, &s, -3601000), -1);
	assert_int_equal(number(&hourly, &s, -4000000), -1);
	assert_int_equal(number(&hourly, &s, -20000000), -5);
}

static void
slips_070_counts_backwards_one_too_far_on_a_boundary(void **state)
{
	static const int64_t back_ms[] = { -10000, -3600000, -3601000, -20000000 };
	static const int64_t expected[] = { 0, -1, -1, -5 };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct window_series s = { 0 };
		assert_int_equal(number(&slips, &s, 0), 1);
		assert_int_equal(number(&slips, &s, back_ms[i]), expected[i]);
	}
	struct window_series s = { 0 };
	assert_int_equal(number(&slips, &s, 0), 1);
	assert_int_equal(number(&slips, &s, 4000000), 2);
	assert_int_equal(number(&slips, &s, -4000000), -1);
}

static void
the_start_is_aligned_to_the_first_packet(void **state)
{
	const struct window_rule five = { .width_ns = 5 * NS_PER_S };
	struct window_series s = { .started = true, .t0_ns = 0, .first = 1, .last = 1 };

	(void)state;
	struct window_slot slot = window_slot_of(&five, &s, 26 * NS_PER_S);
	assert_int_equal(slot.number, 6);
	assert_int_equal(slot.start_ns, 25 * NS_PER_S);
	assert_int_equal(slot.end_ns, 30 * NS_PER_S);
}

/* The first packet comes in the last ns of an hour, in its first, or anywhere between. */
static void
live_windows_begin_on_the_hour(void **state)
{
	const struct window_rule rule = { .width_ns = 3600 * NS_PER_S, .aligned = true };
	const uint64_t hour_ns = UINT64_C(444444) * 3600 * NS_PER_S;
	const uint64_t first_ns[] = { hour_ns, hour_ns + 1, hour_ns + 1234 * NS_PER_S,
		hour_ns + rule.width_ns - 1 };

	(void)state;
	for (size_t i = 0; i < sizeof(first_ns) / sizeof(first_ns[0]); i++) {
		struct window_series s = { 0 };
		struct window_slot slot = window_slot_of(&rule, &s, first_ns[i]);
		assert_int_equal(slot.number, 1);
		assert_int_equal(slot.start_ns, hour_ns);
		assert_int_equal(slot.end_ns, hour_ns + rule.width_ns);
		assert_int_equal(window_slot_of(&rule, &s, hour_ns).number, 1);
		assert_int_equal(window_slot_of(&rule, &s, hour_ns - 1).number, 0);
		assert_int_equal(window_slot_of(&rule, &s, slot.end_ns - 1).number, 1);
		assert_int_equal(window_slot_of(&rule, &s, slot.end_ns).number, 2);
	}
}

/* A width that divides no day is counted from the epoch. */
static void
live_windows_of_odd_widths_begin_at_their_multiples(void **state)
{
	const struct window_rule rule = { .width_ns = 7 * NS_PER_S, .aligned = true };
	struct window_series s = { 0 };

	(void)state;
	struct window_slot slot = window_slot_of(&rule, &s, BASE_S * NS_PER_S);
	assert_int_equal(slot.start_ns, (BASE_S - BASE_S % 7) * NS_PER_S);
	s = (struct window_series){ 0 };
	assert_int_equal(window_slot_of(&rule, &s, 0).start_ns, 0);
	s = (struct window_series){ 0 };
	slot = window_slot_of(&rule, &s, UINT64_MAX);
	assert_true(slot.end_ns > slot.start_ns);
}

static void
only_one_window_holds_all_time(void **state)
{
	const struct window_rule one = { .width_ns = NS_PER_S, .only_one = true };
	struct window_series s = { 0 };

	(void)state;
	for (uint64_t at_s = 0; at_s < 200; at_s += 100) {
		struct window_slot slot = window_slot_of(&one, &s, at_s * NS_PER_S);
		assert_int_equal(slot.number, 1);
		assert_int_equal(slot.start_ns, 0);
		assert_true(slot.end_ns == UINT64_MAX);
	}
}

static void
a_start_before_the_epoch_is_the_epoch(void **state)
{
	struct window_series s = {
		.started = true, .t0_ns = 100 * NS_PER_S, .first = 1, .last = 1
	};

	(void)state;
	struct window_slot slot = window_slot_of(&hourly, &s, 50 * NS_PER_S);
	assert_int_equal(slot.number, 0);
	assert_int_equal(slot.start_ns, 0);
	assert_int_equal(slot.end_ns, 100 * NS_PER_S);
}

static void
the_end_of_time_is_in_a_window(void **state)
{
	static const uint64_t ends[] = { INT64_MAX, UINT64_MAX };

	(void)state;
	for (int i = 0; i < 2; i++)
		for (int s20 = 0; s20 < 2; s20++) {
			struct window_series s = { 0 };
			const struct window_rule *rule = s20 == 1 ? &slips : &hourly;
			struct window_slot slot = window_slot_of(rule, &s, ends[i]);
			assert_int_equal(slot.number, 1);
			assert_int_equal(slot.end_ns - slot.start_ns, rule->width_ns);
			slot = window_slot_of(rule, &s, 0);
			assert_true(slot.number < -2000000); /* hours of 292 years */
			slot = window_slot_of(rule, &s, ends[i]);
			assert_int_equal(slot.number, 1);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_follow_from_the_first_packet),
		cmocka_unit_test(what_is_older_has_zero_and_negative_numbers),
		cmocka_unit_test(slips_070_counts_backwards_one_too_far_on_a_boundary),
		cmocka_unit_test(the_start_is_aligned_to_the_first_packet),
		cmocka_unit_test(live_windows_begin_on_the_hour),
		cmocka_unit_test(live_windows_of_odd_widths_begin_at_their_multiples),
		cmocka_unit_test(only_one_window_holds_all_time),
		cmocka_unit_test(a_start_before_the_epoch_is_the_epoch),
		cmocka_unit_test(the_end_of_time_is_in_a_window),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
