#include "daemon/flow/flow.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CAPACITY = 50 };

static const struct flow_table_plan with_interims = {
	.capacity = CAPACITY,
	.timeouts = FLOW_TIMEOUTS_NAIAD,
	.interim_ns = 300 * NS_PER_S,
	.hash_key = { { 3, 4 } },
};

static void
time_that_runs_back_never_shortens_a_flow(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	rig_play(r, ">S <SA >A");
	struct packet late = rig_tcp(r, RIG_CLIENT, TCP_ACK, 10);
	late.ts_ns = RIG_T0 - 3600 * NS_PER_S;
	rig_packet(r, &late);
	rig_end(r);
	assert_int_equal(flow_stats(r->t).started, 1);
	assert_int_equal(r->last.flow.start_ns, RIG_T0);
	assert_int_equal(r->last.flow.last_ns, RIG_T0);
	assert_int_equal(r->last.flow.orig_total.packets, 3);
	rig_free(r);
}

static void
old_packets_have_flows_of_their_own_time(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	/* Two captures in one input: the second is from an hour before. */
	(void)state;
	rig_play(r, ">S <SA >A");
	r->client_port++;
	r->now_ns = RIG_T0 - 3600 * NS_PER_S;
	rig_play(r, ">S <SA >A +30000 >10");
	assert_int_equal(flow_stats(r->t).started, 2);
	assert_int_equal(r->last.ts_ns, RIG_T0 - 3600 * NS_PER_S);
	rig_end(r);
	assert_int_equal(r->last.flow.last_ns - r->last.flow.start_ns, 30 * NS_PER_S);
	assert_int_equal(r->last.flow.orig_total.packets, 3);
	rig_free(r);

	/* Zeek's clock does not go back: there each packet is late, and a connection of its own. */
	r = rig_new(FLOW_TIMEOUTS_ZEEK, CAPACITY);
	rig_play(r, ">S <SA >A");
	r->client_port++;
	r->now_ns = RIG_T0 - 3600 * NS_PER_S;
	rig_play(r, ">S <SA >A");
	assert_int_equal(flow_stats(r->t).started, 4);
	rig_free(r);
}

static void
flows_that_begin_in_the_same_nanosecond_have_different_names(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	rig_play(r, ">S >S >S >S");
	rig_end(r);
	assert_int_equal(r->told_count, 8);
	for (size_t i = 0; i < 8; i++)
		for (size_t k = i + 1; k < 8; k++)
			assert_int_equal(i + 1 == k && i % 2 == 0,
				strcmp(r->told[i].flow.uid.text, r->told[k].flow.uid.text) == 0);
	rig_free(r);
}

static void
roles_follow_the_conversation(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet answer = rig_udp(r, 40000, 53, 30);

	/* The answer comes first: who asked is the originator. */
	(void)state;
	answer = rig_answer(&answer);
	struct packet ask = rig_answer(&answer);
	struct flow *f = rig_packet(r, &answer);
	assert_false(flow_packet_is_orig(f, &answer));
	assert_true(flow_packet_is_orig(f, &ask));
	assert_int_equal(r->last.flow.orig_port, 40000);
	assert_int_equal(r->last.flow.state, CONN_SHR);
	assert_int_equal(r->last.flow.resp_total.payload_bytes, 30);
	assert_true(r->last.flow.flipped);
	assert_string_equal(r->last.flow.history, "^d");
	rig_packet(r, &ask);
	rig_end(r);
	assert_int_equal(r->last.flow.state, CONN_SF);
	assert_string_equal(r->last.flow.history, "^dD");
	rig_free(r);
}

static void
pings_and_their_answers_are_one_flow(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet ping = rig_ip(r, IPPROTO_ICMP, 56);

	(void)state;
	ping.icmp_type = 8;
	struct packet pong = rig_answer(&ping);
	pong.icmp_type = 0;
	rig_packet(r, &ping);
	rig_packet(r, &pong);
	rig_packet(r, &ping);
	rig_end(r);
	assert_int_equal(flow_stats(r->t).started, 1);
	assert_int_equal(r->last.flow.orig_port, 8);
	assert_int_equal(r->last.flow.resp_port, 0);
	assert_int_equal(r->last.flow.state, CONN_OTH);
	assert_int_equal(r->last.flow.orig_total.payload_bytes, 112);
	assert_int_equal(r->last.flow.resp_total.payload_bytes, 56);
	assert_string_equal(r->last.flow.history, "");
	rig_free(r);
}

static void
what_is_due_in_different_seconds_ends_in_their_order(void **state)
{
	struct rig *r = rig_new_plan(&with_interims);

	(void)state;
	for (uint16_t i = 0; i < 5; i++) {
		r->client_port = (uint16_t)(40000 + i);
		rig_play(r, i % 2 == 0 ? ">S" : ">S <RA");
		rig_wait(r, NS_PER_S);
	}
	(void)flow_expire(r->t, RIG_T0 + 1000 * NS_PER_S, UINT32_MAX);
	/* Starts, and ends at: 40001 3 s, 40000 and 40003 5 s, 40002 7 s, 40004 9 s. */
	static const uint16_t order[] = { 40001, 40000, 40003, 40002, 40004 };
	size_t ends = 0;
	for (size_t i = 0; i < r->told_count; i++)
		if (r->told[i].kind == OBS_FLOW_END)
			assert_int_equal(r->told[i].flow.orig_port, order[ends++]);
	assert_int_equal(ends, 5);
	rig_free(r);
}

static void
later_fragments_are_in_no_flow(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet p = rig_udp(r, 1000, 2000, 1400);

	(void)state;
	p.anomalies = ANOMALY_BIT(ANOMALY_FRAGMENT);
	assert_non_null(rig_packet(r, &p));
	p.anomalies |= ANOMALY_BIT(ANOMALY_FRAGMENT_LATER);
	assert_null(rig_packet(r, &p));
	assert_int_equal(flow_stats(r->t).started, 1);
	rig_free(r);
}

static void
memory_for_a_flow_is_said_with_all_that_belongs_to_it(void **state)
{
	(void)state;
	assert_in_range(flow_table_bytes_per_flow(), 320 + 16, 400);
	flow_table_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_that_runs_back_never_shortens_a_flow),
		cmocka_unit_test(old_packets_have_flows_of_their_own_time),
		cmocka_unit_test(flows_that_begin_in_the_same_nanosecond_have_different_names),
		cmocka_unit_test(roles_follow_the_conversation),
		cmocka_unit_test(pings_and_their_answers_are_one_flow),
		cmocka_unit_test(what_is_due_in_different_seconds_ends_in_their_order),
		cmocka_unit_test(later_fragments_are_in_no_flow),
		cmocka_unit_test(memory_for_a_flow_is_said_with_all_that_belongs_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
