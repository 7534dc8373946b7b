#include "ctl/report/report_model.h"

#include "tests/support/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND_NS UINT64_C(1000000000)
#define NOON      (UINT64_C(1796126400) * SECOND_NS) /* 2026-12-01 12:00:00 */

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
gather(void)
{
	assert_true(report_gather(&report, &rig.source, NOON));
}

static struct source_profile
profile_of(const char *host, bool infected, uint64_t alerts, uint64_t evidence)
{
	return (struct source_profile){ .host = host,
		.name = "",
		.vendor = "",
		.country = "",
		.infected = infected,
		.alerts = alerts,
		.evidence = evidence };
}

static void
hosts_stand_by_their_weight_and_have_sections_while_they_have_evidence(void **state)
{
	const struct source_profile profiles[] = {
		profile_of("10.0.0.7", false, 0, 0),
		profile_of("10.0.0.6", false, 0, 0),
		profile_of("10.0.0.4", false, 0, 2),
		profile_of("10.0.0.5", false, 0, 9),
		profile_of("10.0.0.3", true, 1, 1),
		profile_of("10.0.0.8", true, 1, 2),
		profile_of("10.0.0.9", true, 3, 1),
	};
	static const char *const order[] = { "10.0.0.9", "10.0.0.8", "10.0.0.3", "10.0.0.5",
		"10.0.0.4", "10.0.0.7", "10.0.0.6" };

	(void)state;
	rig.profiles = profiles;
	rig.profile_count = 7;
	gather();
	assert_int_equal(report.profile_count, 7);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(report.profiles[i].host, order[i]);
	assert_int_equal(report.hosts_told, 5);
	for (size_t i = 0; i < 5; i++)
		assert_ptr_equal(report.hosts[i].profile, &report.profiles[i]);
}

static void
sums_are_of_all_hosts_and_windows(void **state)
{
	const struct source_window windows[] = { { .id = { "10.0.0.1", 1 }, .flows = 5 },
		{ .id = { "10.0.0.1", 2 }, .flows = 7 } };
	struct source_profile profiles[] = { profile_of("10.0.0.1", true, 2, 4),
		profile_of("10.0.0.2", true, 1, 8), profile_of("10.0.0.3", false, 0, 16) };

	(void)state;
	profiles[0].windows = windows;
	profiles[0].window_count = 2;
	profiles[2].windows = windows;
	profiles[2].window_count = 1;
	rig.profiles = profiles;
	rig.profile_count = 3;
	gather();
	assert_int_equal(report.infected_count, 2);
	assert_int_equal(report.window_count, 3);
	assert_int_equal(report.evidence_count, 28);
	assert_int_equal(report.alert_count, 3);
	assert_int_equal(report.flow_count, 17);
	assert_true(report.has_alerts);
	assert_true(report.has_devices);
	assert_false(report.has_flows);
}

/* A finding whose time is not known is from no time, not from 1970. */
static void
time_reaches_over_packets_and_evidence(void **state)
{
	const struct source_run run = { .first_ns = NOON, .last_ns = NOON + 60 * SECOND_NS };
	struct source_evidence evidence[3] = { report_rig_evidence("10.0.0.1", "A"),
		report_rig_evidence("10.0.0.1", "A"), report_rig_evidence("10.0.0.1", "A") };

	(void)state;
	evidence[0].ts_ns = NOON + SECOND_NS;
	evidence[1].ts_ns = 0;
	evidence[2].ts_ns = NOON + 90 * SECOND_NS;
	rig.run = &run;
	rig.evidence = evidence;
	rig.evidence_count = 3;
	gather();
	assert_int_equal(report.from_ns, NOON);
	assert_int_equal(report.to_ns, NOON + 90 * SECOND_NS);
	assert_false(report.has_days);
	report_done(&report);
	evidence[2].ts_ns = NOON + 43200 * SECOND_NS;
	gather();
	assert_true(report.has_days);
}

static void
reasons_with_nothing_behind_them_are_left_out(void **state)
{
	const struct source_loss losses[] = { { .reason = "a", .count = 1 }, { .reason = "b" },
		{ .reason = "c", .count = 3 } };

	(void)state;
	rig.losses = losses;
	rig.loss_count = 3;
	gather();
	assert_int_equal(report.loss_count, 2);
	assert_string_equal(report.losses[0].reason, "a");
	assert_string_equal(report.losses[1].reason, "c");
}

static void
steps_of_an_alert_are_those_that_are_known(void **state)
{
	enum { KNOWN = REPORT_ALERT_EVIDENCE_MAX + 4 };
	static const char *const names[KNOWN + 1] = { "none", "a", "b", "c", "d", "e", "f", "g",
		"h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t" };
	struct source_evidence evidence[KNOWN];
	struct source_alert alert = { .window = { "10.0.0.1", 1 },
		.id = "alert",
		.reason = "",
		.strongest = "",
		.highest = "high",
		.evidence = names,
		.evidence_count = KNOWN + 1,
		.evidence_total = KNOWN + 1 };

	(void)state;
	for (size_t i = 0; i < KNOWN; i++) {
		evidence[i] = report_rig_evidence("10.0.0.1", "A");
		evidence[i].id = names[i + 1];
	}
	rig.evidence = evidence;
	rig.evidence_count = KNOWN;
	rig.alerts = &alert;
	rig.alert_count = 1;
	gather();
	assert_int_equal(report.alerts_told, 1);
	assert_int_equal(report.alerts[0].step_count, REPORT_ALERT_EVIDENCE_MAX);
	for (size_t i = 0; i < REPORT_ALERT_EVIDENCE_MAX; i++)
		assert_string_equal(report.alerts[0].steps[i].id, names[i + 1]);
	report_done(&report);
	alert.evidence_count = 0;
	gather();
	assert_int_equal(report.alerts[0].step_count, 0);
}

/* What has no connections is established from its first packet on: that is no answer. */
static void
who_never_answered_a_ping_was_knocked_at(void **state)
{
	enum { PINGED = 12 };
	static const char *const targets[PINGED] = { "192.0.2.1", "192.0.2.2", "192.0.2.3",
		"192.0.2.4", "192.0.2.5", "192.0.2.6", "192.0.2.7", "192.0.2.8", "192.0.2.9",
		"192.0.2.10", "192.0.2.11", "192.0.2.12" };
	const struct source_window window = { .id = { "10.0.0.1", 1 }, .flows = PINGED };
	struct source_profile profile = profile_of("10.0.0.1", true, 1, 1);
	struct source_flow flows[PINGED];

	(void)state;
	for (size_t i = 0; i < PINGED; i++)
		flows[i] = (struct source_flow){ .uid = "C",
			.start_ns = NOON,
			.orig = "10.0.0.1",
			.orig_port = "8",
			.resp = targets[i],
			.resp_port = "0",
			.proto = "icmp",
			.service = "",
			.state = "OTH",
			.established = true,
			.orig_packets = 1,
			.resp_packets = i < 2 ? 1 : 0 };
	flows[2].orig_packets = 0; /* of a log that counts none */
	profile.windows = &window;
	profile.window_count = 1;
	rig.profiles = &profile;
	rig.profile_count = 1;
	rig.flows = flows;
	rig.flow_count = PINGED;
	gather();
	assert_int_equal(report.hosts_told, 1);
	assert_non_null(report.hosts[0].scan);
	assert_int_equal(report.hosts[0].scan->unanswered, 9);
	uint64_t answered = 0;
	for (size_t i = 0; i < report.hosts[0].peer_count; i++)
		answered += report.hosts[0].peers[i].answered;
	assert_int_equal(answered, 3);
}

/* It is one of three: that the last one has an answer hides nothing. */
static void
a_window_that_has_no_answer_is_told(void **state)
{
	const struct source_window windows[] = { { .id = { "10.0.0.1", 1 } },
		{ .id = { "10.0.0.1", 2 } }, { .id = { "10.0.0.1", 3 } } };
	const struct source_flow flows[] = { { "C1", NOON, 1, "10.0.0.1", "1", "10.0.0.2", "2",
		"tcp", "", "SF", true, 1, 1, 1, 1 } };
	struct source_profile host = profile_of("10.0.0.1", true, 0, 1);

	(void)state;
	host.windows = windows;
	host.window_count = 3;
	rig.profiles = &host;
	rig.profile_count = 1;
	rig.flows = flows;
	rig.flow_count = 1;
	gather();
	assert_string_equal(report.trouble, "");
	report_done(&report);
	rig.mute_window = 2;
	gather();
	assert_string_equal(report.trouble, "no word of window 2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			hosts_stand_by_their_weight_and_have_sections_while_they_have_evidence,
			set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			sums_are_of_all_hosts_and_windows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			time_reaches_over_packets_and_evidence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			reasons_with_nothing_behind_them_are_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			steps_of_an_alert_are_those_that_are_known, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			who_never_answered_a_ping_was_knocked_at, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_window_that_has_no_answer_is_told, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
