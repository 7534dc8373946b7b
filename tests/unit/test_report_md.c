#include "ctl/report/report_md.h"

#include "ctl/report/report_text.h"
#include "tests/support/report_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND_NS UINT64_C(1000000000)
#define NOON      (UINT64_C(1796126400) * SECOND_NS) /* 2026-12-01 12:00:00 */

enum { INPUTS = REPORT_INPUTS_MAX + 2, PARTS = 2048 };

static char *text;

static int
forget(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

static void
write(const struct report *r)
{
	size_t length = 0;

	free(text);
	text = NULL;
	FILE *out = open_memstream(&text, &length);
	assert_non_null(out);
	report_md(r, out);
	assert_int_equal(fclose(out), 0);
}

/* From one heading to the next of its kind. */
static void
part_is(const char *heading, const char *want)
{
	static char part[PARTS];
	const char *from = strstr(text, heading);

	assert_non_null(from);
	from += strlen(heading);
	const char *to = strstr(from, "\n## ");
	(void)snprintf(part, sizeof(part), "%.*s", to == NULL ? PARTS : (int)(to - from), from);
	assert_string_equal(part, want);
}

static void
a_host_is_told_row_by_row(void **state)
{
	const struct source_profile profiles[] = {
		{ .host = "10.0.0.1",
			.name = "cam",
			.vendor = "A Maker",
			.country = "NL",
			.infected = true,
			.evidence = 3,
			.alerts = 1,
			.window_count = 2 },
		{ .host = "10.0.0.2", .name = "", .vendor = "B", .country = "", .evidence = 1 },
		{ .host = "10.0.0.3", .name = "", .vendor = "", .country = "" },
	};
	struct source_evidence evidence[2] = { report_rig_evidence("10.0.0.1", "A"),
		report_rig_evidence("10.0.0.1", "B") };
	const struct source_evidence *const of_first[] = { &evidence[0], &evidence[1] };
	const struct report_peer peers[] = {
		{ .address = "192.0.2.1",
			.name = "a.example",
			.country = "DE",
			.org = "",
			.talks = 9,
			.answered = 8,
			.sent = 100,
			.received = 2048 },
		{ .address = "192.0.2.2", .name = "", .country = "", .org = "", .talks = 1 },
	};
	const struct report_scan scan = {
		.targets = 40, .ports = 1, .attempts = 50, .unanswered = 41
	};
	const struct report_host hosts[] = {
		{ .profile = &profiles[0],
			.evidence = of_first,
			.evidence_count = 2,
			.evidence_total = 3,
			.peers = peers,
			.peer_count = 2,
			.peer_total = 5,
			.scan = &scan,
			.beacons = { { .peer = "192.0.2.1",
				.port = "443/tcp",
				.talks = 9,
				.median_s = 60,
				.spread = 0.25 } },
			.beacon_count = 1,
			.why = "scanned" },
		{ .profile = &profiles[1],
			.evidence = of_first,
			.evidence_count = 1,
			.evidence_total = 1,
			.why = "" },
	};
	const struct report r = { .source = "case",
		.profiles = profiles,
		.profile_count = 3,
		.infected_count = 1,
		.hosts = hosts,
		.hosts_told = 2 };

	(void)state;
	evidence[0].ts_ns = NOON;
	evidence[0].threat = "high";
	evidence[0].confidence = 0.75;
	evidence[0].text = "scanned";
	evidence[0].technique = "T1046";
	evidence[1].ts_ns = NOON + SECOND_NS;
	evidence[1].threat = "low";
	evidence[1].confidence = 1;
	evidence[1].text = "called";
	evidence[1].technique = "";
	write(&r);
	part_is("\n## Hosts\n",
		"\n| Host | Name | Country | Windows | Alerts | Evidence |\n"
		"|---|---|---|---:|---:|---:|\n"
		"| 10.0.0.1 | cam | NL | 2 | 1 | 3 |\n"
		"| 10.0.0.2 |  |  | 0 | 0 | 1 |\n"
		"| 10.0.0.3 |  |  | 0 | 0 | 0 |\n"
		"\n### 10.0.0.1 (infected)\n\n"
		"cam A Maker\n\n"
		"Attempts without an answer: 41 of 50, on 1 port of 40 targets.\n\n"
		"Steady rhythm: 192.0.2.1 443/tcp, 9 conversations, every 60.0 s, half of them within 25 %.\n\n"
		"| Time | Level | Confidence | Finding | ATT&CK |\n|---|---|---:|---|---|\n"
		"| 2026-12-01 12:00:00 UTC | high | 0.75 | scanned | T1046 |\n"
		"| 2026-12-01 12:00:01 UTC | low | 1.00 | called |  |\n"
		"\nThe first 2 of 3 findings are shown.\n"
		"\n| Peer | Known as | Place | Conversations | Answered | Sent | Received |\n"
		"|---|---|---|---:|---:|---:|---:|\n"
		"| 192.0.2.1 | a.example | DE | 9 | 8 | 100 B | 2.0 KiB |\n"
		"| 192.0.2.2 |  |  | 1 | 0 | 0 B | 0 B |\n"
		"\nThe first 2 of 5 peers are shown.\n"
		"\n### 10.0.0.2\n\n"
		" B\n\n"
		"| Time | Level | Confidence | Finding | ATT&CK |\n|---|---|---:|---|---|\n"
		"| 2026-12-01 12:00:00 UTC | high | 0.75 | scanned | T1046 |\n");
}

static void
an_alert_is_told_step_by_step(void **state)
{
	struct source_evidence evidence[2] = { report_rig_evidence("10.0.0.1", "A"),
		report_rig_evidence("10.0.0.1", "B") };
	const struct source_step steps[] = {
		{ .evidence = &evidence[0], .added = 0.5 },
		{ .evidence = &evidence[1], .added = 0.9 },
	};
	const struct source_alert alert = { .window = { "10.0.0.1", 7 },
		.ts_ns = NOON,
		.sum = 3.25,
		.threshold = 3,
		.reason = "scanned",
		.evidence_total = 4 };
	const struct report_alert told = { .alert = &alert, .steps = steps, .step_count = 2 };
	const struct report r = { .source = "case",
		.has_alerts = true,
		.alerts = &told,
		.alerts_told = 1,
		.alerts_read = 2 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		evidence[i].ts_ns = NOON + i * SECOND_NS;
		evidence[i].text = i == 0 ? "one" : "two";
		evidence[i].threat = "medium";
		evidence[i].confidence = 1;
		evidence[i].counted = i == 0;
		evidence[i].sum = i == 0 ? 0.5 : -1;
	}
	write(&r);
	part_is("\n## Alerts\n",
		"\n### 10.0.0.1: scanned\n\n"
		"Raised at 2026-12-01 12:00:00 UTC in window 7. Sum 3.25, threshold 3.00.\n\n"
		"| Time | Evidence | Level | Confidence | Counts | Sum |\n|---|---|---|---:|---:|---:|\n"
		"| 12:00:00 | one | medium | 1.00 | 0.50 | 0.50 |\n"
		"| 12:00:01 | two | medium | 1.00 | - | - |\n"
		"\nThe first 2 of 4 findings of this alert are shown.\n"
		"\nThe first 1 of 2 alerts are shown.\n");
}

static void
what_was_read_and_what_is_missing_is_told(void **state)
{
	const char *inputs[INPUTS];
	const struct source_loss losses[] = { { .reason = "clock_jumps", .count = 3 } };
	const struct source_loss_span spans[] = {
		{ .reason = "clock_jumps",
			.interface = "eth0",
			.from_ns = NOON,
			.to_ns = NOON,
			.count = 1 },
		{ .reason = "clock_jumps",
			.interface = "",
			.from_ns = NOON,
			.to_ns = NOON,
			.count = 2 },
	};
	struct report r = { .source = "case",
		.has_run = true,
		.run = { .inputs = inputs, .input_count = INPUTS },
		.from_ns = NOON,
		.to_ns = NOON + SECOND_NS,
		.losses = losses,
		.loss_count = 1,
		.loss_spans = spans,
		.loss_spans_told = 2,
		.loss_span_count = 3 };

	(void)state;
	for (size_t i = 0; i < INPUTS; i++)
		inputs[i] = "a.pcap";
	write(&r);
	part_is("## What was not seen\n",
		"\n| Reason | Count | What it means |\n|---|---:|---|\n"
		"| clock\\_jumps | 3 | Jumps of the capture's clock: nothing is known of between. |\n"
		"\n| From | To | Count | Reason | Interface |\n|---|---|---:|---|---|\n"
		"| 2026-12-01 12:00:00 UTC | 2026-12-01 12:00:00 UTC | 1 | clock\\_jumps | eth0 |\n"
		"| 2026-12-01 12:00:00 UTC | 2026-12-01 12:00:00 UTC | 2 | clock\\_jumps |  |\n"
		"\nThe first 2 of 3 times are shown.\n");
	assert_int_equal(report_rig_count(text, "\n* Input: a.pcap"), REPORT_INPUTS_MAX);
	assert_non_null(strstr(text, "\n* and 2 more\n* Time: 2026-12-01 12:00:00 UTC to "));
	r.run.input_count = REPORT_INPUTS_MAX;
	r.loss_count = r.loss_span_count = r.loss_spans_told = 0;
	write(&r);
	assert_null(strstr(text, " more"));
	part_is("## What was not seen\n", "\nNothing is known to be missing.\n");
}

/* Two lists one after the other would be one. */
static void
a_list_ends_where_the_next_begins(void **state)
{
	const struct source_profile profile = {
		.host = "10.0.0.1", .name = "", .vendor = "", .country = "", .infected = true
	};
	const struct report_host host = { .profile = &profile, .why = "scanned" };
	struct report r = { .source = "case", .profiles = &profile, .profile_count = 1 };

	(void)state;
	write(&r);
	assert_non_null(strstr(
		text, "\n\n0 of 1 host infected or attacking, 0 alerts.\n\n* Source: case\n"));
	r.infected_count = 1;
	r.hosts = &host;
	r.hosts_told = 1;
	write(&r);
	assert_non_null(strstr(text, "alerts.**\n\n* **10.0.0.1**: scanned\n\n* Source: case\n"));
}

static void
a_source_without_alerts_does_not_say_that_there_are_none(void **state)
{
	struct report r = { .source = "a Redis" };

	(void)state;
	write(&r);
	part_is("\n## Alerts\n", "\nThis source does not tell of alerts.\n");
	r.has_alerts = true;
	write(&r);
	part_is("\n## Alerts\n", "\nNone was raised.\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_host_is_told_row_by_row, forget),
		cmocka_unit_test_teardown(an_alert_is_told_step_by_step, forget),
		cmocka_unit_test_teardown(what_was_read_and_what_is_missing_is_told, forget),
		cmocka_unit_test_teardown(a_list_ends_where_the_next_begins, forget),
		cmocka_unit_test_teardown(
			a_source_without_alerts_does_not_say_that_there_are_none, forget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
