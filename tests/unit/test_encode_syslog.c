#include "exporters/encode_syslog.h"

#include "daemon/base/text_safe.h"
#include "daemon/base/utf8.h"
#include "tests/support/hostile_text.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BOM "\xef\xbb\xbf"

enum { ROOM = 40000 };

static const struct run_info run = { .version = "0.1.0", .sensor = "gw1" };
static struct syslog_form form = {
	.facility = 20, .enterprise = 32473, .most = 2048, .process = 4711
};
static char text[ROOM];
static size_t text_length;

static const char *
encoded(const struct run_info *r, const struct record *record)
{
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	syslog_encode(&form, r, record, &b);
	assert_false(b.truncated);
	assert_true(b.length <= form.most);
	text_length = b.length;
	return text;
}

static const char *
evidence(const struct record_evidence *e)
{
	return encoded(&run,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = e });
}

static const char *
alert(const struct record_alert *a)
{
	return encoded(
		&run, &(struct record){ .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = a });
}

static int
setup(void **state)
{
	(void)state;
	form.most = 2048;
	form.process = 4711;
	return 0;
}

static void
evidence_is_one_message_with_its_values_apart(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	assert_string_equal(evidence(&e),
		"<163>1 2026-11-24T02:00:00.123456Z gw1 naiad 4711 HORIZONTAL_PORT_SCAN "
		"[naiad@32473 kind=\"evidence\" id=\"8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f\" "
		"type=\"HORIZONTAL_PORT_SCAN\" src=\"192.168.1.10\" port=\"23\" proto=\"6\" "
		"level=\"high\" confidence=\"0.30\" detector=\"horizontal_scan\" "
		"technique=\"T1046\" object=\"23/tcp\" observed=\"10\" threshold=\"10\" "
		"sum=\"0.24\" window=\"3\"] " BOM "192.168.1.10 scanned port 23/tcp on 10 hosts");
}

static void
an_alert_says_what_it_rests_on(void **state)
{
	struct record_alert a = sample_alert();

	(void)state;
	a.highest = THREAT_CRITICAL;
	assert_string_equal(alert(&a),
		"<162>1 2026-11-24T02:00:00.123456Z gw1 naiad 4711 ALERT "
		"[naiad@32473 kind=\"alert\" id=\"d3d94468-02a4-8259-b55d-38e6d163e820\" "
		"type=\"HORIZONTAL_PORT_SCAN\" src=\"192.168.1.10\" level=\"critical\" "
		"technique=\"T1046\" evidence=\"2\" sum=\"3.04\" threshold=\"3.00\" window=\"3\"] " BOM
		"192.168.1.10 behaves maliciously: scanned port 23/tcp on 1000 hosts");
}

static void
a_victims_evidence_names_the_attacker_as_the_source(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	e.role = EVIDENCE_VICTIM;
	assert_non_null(strstr(evidence(&e), " dst=\"192.168.1.10\" port="));
	assert_null(strstr(text, "src="));
	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 5);
	assert_non_null(strstr(evidence(&e), " src=\"203.0.113.5\" dst=\"192.168.1.10\" port="));
	e.about_country = "NL";
	e.about_asn = 64496;
	assert_non_null(strstr(evidence(&e), " country=\"NL\" asn=\"64496\" port="));
	e.source = "a.csv";
	assert_non_null(strstr(evidence(&e), " source=\"a.csv\" observed="));
	e.about_country = NULL;
	e.about_asn = 0;
	e.role = EVIDENCE_ATTACKER;
	e.port = 0;
	e.ip_proto = 0;
	e.object = "";
	e.suppressed = 12;
	assert_non_null(
		strstr(evidence(&e), " src=\"192.168.1.10\" dst=\"203.0.113.5\" level=\"high\""));
	assert_non_null(strstr(text, " threshold=\"10\" suppressed=\"12\" sum="));
	assert_null(strstr(text, "object="));
	assert_null(strstr(text, "silence"));
	e.silenced_by = (struct record_silence){ "our \"scanner\"", "no-alert" };
	assert_non_null(
		strstr(evidence(&e), " silence=\"no-alert\" silencedBy=\"our \\\"scanner\\\"\"] "));
}

static void
severity_follows_the_level_and_facility_the_settings(void **state)
{
	struct record_evidence e = sample_evidence();
	static const unsigned expected[] = { 6, 5, 4, 3, 2 };

	(void)state;
	for (int t = 0; t < THREAT_COUNT; t++) {
		char begin[16];

		e.threat = (enum threat)t;
		(void)snprintf(begin, sizeof(begin), "<%u>1 ", 160 + expected[t]);
		assert_ptr_equal(strstr(evidence(&e), begin), text);
	}
	size_t count = 0;
	while (syslog_facilities[count] != NULL)
		count++;
	assert_int_equal(count, SYSLOG_FACILITY_COUNT);
	assert_string_equal(syslog_facilities[20], "local4");
}

static void
header_fields_are_printable_and_have_no_blank(void **state)
{
	struct record_evidence e = sample_evidence();
	struct record r = { .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e };
	struct run_info named = run;

	(void)state;
	form.process = 0;
	named.sensor = "my gate\nway\xc3\xbc";
	assert_non_null(strstr(encoded(&named, &r), "Z mygateway naiad - HORIZ"));
	named.sensor = " \t";
	assert_non_null(strstr(encoded(&named, &r), "Z - naiad - HORIZ"));
	named.sensor = NULL;
	assert_non_null(strstr(encoded(&named, &r), "Z - naiad - HORIZ"));
	named.sensor = "0123456789012345678901234567890123456789012345678901234567890123456789";
	assert_non_null(strstr(encoded(&named, &r), "Z 0123"));
	assert_non_null(strstr(text, "890123 naiad"));
}

static void
what_means_something_in_structured_data_is_escaped(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	e.object = "a\"b]c\\d=e[f";
	assert_non_null(strstr(evidence(&e), " object=\"a\\\"b\\]c\\\\d=e[f\" "));
	e.object = "x\ny";
	assert_non_null(strstr(evidence(&e), " object=\"x\\\\x0ay\" "));
}

static void
a_long_sentence_is_cut_at_a_character_and_says_so(void **state)
{
	struct record_evidence e = sample_evidence();
	char sentence[EVIDENCE_TEXT_MAX + 1];

	(void)state;
	form.most = SYSLOG_MESSAGE_MIN;
	for (size_t i = 0; i + 2 <= EVIDENCE_TEXT_MAX; i += 2)
		memcpy(sentence + i, "\xc3\xbc", 3);
	e.text = sentence;
	(void)evidence(&e);
	assert_null(strstr(text, "..."));
	size_t whole = text_length;
	for (size_t most = whole; most > whole - 100; most--) {
		form.most = most;
		(void)evidence(&e);
		if (most == whole) {
			assert_int_equal(text_length, whole);
			continue;
		}
		assert_in_range(text_length, most - 1, most);
		assert_string_equal(text + text_length - 3, "...");
		for (size_t at = 0; at < text_length;) {
			size_t step = utf8_sequence(text + at, text_length - at);

			assert_true(step > 0);
			at += step;
		}
	}
}

/* The longest values that the engine can hand over, all of it bytes that take four each. */
static void
what_is_before_the_sentence_fits_the_shortest_message(void **state)
{
	struct record_evidence e = sample_evidence();
	char object[EVIDENCE_OBJECT_MAX];
	char sentence[EVIDENCE_TEXT_MAX];
	struct evidence_kind kind = sample_scan;
	struct run_info named = run;
	char sensor[256];

	(void)state;
	memset(object, 0x01, sizeof(object));
	object[sizeof(object) - 1] = '\0';
	memset(sentence, 0x01, sizeof(sentence));
	sentence[sizeof(sentence) - 1] = '\0';
	memset(sensor, 's', sizeof(sensor));
	sensor[sizeof(sensor) - 1] = '\0';
	kind.name = "AN_EVIDENCE_TYPE_OF_40_CHARACTERS_IN_ALL";
	named.sensor = sensor;
	e.kind = &kind;
	e.object = object;
	e.text = sentence;
	e.has_about = true;
	assert_true(addr_parse("2001:db8:1111:2222:3333:4444:5555:6666", &e.host));
	e.about = e.host;
	e.port = 65535;
	e.ip_proto = 255;
	e.observed = UINT64_MAX;
	e.threshold = UINT64_MAX;
	e.suppressed = UINT64_MAX;
	e.silenced_by = (struct record_silence){
		"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"",
		"ignore-traffic"
	};
	e.window.number = INT64_MIN;
	e.detector = "a_detector_with_a_name_of_40_characters_";
	e.sum = 123456789;
	form.most = SYSLOG_MESSAGE_MIN - SYSLOG_REPEAT_BYTES;
	form.enterprise = UINT32_MAX;
	(void)encoded(&named,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e });
	assert_string_equal(text + text_length - 3, "...");
	form.enterprise = 32473;
}

/* Read the message as RFC 5424 says, and give back the value of one parameter. */
static const char *
parsed(const char *name, char value[1024])
{
	const char *at = text;
	bool found = false;

	for (int i = 0; i < 6; i++) {
		at = strchr(at, ' ');
		assert_non_null(at);
		at++;
	}
	assert_memory_equal(at, "[naiad@32473", 12);
	at += 12;
	while (*at == ' ') {
		const char *equals = strchr(at, '=');
		size_t length = 0;
		char seen[1024];

		assert_non_null(equals);
		assert_int_equal(equals[1], '"');
		bool is_it = (size_t)(equals - at - 1) == strlen(name) &&
			     memcmp(at + 1, name, strlen(name)) == 0;
		for (at = equals + 2; *at != '"'; at++) {
			assert_true(*at != ']' && *at != '\0');
			if (*at == '\\')
				at++;
			seen[length++] = *at;
		}
		seen[length] = '\0';
		at++;
		if (is_it) {
			memcpy(value, seen, length + 1);
			found = true;
		}
	}
	assert_true(found);
	assert_memory_equal(at, "] " BOM, 5);
	return at + 5;
}

static void
whatever_a_peer_sent_one_finding_is_one_message_and_reads_back(void **state)
{
	struct record_evidence e = sample_evidence();
	char hostile[HOSTILE_TEXT_MAX];
	char value[1024];
	char safe[1024];
	struct strbuf b;

	(void)state;
	for (unsigned i = 0; i < HOSTILE_TEXT_COUNT; i++) {
		hostile_text(i, EVIDENCE_OBJECT_MAX, hostile);
		e.object = hostile[0] != '\0' ? hostile : "x";
		e.text = hostile;
		(void)evidence(&e);
		assert_int_equal(strlen(text), text_length);
		hostile_text_check(text, text_length);

		strbuf_init(&b, safe, sizeof(safe));
		text_safe(&b, e.object, EVIDENCE_OBJECT_MAX);
		const char *sentence = parsed("object", value);
		assert_string_equal(value, safe);
		strbuf_reset(&b);
		text_safe(&b, hostile, EVIDENCE_TEXT_MAX);
		assert_memory_equal(sentence, "192.168.1.10 ", 13);
		assert_string_equal(sentence + 13, safe);
	}
}

static void
a_repeat_says_so_in_its_data(void **state)
{
	struct record_evidence e = sample_evidence();
	char value[1024];

	(void)state;
	(void)evidence(&e);
	size_t length = syslog_mark_repeat(text, text_length);
	text[length] = '\0';
	assert_int_equal(length, text_length + SYSLOG_REPEAT_BYTES);
	(void)parsed("repeat", value);
	assert_string_equal(value, "yes");
	(void)parsed("window", value);
	assert_string_equal(value, "3");
	char none[32] = "<1>1 - - no data";
	assert_int_equal(syslog_mark_repeat(none, 16), 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(evidence_is_one_message_with_its_values_apart, setup),
		cmocka_unit_test_setup(an_alert_says_what_it_rests_on, setup),
		cmocka_unit_test_setup(a_victims_evidence_names_the_attacker_as_the_source, setup),
		cmocka_unit_test_setup(severity_follows_the_level_and_facility_the_settings, setup),
		cmocka_unit_test_setup(header_fields_are_printable_and_have_no_blank, setup),
		cmocka_unit_test_setup(what_means_something_in_structured_data_is_escaped, setup),
		cmocka_unit_test_setup(a_long_sentence_is_cut_at_a_character_and_says_so, setup),
		cmocka_unit_test_setup(
			what_is_before_the_sentence_fits_the_shortest_message, setup),
		cmocka_unit_test_setup(
			whatever_a_peer_sent_one_finding_is_one_message_and_reads_back, setup),
		cmocka_unit_test_setup(a_repeat_says_so_in_its_data, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
