#include "exporters/summary_hosts.h"

#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct summary_hosts hosts;
static const struct summary_host *ranked[SUMMARY_HOSTS_MAX];

static int
teardown(void **state)
{
	(void)state;
	summary_hosts_done(&hosts);
	summary_hosts_done(&hosts); /* once more is fine */
	return 0;
}

static void
evidence(uint32_t host, double sum, enum threat threat, double confidence, const char *text)
{
	struct record_evidence e = sample_evidence();

	e.host = addr_v4(10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host);
	e.sum = sum;
	e.threat = threat;
	e.confidence = confidence;
	e.text = text;
	summary_hosts_evidence(&hosts, &e, SAMPLE_NS);
}

static void
alert(uint32_t host, double sum, int64_t window, const char *reason)
{
	struct record_alert a = sample_alert();

	a.host = addr_v4(10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host);
	a.sum = sum;
	a.window.number = window;
	a.reason = reason;
	summary_hosts_alert(&hosts, &a, SAMPLE_NS);
}

static uint32_t
host_at(size_t rank)
{
	const uint8_t *b = ranked[rank]->addr.byte + 12;

	return (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static void
alerts_come_first_then_the_score_then_the_address(void **state)
{
	static const uint32_t expected[] = { 7, 3, 5, 9, 1, 2, 4 };

	(void)state;
	assert_int_equal(summary_hosts_init(&hosts, 16), 0);
	evidence(4, 0.1, THREAT_LOW, 1, "x");
	evidence(1, 2.5, THREAT_LOW, 1, "x");
	evidence(2, 2.5, THREAT_LOW, 1, "x");
	alert(9, 0.8, 1, "x"); /* decisive, below any sum */
	alert(5, 3, 1, "x");
	alert(3, 3, 1, "x");
	alert(7, 4, 1, "x");
	assert_int_equal(summary_hosts_rank(&hosts, ranked), 4);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(host_at(i), expected[i]);
}

static void
the_score_is_the_highest_sum_and_the_text_the_strongest(void **state)
{
	(void)state;
	assert_int_equal(summary_hosts_init(&hosts, 4), 0);
	evidence(1, 0.2, THREAT_INFO, 1, "info");
	assert_string_equal(hosts.hosts[0].text, "info");
	evidence(1, 0.9, THREAT_MEDIUM, 0.8, "medium");
	evidence(1, 0.5, THREAT_HIGH, 0.5, "equal, and later");
	assert_string_equal(hosts.hosts[0].text, "equal, and later"); /* its count is higher */
	evidence(1, 0.5, THREAT_HIGH, 0.4, "weaker");
	assert_string_equal(hosts.hosts[0].text, "equal, and later");
	assert_true(hosts.hosts[0].score == 0.9);
	alert(1, 0.8, 1, "alert");
	evidence(1, 0.1, THREAT_CRITICAL, 1, "critical");
	assert_string_equal(hosts.hosts[0].text, "alert");
	alert(1, 0.7, 1, "weaker alert");
	assert_string_equal(hosts.hosts[0].text, "alert");
	alert(1, 5, 1, "stronger alert");
	assert_string_equal(hosts.hosts[0].text, "stronger alert");
	assert_true(hosts.hosts[0].score == 5);
	assert_int_equal(hosts.hosts[0].evidence, 5);
	assert_int_equal(hosts.hosts[0].alerts, 3);
}

static void
what_a_host_did_says_more_than_what_was_done_to_it(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	assert_int_equal(summary_hosts_init(&hosts, 4), 0);
	e.threat = THREAT_CRITICAL;
	e.confidence = 1;
	e.role = EVIDENCE_VICTIM;
	e.text = "was scanned";
	summary_hosts_evidence(&hosts, &e, SAMPLE_NS);
	assert_string_equal(hosts.hosts[0].text, "was scanned");
	e.threat = THREAT_LOW;
	e.confidence = 0.1;
	e.role = EVIDENCE_ATTACKER;
	e.text = "scanned";
	summary_hosts_evidence(&hosts, &e, SAMPLE_NS);
	assert_string_equal(hosts.hosts[0].text, "scanned");
}

static void
times_span_all_that_was_found(void **state)
{
	struct record_evidence e = sample_evidence();
	struct record_alert a = sample_alert();

	(void)state;
	assert_int_equal(summary_hosts_init(&hosts, 4), 0);
	summary_hosts_evidence(&hosts, &e, 500);
	summary_hosts_evidence(&hosts, &e, 400);
	summary_hosts_alert(&hosts, &a, 600);
	summary_hosts_evidence(&hosts, &e, 550);
	assert_int_equal(hosts.hosts[0].first_ns, 400);
	assert_int_equal(hosts.hosts[0].last_ns, 600);
}

static void
types_are_counted_for_all_and_for_each_host_up_to_their_caps(void **state)
{
	struct record_evidence e = sample_evidence();
	struct evidence_kind kind = sample_scan;
	const struct summary_type *types[SUMMARY_TYPES_MAX];
	char name[32];

	(void)state;
	assert_int_equal(summary_hosts_init(&hosts, 4), 0);
	e.kind = &kind;
	kind.name = name;
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < SUMMARY_TYPES_MAX + 3; i++) {
			(void)snprintf(name, sizeof(name), "T%03u", (i * 7) % 131);
			summary_hosts_evidence(&hosts, &e, SAMPLE_NS);
		}
	assert_int_equal(hosts.type_count, SUMMARY_TYPES_MAX);
	assert_int_equal(hosts.other_types, 6);
	assert_int_equal(hosts.hosts[0].type_count, SUMMARY_HOST_TYPES_MAX);
	assert_int_equal(hosts.hosts[0].other_types, 2 * (131 - SUMMARY_HOST_TYPES_MAX));
	for (unsigned i = 0; i < SUMMARY_HOST_TYPES_MAX; i++)
		assert_int_equal(hosts.hosts[0].types[i].count, 2);
	assert_string_equal(hosts.types[hosts.hosts[0].types[1].type].name, "T007");
	summary_types_rank(&hosts, types);
	for (unsigned i = 1; i < SUMMARY_TYPES_MAX; i++)
		assert_true(strcmp(types[i - 1]->name, types[i]->name) < 0);
	assert_int_equal(types[0]->count, 2);
}

static void
windows_with_an_alert_are_listed_once_up_to_the_cap(void **state)
{
	(void)state;
	assert_int_equal(summary_hosts_init(&hosts, 4), 0);
	for (int round = 0; round < 2; round++)
		for (int64_t w = -1; w < SUMMARY_WINDOWS_MAX - 1; w++)
			alert(1, 3, w, "x");
	assert_int_equal(hosts.hosts[0].window_count, SUMMARY_WINDOWS_MAX);
	assert_int_equal(hosts.hosts[0].windows[0], -1);
	assert_int_equal(hosts.hosts[0].other_windows, 0);
	alert(1, 3, 1000, "x");
	assert_int_equal(hosts.hosts[0].window_count, SUMMARY_WINDOWS_MAX);
	assert_int_equal(hosts.hosts[0].other_windows, 1);
}

static void
a_full_ledger_keeps_its_hosts_but_makes_room_for_an_alert(void **state)
{
	(void)state;
	assert_int_equal(summary_hosts_init(&hosts, 3), 0);
	evidence(1, 0.3, THREAT_LOW, 1, "x");
	evidence(3, 0.1, THREAT_LOW, 1, "x");
	evidence(3, 0.1, THREAT_LOW, 1, "x");
	evidence(2, 0.1, THREAT_LOW, 1, "x");
	evidence(4, 9.9, THREAT_LOW, 1, "x"); /* no room, however bad */
	assert_int_equal(hosts.count, 3);
	assert_int_equal(hosts.rest_evidence, 1);
	alert(5, 3, 1, "x"); /* takes the place of 3: lowest score, highest address */
	assert_int_equal(hosts.rest_evidence, 3);
	assert_int_equal(summary_hosts_rank(&hosts, ranked), 1);
	assert_int_equal(host_at(0), 5);
	assert_int_equal(host_at(1), 1);
	assert_int_equal(host_at(2), 2);
	assert_int_equal(ranked[0]->evidence, 0);
	alert(0, 3, 1, "x");
	alert(9, 3, 1, "x");
	assert_int_equal(hosts.rest_evidence, 5);
	alert(8, 99, 1, "x"); /* only alerts are left: none of them goes */
	assert_int_equal(hosts.rest_alerts, 1);
	alert(9, 3, 2, "x"); /* but who is known is found */
	assert_int_equal(hosts.rest_alerts, 1);
	assert_int_equal(summary_hosts_rank(&hosts, ranked), 3);
	assert_int_equal(host_at(0), 0);
	assert_int_equal(host_at(1), 5);
	assert_int_equal(host_at(2), 9);
	assert_int_equal(ranked[2]->alerts, 2);
}

/* Against a model that keeps everything in an array, at a capacity that is never reached. */
static void
the_index_finds_every_host_it_was_given(void **state)
{
	enum { HOSTS = 200, ROUNDS = 5000 };
	static unsigned seen[HOSTS];
	unsigned distinct = 0;
	uint32_t random = 12345;

	(void)state;
	memset(seen, 0, sizeof(seen));
	assert_int_equal(summary_hosts_init(&hosts, HOSTS), 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		random = random * 1664525 + 1013904223;
		uint32_t host = (random >> 16) % HOSTS;

		distinct += seen[host]++ == 0 ? 1 : 0;
		evidence(host * 977, 0.5, THREAT_LOW, 1, "x");
	}
	assert_int_equal(hosts.count, distinct);
	assert_int_equal(hosts.rest_evidence, 0);
	(void)summary_hosts_rank(&hosts, ranked);
	for (size_t i = 0; i < distinct; i++) {
		assert_int_equal(ranked[i]->evidence, seen[host_at(i) / 977]);
		if (i > 0)
			assert_true(host_at(i - 1) < host_at(i));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(
			alerts_come_first_then_the_score_then_the_address, teardown),
		cmocka_unit_test_teardown(
			the_score_is_the_highest_sum_and_the_text_the_strongest, teardown),
		cmocka_unit_test_teardown(
			what_a_host_did_says_more_than_what_was_done_to_it, teardown),
		cmocka_unit_test_teardown(times_span_all_that_was_found, teardown),
		cmocka_unit_test_teardown(
			types_are_counted_for_all_and_for_each_host_up_to_their_caps, teardown),
		cmocka_unit_test_teardown(
			windows_with_an_alert_are_listed_once_up_to_the_cap, teardown),
		cmocka_unit_test_teardown(
			a_full_ledger_keeps_its_hosts_but_makes_room_for_an_alert, teardown),
		cmocka_unit_test_teardown(the_index_finds_every_host_it_was_given, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
