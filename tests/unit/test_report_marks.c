#include "ctl/report/report_parts.h"

#include "tests/support/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct report_rig rig;
static struct report report;

static int
set_up(void **state)
{
	(void)state;
	report_rig_init(&rig);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	report_done(&report);
	return 0;
}

static void
gather(const struct source_evidence *evidence, size_t count)
{
	rig.evidence = evidence;
	rig.evidence_count = count;
	assert_true(report_gather(&report, &rig.source, 0));
}

static const struct report_indicator *
found(const char *value)
{
	for (size_t i = 0; i < report.indicators_told; i++)
		if (strcmp(report.indicators[i].value, value) == 0)
			return &report.indicators[i];
	return NULL;
}

static void
names_and_addresses_outside_are_read_off_sentences(void **state)
{
	struct source_evidence e = report_rig_evidence("10.0.0.1", "KIND");

	(void)state;
	e.about = "203.0.113.5";
	e.text =
		"fetched \"Bad.Example/ldr_1.exe\" from 203.0.113.6:8082, 10.0.0.9 and 2001:db8::7; "
		"cred.dll, 3.2 s, CN=anompatof.rip,O=x. See also host.example.";
	gather(&e, 1);
	assert_int_equal(report.indicator_count, 7);
	assert_int_equal(found("203.0.113.5")->kind, REPORT_ADDRESS);
	assert_int_equal(found("203.0.113.6")->kind, REPORT_ADDRESS);
	assert_int_equal(found("2001:db8::7")->kind, REPORT_ADDRESS);
	assert_int_equal(found("bad.example")->kind, REPORT_NAME);
	assert_non_null(found("anompatof.rip"));
	assert_non_null(found("host.example"));
	assert_int_equal(found("Bad.Example/ldr_1.exe")->kind, REPORT_URL);
}

static void
what_was_asked_for_is_one_as_a_whole(void **state)
{
	struct source_evidence e = report_rig_evidence("10.0.0.1", "KIND");

	(void)state;
	e.text =
		"fetched \"Bad.example/Iy/x.exe?a=1\" and \"203.0.113.5:8080/x\", not \"192.168.0.9/x\", "
		"\"cut.example/long...\", \"bare.example/\", \"no.example/a b\", \"half.example/x";
	gather(&e, 1);
	assert_int_equal(found("Bad.example/Iy/x.exe?a=1")->kind, REPORT_URL);
	assert_int_equal(found("203.0.113.5:8080/x")->kind, REPORT_URL);
	/* The others name somebody, and are no URL. */
	assert_int_equal(found("bad.example")->kind, REPORT_NAME);
	assert_int_equal(report.indicator_count, 2 + 2 + 4);
}

static void
digests_are_known_by_their_length(void **state)
{
	struct source_evidence e = report_rig_evidence("10.0.0.1", "KIND");

	(void)state;
	e.text = "greeted with d41d8cd98f00b204e9800998ecf8427e and "
		 "da39a3ee5e6b4b0d3255bfef95601890afd80709 and "
		 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 and "
		 "t13d1516h2_8daaf6152771_02713d6af862, not d41d8cd98f00b204e9800998ecf8427 or "
		 "g41d8cd98f00b204e9800998ecf8427e";
	gather(&e, 1);
	assert_int_equal(report.indicator_count, 4);
	assert_int_equal(found("d41d8cd98f00b204e9800998ecf8427e")->kind, REPORT_DIGEST);
	assert_int_equal(found("t13d1516h2_8daaf6152771_02713d6af862")->kind, REPORT_JA4);
}

static void
the_strongest_evidence_says_why(void **state)
{
	struct source_evidence e[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		e[i] = report_rig_evidence("10.0.0.1", i == 1 ? "STRONG" : "WEAK");
		e[i].about = "203.0.113.5";
		e[i].text = "talked with 203.0.113.5 again"; /* named twice, and one finding */
		e[i].confidence = i == 1 ? 0.9 : 0.1;
		e[i].ts_ns = 1000 + i;
	}
	e[2].about = "203.0.113.9";
	gather(e, 3);
	assert_int_equal(report.indicator_count, 2);
	assert_string_equal(report.indicators[0].value, "203.0.113.5");
	assert_string_equal(report.indicators[0].why, "STRONG");
	assert_int_equal(report.indicators[0].evidence, 3);
	assert_int_equal(report.indicators[0].first_ns, 1000);
	assert_int_equal(report.indicators[0].last_ns, 1002);
	assert_int_equal(report.indicators[1].evidence, 1);
}

static void
what_is_silenced_or_harmless_names_nobody(void **state)
{
	struct source_evidence e[2];

	(void)state;
	e[0] = report_rig_evidence("10.0.0.1", "KIND");
	e[0].about = "203.0.113.5";
	e[0].silenced_by = "a rule";
	e[0].technique = "T1046";
	e[1] = report_rig_evidence("10.0.0.1", "KIND");
	e[1].about = "203.0.113.6";
	e[1].threat = "info";
	gather(e, 2);
	assert_int_equal(report.indicator_count, 0);
	assert_int_equal(report.technique_count, 0);
}

/* By the best that is known of it; a name that evidence names is not asked for. */
static void
an_address_is_known_by_its_name_or_its_network(void **state)
{
	static const char *const names[] = { "www.example" };
	struct source_address address = { .address = "",
		.org = "Example BV",
		.country = "",
		.reverse = "host.example",
		.names = names,
		.name_count = 1 };
	struct source_evidence e = report_rig_evidence("10.0.0.1", "KIND");

	(void)state;
	e.about = "203.0.113.5";
	e.text = "asked bad.example";
	gather(&e, 1);
	assert_string_equal(found("203.0.113.5")->known_as, "");
	report_done(&report);
	rig.address = &address;
	gather(&e, 1);
	assert_string_equal(found("203.0.113.5")->known_as, "www.example");
	assert_string_equal(found("bad.example")->known_as, "");
	report_done(&report);
	address.name_count = 0;
	gather(&e, 1);
	assert_string_equal(found("203.0.113.5")->known_as, "host.example");
	report_done(&report);
	address.reverse = "";
	gather(&e, 1);
	assert_string_equal(found("203.0.113.5")->known_as, "Example BV");
}

static void
of_equal_threat_what_is_named_more_often_is_first(void **state)
{
	static const char *const about[] = { "203.0.113.1", "203.0.113.2", "203.0.113.2",
		"203.0.113.0" };
	struct source_evidence e[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		e[i] = report_rig_evidence("10.0.0.1", "KIND");
		e[i].about = about[i];
	}
	gather(e, 4);
	assert_string_equal(report.indicators[0].value, "203.0.113.2");
	assert_string_equal(report.indicators[1].value, "203.0.113.0");
	assert_string_equal(report.indicators[2].value, "203.0.113.1");
}

/* Labels of 63 bytes, and nothing that is no name: numbers, files, two dots, a letter alone. */
static void
what_is_no_name_is_left(void **state)
{
	char text[512];
	struct source_evidence e = report_rig_evidence("10.0.0.1", "KIND");

	(void)state;
	e.text = "a..b.example .example 1.2.3.4.5 v1.x cred.dll http/1.1 a.b.c3 user@host.example";
	gather(&e, 1);
	assert_int_equal(report.indicator_count, 0);
	report_done(&report);
	(void)snprintf(text, sizeof(text), "%063d.example %064d.example", 0, 0);
	e.text = text;
	gather(&e, 1);
	assert_int_equal(report.indicator_count, 1);
	assert_int_equal(strlen(report.indicators[0].value), 63 + strlen(".example"));
	report_done(&report);
	/* 253 bytes in all, and one more. */
	(void)snprintf(text, sizeof(text),
		"%060d.%060d.%060d.%062d.example %060d.%060d.%060d.%063d.example", 0, 0, 0, 0, 0, 0,
		0, 0);
	gather(&e, 1);
	assert_int_equal(report.indicator_count, 1);
}

static void
techniques_are_counted_by_finding_and_host(void **state)
{
	static const char *const hosts[] = { "10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.1" };
	struct source_evidence e[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		e[i] = report_rig_evidence(hosts[i], "KIND");
		e[i].technique = i == 3 ? "T1018" : "T1046";
		e[i].threat = i == 1 ? "critical" : "low";
	}
	gather(e, 4);
	assert_int_equal(report.technique_count, 2);
	assert_string_equal(report.techniques[0].id, "T1018");
	assert_int_equal(report.techniques[1].evidence, 3);
	assert_int_equal(report.techniques[1].hosts, 2);
	assert_float_equal(report.techniques[1].worst, 1.0, 1e-9);
	assert_float_equal(report.techniques[0].worst, 0.2, 1e-9);
}

static void
countries_are_those_of_two_letters(void **state)
{
	static const char *const places[] = { "NL, AS64496 Example BV", "NL", "", "n/a", "DE" };
	struct source_evidence e[5];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		e[i] = report_rig_evidence("10.0.0.1", "KIND");
		e[i].about_place = places[i];
	}
	gather(e, 5);
	assert_int_equal(report.country_count, 2);
	assert_string_equal(report.countries[0].code, "NL");
	assert_int_equal(report.countries[0].evidence, 2);
	assert_string_equal(report.countries[1].code, "DE");
}

/* What is known no more takes no place among those that are told. */
static void
an_alert_is_told_in_the_first_steps_that_are_known(void **state)
{
	enum { KNOWN = REPORT_ALERT_EVIDENCE_MAX + 1 };
	struct source_evidence e[KNOWN];
	char names[KNOWN][8];
	const char *ids[1 + KNOWN] = { "gone" };
	const struct source_alert alert = {
		.window = { "10.0.0.1", 1 }, .evidence = ids, .evidence_count = 1 + KNOWN
	};

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "e%zu", i);
		e[i] = report_rig_evidence("10.0.0.1", "KIND");
		e[i].id = ids[1 + i] = names[i];
		e[i].sum = 0.2 * (double)(i + 1);
	}
	rig.alerts = &alert;
	rig.alert_count = 1;
	gather(e, KNOWN);
	assert_int_equal(report.alerts[0].step_count, REPORT_ALERT_EVIDENCE_MAX);
	assert_string_equal(report.alerts[0].steps[0].id, "e0");
	assert_float_equal(report.alerts[0].steps[1].added, 0.2, 1e-6);
	assert_float_equal(report.alerts[0].steps[1].sum, 0.4, 1e-6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			names_and_addresses_outside_are_read_off_sentences, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_was_asked_for_is_one_as_a_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			digests_are_known_by_their_length, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_strongest_evidence_says_why, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_address_is_known_by_its_name_or_its_network, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			of_equal_threat_what_is_named_more_often_is_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_name_is_left, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_silenced_or_harmless_names_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			techniques_are_counted_by_finding_and_host, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			countries_are_those_of_two_letters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_alert_is_told_in_the_first_steps_that_are_known, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
