/* test_flow_carried.c -- what carried a conversation is kept with it; what carries is told as such. */
#include "daemon/flow/flow_service.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

enum { CAPACITY = 16, OUTSIDES = CAPACITY / 4 + 1 };

static struct packet
datagram(
	const struct rig *r, struct addr src, uint16_t src_port, struct addr dst, uint16_t dst_port)
{
	struct packet p = rig_udp(r, src_port, dst_port, 10);

	p.src = src;
	p.dst = dst;
	return p;
}

static struct flow *
put(struct rig *r, const struct packet *p, const struct flow_carrier *carrier)
{
	struct flow_key key;
	uint64_t hash;

	assert_true(flow_key_of(r->t, p, &key, &hash));
	return flow_packet(r->t, p, &key, hash, carrier);
}

/* A conversation outside, from that port of 192.0.2.1. */
static struct flow_carrier
carrier(struct rig *r, struct packet *outer, uint16_t port)
{
	*outer = datagram(r, addr_v4(192, 0, 2, 1), port, addr_v4(192, 0, 2, 2), 4789);
	return flow_carrier_of(put(r, outer, NULL), outer);
}

static struct packet
inner(const struct rig *r, uint16_t port, bool back)
{
	struct packet p = datagram(r, addr_v4(10, 0, 0, 1), port, addr_v4(10, 0, 0, 2), 53);

	if (back)
		p = rig_answer(&p);
	p.tunnel = TUNNEL_VXLAN;
	p.tunnel_depth = 1;
	p.tunnel_id = 42;
	return p;
}

static void
a_conversation_knows_what_carried_its_first_packet(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet outer;
	struct flow_carrier c = carrier(r, &outer, 1000);
	struct flow_uid uid = r->last.flow.uid;
	struct packet p = inner(r, 5000, false);

	(void)state;
	assert_null(r->last.flow.outside);
	(void)put(r, &p, &c);
	const struct obs_outside *o = r->last.flow.outside;
	assert_non_null(o); /* its start knows already */
	assert_int_equal(r->last.kind, OBS_FLOW_START);
	assert_int_equal(o->kind, TUNNEL_VXLAN);
	assert_int_equal(o->depth, 1);
	assert_int_equal(o->id, 42);
	assert_int_equal(o->ip_proto, IPPROTO_UDP);
	assert_true(addr_equal(&o->src, &outer.src) && addr_equal(&o->dst, &outer.dst));
	assert_string_equal(o->uids[0].text, uid.text);
	assert_string_equal(o->uids[1].text, "");
	rig_free(r);
}

static void
the_other_direction_has_its_own_if_it_came_through_another(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet outer[3];
	struct flow_carrier c[3];
	struct flow_uid uids[3];

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		c[i] = carrier(r, &outer[i], (uint16_t)(1000 + i));
		uids[i] = r->last.flow.uid;
	}
	struct packet there = inner(r, 5000, false);
	struct packet back = inner(r, 5000, true);
	(void)put(r, &there, &c[0]);
	const struct obs_outside *o = r->last.flow.outside;
	(void)put(r, &there, &c[2]); /* a second path the same way is not kept */
	assert_string_equal(o->uids[1].text, "");
	(void)put(r, &back, &c[1]);
	(void)put(r, &back, &c[2]);
	assert_string_equal(o->uids[0].text, uids[0].text);
	assert_string_equal(o->uids[1].text, uids[1].text);

	there = inner(r, 5001, false);
	back = inner(r, 5001, true);
	(void)put(r, &there, &c[0]);
	o = r->last.flow.outside;
	(void)put(r, &back, &c[0]); /* GRE: both ways through one conversation */
	assert_string_equal(o->uids[0].text, uids[0].text);
	assert_string_equal(o->uids[1].text, "");
	rig_free(r);
}

static void
without_room_a_conversation_does_not_know_and_is_counted(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet outer;
	struct flow_carrier c = carrier(r, &outer, 1000);

	(void)state;
	for (unsigned i = 0; i < OUTSIDES + 2; i++) {
		struct packet p = inner(r, (uint16_t)(5000 + i), false);
		assert_int_equal(
			flow_stats(r->t).outsides_refused, i > OUTSIDES ? i - OUTSIDES : 0);
		(void)put(r, &p, &c);
		assert_int_equal(r->last.flow.outside != NULL, i < OUTSIDES);
	}
	assert_int_equal(flow_stats(r->t).outsides_refused, 2);
	struct packet p = inner(r, 5000 + OUTSIDES, true);
	(void)put(r, &p, &c); /* and is not asked again */
	assert_int_equal(flow_stats(r->t).outsides_refused, 2);

	flow_end_all(r->t); /* their room is free again */
	for (unsigned i = 0; i < OUTSIDES; i++) {
		p = inner(r, (uint16_t)(6000 + i), false);
		(void)put(r, &p, &c);
		assert_non_null(r->last.flow.outside);
	}
	assert_int_equal(flow_stats(r->t).outsides_refused, 2);
	rig_free(r);
}

static void
the_end_tells_what_carried_it(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet outer;
	struct flow_carrier c = carrier(r, &outer, 1000);
	struct packet p = inner(r, 5000, false);

	(void)state;
	(void)put(r, &p, &c);
	rig_wait(r, 61 * NS_PER_S); /* the conversation outside is over first */
	bool seen = false;
	for (size_t i = 0; i < r->told_count; i++)
		if (r->told[i].kind == OBS_FLOW_END && r->told[i].flow.resp_port == 53) {
			seen = true;
			assert_non_null(r->told[i].flow.outside);
		}
	assert_true(seen);
	rig_free(r);
}

static void
a_flow_is_the_tunnel_that_was_said_first(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet p = rig_udp(r, 1, 2, 10);
	struct flow *f = put(r, &p, NULL);
	struct obs_flow o;

	(void)state;
	flow_add_protocol(r->t, f, 0);
	assert_int_equal(flow_tunnel(f), TUNNEL_NONE);
	assert_false(flow_tunnel_told(f));
	for (enum tunnel_kind kind = TUNNEL_AYIYA; kind > TUNNEL_NONE; kind--) {
		flow_set_tunnel(f, kind);
		assert_int_equal(flow_tunnel(f), TUNNEL_AYIYA);
	}
	flow_snapshot(r->t, f, &o);
	assert_string_equal(o.service, "ayiya");
	assert_false(flow_tunnel_told(f));
	flow_tunnel_tell(f);
	assert_true(flow_tunnel_told(f));
	assert_int_equal(flow_tunnel(f), TUNNEL_AYIYA);
	flow_snapshot(r->t, f, &o);
	assert_string_equal(o.service, "ayiya");
	rig_free(r);
}

static void
a_tunnel_in_ip_itself_has_no_service(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet p = rig_ip(r, 47, 10);
	struct obs_flow o;

	(void)state;
	p.has_ports = false;
	struct flow *f = put(r, &p, NULL);
	flow_set_tunnel(f, TUNNEL_GRE);
	flow_snapshot_named(r->t, f, &o);
	assert_string_equal(o.service, "");
	assert_string_equal(o.uid.text, r->last.flow.uid.text);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_knows_what_carried_its_first_packet),
		cmocka_unit_test(the_other_direction_has_its_own_if_it_came_through_another),
		cmocka_unit_test(without_room_a_conversation_does_not_know_and_is_counted),
		cmocka_unit_test(the_end_tells_what_carried_it),
		cmocka_unit_test(a_flow_is_the_tunnel_that_was_said_first),
		cmocka_unit_test(a_tunnel_in_ip_itself_has_no_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
