/* test_time_parse.c -- a time is what the calendar says, in each form, and nothing else is one. */
#include "daemon/base/time_parse.h"

#include "daemon/base/time_text.h"
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

static int
parse(const char *text, size_t length, int32_t offset_s, uint64_t *ret)
{
	char *exact = exact_text(text, length);

	int result = time_parse_date(exact, length, offset_s, ret);
	free(exact);
	return result;
}

static void
assert_time(const char *text, int32_t offset_s, uint64_t expected)
{
	uint64_t ns = 12345;

	if (parse(text, strlen(text), offset_s, &ns) != 0 || ns != expected)
		fail_msg("%s: %" PRIu64 ", not %" PRIu64, text, ns, expected);
}

static void
assert_refused(const char *text)
{
	uint64_t ns = 12345;

	if (parse(text, strlen(text), 0, &ns) != -EBADMSG || ns != 12345)
		fail_msg("%s: taken as %" PRIu64, text, ns);
}

#define AT(seconds) (UINT64_C(seconds) * NS_PER_S)

static void
each_form_is_read(void **state)
{
	(void)state;
	assert_time("2023-10-02T12:00:01.123456+0000", 0, AT(1696248001) + 123456000);
	assert_time("2023-10-02T12:00:01.123456Z", 0, AT(1696248001) + 123456000);
	assert_time("2023-10-02T12:00:01.123456", 0, AT(1696248001) + 123456000);
	assert_time("2023-10-02 12:00:01", 0, AT(1696248001));
	assert_time("2015/07/26 13:35:25.912833", 0, AT(1437917725) + 912833000);
	assert_time("2015/07/26T13:35:25.9", 0, AT(1437917725) + 900000000);
	assert_time("2023-10-02T12:00:01.0000000005Z", 0, AT(1696248001) + 1);
	assert_time("2023-10-02T12:00:59.9999999999Z", 0, AT(1696248060));
}

static void
zones_are_east_of_greenwich(void **state)
{
	(void)state;
	assert_time("2023-10-02T12:00:01+0200", 0, AT(1696248001) - AT(7200));
	assert_time("2023-10-02T12:00:01+02:00", 0, AT(1696248001) - AT(7200));
	assert_time("2023-10-02T12:00:01+02", 0, AT(1696248001) - AT(7200));
	assert_time("2023-10-02T12:00:01-0930", 0, AT(1696248001) + AT(34200));
	assert_time("2023-10-02T12:00:01.5-23:59", 0, AT(1696248001) + AT(86340) + 500000000);
	assert_time("1970-01-01T01:00:00+01:00", 0, 0);
	assert_time("1969-12-31T23:00:00-01:00", 0, 0);
}

static void
only_times_without_a_zone_are_of_the_given_one(void **state)
{
	(void)state;
	assert_time("2023-10-02 12:00:01", 7200, AT(1696248001) - AT(7200));
	assert_time("2023-10-02 12:00:01", -34200, AT(1696248001) + AT(34200));
	assert_time("2023-10-02 12:00:01Z", 7200, AT(1696248001));
	assert_time("2023-10-02 12:00:01+00:00", 7200, AT(1696248001));
}

static void
leap_days_are_those_of_the_gregorian_calendar(void **state)
{
	(void)state;
	assert_time("2024-02-29T00:00:00Z", 0, AT(1709164800));
	assert_time("2024-03-01T00:00:00Z", 0, AT(1709251200));
	assert_time("2000-02-29T00:00:00Z", 0, AT(951782400));
	assert_refused("2023-02-29T00:00:00Z");
	assert_refused("2100-02-29T00:00:00Z");
	assert_time("2100-03-01T00:00:00Z", 0, AT(4107542400));
	assert_time("2016-12-31T23:59:60Z", 0, AT(1483228800));
}

static void
months_end_when_they_end(void **state)
{
	static const char *const bad[] = { "2023-01-32", "2023-02-30", "2023-03-32", "2023-04-31",
		"2023-05-32", "2023-06-31", "2023-07-32", "2023-08-32", "2023-09-31", "2023-10-32",
		"2023-11-31", "2023-12-32", "2023-00-01", "2023-13-01", "2023-01-00" };
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s 00:00:00", bad[i]);
		assert_refused(text);
	}
}

static void
the_first_and_the_last_time_of_64_bits_are_read(void **state)
{
	(void)state;
	assert_time("1970-01-01T00:00:00Z", 0, 0);
	assert_time("1970-01-01T00:00:00.000000001Z", 0, 1);
	assert_refused("1969-12-31T23:59:59Z");
	assert_refused("1969-12-31T23:59:59.999999999Z");
	assert_refused("1970-01-01T00:00:00+00:01");
	assert_refused("0001-01-01T00:00:00Z");
	assert_refused("0000-01-01T00:00:00Z");
	assert_time("2554-07-21T23:34:33.709551615Z", 0, UINT64_MAX);
	assert_refused("2554-07-21T23:34:33.709551616Z");
	assert_refused("2554-07-21T23:34:34Z");
	assert_refused("9999-12-31T23:59:59Z");
}

static void
what_is_no_time_is_refused(void **state)
{
	static const char *const bad[] = { "", "2023", "2023-10-02", "2023-10-02T12:00",
		"2023-10-2 12:00:01", "23-10-02 12:00:01", "2023/10-02 12:00:01",
		"2023-10/02 12:00:01", "2023-10-02t12:00:01", "2023-10-02  12:00:01",
		"2023-10-02 24:00:00", "2023-10-02 12:60:00", "2023-10-02 12:00:61",
		"2023-10-02 12:00:01.", "2023-10-02 12:00:01.Z", "2023-10-02 12:00:01,5",
		"2023-10-02 12:00:01z", "2023-10-02 12:00:01 Z", "2023-10-02 12:00:01ZZ",
		"2023-10-02 12:00:01+", "2023-10-02 12:00:01+2", "2023-10-02 12:00:01+020",
		"2023-10-02 12:00:01+02:", "2023-10-02 12:00:01+02:0", "2023-10-02 12:00:01+24:00",
		"2023-10-02 12:00:01+02:60", "2023-10-02 12:00:01+02:000",
		"2023-10-02 12:00:01=02:00", "2023-10-02 1:00:01", "2023-10-02 12.00.01",
		"2023-10-02 12:00.01", " 2023-10-02 12:00:01", "2023-10-02 12:00:01 ",
		"-023-10-02 12:00:01", "2023-10-02 12:00:01e1", "2023-10-02 12:00:1.5",
		"20231002T120001", "2023-10-0212:00:01", "2023-10-02 12:00:0102:00",
		"2023-1a-02 12:00:01" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_refused(bad[i]);
}

/* A shorter text is a time only where one may end. */
static void
a_time_cut_short_is_read_only_where_it_may_end(void **state)
{
	static const char whole[] = "2023-10-02T12:00:01.123456+02:00";
	uint64_t ns = 0;

	(void)state;
	for (size_t cut = 0; cut < sizeof(whole); cut++) {
		bool may_end = cut == 19 || (cut >= 21 && cut <= 26) || cut == 29 || cut == 32;
		assert_int_equal(parse(whole, cut, 0, &ns) == 0, may_end);
	}
}

static void
what_is_written_reads_the_same(void **state)
{
	uint64_t seed = 0x74696d65;
	char memory[64];
	struct strbuf b;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
		uint64_t ns = seed / NS_PER_US * NS_PER_US;
		strbuf_init(&b, memory, sizeof(memory));
		time_text_iso(&b, ns, round % 2 == 0 ? "Z" : "+0000");
		assert_time(memory, 3600, ns);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_is_read),
		cmocka_unit_test(zones_are_east_of_greenwich),
		cmocka_unit_test(only_times_without_a_zone_are_of_the_given_one),
		cmocka_unit_test(leap_days_are_those_of_the_gregorian_calendar),
		cmocka_unit_test(months_end_when_they_end),
		cmocka_unit_test(the_first_and_the_last_time_of_64_bits_are_read),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(a_time_cut_short_is_read_only_where_it_may_end),
		cmocka_unit_test(what_is_written_reads_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
