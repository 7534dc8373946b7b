#include "exporters/summary_text.h"

#include "tests/support/summary_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int
setup(void **state)
{
	*state = summary_sample_new();
	return 0;
}

static int
teardown(void **state)
{
	summary_sample_free(*state);
	return 0;
}

static void
who_must_be_looked_at_comes_first_then_who_may_then_the_totals(void **state)
{
	struct summary_sample *s = *state;

	summary_sample_fill(s);
	assert_string_equal(summary_sample_print(s, summary_text_print),
		"naiad 0.1.0 over case42.pcap: 1200340 packets, 812.0 MiB, 3 h 20 min from\n"
		"2026-11-24 02:00:00 UTC, analysed in 2.1 s\n"
		"\n"
		"INFECTED OR ATTACKING: 2 hosts raised an alert\n"
		"\n"
		"10.0.0.3\n"
		"    scanned port 23/tcp on 1000 hosts\n"
		"    1 HORIZONTAL_PORT_SCAN\n"
		"    score 3.50, 2 alerts in windows 1, 3\n"
		"    2026-11-24 02:00:00 to 2026-11-24 05:00:00 UTC\n"
		"\n"
		"10.0.0.9\n"
		"    scanned port 23/tcp on 1000 hosts\n"
		"    score 0.80, 1 alert in window 2\n"
		"    2026-11-24 04:00:00 to 2026-11-24 04:00:00 UTC\n"
		"\n"
		"EVIDENCE WITHOUT AN ALERT: 2 hosts\n"
		"\n"
		"     score  evidence  host             strongest\n"
		"      0.48         1  10.0.0.5         scanned port 21/tcp on 10 hosts\n"
		"      0.24         1  10.0.0.4         scanned port 22/tcp on 10 hosts\n"
		"\n"
		"3400 flows, 812 hosts, 1400 windows, 3 evidence, 3 alerts\n"
		"Not seen, or seen in part: 12 ip_short, 3 evidence_suppressed\n");
}

static void
a_quiet_run_says_so(void **state)
{
	struct summary_sample *s = *state;

	s->run.input_count = 2;
	s->totals = (struct record_totals){
		.bytes = 1023, .flows = 1, .hosts = 1, .windows = 1, .alerts = 1
	};
	assert_string_equal(summary_sample_print(s, summary_text_print),
		"naiad 0.1.0 over 2 inputs: 0 packets, 1023 bytes, analysed in 2.1 s\n"
		"\n"
		"No host raised an alert.\n"
		"\n"
		"1 flow, 1 host, 1 window, 0 evidence, 1 alert\n"
		"Not seen, or seen in part: nothing\n");
}

static size_t
logs(void *context, size_t from, struct run_input *ret, size_t room)
{
	const uint64_t *lines = context;

	if (from >= 2 || room == 0)
		return 0;
	*ret = (struct run_input){ .file = "x", .lines = lines[from] };
	return 1;
}

static void
of_logs_it_says_lines_and_files(void **state)
{
	struct summary_sample *s = *state;
	uint64_t lines[] = { 1000, 1 };

	s->run.files = logs;
	s->run.files_context = lines;
	s->totals = (struct record_totals){ .first_ns = SAMPLE_NS,
		.last_ns = SAMPLE_NS + 60 * NS_PER_S };
	const char *text = summary_sample_print(s, summary_text_print);
	assert_non_null(strstr(text, "naiad 0.1.0 over case42.pcap: 1001 lines of 2 files, "));
}

static void
has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("%s\nis not in\n%s", part, text);
}

static void
sizes_have_the_unit_that_fits(void **state)
{
	struct summary_sample *s = *state;

	s->totals.packets = 1;
	s->totals.last_ns = 850 * (uint64_t)NS_PER_MS;
	s->totals.bytes = 1024;
	has(summary_sample_print(s, summary_text_print),
		": 1 packet, 1.0 KiB, 850 ms from 1970-01-01 00:00:00\n");
	has(summary_sample_print(s, summary_text_print), ", 1.0 KiB, ");
	s->totals.bytes = UINT64_C(3) << 29;
	has(summary_sample_print(s, summary_text_print), ", 1.5 GiB, ");
	s->totals.bytes = UINT64_C(5000) << 40;
	has(summary_sample_print(s, summary_text_print), ", 5000.0 TiB, ");
}

static void
each_part_shows_so_many_hosts_and_counts_the_rest(void **state)
{
	struct summary_sample *s = *state;

	for (uint8_t i = 0; i < 5; i++) {
		summary_sample_alert(s, addr_v4(10, 0, 1, i), 3, 1);
		summary_sample_evidence(s, addr_v4(10, 0, 2, i), 1, "x");
	}
	s->summary.most = 5;
	summary_sample_print(s, summary_text_print);
	assert_null(strstr(s->text, "more"));
	s->summary.most = 4;
	summary_sample_print(s, summary_text_print);
	has(s->text, "\n10.0.1.3\n");
	assert_null(strstr(s->text, "10.0.1.4"));
	has(s->text, "  10.0.2.3  ");
	assert_null(strstr(s->text, "10.0.2.4"));
	char *first = strstr(s->text, "\n    ... and 1 more, see alerts.log\n");
	assert_non_null(first);
	has(first + 1, "\n    ... and 1 more, see alerts.log\n");
}

static void
what_the_ledger_had_no_room_for_is_told(void **state)
{
	struct summary_sample *s = *state;

	s->hosts.rest_alerts = 1;
	has(summary_sample_print(s, summary_text_print),
		"\nOf hosts not listed: 0 evidence, 1 alerts, see alerts.log\n");
	s->hosts.rest_alerts = 0;
	s->hosts.rest_evidence = 12;
	has(summary_sample_print(s, summary_text_print),
		"\nOf hosts not listed: 12 evidence, 0 alerts, see alerts.log\n");
	for (int64_t w = 0; w <= SUMMARY_WINDOWS_MAX; w++)
		summary_sample_alert(s, addr_v4(10, 0, 0, 1), 3, w);
	has(summary_sample_print(s, summary_text_print), " 30, 31,\n    and more\n");
}

/* Words of any length, wide letters, long addresses: no line is wider unless one word is. */
static void
lines_end_at_eighty_columns(void **state)
{
	struct summary_sample *s = *state;
	char text[SUMMARY_TEXT_MAX];
	struct addr host;
	uint32_t random = 7;

	assert_true(addr_parse("2001:db8:1234:5678:9abc:def0:1234:5678", &host));
	for (unsigned round = 0; round < 200; round++) {
		size_t length = 0;

		while (length + 20 < sizeof(text)) {
			random = random * 1664525 + 1013904223;
			size_t word = 1 + (random >> 20) % 16;

			for (size_t i = 0; i < word; i++)
				text[length++] = (char)('a' + i);
			text[length++] = ' ';
		}
		text[length] = '\0';
		memcpy(text + round % 40, "\xc3\xa9", 2);
		host.byte[15] = (uint8_t)round;
		struct record_alert a = sample_alert();
		a.reason = text;
		a.host = host;
		if (round % 2 == 0)
			summary_hosts_alert(&s->hosts, &a, SAMPLE_NS);
		else
			summary_sample_evidence(s, host, 1, text);
	}
	s->summary.most = 200;
	summary_sample_print(s, summary_text_print);
	char *rest = s->text;
	for (const char *line = strsep(&rest, "\n"); line != NULL; line = strsep(&rest, "\n")) {
		size_t width = 0;

		for (const char *at = line; *at != '\0'; at++)
			width += ((unsigned char)*at & 0xc0) != 0x80 ? 1 : 0;
		if (width > 80)
			fail_msg("%zu columns: %s", width, line);
	}
}

static void
a_sentence_that_does_not_fit_goes_on_below_itself(void **state)
{
	struct summary_sample *s = *state;

	summary_sample_evidence(s, addr_v4(10, 0, 0, 1), 1,
		"012345678901234567890123456789012345 \xc3\xa9xyz"); /* 41 columns are left */
	has(summary_sample_print(s, summary_text_print), "5 \xc3\xa9xyz\n");
	summary_sample_evidence(s, addr_v4(10, 0, 0, 2), 1,
		"0123456789012345678901234567890123456789 \xc3\xa9xyz"); /* four too many */
	has(summary_sample_print(s, summary_text_print),
		"789\n"
		"                                       \xc3\xa9xyz\n");
}

/* 4 columns of indent and 76 of words: the last word stays on the line, and one wider does not. */
static void
a_line_may_be_eighty_columns_and_not_more(void **state)
{
	struct summary_sample *s = *state;
	struct record_alert a = sample_alert();
	char text[80];

	memset(text, 'x', sizeof(text));
	text[70] = ' ';
	text[76] = '\0';
	a.reason = text;
	summary_hosts_alert(&s->hosts, &a, SAMPLE_NS);
	has(summary_sample_print(s, summary_text_print), "x xxxxx\n");
	text[76] = 'x';
	text[77] = '\0';
	a.sum++;
	summary_hosts_alert(&s->hosts, &a, SAMPLE_NS);
	has(summary_sample_print(s, summary_text_print), "x\n    xxxxxx\n");
}

static void
no_peer_can_drive_the_terminal(void **state)
{
	struct summary_sample *s = *state;
	static const char *const inputs[] = { "a\x1b[2J.pcap" };

	s->run.inputs = inputs;
	summary_sample_evidence(s, addr_v4(10, 0, 0, 1), 1, "asked \x1b[2J\n\xff");
	has(summary_sample_print(s, summary_text_print), "  asked \\x1b[2J\\x0a\\xff\n");
	summary_sample_alert(s, addr_v4(10, 0, 0, 1), 1, 1);
	has(summary_sample_print(s, summary_text_print), "naiad 0.1.0 over a\\x1b[2J.pcap: ");
	assert_null(strchr(s->text, '\x1b'));
}

#define ON_A_RUN(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ON_A_RUN(who_must_be_looked_at_comes_first_then_who_may_then_the_totals),
		ON_A_RUN(a_quiet_run_says_so),
		ON_A_RUN(of_logs_it_says_lines_and_files),
		ON_A_RUN(sizes_have_the_unit_that_fits),
		ON_A_RUN(each_part_shows_so_many_hosts_and_counts_the_rest),
		ON_A_RUN(what_the_ledger_had_no_room_for_is_told),
		ON_A_RUN(lines_end_at_eighty_columns),
		ON_A_RUN(a_sentence_that_does_not_fit_goes_on_below_itself),
		ON_A_RUN(a_line_may_be_eighty_columns_and_not_more),
		ON_A_RUN(no_peer_can_drive_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
