#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct encoding encoding_text;

static const struct run_info run = { .version = "0.1.0", .sensor = "gw1" };
static char text[4096];

enum { INTERFACE_MAX = 64 }; /* bytes of an interface's name that are shown */

static const char *
encoded(const struct record *r)
{
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	encoding_text.encode(NULL, &run, r, &b);
	assert_false(b.truncated);
	return text;
}

static const char *
evidence(const struct record_evidence *e)
{
	return encoded(
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = e });
}

static const char *
alert(const struct record_alert *a)
{
	return encoded(&(struct record){ .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = a });
}

static void
evidence_says_when_who_how_bad_and_why(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	assert_string_equal(evidence(&e),
		"2026-11-24T02:00:00Z  192.168.1.10     high      scanned port 23/tcp on 10 hosts  "
		"[HORIZONTAL_PORT_SCAN, 10 hosts where 10 are enough, confidence 0.30, sum 0.24, "
		"window 3, id 8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f]");
}

static void
numbers_that_were_not_counted_are_left_out(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	e.threshold = 0;
	e.threat = THREAT_CRITICAL;
	e.window.number = -1;
	assert_string_equal(evidence(&e),
		"2026-11-24T02:00:00Z  192.168.1.10     critical  scanned port 23/tcp on 10 hosts  "
		"[HORIZONTAL_PORT_SCAN, confidence 0.30, sum 0.24, "
		"window -1, id 8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f]");
	e.threshold = 1;
	assert_non_null(strstr(evidence(&e), ", 10 hosts where 1 is enough, "));
	e.observed = 1;
	assert_non_null(strstr(evidence(&e), ", 1 host where 1 is enough, "));
	e.suppressed = 1;
	assert_non_null(strstr(evidence(&e), ", 1 finding not written, "));
	e.suppressed = 0;
	e.silenced_by = (struct record_silence){ "our \033scanner", "no-alert" };
	assert_non_null(strstr(
		evidence(&e), ", window -1, no-alert by the whitelist's our \\x1bscanner, id 8f"));
	e.suppressed = 312;
	assert_non_null(strstr(evidence(&e), "SCAN, 312 findings not written, confidence"));
}

static void
where_the_other_party_is_stands_behind_the_numbers(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 9);
	e.about_country = "NL";
	assert_non_null(strstr(evidence(&e), "sum 0.24, 203.0.113.9 is in NL, window 3"));
	e.about_asn = 64496;
	e.about_org = "Example\n Ltd";
	assert_non_null(strstr(evidence(&e),
		"sum 0.24, 203.0.113.9 is in AS64496 Example\\x0a Ltd, NL, window 3"));
	e.about_country = NULL;
	assert_non_null(strstr(evidence(&e), "AS64496 Example\\x0a Ltd, window 3"));
}

static void
a_victim_is_called_one_and_long_addresses_push_the_rest(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	e.role = EVIDENCE_VICTIM;
	assert_true(addr_parse("2001:db8::1234:5678:9abc", &e.host));
	assert_ptr_equal(
		strstr(evidence(&e),
			"2026-11-24T02:00:00Z  2001:db8::1234:5678:9abc  high      scanned"),
		text);
	assert_non_null(strstr(text, "[HORIZONTAL_PORT_SCAN, as the victim, 10 hosts"));
}

static void
an_alert_stands_out_and_says_what_it_rests_on(void **state)
{
	struct record_alert a = sample_alert();

	(void)state;
	assert_string_equal(alert(&a),
		"2026-11-24T02:00:00Z  192.168.1.10     ALERT     scanned port 23/tcp on 1000 hosts  "
		"[2 pieces of evidence up to high, sum 3.04 where 3.00 is enough, "
		"window 3, id d3d94468-02a4-8259-b55d-38e6d163e820]");
	a.evidence_total = 1;
	a.decisive = true;
	a.sum = 0.8;
	assert_non_null(strstr(alert(&a),
		"[1 piece of evidence up to high, sum 0.80 where 3.00 is enough, decided by one of them, "));
}

static const char *
gap(const struct record_capture_gap *g)
{
	return encoded(&(struct record){
		.kind = RECORD_CAPTURE_GAP, .ts_ns = SAMPLE_NS, .capture_gap = g });
}

static void
a_gap_says_where_how_long_and_why(void **state)
{
	struct record_capture_gap g = sample_gap();

	(void)state;
	assert_string_equal(gap(&g),
		"2026-11-24T02:00:00Z  eth0             GAP       nothing was seen for 61.0 s: the "
		"interface was down  [CAPTURE_GAP, from 2026-11-24T01:58:59.083456Z to "
		"2026-11-24T02:00:00.123456Z]");
	g.reason = "gone";
	assert_non_null(strstr(gap(&g), "61.0 s: the interface did not exist  ["));
	g.reason = "stopped";
	assert_non_null(strstr(gap(&g), "61.0 s: the sensor was stopped  ["));
}

/* The kernel refuses little in a name: '/', blanks and what is longer than 15 bytes. */
static void
no_interface_can_forge_a_line_either(void **state)
{
	struct record_capture_gap g = sample_gap();
	char hostile[INTERFACE_MAX + 2];

	(void)state;
	g.interface = "e\x1b[2J\n\xff";
	assert_non_null(strstr(gap(&g), "Z  e\\x1b[2J\\x0a\\xff  GAP       nothing"));
	memset(hostile, 1, sizeof(hostile));
	hostile[INTERFACE_MAX + 1] = '\0';
	g.interface = hostile;
	assert_non_null(strstr(gap(&g), "\\x01...  GAP       nothing"));
}

static void
no_peer_can_forge_a_line_or_drive_the_terminal(void **state)
{
	struct record_evidence e = sample_evidence();
	struct record_alert a = sample_alert();

	(void)state;
	e.text = "asked for \"x\n2026 ALERT\x1b[2J\xff\"";
	a.reason = e.text;
	assert_non_null(strstr(evidence(&e), "asked for \"x\\x0a2026 ALERT\\x1b[2J\\xff\"  [HORI"));
	assert_non_null(
		strstr(alert(&a), "asked for \"x\\x0a2026 ALERT\\x1b[2J\\xff\"  [2 pieces"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_says_when_who_how_bad_and_why),
		cmocka_unit_test(numbers_that_were_not_counted_are_left_out),
		cmocka_unit_test(where_the_other_party_is_stands_behind_the_numbers),
		cmocka_unit_test(a_victim_is_called_one_and_long_addresses_push_the_rest),
		cmocka_unit_test(an_alert_stands_out_and_says_what_it_rests_on),
		cmocka_unit_test(a_gap_says_where_how_long_and_why),
		cmocka_unit_test(no_interface_can_forge_a_line_either),
		cmocka_unit_test(no_peer_can_forge_a_line_or_drive_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
