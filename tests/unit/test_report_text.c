#include "ctl/report/report_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define BLANK "\xe2\x80\xaf"

static void
large_numbers_stand_in_groups_of_three(void **state)
{
	(void)state;
	assert_string_equal(report_count(0).text, "0");
	assert_string_equal(report_count(999).text, "999");
	assert_string_equal(report_count(1000).text, "1" BLANK "000");
	assert_string_equal(report_count(1234567).text, "1" BLANK "234" BLANK "567");
	assert_string_equal(report_count(UINT64_MAX).text,
		"18" BLANK "446" BLANK "744" BLANK "073" BLANK "709" BLANK "551" BLANK "615");
	assert_string_equal(report_plural(1, "host", "hosts").text, "1 host");
	assert_string_equal(report_plural(0, "host", "hosts").text, "0 hosts");
}

static void
bytes_have_a_unit_that_fits(void **state)
{
	(void)state;
	assert_string_equal(report_bytes(0).text, "0 B");
	assert_string_equal(report_bytes(1023).text, "1023 B");
	assert_string_equal(report_bytes(1024).text, "1.0 KiB");
	assert_string_equal(report_bytes(UINT64_C(100) * 1024).text, "100 KiB");
	assert_string_equal(report_bytes(UINT64_C(3) << 29).text, "1.5 GiB");
	assert_string_equal(report_bytes(UINT64_MAX).text, "16.0 EiB");
}

static void
times_are_said_in_utc(void **state)
{
	const uint64_t ns = UINT64_C(1795507047587016000);

	(void)state;
	assert_string_equal(report_time(0).text, "not known");
	assert_string_equal(report_time(ns).text, "2026-11-24 07:57:27 UTC");
	assert_string_equal(report_clock(ns, false).text, "07:57:27");
	assert_string_equal(report_clock(ns, true).text, "11-24 07:57:27");
	assert_string_equal(report_length(UINT64_C(90) * 1000000000).text, "1 min");
}

static void
seconds_are_as_exact_as_they_are_short(void **state)
{
	(void)state;
	assert_string_equal(report_seconds(0.0042).text, "4.2 ms");
	assert_string_equal(report_seconds(0.25).text, "250 ms");
	assert_string_equal(report_seconds(1.0).text, "1.0 s");
	assert_string_equal(report_seconds(119.9).text, "119.9 s");
	assert_string_equal(report_seconds(120.0).text, "2 min");
	assert_string_equal(report_percent(0.0).text, "0 %");
	assert_string_equal(report_percent(0.004).text, "0.4 %");
	assert_string_equal(report_percent(0.12).text, "12 %");
}

static const char *
defanged(const char *text)
{
	static char room[40];

	report_defang(text, room, sizeof(room));
	return room;
}

static void
nobody_makes_a_link_of_an_indicator(void **state)
{
	(void)state;
	assert_string_equal(defanged("203.0.113.5"), "203[.]0[.]113[.]5");
	assert_string_equal(defanged("2001:db8::1"), "2001[:]db8[:][:]1");
	assert_string_equal(defanged("http://bad.example/"), "hxxp[:]//bad[.]example/");
	assert_string_equal(defanged("HTTPS"), "HxxPS");
	assert_string_equal(defanged("htt"), "htt");
	assert_string_equal(defanged(""), "");
}

static void
an_indicator_that_is_too_long_says_so(void **state)
{
	(void)state;
	assert_string_equal(defanged("abcdefghijklmnopqrstuvwxyz.............."),
		"abcdefghijklmnopqrstuvwxyz[.][.][.]...");
	assert_int_equal(
		strlen(defanged("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")), 38);
}

static void
values_have_their_level(void **state)
{
	static const struct {
		const char *threat;
		double value;
	} levels[] = { { "info", 0.0 }, { "low", 0.2 }, { "medium", 0.5 }, { "high", 0.8 },
		{ "critical", 1.0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		assert_string_equal(report_threat_class(levels[i].value), levels[i].threat);
}

static void
every_loss_has_a_sentence(void **state)
{
	(void)state;
	assert_string_equal(report_loss_meaning("capture_dropped_interface"),
		"Packets that the network card dropped.");
	assert_non_null(strstr(report_loss_meaning("what is this"), "in part"));
	assert_non_null(strstr(report_loss_meaning("input_bad_lines"), "could not be read"));
	assert_non_null(strstr(report_loss_meaning("input_dropped"), "did not arrive"));
	assert_non_null(strstr(report_loss_meaning("store_events"), "made room in the store"));
	assert_non_null(strstr(report_loss_meaning("names_evicted"), "Names"));
	assert_true(report_loss_is_blind("capture_stopped"));
	assert_false(report_loss_is_blind("transport_checksum")); /* that was one packet */
	assert_false(report_loss_is_blind("store_flows"));
}

static void
words_are_in_order(void **state)
{
	(void)state;
	for (const struct report_word *w = report_glossary + 1; w->word != NULL; w++)
		assert_true(strcmp(w[-1].word, w->word) < 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_numbers_stand_in_groups_of_three),
		cmocka_unit_test(bytes_have_a_unit_that_fits),
		cmocka_unit_test(times_are_said_in_utc),
		cmocka_unit_test(seconds_are_as_exact_as_they_are_short),
		cmocka_unit_test(nobody_makes_a_link_of_an_indicator),
		cmocka_unit_test(an_indicator_that_is_too_long_says_so),
		cmocka_unit_test(values_have_their_level),
		cmocka_unit_test(every_loss_has_a_sentence),
		cmocka_unit_test(words_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
