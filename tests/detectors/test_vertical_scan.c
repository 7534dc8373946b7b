#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_vertical_scan;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_vertical_scan);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* One SYN that got no answer; tests change what they are about. */
static struct obs_flow
attempt(struct addr target)
{
	return (struct obs_flow){
		.resp = target,
		.orig_port = 40000,
		.ip_proto = IPPROTO_TCP,
		.orig_total.packets = 1,
		.state = CONN_S0,
		.ended = FLOW_END_TIMEOUT,
	};
}

/* The same to each of the ports [first, end). */
static void
try_with(struct rig *r, unsigned first, unsigned end, struct obs_flow f)
{
	for (unsigned port = first; port < end; port++) {
		f.resp_port = (uint16_t)port;
		f.uid = rig_uid(port);
		rig_flow(r, OBS_FLOW_END, &f);
	}
}

static void
try_ports(struct rig *r, unsigned first, unsigned end)
{
	try_with(r, first, end, attempt(addr_v4(192, 0, 2, 1)));
}

static void
nine_ports_are_silence_and_ten_are_a_scan(void **state)
{
	struct rig *r = *state;

	try_ports(r, 1, 10);
	assert_int_equal(r->raised_count, 0);
	assert_false(detect_marked(&r->call, MARK_PORT_SCANNER));
	try_ports(r, 10, 11);
	assert_int_equal(r->raised_count, 1);
	assert_true(detect_marked(&r->call, MARK_PORT_SCANNER));
}

static void
the_finding_says_what_was_counted(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	try_with(r, 1, 7, f);
	f.orig_total.packets = 2;
	f.resp_total.packets = 1; /* both directions count */
	f.state = CONN_REJ;
	try_with(r, 7, 11, f);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "VERTICAL_PORT_SCAN");
	assert_string_equal(
		e->text, "scanned 10 tcp ports of 192.0.2.1 with 18 packets, none established");
	assert_string_equal(e->object, "192.0.2.1");
	assert_string_equal(e->kind->title, "Vertical port scan");
	assert_int_equal(e->kind->signature_id, 5200006);
	assert_string_equal(e->kind->unit, "ports");
	assert_string_equal(e->kind->technique, "T1046");
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	assert_true(addr_equal(&e->about, &f.resp));
	assert_false(e->decisive);
	assert_int_equal(e->port, 0);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 10);
	assert_int_equal(e->threshold, 10);
}

static void
the_newest_flows_are_the_proof(void **state)
{
	struct rig *r = *state;
	bool seen[11] = { false };

	try_ports(r, 1, 11);
	assert_int_equal(rig_last(r)->uid_count, EVIDENCE_UIDS_MAX);
	for (size_t i = 0; i < EVIDENCE_UIDS_MAX; i++)
		for (unsigned n = 3; n < 11; n++)
			if (strcmp(rig_last(r)->uids[i].text, rig_uid(n).text) == 0)
				seen[n] = true;
	for (unsigned n = 3; n < 11; n++)
		assert_true(seen[n]);
}

static void
a_scan_of_five_shows_its_four_flows_and_no_rubbish(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_ports", 5);
	try_ports(r, 1, 6);
	assert_int_equal(rig_last(r)->uid_count, 4); /* kept from the second port on */
	assert_string_equal(rig_last(r)->uids[0].text, rig_uid(2).text);
	assert_string_equal(rig_last(r)->uids[3].text, rig_uid(5).text);
}

static void
it_reports_again_at_each_tenfold_up_to_all_ports(void **state)
{
	struct rig *r = *state;

	try_ports(r, 1, 100);
	assert_int_equal(r->raised_count, 1);
	try_ports(r, 100, 101);
	assert_int_equal(r->raised_count, 2);
	try_ports(r, 101, 1000);
	assert_int_equal(r->raised_count, 2);
	try_ports(r, 1000, 1001);
	assert_int_equal(r->raised_count, 3);
	try_ports(r, 1001, 10000);
	assert_int_equal(r->raised_count, 3);
	try_ports(r, 10000, 65536);
	assert_int_equal(r->raised_count, 4);
	assert_int_equal(rig_last(r)->observed, 10000);
}

static void
from_a_hundred_ports_on_it_convicts(void **state)
{
	struct rig *r = *state;

	assert_true(detector_vertical_scan.kinds[0]->may_convict);
	try_ports(r, 1, 1001);
	assert_int_equal(r->raised_count, 3);
	assert_false(r->raised[0].decisive);
	assert_true(r->raised[1].decisive);
	assert_true(r->raised[2].decisive);
}

static void
what_convicts_is_reported_when_it_is_reached(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "convict_ports", 30);
	try_ports(r, 1, 30);
	assert_int_equal(r->raised_count, 1);
	try_ports(r, 30, 31);
	assert_int_equal(r->raised_count, 2);
	assert_true(rig_last(r)->decisive);
	assert_int_equal(rig_last(r)->observed, 30);
	try_ports(r, 31, 100);
	assert_int_equal(r->raised_count, 2);
	try_ports(r, 100, 101);
	assert_int_equal(r->raised_count, 3);
}

static void
nobody_is_convicted_below_the_minimum(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "convict_ports", 10);
	rig_set_u32(r, "min_ports", 20);
	try_ports(r, 1, 20);
	assert_int_equal(r->raised_count, 0);
	try_ports(r, 20, 21);
	assert_int_equal(r->raised_count, 1);
	assert_true(rig_last(r)->decisive);
}

static void
confidence_follows_the_packets(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	try_with(r, 1, 11, f);
	assert_float_equal(rig_last(r)->confidence, 1.0, 0.0001); /* 10 packets */
	f.resp = addr_v4(192, 0, 2, 2);
	f.orig_total.packets = 0; /* a flow log without packet counts */
	try_with(r, 1, 11, f);
	assert_float_equal(rig_last(r)->confidence, 0.3, 0.0001);
	f.resp = addr_v4(192, 0, 2, 3);
	try_with(r, 1, 10, f);
	f.orig_total.packets = 7;
	try_with(r, 10, 11, f);
	assert_float_equal(rig_last(r)->confidence, 0.7, 0.0001);
	f.resp = addr_v4(192, 0, 2, 4);
	f.orig_total.packets = 5;
	try_with(r, 1, 11, f);
	assert_float_equal(rig_last(r)->confidence, 1.0, 0.0001); /* never more */
}

/* Ten thousand attempts in no order, against a table of all ports; few, array and bitmap in turn. */
static void
each_port_counts_once_in_any_order(void **state)
{
	struct rig *r = *state;
	static bool tried[65536];
	uint32_t distinct = 0;
	uint64_t seed = 7;

	memset(tried, 0, sizeof(tried));
	rig_set_u32(r, "min_ports", 5);
	rig_set_u32(r, "convict_ports", 65535);
	while (distinct < 5000) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		uint16_t port = (uint16_t)(1 + (seed >> 40) % 20000);
		distinct += !tried[port];
		tried[port] = true;
		try_ports(r, port, port + 1U);
		size_t reports = distinct < 5 ? 0 : distinct < 50 ? 1 : distinct < 500 ? 2 : 3;
		assert_int_equal(r->raised_count, distinct < 5000 ? reports : 4);
	}
	assert_int_equal(rig_last(r)->observed, 5000);
}

static void
established_conversations_are_not_a_scan(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	f.established = true;
	try_with(r, 1, 500, f);
	assert_int_equal(r->raised_count, 0);
}

static void
who_is_scanned_is_no_scanner(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	for (uint16_t port = 1; port < 500; port++) {
		f.resp_port = port;
		rig_flow_as_server(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
flows_that_go_on_are_not_over(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	for (uint16_t port = 1; port < 500; port++) {
		f.resp_port = port;
		rig_flow(r, OBS_FLOW_START, &f);
		rig_flow(r, OBS_FLOW_INTERIM, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
hosts_are_counted_apart(void **state)
{
	struct rig *r = *state;

	try_with(r, 1, 10, attempt(addr_v4(192, 0, 2, 1)));
	try_with(r, 10, 19, attempt(addr_v4(192, 0, 2, 2)));
	assert_int_equal(r->raised_count, 0);
}

static void
tcp_and_udp_are_counted_apart(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	try_with(r, 1, 10, f);
	f.ip_proto = IPPROTO_UDP;
	try_with(r, 10, 19, f);
	assert_int_equal(r->raised_count, 0);
	try_with(r, 19, 20, f);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->ip_proto, IPPROTO_UDP);
	assert_non_null(strstr(rig_last(r)->text, "scanned 10 udp ports"));
}

static void
protocols_without_ports_are_not_ours(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	f.ip_proto = IPPROTO_ICMP;
	try_with(r, 1, 100, f);
	f.ip_proto = 132; /* SCTP */
	try_with(r, 1, 100, f);
	assert_int_equal(r->raised_count, 0);
}

static void
port_zero_is_no_port(void **state)
{
	struct rig *r = *state;

	try_ports(r, 0, 10); /* zero and nine */
	assert_int_equal(r->raised_count, 0);
}

static void
multicast_is_no_target(void **state)
{
	struct rig *r = *state;

	try_with(r, 1, 100, attempt(addr_v4(239, 1, 1, 1)));
	assert_int_equal(r->raised_count, 0);
}

static void
a_source_that_cannot_scan_does_not(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	f.orig = addr_v4(169, 254, 1, 1);
	try_with(r, 1, 100, f);
	assert_int_equal(r->raised_count, 0);
}

/* What 192.168.1.132 tells 192.168.1.129 from that port. */
static struct obs_flow
answer(uint16_t port)
{
	struct obs_flow f = attempt(addr_v4(192, 168, 1, 129));

	f.orig = addr_v4(192, 168, 1, 132);
	f.orig_port = port;
	f.ip_proto = IPPROTO_UDP;
	return f;
}

static void
answers_to_searches_are_no_scan(void **state)
{
	static const uint16_t services[] = { 1900, 3702, 5353, 5355 };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		try_with(r, 1024, 2000, answer(services[i]));
	try_with(r, 65000, 65536, answer(1900));
	assert_int_equal(r->raised_count, 0);
}

static void
what_a_search_cannot_have_asked_for_is_a_scan(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = answer(1900);

	try_with(r, 1014, 1024, f); /* no port that a program gets by chance */
	assert_int_equal(r->raised_count, 1);
	f = answer(1900);
	f.ip_proto = IPPROTO_TCP;
	try_with(r, 1024, 1034, f);
	assert_int_equal(r->raised_count, 2);
	f = answer(1901);
	f.resp = addr_v4(192, 168, 1, 130);
	try_with(r, 1024, 1034, f);
	assert_int_equal(r->raised_count, 3);
	f = answer(1900);
	f.orig = addr_v4(203, 0, 113, 9);
	f.resp = addr_v4(192, 168, 1, 131);
	try_with(r, 1024, 1034, f);
	assert_int_equal(r->raised_count, 4);
	f = answer(1900);
	f.resp = addr_v4(203, 0, 113, 9);
	try_with(r, 1024, 1034, f);
	assert_int_equal(r->raised_count, 5);
}

static void
hosts_that_dns_has_named_are_not_scanned(void **state)
{
	struct rig *r = *state;

	rig_resolve(r, addr_v4(192, 0, 2, 1));
	rig_tick(r, r->now_ns + 60 * NS_PER_S);
	try_ports(r, 1, 100);
	assert_int_equal(r->raised_count, 0);
	try_with(r, 1, 11, attempt(addr_v4(192, 0, 2, 2)));
	assert_int_equal(r->raised_count, 1);
}

static void
each_window_counts_for_itself(void **state)
{
	struct rig *r = *state;

	try_ports(r, 1, 10);
	rig_window_next(r);
	try_ports(r, 10, 19);
	assert_int_equal(r->raised_count, 0);
	try_ports(r, 1, 2);
	assert_int_equal(r->raised_count, 1);
}

static void
a_scan_in_the_last_moment_of_a_capture_is_seen(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(addr_v4(192, 0, 2, 1));

	f.ended = FLOW_END_CAPTURE;
	try_with(r, 1, 11, f);
	assert_int_equal(r->raised_count, 1);
}

static void
settings_that_cannot_work_are_refused(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_ports", 4));
	assert_true(rig_setting_takes(r, "min_ports", 5));
	assert_true(rig_setting_takes(r, "min_ports", 65535));
	assert_false(rig_setting_takes(r, "min_ports", 65536));
	assert_false(rig_setting_takes(r, "convict_ports", 9));
	assert_false(rig_setting_takes(r, "convict_ports", 65536));
}

static void
a_minimum_of_five_reports_at_five_and_at_fifty(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_ports", 5);
	try_ports(r, 1, 5);
	assert_int_equal(r->raised_count, 0);
	try_ports(r, 5, 6);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->threshold, 5);
	try_ports(r, 6, 51);
	assert_int_equal(r->raised_count, 2);
}

static void
the_target_after_the_last_is_not_tracked(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 1023; i++)
		try_with(r, 1, 2, attempt(addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i)));
	try_with(r, 1, 11, attempt(addr_v4(192, 0, 2, 1))); /* the 1024th */
	assert_int_equal(r->raised_count, 1);
	try_with(r, 1, 11, attempt(addr_v4(192, 0, 2, 2)));
	assert_int_equal(r->raised_count, 1);
	try_with(r, 1, 11, attempt(addr_v4(10, 1, 0, 0))); /* what is in the table goes on */
	assert_int_equal(r->raised_count, 2);
}

static void
a_host_touched_on_few_ports_costs_little(void **state)
{
	struct rig *r = *state;

	try_ports(r, 1, 3); /* state, first buckets, the entry and its proof */
	size_t used = r->memory.used_bytes;
	try_ports(r, 3, 9);
	assert_int_equal(r->memory.used_bytes, used);
	try_ports(r, 9, 10);
	assert_int_equal(r->memory.used_bytes, used + 16 * sizeof(uint16_t));
	try_ports(r, 10, 513); /* 16, 32, 64, 128, 256 and 512 ports */
	assert_int_equal(r->memory.used_bytes, used + 1008 * sizeof(uint16_t));
	try_ports(r, 513, 514);
	assert_int_equal(r->memory.used_bytes, used + 1008 * sizeof(uint16_t) + 8192);
	try_ports(r, 514, 65536);
	assert_int_equal(r->memory.used_bytes, used + 1008 * sizeof(uint16_t) + 8192);
}

/*
 * A scan of 600 ports takes 2016 bytes of arrays and a bitmap of 8192: 25 of them fit into 256 KiB,
 * and what remains is used to the last byte for arrays of others.
 */
static void
ports_of_all_hosts_together_are_bounded(void **state)
{
	struct rig *r = *state;
	size_t taken = 0;

	rig_set_u32(r, "min_ports", 600);
	rig_set_u32(r, "convict_ports", 600);
	for (uint8_t host = 1; host <= 40; host++) {
		try_with(r, 1, 3, attempt(addr_v4(192, 0, 2, host)));
		size_t used = r->memory.used_bytes;
		try_with(r, 3, 601, attempt(addr_v4(192, 0, 2, host)));
		taken += r->memory.used_bytes - used;
	}
	assert_int_equal(r->raised_count, 25);
	assert_int_equal(taken, 256 * 1024);
	assert_int_equal(r->memory.refused, 0); /* by our own bound, not by the arena's */
}

static void
a_full_arena_is_quiet_and_counted(void **state)
{
	struct rig *r = *state;

	try_ports(r, 1, 2);
	r->memory.cap_bytes = r->memory.used_bytes;
	try_ports(r, 1, 100);
	try_with(r, 1, 100, attempt(addr_v4(192, 0, 2, 2)));
	assert_int_equal(r->raised_count, 0);
	assert_true(r->memory.refused > 0);
}

static void
without_room_for_a_bitmap_the_count_stays(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_ports", 513);
	try_ports(r, 1, 513);
	r->memory.cap_bytes = r->memory.used_bytes + 8191;
	try_ports(r, 513, 600);
	assert_int_equal(r->raised_count, 0);
	r->memory.cap_bytes = r->memory.used_bytes + 8192;
	try_ports(r, 512, 513); /* known */
	assert_int_equal(r->raised_count, 0);
	try_ports(r, 600, 601);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 513);
}

static void
without_room_for_proof_the_scan_is_still_reported(void **state)
{
	struct rig *r = *state;

	try_ports(r, 1, 2);
	r->memory.cap_bytes = r->memory.used_bytes + 32; /* the first array, not the proof */
	try_ports(r, 2, 11);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->uid_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(nine_ports_are_silence_and_ten_are_a_scan),
		TEST(the_finding_says_what_was_counted),
		TEST(the_newest_flows_are_the_proof),
		TEST(a_scan_of_five_shows_its_four_flows_and_no_rubbish),
		TEST(it_reports_again_at_each_tenfold_up_to_all_ports),
		TEST(from_a_hundred_ports_on_it_convicts),
		TEST(what_convicts_is_reported_when_it_is_reached),
		TEST(nobody_is_convicted_below_the_minimum),
		TEST(confidence_follows_the_packets),
		TEST(each_port_counts_once_in_any_order),
		TEST(established_conversations_are_not_a_scan),
		TEST(who_is_scanned_is_no_scanner),
		TEST(flows_that_go_on_are_not_over),
		TEST(hosts_are_counted_apart),
		TEST(tcp_and_udp_are_counted_apart),
		TEST(protocols_without_ports_are_not_ours),
		TEST(port_zero_is_no_port),
		TEST(multicast_is_no_target),
		TEST(a_source_that_cannot_scan_does_not),
		TEST(answers_to_searches_are_no_scan),
		TEST(what_a_search_cannot_have_asked_for_is_a_scan),
		TEST(hosts_that_dns_has_named_are_not_scanned),
		TEST(each_window_counts_for_itself),
		TEST(a_scan_in_the_last_moment_of_a_capture_is_seen),
		TEST(settings_that_cannot_work_are_refused),
		TEST(a_minimum_of_five_reports_at_five_and_at_fifty),
		TEST(the_target_after_the_last_is_not_tracked),
		TEST(a_host_touched_on_few_ports_costs_little),
		TEST(ports_of_all_hosts_together_are_bounded),
		TEST(a_full_arena_is_quiet_and_counted),
		TEST(without_room_for_a_bitmap_the_count_stays),
		TEST(without_room_for_proof_the_scan_is_still_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
