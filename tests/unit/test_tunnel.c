/* test_tunnel.c -- every form of tunnel, tunnels in tunnels; cut and changed everywhere. */
#include "tests/support/tunnel_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Call `check` for each form, over and with both versions of IP. */
static void
for_each_form(void (*check)(const struct tunnel_form *f, const struct build *out,
	const struct build *in, const uint8_t *bytes, size_t len))
{
	uint8_t buf[1024];

	for (size_t i = 0; i < tunnel_form_count; i++)
		for (int six = 0; six < 4; six++) {
			const struct tunnel_form *f = &tunnel_forms[i];
			if (!tunnel_form_takes(f, (six & 1) != 0))
				continue;
			struct build out = rig_outside((six & 2) != 0);
			struct build in = rig_inside(f, (six & 1) != 0);
			check(f, &out, &in, buf, rig_wrap(buf, f, &out, &in));
		}
}

static void
check_whole(const struct tunnel_form *f, const struct build *out, const struct build *in,
	const uint8_t *bytes, size_t len)
{
	struct packet p;
	struct mac none = { { 0 } };

	assert_true(rig_open_bytes(out, bytes, len, &p));
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.tunnel, f->kind);
	assert_int_equal(p.tunnel_id, f->id);
	assert_int_equal(p.tunnel_depth, 1);
	assert_true(p.tunnel_chain != 0);
	assert_int_equal(p.ts_ns, 1000);
	assert_true(addr_equal(&p.src, &in->src) && addr_equal(&p.dst, &in->dst));
	assert_int_equal(p.src_port, 5000);
	assert_int_equal(p.dst_port, 53);
	assert_int_equal(p.payload_bytes, 23);
	assert_int_equal(cursor_left(&p.payload), 23);
	bool is_wifi = f->kind == TUNNEL_CAPWAP || f->kind == TUNNEL_TZSP;
	assert_int_equal(p.has_mac, f->inner == INNER_ETHERNET || is_wifi);
	assert_true(mac_equal(&p.src_mac, p.has_mac ? &in->src_mac : &none));
	assert_int_equal(p.vlan_count, in->vlan_count);
	assert_int_equal(p.vlan[0], in->vlan_count > 0 ? 100 : 0);
	assert_int_equal(packet_checksum(&p), CHECKSUM_RIGHT);
}

static void
every_form_leads_to_the_packet_inside(void **state)
{
	(void)state;
	for_each_form(check_whole);
}

static void
check_cut(const struct tunnel_form *f, const struct build *out, const struct build *in,
	const uint8_t *bytes, size_t len)
{
	size_t inner_at = len - 23 - 8 - (addr_is_v4(&in->src) ? 20 : 40);
	struct frame whole = build_frame(out, bytes, len, 1000);

	for (size_t captured = 0; captured <= len; captured++) {
		struct frame cut = whole;
		struct packet outer;
		struct packet p;
		cut.captured = (uint32_t)captured;
		bool is = rig_open_frame(&cut, &outer, &p);
		if (captured >= len - 23) {
			assert_true(is && p.kind == PACKET_IP && p.has_ports && p.anomalies == 0);
			assert_int_equal(p.payload_bytes, 23);
			assert_int_equal(cursor_left(&p.payload), captured - (len - 23));
		} else if (captured < inner_at + 20) {
			assert_true(!is || p.kind == PACKET_OTHER);
		}
		if (is && p.kind == PACKET_IP)
			assert_true(addr_equal(&p.dst, &in->dst) && p.tunnel == f->kind);
	}
}

static void
captures_cut_short_keep_what_was_whole(void **state)
{
	(void)state;
	for_each_form(check_cut);
}

static void
check_changed(const struct tunnel_form *f, const struct build *out, const struct build *in,
	const uint8_t *bytes, size_t len)
{
	struct frame whole = build_frame(out, bytes, len, 1000);
	uint8_t *tight = malloc(len);

	(void)f;
	(void)in;
	assert_non_null(tight);
	memcpy(tight, bytes, len);
	whole.bytes = tight;
	for (size_t at = 0; at < len; at++) {
		for (unsigned bit = 0; bit <= 8; bit++) {
			struct packet outer;
			struct packet p;
			tight[at] = (uint8_t)(bytes[at] ^ (bit < 8 ? 1U << bit : 0xff));
			decode(&whole, &outer);
			enum tunnel_kind kind = tunnel_of(&outer);
			if (kind != TUNNEL_NONE && tunnel_decode(&outer, kind, &p))
				rig_check(&whole, &p);
		}
		tight[at] = bytes[at];
	}
	free(tight);
}

static void
any_changed_byte_is_survived(void **state)
{
	(void)state;
	for_each_form(check_changed);
}

/* ---- the way that a packet came ---- */

static uint64_t
chain(const char *form, const char *src, const char *dst)
{
	const struct tunnel_form *f = tunnel_form(form);
	struct build out = build_between(src, 40001, dst, 40002);
	struct build in = rig_inside(f, false);
	uint8_t buf[1024];
	struct packet p;

	assert_true(rig_open_bytes(&out, buf, rig_wrap(buf, f, &out, &in), &p));
	return p.tunnel_chain;
}

static void
the_chain_is_equal_for_packets_that_came_the_same_way_only(void **state)
{
	(void)state;
	assert_true(chain("gre4", "1.1.1.1", "2.2.2.2") == chain("gre4", "1.1.1.1", "2.2.2.2"));
	const uint64_t ways[] = {
		chain("gre4", "1.1.1.1", "2.2.2.2"),
		chain("gre4", "2.2.2.2", "1.1.1.1"),
		chain("gre4", "1.1.1.1", "2.2.2.3"),
		chain("gre_key", "1.1.1.1", "2.2.2.2"),
		chain("4in", "1.1.1.1", "2.2.2.2"),
		chain("erspan2", "1.1.1.1", "2.2.2.2"),
	};
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		for (size_t k = 0; k < i; k++)
			assert_true(ways[i] != ways[k]);
}

/* A datagram in `depth` tunnels of IP, VXLAN and GRE in turn; returns its length */
static size_t
nest(uint8_t *buf, size_t room, unsigned depth)
{
	static const char *const forms[] = { "4in", "vxlan", "gre4" };
	bool is_frame = depth == 0 || tunnel_form(forms[(depth - 1) % 3])->inner == INNER_ETHERNET;
	struct build b = rig_inside(tunnel_form(is_frame ? "vxlan" : "4in"), false);
	uint8_t *frame = malloc(BUILD_MAX);
	assert_non_null(frame);
	size_t len = build_udp(frame, &b);

	for (unsigned i = 0; i < depth; i++) {
		const struct tunnel_form *f = tunnel_form(forms[(depth - 1 - i) % 3]);
		/* The next one out takes this one as a packet or as a frame. */
		const struct tunnel_form *next =
			i + 1 < depth ? tunnel_form(forms[(depth - 2 - i) % 3]) : NULL;
		struct build out = rig_outside(false);
		out.vlan_count = 0;
		out.link =
			next == NULL || next->inner == INNER_ETHERNET ? BUILD_ETHERNET : BUILD_RAW;
		assert_true(len + 128 < room);
		memcpy(buf, frame, len);
		len = tunnel_build(frame, &out, f, buf, len);
	}
	memcpy(buf, frame, len);
	free(frame);
	return len;
}

/* Follow a frame to its innermost packet. returns how many tunnels were opened */
static unsigned
follow(const uint8_t *bytes, size_t len, struct packet *p)
{
	struct build out = rig_outside(false);
	struct frame f = build_frame(&out, bytes, len, 1000);
	unsigned depth = 0;

	*p = rig_decode(&f);
	for (enum tunnel_kind kind; (kind = tunnel_of(p)) != TUNNEL_NONE; depth++) {
		struct packet inner;
		if (!tunnel_decode(p, kind, &inner))
			break;
		*p = inner;
	}
	return depth;
}

static void
tunnels_in_tunnels_are_followed_to_the_cap(void **state)
{
	uint8_t buf[8192];
	struct packet p;

	(void)state;
	for (unsigned depth = 0; depth <= TUNNEL_DEPTH_MAX; depth++) {
		size_t len = nest(buf, sizeof(buf), depth);
		assert_int_equal(follow(buf, len, &p), depth);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.tunnel_depth, depth);
		assert_int_equal(p.dst_port, 53);
	}
}

static void
a_tunnel_too_many_is_noted_and_not_followed(void **state)
{
	uint8_t buf[8192];
	struct packet p;

	(void)state;
	static const unsigned depths[] = { TUNNEL_DEPTH_MAX + 1, TUNNEL_DEPTH_MAX + 2, 64 };
	for (size_t i = 0; i < 3; i++) {
		size_t len = nest(buf, sizeof(buf), depths[i]);
		assert_int_equal(follow(buf, len, &p), TUNNEL_DEPTH_MAX + 1);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_TUNNEL_DEPTH));
	}
}

/* ---- what is none ---- */

static void
fragments_and_tcp_are_no_tunnels(void **state)
{
	struct build b = rig_outside(false);

	(void)state;
	b.payload_bytes = 60;
	b.ip_proto = 47;
	b.more_fragments = true;
	b.is_fragment = true;
	struct packet p = rig_packet(&b, RIG_OTHER);
	assert_int_equal(tunnel_of(&p), TUNNEL_NONE);
	b.more_fragments = false;
	b.is_fragment = false;
	p = rig_packet(&b, RIG_OTHER);
	assert_int_equal(tunnel_of(&p), TUNNEL_GRE);
	b.dst_port = 4789;
	p = rig_packet(&b, RIG_TCP);
	assert_int_equal(tunnel_of(&p), TUNNEL_NONE);
	p = rig_packet(&b, RIG_UDP);
	assert_int_equal(tunnel_of(&p), TUNNEL_VXLAN);
	b.arp_operation = 1;
	uint8_t buf[128];
	struct frame f = build_frame(&b, buf, build_arp(buf, &b), 1);
	p = rig_decode(&f);
	assert_int_equal(tunnel_of(&p), TUNNEL_NONE);
}

static void
ports_of_senders_count_only_where_both_ends_use_them(void **state)
{
	static const struct {
		uint16_t port;
		enum tunnel_kind as_dst, as_src;
	} ports[] = {
		{ 1701, TUNNEL_L2TP, TUNNEL_L2TP },
		{ 2152, TUNNEL_GTP, TUNNEL_GTP },
		{ 4789, TUNNEL_VXLAN, TUNNEL_NONE },
		{ 4790, TUNNEL_VXLAN, TUNNEL_NONE },
		{ 8472, TUNNEL_VXLAN, TUNNEL_NONE },
		{ 5072, TUNNEL_AYIYA, TUNNEL_AYIYA },
		{ 6081, TUNNEL_GENEVE, TUNNEL_NONE },
		{ 6635, TUNNEL_MPLS, TUNNEL_NONE },
		{ 37008, TUNNEL_TZSP, TUNNEL_NONE },
		{ 3544, TUNNEL_NONE, TUNNEL_NONE }, /* by its first bytes */
		{ 2153, TUNNEL_NONE, TUNNEL_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		struct build b = build_between("10.0.0.1", 999, "10.0.0.2", ports[i].port);
		struct packet p = rig_packet(&b, RIG_UDP);
		assert_int_equal(tunnel_of(&p), ports[i].as_dst);
		b = build_between("10.0.0.1", ports[i].port, "10.0.0.2", 999);
		p = rig_packet(&b, RIG_UDP);
		assert_int_equal(tunnel_of(&p), ports[i].as_src);
	}
}

static void
names_of_kinds_differ(void **state)
{
	(void)state;
	assert_string_equal(tunnel_name(TUNNEL_NONE), "");
	assert_string_equal(tunnel_name(TUNNEL_GTP), "gtpv1");
	for (enum tunnel_kind a = TUNNEL_NONE; a < TUNNEL_KIND_COUNT; a++)
		for (enum tunnel_kind b = TUNNEL_NONE; b < a; b++)
			assert_string_not_equal(tunnel_name(a), tunnel_name(b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_leads_to_the_packet_inside),
		cmocka_unit_test(captures_cut_short_keep_what_was_whole),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(the_chain_is_equal_for_packets_that_came_the_same_way_only),
		cmocka_unit_test(tunnels_in_tunnels_are_followed_to_the_cap),
		cmocka_unit_test(a_tunnel_too_many_is_noted_and_not_followed),
		cmocka_unit_test(fragments_and_tcp_are_no_tunnels),
		cmocka_unit_test(ports_of_senders_count_only_where_both_ends_use_them),
		cmocka_unit_test(names_of_kinds_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
