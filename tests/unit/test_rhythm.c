#include "viewer/screens/rhythm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

static struct arena memory;
static char room[256];
static struct strbuf text;

static int
begin(void **state)
{
	(void)state;
	arena_init(&memory, 1 << 20, NULL);
	strbuf_init(&text, room, sizeof(room));
	return 0;
}

static int
end(void **state)
{
	(void)state;
	arena_done(&memory);
	return 0;
}

static const char *
said(const struct rhythm *b)
{
	strbuf_reset(&text);
	rhythm_say(b, &text);
	return room;
}

static const char *
time_of(double seconds)
{
	strbuf_reset(&text);
	rhythm_time(seconds, &text);
	return room;
}

static const char *
border(const struct rhythm_bins *bins, size_t bin)
{
	strbuf_reset(&text);
	rhythm_bin_say(bins, bin, &text);
	return room;
}

/* Every minute; each tenth two seconds late. */
static struct rhythm
minutes(size_t count)
{
	static uint64_t starts[1000];

	for (size_t i = 0; i < count; i++)
		starts[count - 1 - i] = (60 * i + (i % 10 == 9 ? 2 : 0)) * SECOND;
	return rhythm_of(starts, count, &memory);
}

static void
a_beat_is_told_in_a_sentence(void **state)
{
	struct rhythm b = minutes(101);

	(void)state;
	assert_int_equal(b.count, 100);
	assert_true(b.median_s == 60);
	assert_true(b.deviation_s == 0);
	assert_true(b.most_s == 2);
	assert_true(b.intervals_s[0] == 58);
	assert_true(b.intervals_s[99] == 62);
	assert_true(rhythm_is_regular(&b));
	assert_string_equal(said(&b), "every 60 s, 95 % within 2 s");
}

static void
three_intervals_are_enough_and_two_are_not(void **state)
{
	uint64_t starts[] = { 180 * SECOND, 0, 60 * SECOND, 120 * SECOND };
	struct rhythm b = rhythm_of(starts, 4, &memory);

	(void)state;
	assert_string_equal(said(&b), "every 60 s, 95 % within 0 s");
	b = rhythm_of(starts, 3, &memory);
	assert_string_equal(said(&b), "too few flows to say how regular they are");
	assert_false(rhythm_is_regular(&b));
	assert_int_equal(rhythm_of(starts, 1, &memory).count, 0);
	assert_int_equal(rhythm_of(NULL, 0, &memory).count, 0);
}

static void
what_is_not_regular_is_said_to_be_so(void **state)
{
	uint64_t starts[] = { 0, 1 * SECOND, 11 * SECOND, 12 * SECOND, 100 * SECOND, 130 * SECOND };
	struct rhythm b = rhythm_of(starts, 6, &memory);

	(void)state;
	assert_true(b.median_s == 10);
	assert_string_equal(said(&b), "not regular: half of them within 10 s of the one before");
}

static void
a_tenth_of_the_median_away_is_still_a_beat(void **state)
{
	double intervals[] = { 90, 100, 110 };
	struct rhythm b = { intervals, 3, 100, 10, 10 };

	(void)state;
	assert_true(rhythm_is_regular(&b));
	b.deviation_s = 10.01;
	assert_false(rhythm_is_regular(&b));
}

static void
without_memory_there_are_no_intervals(void **state)
{
	uint64_t starts[] = { 0, SECOND, 2 * SECOND, 3 * SECOND, 4 * SECOND };
	struct arena small;

	(void)state;
	arena_init(&small, 8, NULL);
	assert_int_equal(rhythm_of(starts, 5, &small).count, 0);
	arena_done(&small);
	arena_init(&small, 40, NULL); /* for the intervals, and no more */
	assert_int_equal(rhythm_of(starts, 5, &small).count, 0);
	arena_done(&small);
}

static void
times_are_in_the_unit_that_people_use(void **state)
{
	static const struct {
		double seconds;
		const char *text;
	} rows[] = { { 0, "0 s" }, { 0.0042, "4.2 ms" }, { 0.35, "350 ms" }, { 0.999, "999 ms" },
		{ 1, "1 s" }, { 1.04, "1 s" }, { 1.06, "1.1 s" }, { 9.94, "9.9 s" },
		{ 10.4, "10 s" }, { 90, "90 s" }, { 179, "179 s" }, { 180, "3 min" },
		{ 250, "4.2 min" }, { 7199, "120 min" }, { 7200, "2 h" }, { 9000, "2.5 h" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(time_of(rows[i].seconds), rows[i].text);
}

static void
bins_have_round_borders_and_hold_all(void **state)
{
	struct rhythm b = minutes(101);
	struct rhythm_bins bins = rhythm_bins(&b, 11);
	size_t sum = bins.beyond;

	(void)state;
	assert_true(bins.step_s == 0.5);
	assert_true(bins.from_s == 58);
	assert_string_equal(border(&bins, 0), "58.0 s");
	assert_string_equal(border(&bins, 1), "58.5 s");
	for (size_t i = 0; i < bins.count; i++)
		sum += bins.counts[i];
	assert_int_equal(sum, 100);
	assert_int_equal(bins.counts[0], 10);
	assert_int_equal(bins.counts[4], 80);
	assert_int_equal(bins.most, 80);
	assert_int_equal(bins.count, 9);
}

static void
the_longest_may_be_beyond(void **state)
{
	double intervals[21];
	struct rhythm b = { intervals, 21, 10, 0, 0 };

	(void)state;
	for (size_t i = 0; i < 20; i++)
		intervals[i] = 10 + (double)i / 10;
	intervals[20] = 4000;
	struct rhythm_bins bins = rhythm_bins(&b, 5);
	assert_int_equal(bins.beyond, 1);
	assert_true(bins.step_s == 0.5);
	assert_int_equal(bins.count, 4);
	assert_int_equal(bins.counts[0], 5);
	assert_int_equal(bins.counts[3], 5);
}

static void
bins_of_one_value_are_one(void **state)
{
	double intervals[] = { 300, 300, 300 };
	struct rhythm b = { intervals, 3, 300, 0, 0 };
	struct rhythm_bins bins = rhythm_bins(&b, RHYTHM_BINS_MAX);

	(void)state;
	assert_int_equal(bins.count, 1);
	assert_int_equal(bins.counts[0], 3);
	assert_string_equal(border(&bins, 0), "5.00 min");
	b.count = 0;
	assert_int_equal(rhythm_bins(&b, 5).count, 0);
}

static void
long_ones_are_in_hours_and_steps_are_whole(void **state)
{
	double intervals[] = { 3600, 36000, 72000 };
	struct rhythm b = { intervals, 3, 36000, 0, 0 };
	struct rhythm_bins bins = rhythm_bins(&b, 9);

	(void)state;
	assert_true(bins.step_s == 5 * 3600);
	assert_string_equal(border(&bins, 1), "5 h");
	assert_string_equal(border(&bins, 2), "10 h");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_beat_is_told_in_a_sentence, begin, end),
		cmocka_unit_test_setup_teardown(
			three_intervals_are_enough_and_two_are_not, begin, end),
		cmocka_unit_test_setup_teardown(what_is_not_regular_is_said_to_be_so, begin, end),
		cmocka_unit_test_setup_teardown(
			a_tenth_of_the_median_away_is_still_a_beat, begin, end),
		cmocka_unit_test_setup_teardown(without_memory_there_are_no_intervals, begin, end),
		cmocka_unit_test_setup_teardown(times_are_in_the_unit_that_people_use, begin, end),
		cmocka_unit_test_setup_teardown(bins_have_round_borders_and_hold_all, begin, end),
		cmocka_unit_test_setup_teardown(the_longest_may_be_beyond, begin, end),
		cmocka_unit_test_setup_teardown(bins_of_one_value_are_one, begin, end),
		cmocka_unit_test_setup_teardown(
			long_ones_are_in_hours_and_steps_are_whole, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
