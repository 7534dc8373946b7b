#include "daemon/flow/flow_observe.h"

#include "daemon/flow/flow_service.h"
#include "daemon/proto/proto.h"

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
	assert_int_equal(o->interface, 3);
	assert_int_equal(o->observed_on, 1U << 3);
	rig_free(r);
}

static void
an_end_has_the_totals_and_what_was_not_told_before(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	rig_play(r, ">S <SA >A >100 +1500 <200 <300");
	flow_add_protocol(r->t, r->flow, 0);
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
	assert_string_equal(o->service, protocols[0]->name);
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
interims_keep_to_the_multiples_of_a_flows_age(void **state)
{
	static const uint64_t seconds[] = { 2, 3, 5, 6, 8 };
	struct flow_table_plan plan = with_interims;
	size_t interims = 0;

	(void)state;
	plan.interim_ns = 15 * NS_PER_S / 10;
	struct rig *r = rig_new_plan(&plan);
	rig_play(r, ">S <SA >A");
	for (unsigned half = 1; half <= 17; half++) {
		size_t before = r->told_count;
		rig_play(r, "+500");
		if (r->told_count > before)
			assert_int_equal(r->now_ns, RIG_T0 + seconds[interims++] * NS_PER_S);
		rig_play(r, ">10");
	}
	assert_int_equal(interims, 5);
	rig_free(r);
}

static void
bytes_that_a_new_start_takes_back_are_nothing_new(void **state)
{
	struct rig *r = rig_new_plan(&with_interims);

	(void)state;
	rig_play(r, ">S <SA >A <500 +300000");
	assert_int_equal(r->last.flow.resp_delta.payload_bytes, 500);
	rig_play(r, "<SA >A <20");
	rig_end(r);
	assert_int_equal(r->last.flow.resp_total.payload_bytes, 20);
	assert_int_equal(r->last.flow.resp_delta.payload_bytes, 0);
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
		cmocka_unit_test(interims_keep_to_the_multiples_of_a_flows_age),
		cmocka_unit_test(bytes_that_a_new_start_takes_back_are_nothing_new),
		cmocka_unit_test(without_interims_there_are_none),
		cmocka_unit_test(parties_stay_with_their_side_when_roles_are_swapped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
