#include "daemon/base/time_text.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include <cmocka.h>

struct text {
	char memory[64];
	struct strbuf b;
};

static const char *
iso(struct text *t, uint64_t ns)
{
	strbuf_init(&t->b, t->memory, sizeof(t->memory));
	time_text_iso(&t->b, ns, "+0000");
	return t->memory;
}

static const char *
length_of(struct text *t, uint64_t ns)
{
	strbuf_init(&t->b, t->memory, sizeof(t->memory));
	time_text_length(&t->b, ns);
	return t->memory;
}

static void
known_times_are_written(void **state)
{
	struct text t;

	(void)state;
	assert_string_equal(iso(&t, 0), "1970-01-01T00:00:00.000000+0000");
	assert_string_equal(iso(&t, 999), "1970-01-01T00:00:00.000000+0000"); /* cut, not rounded */
	assert_string_equal(iso(&t, 1000), "1970-01-01T00:00:00.000001+0000");
	assert_string_equal(
		iso(&t, UINT64_C(1664054597930525123)), "2022-09-24T21:23:17.930525+0000");
	assert_string_equal(iso(&t, UINT64_C(951782399) * NS_PER_S + 999999999),
		"2000-02-28T23:59:59.999999+0000");
	assert_string_equal(
		iso(&t, UINT64_C(951782400) * NS_PER_S), "2000-02-29T00:00:00.000000+0000");
	assert_string_equal(
		iso(&t, UINT64_C(951868800) * NS_PER_S), "2000-03-01T00:00:00.000000+0000");
	assert_string_equal(iso(&t, UINT64_MAX), "2554-07-21T23:34:33.709551+0000");
}

static void
the_zone_is_the_callers(void **state)
{
	struct text t;

	(void)state;
	strbuf_init(&t.b, t.memory, sizeof(t.memory));
	time_text_iso(&t.b, NS_PER_S, "Z");
	assert_string_equal(t.memory, "1970-01-01T00:00:01.000000Z");
}

/* The C library's calendar is the oracle: every day that 64 bits of ns can name, noon wandering. */
static void
every_day_until_2554_is_that_of_gmtime(void **state)
{
	struct text t;
	char expected[96];

	(void)state;
	for (uint64_t day = 0; day < 213503; day++) {
		uint64_t seconds = day * 86400 + day * 7919 % 86400;
		uint64_t micros = day * 104729 % 1000000;
		time_t when = (time_t)seconds;
		struct tm tm;
		assert_non_null(gmtime_r(&when, &tm));
		(void)snprintf(expected, sizeof(expected),
			"%04d-%02d-%02dT%02d:%02d:%02d.%06u+0000", tm.tm_year + 1900, tm.tm_mon + 1,
			tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (unsigned)micros);
		assert_string_equal(
			iso(&t, seconds * NS_PER_S + micros * NS_PER_US + 999), expected);
	}
}

static void
epoch_times_have_six_decimals(void **state)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0.000000" },
		{ 999, "0.000000" },
		{ 1000, "0.000001" },
		{ UINT64_C(1664054597930525999), "1664054597.930525" },
		{ UINT64_C(1664054597000000000), "1664054597.000000" },
		{ UINT64_MAX, "18446744073.709551" },
	};
	struct text t;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		strbuf_init(&t.b, t.memory, sizeof(t.memory));
		time_text_epoch(&t.b, rows[i].ns);
		assert_string_equal(t.memory, rows[i].text);
	}
}

static void
lengths_change_unit_at_their_borders(void **state)
{
	const uint64_t minute = 60 * NS_PER_S;
	const uint64_t hour = 60 * minute;
	const uint64_t day = 24 * hour;
	struct text t;

	(void)state;
	assert_string_equal(length_of(&t, 0), "0 ms");
	assert_string_equal(length_of(&t, 850 * (uint64_t)NS_PER_MS), "850 ms");
	assert_string_equal(length_of(&t, NS_PER_S - 1), "999 ms");
	assert_string_equal(length_of(&t, NS_PER_S), "1 s");
	assert_string_equal(length_of(&t, 42 * NS_PER_S + 999999999), "42 s");
	assert_string_equal(length_of(&t, minute - 1), "59 s");
	assert_string_equal(length_of(&t, minute), "1 min");
	assert_string_equal(length_of(&t, 26 * minute - 1), "25 min");
	assert_string_equal(length_of(&t, hour - 1), "59 min");
	assert_string_equal(length_of(&t, hour), "1 h");
	assert_string_equal(length_of(&t, 3 * hour + 20 * minute), "3 h 20 min");
	assert_string_equal(length_of(&t, 3 * hour + minute - 1), "3 h");
	assert_string_equal(length_of(&t, day - 1), "23 h 59 min");
	assert_string_equal(length_of(&t, day), "1 day");
	assert_string_equal(length_of(&t, day + hour), "1 day 1 h");
	assert_string_equal(length_of(&t, 2 * day + 5 * hour - 1), "2 days 4 h");
	assert_string_equal(length_of(&t, 2 * day + hour - 1), "2 days");
	assert_string_equal(length_of(&t, UINT64_MAX), "213503 days 23 h");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_times_are_written),
		cmocka_unit_test(the_zone_is_the_callers),
		cmocka_unit_test(every_day_until_2554_is_that_of_gmtime),
		cmocka_unit_test(epoch_times_have_six_decimals),
		cmocka_unit_test(lengths_change_unit_at_their_borders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
