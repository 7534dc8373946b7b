/* test_engine_tunnel.c -- packets inside packets walk on their own; a tunnel is told once, and at its end. */
#include "daemon/decode/packet.h"
#include "tests/support/engine_rig.h"
#include "tests/support/tunnel_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct engine_rig *
rig_new(void)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	engine_rig_start(r);
	return r;
}

static void
feed(struct engine_rig *r, const struct build *b, const uint8_t *bytes, size_t length, double at_s)
{
	struct frame f = build_frame(b, bytes, length, rig_ns(at_s));

	engine_packets(r->engine, &f, 1);
}

/* One datagram of 10.0.0.1 to 10.0.0.2's port 9 in a tunnel of that form. */
static void
carry(struct engine_rig *r, const char *form, uint16_t outer_port, uint16_t inner_port, bool back,
	double at_s)
{
	const struct tunnel_form *f = tunnel_form(form);
	struct build in = build_between("10.0.0.1", inner_port, "10.0.0.2", 9);
	struct build out = build_between("192.0.2.1", outer_port, "192.0.2.2", 7);
	uint8_t inner[256];
	uint8_t frame[512];

	in.payload_bytes = 10;
	in.link = f->inner == INNER_ETHERNET ? BUILD_ETHERNET : BUILD_RAW;
	if (back) {
		in = build_answer(&in);
		struct addr src = out.src;
		out.src = out.dst;
		out.dst = src;
	}
	size_t bytes = build_udp(inner, &in);
	feed(r, &out, frame, tunnel_build(frame, &out, f, inner, bytes), at_s);
}

static const struct obs_flow *
flow_to(const struct engine_rig *r, uint16_t port)
{
	for (size_t i = 0; i < r->flow_count; i++)
		if (r->flows[i].resp_port == port && r->flows[i].ended != FLOW_END_NONE)
			return &r->flows[i];
	fail_msg("no conversation to port %u", port);
	return NULL;
}

static void
both_conversations_are_told_and_the_inner_one_knows_the_outer(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	carry(r, "vxlan", 1000, 5000, false, 0);
	carry(r, "vxlan", 1001, 5000, true, 0.5);
	engine_rig_finish(r);
	assert_int_equal(r->flow_count, 3); /* VXLAN: one outside each way */
	const struct obs_flow *inner = flow_to(r, 9);
	assert_int_equal(inner->state, CONN_SF);
	assert_int_equal(inner->orig_total.payload_bytes, 10);
	assert_non_null(inner->outside);
	assert_int_equal(inner->outside->id, 0xabcdef);
	assert_int_equal(inner->outside->kind, TUNNEL_VXLAN);
	assert_int_equal(inner->outside->ip_proto, IPPROTO_UDP);
	for (size_t i = 0; i < r->flow_count; i++) {
		const struct obs_flow *f = &r->flows[i];
		if (f == inner)
			continue;
		assert_null(f->outside);
		assert_string_equal(f->service, "vxlan");
		bool first = f->orig_port == 1000;
		assert_string_equal(f->uid.text, inner->outside->uids[first ? 0 : 1].text);
	}
	assert_int_equal(r->totals.packets, 2); /* frames count once */
	free(r);
}

static void
a_tunnel_is_told_once_and_at_its_end_however_much_is_in_it(void **state)
{
	struct engine_rig *r = rig_new();

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		carry(r, "gre_key", 0, (uint16_t)(5000 + i % 10), i % 3 == 0, 0.01 * i);
	assert_int_equal(r->tunnel_count, 1);
	assert_int_equal(r->tunnels[0].kind, TUNNEL_GRE);
	assert_int_equal(r->tunnels[0].id, 0x01020304);
	assert_false(r->tunnels[0].closed);
	engine_rig_finish(r);
	assert_int_equal(r->tunnel_count, 2);
	assert_true(r->tunnels[1].closed);
	assert_int_equal(r->tunnels[1].kind, TUNNEL_GRE);
	assert_string_equal(r->tunnels[1].uid.text, r->tunnels[0].uid.text);
	assert_true(addr_equal(&r->tunnels[1].orig, &r->tunnels[0].orig));
	assert_int_equal(r->flow_count, 11);
	free(r);
}

static void
tunnels_in_tunnels_are_told_each(void **state)
{
	struct engine_rig *r = rig_new();
	struct build in = build_between("10.0.0.1", 5000, "10.0.0.2", 9);
	struct build mid = build_between("172.16.0.1", 6000, "172.16.0.2", 4789);
	struct build out = build_between("192.0.2.1", 7000, "192.0.2.2", 6081);
	uint8_t a[512];
	uint8_t b[512];

	(void)state;
	size_t bytes = build_udp(a, &in);
	bytes = tunnel_build(b, &mid, tunnel_form("vxlan"), a, bytes);
	bytes = tunnel_build(a, &out, tunnel_form("geneve"), b, bytes);
	feed(r, &out, a, bytes, 0);
	assert_int_equal(r->tunnel_count, 2);
	assert_int_equal(r->tunnels[0].kind, TUNNEL_GENEVE);
	assert_int_equal(r->tunnels[1].kind, TUNNEL_VXLAN);
	engine_rig_finish(r);
	assert_int_equal(r->tunnel_count, 4);
	const struct obs_flow *inner = flow_to(r, 9);
	const struct obs_flow *vxlan = flow_to(r, 4789);
	assert_int_equal(inner->outside->depth, 2);
	assert_string_equal(inner->outside->uids[0].text, vxlan->uid.text);
	assert_int_equal(vxlan->outside->depth, 1);
	assert_string_equal(vxlan->outside->uids[0].text, flow_to(r, 6081)->uid.text);
	free(r);
}

/* What carries no conversation is known for what it is, and no tunnel is told. */
static void
a_frame_without_a_conversation_tells_no_tunnel(void **state)
{
	struct engine_rig *r = rig_new();
	struct build arp = build_between("10.0.0.1", 0, "10.0.0.2", 0);
	struct build out = build_between("192.0.2.1", 1000, "192.0.2.2", 7);
	uint8_t inner[128];
	uint8_t frame[512];

	(void)state;
	size_t bytes = build_arp(inner, &arp);
	feed(r, &out, frame, tunnel_build(frame, &out, tunnel_form("vxlan"), inner, bytes), 0);
	engine_rig_finish(r);
	assert_int_equal(r->tunnel_count, 0);
	assert_int_equal(r->flow_count, 1);
	assert_string_equal(flow_to(r, 4789)->service, "vxlan");
	free(r);
}

static void
what_is_none_after_all_is_an_ordinary_conversation(void **state)
{
	struct engine_rig *r = rig_new();
	struct build b = build_between("10.0.0.1", 5000, "10.0.0.2", 4789);
	uint8_t frame[512];

	(void)state;
	b.payload_bytes = 200; /* of 'x', whose bits have VXLAN's; no frame is behind them */
	feed(r, &b, frame, build_udp(frame, &b), 0);
	engine_rig_finish(r);
	assert_int_equal(r->tunnel_count, 0);
	assert_int_equal(r->flow_count, 1);
	assert_string_equal(flow_to(r, 4789)->service, "");
	free(r);
}

static void
what_cannot_be_followed_is_counted(void **state)
{
	struct engine_rig *r = rig_new();
	struct build b = build_between("10.0.0.1", 0, "10.0.0.2", 0);
	uint8_t a[1024];
	uint8_t c[1024];

	(void)state;
	b.ip_proto = 47;
	b.payload = "\x40\0\x08\0\0\0\0\0"; /* GRE with routing */
	b.payload_bytes = 8;
	feed(r, &b, a, build_ip(a, &b), 0);

	struct build in = build_between("10.0.0.1", 5000, "10.0.0.2", 9);
	struct build raw = build_between("10.0.0.3", 0, "10.0.0.4", 0);
	in.link = raw.link = BUILD_RAW;
	size_t bytes = build_udp(a, &in);
	for (unsigned i = 0; i < 10; i++) {
		if (i == 9)
			raw.link = BUILD_ETHERNET;
		memcpy(c, a, bytes);
		bytes = tunnel_build(a, &raw, tunnel_form("4in"), c, bytes);
	}
	feed(r, &raw, a, bytes, 1);
	struct engine_stats s = engine_stats(r->engine);
	assert_int_equal(s.anomalies[ANOMALY_TUNNEL_HEADER], 1);
	assert_int_equal(s.anomalies[ANOMALY_TUNNEL_DEPTH], 1);
	assert_int_equal(s.weird[WEIRD_TOO_DEEP], 1);
	assert_int_equal(s.outsides_refused, 0);
	engine_rig_finish(r);
	for (size_t i = 0; i < r->flow_count; i++)
		assert_int_not_equal(r->flows[i].resp_port, 9);
	free(r);
}

/* A copy that another interface brings has nothing inside that was not seen. */
static void
a_copy_on_another_interface_is_not_opened(void **state)
{
	struct engine_rig *r = rig_new();
	const struct tunnel_form *form = tunnel_form("vxlan");
	struct build in = build_between("10.0.0.1", 5000, "10.0.0.2", 9);
	struct build out = build_between("192.0.2.1", 1000, "192.0.2.2", 7);
	uint8_t inner[256];
	uint8_t bytes[512];

	(void)state;
	size_t inner_bytes = build_udp(inner, &in);
	size_t length = tunnel_build(bytes, &out, form, inner, inner_bytes);
	struct frame f = build_frame(&out, bytes, length, rig_ns(0));
	engine_packets(r->engine, &f, 1);
	f.interface = 1;
	f.ts_ns++;
	engine_packets(r->engine, &f, 1);
	assert_int_equal(engine_stats(r->engine).duplicates, 1);
	engine_rig_finish(r);
	assert_int_equal(flow_to(r, 9)->orig_total.packets, 1);
	free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_conversations_are_told_and_the_inner_one_knows_the_outer),
		cmocka_unit_test(a_tunnel_is_told_once_and_at_its_end_however_much_is_in_it),
		cmocka_unit_test(tunnels_in_tunnels_are_told_each),
		cmocka_unit_test(a_frame_without_a_conversation_tells_no_tunnel),
		cmocka_unit_test(what_is_none_after_all_is_an_ordinary_conversation),
		cmocka_unit_test(what_cannot_be_followed_is_counted),
		cmocka_unit_test(a_copy_on_another_interface_is_not_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
