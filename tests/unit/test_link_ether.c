/* test_link_ether.c -- tags, lengths, padding, LLC and SNAP; what is not for us. */
#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Behind what was not for us, everything that would lead to a packet if it were followed. */
static void
nothing_is_followed(const uint8_t *header, size_t header_bytes)
{
	struct build b = rig_seed(BUILD_RAW, false);
	uint8_t buf[128] = { 0 };
	static const uint8_t snap[8] = { 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 };

	memcpy(buf + 12, header, header_bytes);
	for (int with_snap = 0; with_snap < 2; with_snap++) {
		uint8_t *at = buf + 12 + header_bytes;
		if (with_snap) {
			memcpy(at, snap, sizeof(snap));
			at += sizeof(snap);
		}
		size_t len = (size_t)(at - buf) + build_udp(at, &b);
		struct packet p = rig_bytes(1, buf, len);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, 0);
		assert_true(p.has_mac);
	}
}

static void
tags_are_kept_outermost_first(void **state)
{
	static const uint16_t tpids[3] = { 0x8100, 0x88a8, 0x9100 };
	static const enum build_link links[4] = { BUILD_ETHERNET, BUILD_SNAP, BUILD_SLL,
		BUILD_SLL2 };

	(void)state;
	for (unsigned l = 0; l < 4; l++)
		for (unsigned count = 0; count <= VLAN_DEPTH_MAX; count++)
			for (unsigned tpid = 0; tpid < 3; tpid++) {
				struct build b = rig_seed(links[l], false);
				b.vlan_count = (uint8_t)count;
				for (unsigned i = 0; i < count; i++) {
					b.vlan[i] = (uint16_t)(0xe000 | (100 + i)); /* priority 7 */
					b.vlan_tpid[i] = tpids[(tpid + i) % 3];
				}
				struct packet p = rig_packet(&b, RIG_TCP);
				assert_int_equal(p.anomalies, 0);
				assert_int_equal(p.kind, PACKET_IP);
				assert_int_equal(p.vlan_count, count);
				for (unsigned i = 0; i < VLAN_DEPTH_MAX; i++)
					assert_int_equal(p.vlan[i], i < count ? 100 + i : 0);
				assert_int_equal(p.dst_port, 443);
			}
}

static void
a_tag_too_many_is_noted_and_not_followed(void **state)
{
	(void)state;
	for (unsigned count = VLAN_DEPTH_MAX + 1; count <= BUILD_VLAN_MAX; count++) {
		struct build b = rig_seed(BUILD_ETHERNET, false);
		b.vlan_count = (uint8_t)count;
		b.vlan[0] = 7;
		struct packet p = rig_packet(&b, RIG_TCP);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_VLAN_DEPTH));
		assert_int_equal(p.vlan_count, VLAN_DEPTH_MAX);
		assert_int_equal(p.vlan[0], 7);
		assert_true(p.has_mac);
	}
}

static void
tags_cut_short_are_noted(void **state)
{
	struct build b = rig_seed(BUILD_ETHERNET, false);

	(void)state;
	b.vlan_count = 3;
	rig_cut_everywhere(&b, RIG_TCP);
	b.link = BUILD_SNAP;
	rig_cut_everywhere(&b, RIG_TCP);
}

static void
tags_that_hide_in_snap_after_snap_are_counted_together(void **state)
{
	/* MACs, then over and over: length, SNAP, a tag's type, the tag */
	uint8_t buf[256] = { 0 };
	uint8_t *at = buf + 12;

	(void)state;
	for (int i = 0; i < 10; i++) {
		static const uint8_t round[12] = { 0x00, 0x80, 0xaa, 0xaa, 3, 0, 0, 0, 0x81, 0x00,
			0, 9 };
		memcpy(at, round, sizeof(round));
		at += sizeof(round);
	}
	struct packet p = rig_bytes(1, buf, sizeof(buf));
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_VLAN_DEPTH));
	assert_int_equal(p.vlan_count, VLAN_DEPTH_MAX);
}

static void
ethernets_padding_is_nobodys_payload(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++)
		for (uint8_t tags = 0; tags < 2; tags++)
			for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
				struct build b = rig_seed(BUILD_ETHERNET, six);
				b.payload_bytes = 1;
				b.pad_to = 90;
				b.vlan_count = tags;
				struct packet p = rig_packet(&b, t);
				assert_int_equal(p.anomalies, 0);
				assert_int_equal(p.payload_bytes, 1);
				assert_int_equal(cursor_left(&p.payload), 1);
				assert_int_equal(cursor_u8(&p.payload), 'x');
			}
}

static void
a_length_of_802_3_ends_the_frame(void **state)
{
	struct build b = rig_seed(BUILD_SNAP, false);

	(void)state;
	b.ip_length_zero = true; /* so that only the link's length tells payload from padding */
	b.pad_to = 120;
	struct packet p = rig_packet(&b, RIG_TCP);
	assert_int_equal(p.payload_bytes, 9);
	assert_int_equal(p.ip_bytes, 49);
}

static void
other_link_protocols_are_other_and_no_anomaly(void **state)
{
	/* length, LLC: spanning tree; NetWare raw; CDP's OUI; SNAP with a length for a type */
	static const uint8_t llc[4][10] = {
		{ 0, 90, 0x42, 0x42, 3, 0, 0, 0, 8, 0 },
		{ 0, 90, 0xff, 0xff, 0, 0x22, 0, 0, 8, 0 },
		{ 0, 90, 0xaa, 0xaa, 3, 0, 0, 0x0c, 8, 0 },
		{ 0, 90, 0xaa, 0xaa, 3, 0, 0, 0, 0, 90 },
	};
	/* LLDP, PPPoE discovery, DECnet, the lowest of all types */
	static const uint16_t types[4] = { 0x88cc, 0x8863, 0x6003, 0x0600 };

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		nothing_is_followed(llc[i], sizeof(llc[i]));
	for (unsigned i = 0; i < 4; i++) {
		uint8_t type[2] = { (uint8_t)(types[i] >> 8), (uint8_t)types[i] };
		nothing_is_followed(type, sizeof(type));
	}
}

static void
the_highest_length_below_the_types_is_a_length(void **state)
{
	struct build b = rig_seed(BUILD_SNAP, false);
	uint8_t buf[128];
	size_t len = build_udp(buf, &b);

	(void)state;
	buf[12] = 0x05;
	buf[13] = 0xff;
	struct packet p = rig_bytes(1, buf, len);
	assert_int_equal(p.src_port, 40001);
	buf[12] = 0x06;
	buf[13] = 0x00;
	p = rig_bytes(1, buf, len);
	assert_int_equal(p.kind, PACKET_OTHER);
}

static void
a_snap_header_of_which_part_was_captured_is_short(void **state)
{
	struct frame f = { .captured = 21, .wire = 22, .link = 1 };
	uint8_t buf[22] = { [13] = 8, [14] = 0xaa, [15] = 0xaa, [16] = 3, [20] = 8 };

	(void)state;
	f.bytes = buf;
	struct packet p = rig_decode(&f);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
	buf[13] = 7; /* there was no more of it */
	p = rig_decode(&f);
	assert_int_equal(p.anomalies, 0);
}

static void
short_llc_without_snap_is_whole(void **state)
{
	uint8_t buf[17] = { [13] = 3, [14] = 0x42, [15] = 0x42, [16] = 3 };

	(void)state;
	struct packet p = rig_bytes(1, buf, sizeof(buf));
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

static void
ip_says_its_version_itself(void **state)
{
	struct build b = rig_seed(BUILD_ETHERNET, true);
	uint8_t buf[256];
	size_t len = build_tcp(buf, &b);

	(void)state;
	buf[12] = 0x08;
	buf[13] = 0x00;
	struct packet p = rig_bytes(1, buf, len);
	assert_int_equal(p.kind, PACKET_IP);
	assert_false(addr_is_v4(&p.src));
	for (unsigned version = 0; version < 16; version++) {
		buf[14] = (uint8_t)(version << 4 | 5);
		p = rig_bytes(1, buf, len);
		bool known = version == 4 || version == 6;
		assert_int_equal((p.anomalies & ANOMALY_BIT(ANOMALY_IP_VERSION)) == 0, known);
		if (!known)
			assert_int_equal(p.kind, PACKET_OTHER);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_kept_outermost_first),
		cmocka_unit_test(a_tag_too_many_is_noted_and_not_followed),
		cmocka_unit_test(tags_cut_short_are_noted),
		cmocka_unit_test(tags_that_hide_in_snap_after_snap_are_counted_together),
		cmocka_unit_test(ethernets_padding_is_nobodys_payload),
		cmocka_unit_test(a_length_of_802_3_ends_the_frame),
		cmocka_unit_test(other_link_protocols_are_other_and_no_anomaly),
		cmocka_unit_test(the_highest_length_below_the_types_is_a_length),
		cmocka_unit_test(a_snap_header_of_which_part_was_captured_is_short),
		cmocka_unit_test(short_llc_without_snap_is_whole),
		cmocka_unit_test(ip_says_its_version_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
