#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_horizontal_scan;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_horizontal_scan);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* One SYN to 192.0.2.1 that got no answer; tests change what they are about. */
static struct obs_flow
attempt(uint16_t port)
{
	return (struct obs_flow){
		.resp = addr_v4(192, 0, 2, 1),
		.orig_port = 40000,
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
		.orig_total.packets = 1,
		.state = CONN_S0,
		.ended = FLOW_END_TIMEOUT,
	};
}

/* The same to each of the addresses 10.1.0.0 + [first, end). */
static void
sweep_with(struct rig *r, unsigned first, unsigned end, struct obs_flow f)
{
	for (unsigned i = first; i < end; i++) {
		f.resp = addr_v4(10, (uint8_t)(1 + (i >> 16)), (uint8_t)(i >> 8), (uint8_t)i);
		f.uid = rig_uid(i);
		rig_flow(r, OBS_FLOW_END, &f);
	}
}

static void
sweep(struct rig *r, unsigned first, unsigned end, uint16_t port)
{
	sweep_with(r, first, end, attempt(port));
}

static void
nine_hosts_are_silence_and_ten_are_a_scan(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 9, 23);
	assert_int_equal(r->raised_count, 0);
	assert_false(detect_marked(&r->call, MARK_PORT_SCANNER));
	sweep(r, 9, 10, 23);
	assert_int_equal(r->raised_count, 1);
	assert_true(detect_marked(&r->call, MARK_PORT_SCANNER));
}

static void
the_finding_says_what_was_counted(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(23);

	sweep_with(r, 0, 6, f);
	f.orig_total.packets = 2; /* an answer of some kind, both directions count */
	f.resp_total.packets = 1;
	f.state = CONN_REJ;
	sweep_with(r, 6, 10, f);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "HORIZONTAL_PORT_SCAN");
	assert_string_equal(
		e->text, "scanned port 23/tcp on 10 hosts with 18 packets, none established");
	assert_string_equal(e->object, "23/tcp");
	assert_string_equal(e->kind->title, "Horizontal port scan");
	assert_int_equal(e->kind->signature_id, 5200005);
	assert_string_equal(e->kind->unit, "hosts");
	assert_string_equal(e->kind->technique, "T1046");
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->has_about);
	assert_false(e->decisive);
	assert_int_equal(e->port, 23);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 10);
	assert_int_equal(e->threshold, 10);
}

static void
the_newest_flows_are_the_proof(void **state)
{
	struct rig *r = *state;
	bool seen[10] = { false };

	sweep(r, 0, 10, 23);
	assert_int_equal(rig_last(r)->uid_count, EVIDENCE_UIDS_MAX);
	for (size_t i = 0; i < EVIDENCE_UIDS_MAX; i++)
		for (unsigned n = 2; n < 10; n++)
			if (strcmp(rig_last(r)->uids[i].text, rig_uid(n).text) == 0)
				seen[n] = true;
	for (unsigned n = 2; n < 10; n++)
		assert_true(seen[n]);
}

static void
a_scan_of_five_shows_its_four_flows_and_no_rubbish(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_targets", 5);
	sweep(r, 0, 5, 23);
	assert_int_equal(rig_last(r)->uid_count, 4); /* kept from the second target on */
	assert_string_equal(rig_last(r)->uids[0].text, rig_uid(1).text);
	assert_string_equal(rig_last(r)->uids[3].text, rig_uid(4).text);
}

static void
it_reports_again_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 99, 23);
	assert_int_equal(r->raised_count, 1);
	sweep(r, 99, 100, 23);
	assert_int_equal(r->raised_count, 2);
	assert_int_equal(rig_last(r)->observed, 100);
	sweep(r, 100, 999, 23);
	assert_int_equal(r->raised_count, 2);
	sweep(r, 999, 1000, 23);
	assert_int_equal(r->raised_count, 3);
}

static void
from_a_hundred_hosts_on_it_convicts(void **state)
{
	struct rig *r = *state;

	assert_true(detector_horizontal_scan.kinds[0]->may_convict);
	sweep(r, 0, 1000, 23);
	assert_int_equal(r->raised_count, 3);
	assert_false(r->raised[0].decisive);
	assert_true(r->raised[1].decisive);
	assert_true(r->raised[2].decisive);
}

static void
what_convicts_is_reported_when_it_is_reached(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "convict_targets", 30);
	sweep(r, 0, 29, 23);
	assert_int_equal(r->raised_count, 1);
	sweep(r, 29, 30, 23);
	assert_int_equal(r->raised_count, 2);
	assert_true(rig_last(r)->decisive);
	assert_int_equal(rig_last(r)->observed, 30);
	sweep(r, 30, 99, 23);
	assert_int_equal(r->raised_count, 2);
	sweep(r, 99, 100, 23);
	assert_int_equal(r->raised_count, 3);
}

static void
nobody_is_convicted_below_the_minimum(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "convict_targets", 10);
	rig_set_u32(r, "min_targets", 20);
	sweep(r, 0, 19, 23);
	assert_int_equal(r->raised_count, 0);
	sweep(r, 19, 20, 23);
	assert_int_equal(r->raised_count, 1);
	assert_true(rig_last(r)->decisive);
}

static void
confidence_follows_the_packets(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(1);

	sweep_with(r, 0, 10, f);
	assert_float_equal(rig_last(r)->confidence, 1.0, 0.0001); /* 10 packets */
	f.resp_port = 2;
	f.orig_total.packets = 0; /* a flow log without packet counts */
	sweep_with(r, 0, 10, f);
	assert_float_equal(rig_last(r)->confidence, 0.3, 0.0001);
	f.resp_port = 3;
	sweep_with(r, 0, 9, f);
	f.orig_total.packets = 7;
	sweep_with(r, 9, 10, f);
	assert_float_equal(rig_last(r)->confidence, 0.7, 0.0001);
	f.resp_port = 4;
	f.orig_total.packets = 5;
	sweep_with(r, 0, 10, f);
	assert_float_equal(rig_last(r)->confidence, 1.0, 0.0001); /* never more */
}

static void
the_same_host_counts_once(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 100; i++)
		sweep(r, 0, 9, 23);
	assert_int_equal(r->raised_count, 0);
	sweep(r, 9, 10, 23);
	assert_int_equal(r->raised_count, 1);
	assert_non_null(strstr(rig_last(r)->text, "on 10 hosts with 901 packets"));
	sweep(r, 0, 10, 23);
	assert_int_equal(r->raised_count, 1);
}

static void
established_conversations_are_not_a_scan(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(443);

	f.established = true;
	sweep_with(r, 0, 500, f);
	assert_int_equal(r->raised_count, 0);
}

static void
who_is_scanned_is_no_scanner(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(443);

	for (unsigned i = 0; i < 500; i++) {
		f.resp = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
		rig_flow_as_server(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
flows_whose_direction_was_turned_are_not_counted(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(443);

	f.flipped = true;
	sweep_with(r, 0, 500, f);
	assert_int_equal(r->raised_count, 0);
}

static void
flows_that_go_on_are_not_over(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(443);

	for (unsigned i = 0; i < 500; i++) {
		f.resp = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
		rig_flow(r, OBS_FLOW_START, &f);
		rig_flow(r, OBS_FLOW_INTERIM, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
ports_are_counted_apart(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 9, 445);
	sweep(r, 9, 18, 3389); /* 9 apart is silence; 18 together would be a finding */
	assert_int_equal(r->raised_count, 0);
}

static void
tcp_and_udp_are_counted_apart(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(53);

	sweep_with(r, 0, 9, f);
	f.ip_proto = IPPROTO_UDP;
	sweep_with(r, 9, 18, f);
	assert_int_equal(r->raised_count, 0);
	sweep_with(r, 18, 19, f);
	assert_int_equal(r->raised_count, 1);
	assert_string_equal(rig_last(r)->object, "53/udp");
	assert_int_equal(rig_last(r)->ip_proto, IPPROTO_UDP);
}

static void
protocols_without_ports_are_not_ours(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(8);

	f.ip_proto = IPPROTO_ICMP;
	sweep_with(r, 0, 100, f);
	f.ip_proto = 132; /* SCTP */
	sweep_with(r, 0, 100, f);
	assert_int_equal(r->raised_count, 0);
}

static void
port_zero_is_no_port(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 100, 0);
	assert_int_equal(r->raised_count, 0);
}

static void
multicast_is_no_target(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(5353);

	for (unsigned i = 0; i < 100; i++) {
		f.resp = addr_v4(239, 1, 1, (uint8_t)i);
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
a_source_that_cannot_scan_does_not(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(5353);

	f.orig = addr_v4(169, 254, 1, 1);
	sweep_with(r, 0, 100, f);
	assert_int_equal(r->raised_count, 0);
}

/* mDNS answers a host alone at the port from which it asked all: mostly its own. */
static void
answers_to_searches_are_no_scan(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(5353);

	f.orig = addr_v4(10, 1, 0, 200);
	f.orig_port = 5353;
	f.ip_proto = IPPROTO_UDP;
	sweep_with(r, 0, 100, f);
	assert_int_equal(r->raised_count, 0);
	f.resp_port = 137;
	sweep_with(r, 0, 10, f);
	assert_int_equal(r->raised_count, 1);
}

static void
hosts_that_dns_has_named_are_not_scanned(void **state)
{
	struct rig *r = *state;

	rig_resolve(r, addr_v4(10, 1, 0, 4));
	rig_tick(r, r->now_ns + 60 * NS_PER_S);
	sweep(r, 0, 10, 80);
	assert_int_equal(r->raised_count, 0);
	sweep(r, 10, 11, 80);
	assert_int_equal(r->raised_count, 1);
}

static void
each_window_counts_for_itself(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 9, 23);
	rig_window_next(r);
	sweep(r, 9, 18, 23);
	assert_int_equal(r->raised_count, 0);
	sweep(r, 0, 1, 23);
	assert_int_equal(r->raised_count, 1);
}

static void
attempts_that_were_cut_short_are_worth_half(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(80);

	f.ended = FLOW_END_CAPTURE;
	sweep_with(r, 0, 19, f);
	assert_int_equal(r->raised_count, 0);
	sweep_with(r, 19, 20, f);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 20);
}

static void
a_full_flow_table_cuts_short_too(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(80);

	f.ended = FLOW_END_EVICTED;
	sweep_with(r, 0, 19, f);
	assert_int_equal(r->raised_count, 0);
	sweep_with(r, 19, 20, f);
	assert_int_equal(r->raised_count, 1);
}

static void
what_was_refused_before_the_capture_ended_is_worth_all(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(80);

	f.ended = FLOW_END_CAPTURE;
	f.state = CONN_REJ;
	f.resp_total.packets = 1;
	sweep_with(r, 0, 10, f);
	assert_int_equal(r->raised_count, 1);
}

/* The tenth target of port 9527 in a capture of 2018: SYNs at 0, 1, 3 and 7 s, then it ends. */
static void
what_was_repeated_for_five_seconds_is_worth_all(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(9527);

	sweep_with(r, 0, 9, f);
	f.ended = FLOW_END_CAPTURE;
	f.start_ns = r->now_ns;
	f.last_ns = f.start_ns + 5 * NS_PER_S - 1;
	sweep_with(r, 9, 10, f);
	assert_int_equal(r->raised_count, 0);
	f.last_ns++;
	sweep_with(r, 10, 11, f);
	assert_int_equal(r->raised_count, 1);
}

static void
halves_add_to_wholes(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(80);

	sweep_with(r, 0, 8, f);
	f.ended = FLOW_END_CAPTURE;
	sweep_with(r, 8, 11, f);
	assert_int_equal(r->raised_count, 0); /* 8 and 3 halves */
	sweep_with(r, 11, 12, f);
	assert_int_equal(r->raised_count, 1);
}

static void
settings_that_cannot_work_are_refused(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_targets", 4));
	assert_true(rig_setting_takes(r, "min_targets", 5));
	assert_true(rig_setting_takes(r, "min_targets", 4096));
	assert_false(rig_setting_takes(r, "min_targets", 4097)); /* would never be reached */
	assert_false(rig_setting_takes(r, "convict_targets", 9));
	assert_false(rig_setting_takes(r, "convict_targets", 4097));
}

static void
a_minimum_of_five_reports_at_five_and_at_fifty(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_targets", 5);
	sweep(r, 0, 4, 23);
	assert_int_equal(r->raised_count, 0);
	sweep(r, 4, 5, 23);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->threshold, 5);
	sweep(r, 5, 50, 23);
	assert_int_equal(r->raised_count, 2);
}

static void
the_port_after_the_last_is_not_tracked(void **state)
{
	struct rig *r = *state;

	for (uint16_t port = 1; port <= 1023; port++)
		sweep(r, 0, 1, port);
	sweep(r, 0, 10, 2000); /* the 1024th */
	assert_int_equal(r->raised_count, 1);
	sweep(r, 0, 10, 2001);
	assert_int_equal(r->raised_count, 1);
	sweep(r, 0, 10, 1); /* what is in the table goes on */
	assert_int_equal(r->raised_count, 2);
}

static void
the_count_of_a_port_goes_on_in_a_sketch(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_targets", 4096);
	rig_set_u32(r, "convict_targets", 4096);
	sweep(r, 0, 4095, 23);
	assert_int_equal(r->raised_count, 0);
	sweep(r, 4095, 6000, 23);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 4096);
	size_t used = r->memory.used_bytes;
	sweep(r, 6000, 39700, 23);
	assert_int_equal(r->raised_count, 1);
	sweep(r, 39700, 42200, 23);
	assert_int_equal(r->raised_count, 2);
	assert_in_range(rig_last(r)->observed, 40960, 42000);
	assert_true(strncmp(rig_last(r)->text, "scanned port 23/tcp on about 4", 30) == 0);
	assert_int_equal(r->memory.used_bytes, used);
}

static void
what_a_sketch_counts_of_cut_short_attempts_is_worth_half(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = attempt(23);

	f.ended = FLOW_END_EVICTED;
	rig_set_u32(r, "min_targets", 4096);
	rig_set_u32(r, "convict_targets", 4096);
	sweep_with(r, 0, 7900, f);
	assert_int_equal(r->raised_count, 0);
	sweep_with(r, 7900, 8500, f);
	assert_int_equal(r->raised_count, 1);
}

static void
so_many_ports_have_a_sketch_and_no_more(void **state)
{
	struct rig *r = *state;

	for (uint16_t port = 1; port <= 8; port++)
		sweep(r, 0, 1100, port); /* 8192 addresses, the last port's end is a sketch */
	size_t used = r->memory.used_bytes;
	for (uint16_t port = 11; port <= 17; port++)
		sweep(r, 0, 1100, port);
	assert_true(r->memory.used_bytes >= used + 7 * sizeof(struct hll));
	assert_int_equal(r->raised_count, 15 * 3);
	sweep(r, 0, 1100, 18); /* the ninth */
	assert_int_equal(r->raised_count, 15 * 3);
	sweep(r, 1100, 10500, 17);
	assert_int_equal(r->raised_count, 15 * 3 + 1);
}

static void
targets_of_all_ports_together_are_bounded(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 4096, 1);
	sweep(r, 0, 4086, 2);
	assert_int_equal(r->raised_count, 6);
	sweep(r, 0, 10, 3); /* 8192 with these */
	assert_int_equal(r->raised_count, 7);
	size_t used = r->memory.used_bytes;
	sweep(r, 4086, 4096, 2);
	assert_int_equal(r->memory.used_bytes, used + (sizeof(struct hll) + 15) / 16 * 16);
}

static void
a_full_arena_is_quiet_and_counted(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 1, 23);
	r->memory.cap_bytes = r->memory.used_bytes;
	sweep(r, 0, 100, 23);
	sweep(r, 0, 100, 24);
	assert_int_equal(r->raised_count, 0);
	assert_true(r->memory.refused > 0);
}

static void
without_room_for_proof_the_scan_is_still_reported(void **state)
{
	struct rig *r = *state;

	sweep(r, 0, 1, 23);
	for (unsigned i = 1; i < 10; i++) {
		r->memory.cap_bytes = r->memory.used_bytes + 32; /* a target, not the proof */
		sweep(r, i, i + 1, 23);
	}
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->uid_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(nine_hosts_are_silence_and_ten_are_a_scan),
		TEST(the_finding_says_what_was_counted),
		TEST(the_newest_flows_are_the_proof),
		TEST(a_scan_of_five_shows_its_four_flows_and_no_rubbish),
		TEST(it_reports_again_at_each_tenfold),
		TEST(from_a_hundred_hosts_on_it_convicts),
		TEST(what_convicts_is_reported_when_it_is_reached),
		TEST(nobody_is_convicted_below_the_minimum),
		TEST(confidence_follows_the_packets),
		TEST(the_same_host_counts_once),
		TEST(established_conversations_are_not_a_scan),
		TEST(who_is_scanned_is_no_scanner),
		TEST(flows_whose_direction_was_turned_are_not_counted),
		TEST(flows_that_go_on_are_not_over),
		TEST(ports_are_counted_apart),
		TEST(tcp_and_udp_are_counted_apart),
		TEST(protocols_without_ports_are_not_ours),
		TEST(port_zero_is_no_port),
		TEST(multicast_is_no_target),
		TEST(a_source_that_cannot_scan_does_not),
		TEST(answers_to_searches_are_no_scan),
		TEST(hosts_that_dns_has_named_are_not_scanned),
		TEST(each_window_counts_for_itself),
		TEST(attempts_that_were_cut_short_are_worth_half),
		TEST(a_full_flow_table_cuts_short_too),
		TEST(what_was_refused_before_the_capture_ended_is_worth_all),
		TEST(what_was_repeated_for_five_seconds_is_worth_all),
		TEST(halves_add_to_wholes),
		TEST(settings_that_cannot_work_are_refused),
		TEST(a_minimum_of_five_reports_at_five_and_at_fifty),
		TEST(the_port_after_the_last_is_not_tracked),
		TEST(the_count_of_a_port_goes_on_in_a_sketch),
		TEST(what_a_sketch_counts_of_cut_short_attempts_is_worth_half),
		TEST(so_many_ports_have_a_sketch_and_no_more),
		TEST(targets_of_all_ports_together_are_bounded),
		TEST(a_full_arena_is_quiet_and_counted),
		TEST(without_room_for_proof_the_scan_is_still_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
