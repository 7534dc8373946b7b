#include "daemon/flow.h"

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
a_start_says_what_the_first_packet_was_and_charges_nothing(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet p = rig_tcp(r, RIG_CLIENT, TCP_SYN, 0);

	(void)state;
	p.has_mac = true;
	p.src_mac = (struct mac){ { 2, 0, 0, 0, 0, 1 } };
	p.dst_mac = (struct mac){ { 2, 0, 0, 0, 0, 2 } };
	p.vlan_count = 2;
	p.vlan[0] = 100;
	p.vlan[1] = 7;
	p.interface = 3;
	struct flow *f = rig_packet(r, &p);
	assert_non_null(f);
	assert_int_equal(r->told_count, 1);
	assert_int_equal(r->last.kind, OBS_FLOW_START);
	assert_int_equal(r->last.ts_ns, RIG_T0);

	const struct obs_flow *o = &r->last.flow;
	assert_true(addr_equal(&o->orig, &p.src));
	assert_true(addr_equal(&o->resp, &p.dst));
	assert_int_equal(o->orig_port, 40000);
	assert_int_equal(o->resp_port, 80);
	assert_int_equal(o->ip_proto, IPPROTO_TCP);
	assert_true(o->has_macs);
	assert_true(mac_equal(&o->orig_mac, &p.src_mac));
	assert_true(mac_equal(&o->resp_mac, &p.dst_mac));
	assert_int_equal(o->vlan, 100);
	assert_int_equal(o->inner_vlan, 7);
	assert_int_equal(o->start_ns, RIG_T0);
	assert_int_equal(o->last_ns, RIG_T0);
	assert_int_equal(o->previous_ns, RIG_T0);
	assert_int_equal(o->orig_total.packets, 1);
	assert_int_equal(o->orig_total.ip_bytes, 40);
	assert_int_equal(o->resp_total.packets, 0);
	assert_int_equal(o->orig_delta.packets, 0);
	assert_int_equal(o->orig_delta.ip_bytes, 0);
	assert_int_equal(o->state, CONN_S0);
	assert_int_equal(o->ended, FLOW_END_NONE);
	assert_false(o->established);
	assert_string_equal(o->history, "S");
	assert_string_equal(o->service, "");
	rig_free(r);
}

static void
an_end_has_the_totals_and_what_was_not_told_before(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	rig_play(r, ">S <SA >A >100 +1500 <200 <300");
	flow_set_service(r->flow, "http");
	rig_wait(r, 2 * NS_PER_S);
	rig_play(r, ">A");
	rig_end(r);
	assert_int_equal(r->told_count, 2);
	assert_int_equal(r->last.kind, OBS_FLOW_END);
	assert_int_equal(r->last.ts_ns, RIG_T0 + 35 * NS_PER_S / 10);

	const struct obs_flow *o = &r->last.flow;
	assert_int_equal(o->ended, FLOW_END_CAPTURE);
	assert_int_equal(o->start_ns, RIG_T0);
	assert_int_equal(o->last_ns, r->last.ts_ns);
	assert_int_equal(o->previous_ns, RIG_T0);
	assert_int_equal(o->orig_total.packets, 4);
	assert_int_equal(o->orig_total.ip_bytes, 4 * 40 + 100);
	assert_int_equal(o->orig_total.payload_bytes, 100);
	assert_int_equal(o->resp_total.packets, 3);
	assert_int_equal(o->resp_total.ip_bytes, 3 * 40 + 500);
	assert_int_equal(o->resp_total.payload_bytes, 500);
	assert_memory_equal(&o->orig_delta, &o->orig_total, sizeof(o->orig_total));
	assert_memory_equal(&o->resp_delta, &o->resp_total, sizeof(o->resp_total));
	assert_true(o->established);
	assert_string_equal(o->service, "http");
	assert_int_equal(o->id, r->told[0].flow.id);
	assert_string_equal(o->uid.text, r->told[0].flow.uid.text);

	struct flow_stats s = flow_stats(r->t);
	assert_int_equal(s.started, 1);
	assert_int_equal(s.ended, 1);
	assert_int_equal(s.active, 0);
	assert_int_equal(s.evicted, 0);
	rig_free(r);
}

static void
interims_tell_what_is_new_every_five_minutes_of_a_flows_age(void **state)
{
	struct rig *r = rig_new_plan(&with_interims);

	(void)state;
	rig_play(r, ">S <SA >A >100 +100000 >50 +200500 <10");
	/* Due at 300 s: it tells what was there before the packet at 300.5 s. */
	assert_int_equal(r->told_count, 2);
	assert_int_equal(r->last.kind, OBS_FLOW_INTERIM);
	assert_int_equal(r->last.ts_ns, RIG_T0 + 100 * NS_PER_S);
	assert_int_equal(r->last.flow.orig_total.payload_bytes, 150);
	assert_int_equal(r->last.flow.orig_delta.payload_bytes, 150);
	assert_int_equal(r->last.flow.orig_delta.packets, 4);
	assert_int_equal(r->last.flow.resp_delta.packets, 1);
	assert_int_equal(r->last.flow.previous_ns, RIG_T0);

	rig_wait(r, 299 * NS_PER_S); /* 599.5 s */
	assert_int_equal(r->told_count, 2);
	rig_wait(r, NS_PER_S);
	assert_int_equal(r->told_count, 3);
	assert_int_equal(r->last.flow.resp_total.payload_bytes, 10);
	assert_int_equal(r->last.flow.resp_delta.payload_bytes, 10);
	assert_int_equal(r->last.flow.resp_delta.packets, 1);
	assert_int_equal(r->last.flow.orig_delta.packets, 0);
	assert_int_equal(r->last.flow.previous_ns, RIG_T0 + 100 * NS_PER_S);

	/* Silence is no news; the multiples stay those of its age. */
	rig_clock(r, RIG_T0 + 1700 * NS_PER_S);
	assert_int_equal(r->told_count, 3);
	rig_play(r, ">20");
	rig_clock(r, RIG_T0 + 1799 * NS_PER_S);
	assert_int_equal(r->told_count, 3);
	rig_clock(r, RIG_T0 + 1800 * NS_PER_S);
	assert_int_equal(r->told_count, 4);
	assert_int_equal(r->last.flow.orig_delta.payload_bytes, 20);

	rig_play(r, ">5");
	rig_end(r);
	assert_int_equal(r->told_count, 5);
	assert_int_equal(r->last.flow.orig_delta.payload_bytes, 5);
	assert_int_equal(r->last.flow.orig_total.payload_bytes, 175);
	assert_int_equal(r->last.flow.previous_ns, RIG_T0 + 1700 * NS_PER_S);
	assert_int_equal(r->packets_told, 8);
	rig_free(r);
}

static void
flows_past_a_quarter_of_the_table_wait_for_a_place_to_have_interims(void **state)
{
	enum { WITH = CAPACITY / 4 + 1 };
	struct rig *r = rig_new_plan(&with_interims);

	(void)state;
	for (unsigned i = 0; i < CAPACITY; i++) {
		r->client_port = (uint16_t)(40000 + i);
		rig_play(r, ">S <SA >A");
	}
	rig_clock(r, RIG_T0 + 301 * NS_PER_S);
	assert_int_equal(r->told_count, CAPACITY + WITH);
	assert_int_equal(flow_stats(r->t).active, CAPACITY);
	rig_clock(r, RIG_T0 + 599 * NS_PER_S);
	assert_int_equal(r->told_count, CAPACITY + WITH);
	/* One that has a place ends: another one gets it at the next multiple. */
	r->seq[RIG_CLIENT] = 7000000;
	r->client_port = 40000;
	rig_clock(r, RIG_T0 + 601 * NS_PER_S);
	rig_play(r, ">R");
	rig_clock(r, RIG_T0 + 603 * NS_PER_S);
	assert_int_equal(flow_stats(r->t).ended, 1);
	rig_clock(r, RIG_T0 + 901 * NS_PER_S);
	assert_int_equal(r->told_count, CAPACITY + WITH + 1 + 1);
	rig_end(r);
	assert_int_equal(r->packets_told, 3 * CAPACITY + 1);
	rig_free(r);
}

static void
an_interim_longer_than_the_wheel_comes_at_its_time(void **state)
{
	struct flow_table_plan plan = with_interims;

	(void)state;
	plan.interim_ns = 7200 * NS_PER_S;
	struct rig *r = rig_new_plan(&plan);
	rig_play(r, ">S <SA >A");
	for (unsigned half_hours = 1; half_hours <= 3; half_hours++)
		rig_play(r, "+1800000 >10");
	rig_clock(r, RIG_T0 + 7199 * NS_PER_S);
	assert_int_equal(r->told_count, 1);
	rig_clock(r, RIG_T0 + 7200 * NS_PER_S);
	assert_int_equal(r->told_count, 2);
	rig_free(r);
}

static void
without_interims_there_are_none(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	rig_play(r, ">S <SA >A +1000000 >1 +1000000 >1");
	assert_int_equal(r->told_count, 1);
	rig_free(r);
}

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
parties_stay_with_their_side_when_roles_are_swapped(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	enum obs_role role;

	(void)state;
	for (unsigned swapped = 0; swapped < 2; swapped++) {
		r->client_port++;
		/* A SYN-ACK from a port that is no server's; an ACK to it swaps the roles. */
		rig_play(r, ">SA");
		struct flow *f = r->flow;
		struct flow_party *client = flow_party(f, ROLE_CLIENT);
		struct flow_party *server = flow_party(f, ROLE_SERVER);
		assert_ptr_not_equal(client, server);
		assert_null(client->window);
		assert_ptr_equal(flow_of_party(client, &role), f);
		assert_int_equal(role, ROLE_CLIENT);
		assert_ptr_equal(flow_of_party(server, &role), f);
		assert_int_equal(role, ROLE_SERVER);
		if (!swapped)
			continue;
		rig_play(r, "<A");
		assert_ptr_equal(flow_party(f, ROLE_SERVER), client);
		assert_ptr_equal(flow_party(f, ROLE_CLIENT), server);
		flow_of_party(client, &role);
		assert_int_equal(role, ROLE_SERVER);
	}
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
	flow_expire(r->t, RIG_T0 + 1000 * NS_PER_S);
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
		cmocka_unit_test(a_start_says_what_the_first_packet_was_and_charges_nothing),
		cmocka_unit_test(an_end_has_the_totals_and_what_was_not_told_before),
		cmocka_unit_test(interims_tell_what_is_new_every_five_minutes_of_a_flows_age),
		cmocka_unit_test(
			flows_past_a_quarter_of_the_table_wait_for_a_place_to_have_interims),
		cmocka_unit_test(an_interim_longer_than_the_wheel_comes_at_its_time),
		cmocka_unit_test(without_interims_there_are_none),
		cmocka_unit_test(time_that_runs_back_never_shortens_a_flow),
		cmocka_unit_test(old_packets_have_flows_of_their_own_time),
		cmocka_unit_test(flows_that_begin_in_the_same_nanosecond_have_different_names),
		cmocka_unit_test(roles_follow_the_conversation),
		cmocka_unit_test(parties_stay_with_their_side_when_roles_are_swapped),
		cmocka_unit_test(pings_and_their_answers_are_one_flow),
		cmocka_unit_test(what_is_due_in_different_seconds_ends_in_their_order),
		cmocka_unit_test(later_fragments_are_in_no_flow),
		cmocka_unit_test(memory_for_a_flow_is_said_with_all_that_belongs_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
