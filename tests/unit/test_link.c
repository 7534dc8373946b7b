/* test_link.c -- every link type down to IP; tags, labels, padding; cut and changed everywhere. */
#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const v4[2] = { "10.0.0.1", "192.168.7.9" };
static const char *const v6[2] = { "2001:db8::1", "fe80::7:9" };

/* A conversation over link `l`; IPv6 if the link or `six` says so. */
static struct build
seed(enum build_link l, bool six)
{
	const char *const *ends = (six || l == BUILD_IPV6) ? v6 : v4;
	struct build b = build_between(ends[0], 40001, ends[1], 443);

	b.link = l;
	b.flags = TCP_ACK | TCP_PSH;
	b.seq = 0x01020304;
	b.ack = 0xfffefdfc;
	b.icmp_type = 8;
	b.ip_proto = 47;
	b.payload_bytes = 9;
	return b;
}

static bool
is_possible(enum build_link l, bool six)
{
	return six ? l != BUILD_IPV4 : l != BUILD_IPV6;
}

static struct packet
decode_bytes(uint16_t link, const void *bytes, size_t len)
{
	struct frame f = { .bytes = bytes,
		.captured = (uint32_t)len,
		.wire = (uint32_t)len,
		.link = link,
		.ts_ns = 5,
		.interface = 3 };

	return rig_decode(&f);
}

static void
every_link_leads_to_both_ips(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++) {
		for (int six = 0; six < 2; six++) {
			if (!is_possible(l, six))
				continue;
			struct build b = seed(l, six);
			struct packet p = rig_packet(&b, RIG_UDP);
			assert_int_equal(p.kind, PACKET_IP);
			assert_int_equal(p.anomalies, 0);
			assert_true(addr_equal(&p.src, &b.src));
			assert_true(addr_equal(&p.dst, &b.dst));
			assert_int_equal(p.src_port, 40001);
			assert_int_equal(p.dst_port, 443);
			assert_int_equal(p.payload_bytes, 9);
			assert_int_equal(p.ip_bytes, (six ? 40 : 20) + 8 + 9);
		}
	}
}

static void
frames_cut_short_keep_what_was_whole(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++)
		for (int six = 0; six < 2; six++)
			for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
				struct build b = seed(l, six);
				if (is_possible(l, six))
					rig_cut_everywhere(&b, t);
			}
}

static void
any_changed_byte_is_survived(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++)
		for (int six = 0; six < 2; six++)
			for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
				struct build b = seed(l, six);
				b.vlan_count = l == BUILD_ETHERNET ? 2 : 0;
				if (is_possible(l, six))
					rig_change_every_byte(&b, t);
			}
}

static void
macs_come_from_ethernet_and_from_cooked_senders(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_ETHERNET; l < BUILD_LINK_COUNT; l++) {
		bool ethernet = l == BUILD_ETHERNET || l == BUILD_SNAP;
		bool cooked = l == BUILD_SLL || l == BUILD_SLL2;
		struct build b = seed(l, false);
		b.src_mac = build_mac("02:11:22:33:44:55");
		b.dst_mac = build_mac("02:66:77:88:99:aa");
		struct mac none = { { 0 } };
		struct packet p = rig_packet(&b, RIG_TCP);
		assert_int_equal(p.has_mac, ethernet || cooked);
		assert_true(mac_equal(&p.src_mac, p.has_mac ? &b.src_mac : &none));
		assert_true(mac_equal(&p.dst_mac, ethernet ? &b.dst_mac : &none));
	}
}

static void
a_cooked_sender_without_a_mac_has_none(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_SLL; l <= BUILD_SLL2; l++) {
		struct build b = seed(l, false);
		uint8_t buf[256];
		size_t len = build_tcp(buf, &b);
		buf[l == BUILD_SLL ? 5 : 11] = 0; /* the address's length: a tunnel's */
		struct packet p = decode_bytes(build_link_type(&b), buf, len);
		assert_false(p.has_mac);
		assert_int_equal(p.src_mac.byte[0], 0);
		assert_int_equal(p.src_port, 40001);
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
				struct build b = seed(links[l], false);
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
		struct build b = seed(BUILD_ETHERNET, false);
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
	struct build b = seed(BUILD_ETHERNET, false);

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
	struct packet p = decode_bytes(1, buf, sizeof(buf));
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
				struct build b = seed(BUILD_ETHERNET, six);
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
	struct build b = seed(BUILD_SNAP, false);

	(void)state;
	b.ip_length_zero = true; /* so that only the link's length tells payload from padding */
	b.pad_to = 120;
	struct packet p = rig_packet(&b, RIG_TCP);
	assert_int_equal(p.payload_bytes, 9);
	assert_int_equal(p.ip_bytes, 49);
}

/* Behind what was not for us, everything that would lead to a packet if it were followed. */
static void
nothing_is_followed(const uint8_t *header, size_t header_bytes)
{
	struct build b = seed(BUILD_RAW, false);
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
		struct packet p = decode_bytes(1, buf, len);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, 0);
		assert_true(p.has_mac);
	}
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
	struct build b = seed(BUILD_SNAP, false);
	uint8_t buf[128];
	size_t len = build_udp(buf, &b);

	(void)state;
	buf[12] = 0x05;
	buf[13] = 0xff;
	struct packet p = decode_bytes(1, buf, len);
	assert_int_equal(p.src_port, 40001);
	buf[12] = 0x06;
	buf[13] = 0x00;
	p = decode_bytes(1, buf, len);
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
bare_ip_has_three_numbers(void **state)
{
	static const uint16_t links[3] = { 101, 12, 14 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct build b = seed(BUILD_RAW, false);
		uint8_t buf[128];
		struct packet p = decode_bytes(links[i], buf, build_udp(buf, &b));
		assert_int_equal(p.src_port, 40001);
	}
}

static void
short_llc_without_snap_is_whole(void **state)
{
	uint8_t buf[17] = { [13] = 3, [14] = 0x42, [15] = 0x42, [16] = 3 };

	(void)state;
	struct packet p = decode_bytes(1, buf, sizeof(buf));
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

static void
loopback_families_are_read_in_either_order(void **state)
{
	static const uint8_t families[6] = { 2, 10, 23, 24, 28, 30 };
	struct build b = seed(BUILD_NULL, true);
	uint8_t buf[256];
	size_t len = build_tcp(buf, &b);

	(void)state;
	for (unsigned family = 0; family < 256; family++) {
		bool known = memchr(families, (int)family, sizeof(families)) != NULL;
		for (int link = 0; link <= 108; link += 108)
			for (unsigned at = 0; at < 4; at += 3) {
				memset(buf, 0, 4);
				buf[at] = (uint8_t)family;
				struct packet p = decode_bytes((uint16_t)link, buf, len);
				assert_int_equal(p.kind, known ? PACKET_IP : PACKET_OTHER);
				assert_int_equal(p.anomalies, 0);
			}
	}
}

static void
cooked_llc_is_followed_to_snap(void **state)
{
	struct build b = seed(BUILD_RAW, false);
	uint8_t buf[256] = { [3] = 1, [5] = 6, [15] = 4 };
	static const uint8_t snap[8] = { 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 };

	(void)state;
	memcpy(buf + 16, snap, 8);
	size_t len = build_tcp(buf + 24, &b) + 24;
	struct packet p = decode_bytes(113, buf, len);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.src_port, 40001);
	buf[15] = 1; /* NetWare raw, in Linux's numbering */
	p = decode_bytes(113, buf, len);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

/* Ethernet, `labels` MPLS labels, then what `inner` is. */
static struct packet
mpls_packet(unsigned labels, const uint8_t *inner, size_t inner_bytes, uint16_t type)
{
	uint8_t buf[512] = { [12] = (uint8_t)(type >> 8), [13] = (uint8_t)type };
	uint8_t *at = buf + 14;

	for (unsigned i = 0; i < labels; i++, at += 4) {
		at[0] = 0x12;
		at[2] = i + 1 == labels ? 0x01 : 0x00; /* bottom of stack */
		at[3] = 64;
	}
	memcpy(at, inner, inner_bytes);
	return decode_bytes(1, buf, (size_t)(at - buf) + inner_bytes);
}

static void
labels_are_followed_to_the_cap(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++)
		for (unsigned labels = 1; labels <= MPLS_DEPTH_MAX + 2; labels++) {
			struct build b = seed(BUILD_RAW, six);
			uint8_t inner[256];
			size_t len = build_tcp(inner, &b);
			struct packet p =
				mpls_packet(labels, inner, len, labels % 2 ? 0x8847 : 0x8848);
			bool followed = labels <= MPLS_DEPTH_MAX;
			assert_int_equal(p.kind, followed ? PACKET_IP : PACKET_OTHER);
			assert_int_equal(
				p.anomalies, followed ? 0 : ANOMALY_BIT(ANOMALY_VLAN_DEPTH));
			assert_int_equal(p.src_port, followed ? 40001 : 0);
		}
}

static void
a_pseudowire_is_other_and_cut_labels_are_noted(void **state)
{
	uint8_t inner[40] = { 0 };

	(void)state;
	struct packet p = mpls_packet(2, inner, sizeof(inner), 0x8847);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
	uint8_t buf[22] = { [12] = 0x88, [13] = 0x47 };
	for (size_t len = 14; len < 22; len++) {
		p = decode_bytes(1, buf, len); /* never a bottom */
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
	}
}

static void
ip_says_its_version_itself(void **state)
{
	struct build b = seed(BUILD_ETHERNET, true);
	uint8_t buf[256];
	size_t len = build_tcp(buf, &b);

	(void)state;
	buf[12] = 0x08;
	buf[13] = 0x00;
	struct packet p = decode_bytes(1, buf, len);
	assert_int_equal(p.kind, PACKET_IP);
	assert_false(addr_is_v4(&p.src));
	for (unsigned version = 0; version < 16; version++) {
		buf[14] = (uint8_t)(version << 4 | 5);
		p = decode_bytes(1, buf, len);
		bool known = version == 4 || version == 6;
		assert_int_equal((p.anomalies & ANOMALY_BIT(ANOMALY_IP_VERSION)) == 0, known);
		if (!known)
			assert_int_equal(p.kind, PACKET_OTHER);
	}
}

static void
names_and_decoders_know_the_same_links(void **state)
{
	uint8_t buf[64] = { 0 };
	unsigned named = 0;

	(void)state;
	for (unsigned link = 0; link <= UINT16_MAX; link++) {
		struct packet p;
		struct frame f = {
			.bytes = buf, .captured = 64, .wire = 64, .link = (uint16_t)link
		};
		decode(&f, &p);
		bool unknown = (p.anomalies & ANOMALY_BIT(ANOMALY_LINK_UNKNOWN)) != 0;
		assert_int_equal(decode_link_name((uint16_t)link) == NULL, unknown);
		named += !unknown;
	}
	assert_int_equal(named, 13);
	assert_string_equal(decode_link_name(1), "EN10MB");
	assert_string_equal(decode_link_name(276), "LINUX_SLL2");
	assert_string_equal(decode_link_name(101), "RAW");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_leads_to_both_ips),
		cmocka_unit_test(frames_cut_short_keep_what_was_whole),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(macs_come_from_ethernet_and_from_cooked_senders),
		cmocka_unit_test(a_cooked_sender_without_a_mac_has_none),
		cmocka_unit_test(tags_are_kept_outermost_first),
		cmocka_unit_test(a_tag_too_many_is_noted_and_not_followed),
		cmocka_unit_test(tags_cut_short_are_noted),
		cmocka_unit_test(tags_that_hide_in_snap_after_snap_are_counted_together),
		cmocka_unit_test(ethernets_padding_is_nobodys_payload),
		cmocka_unit_test(a_length_of_802_3_ends_the_frame),
		cmocka_unit_test(other_link_protocols_are_other_and_no_anomaly),
		cmocka_unit_test(the_highest_length_below_the_types_is_a_length),
		cmocka_unit_test(a_snap_header_of_which_part_was_captured_is_short),
		cmocka_unit_test(bare_ip_has_three_numbers),
		cmocka_unit_test(short_llc_without_snap_is_whole),
		cmocka_unit_test(loopback_families_are_read_in_either_order),
		cmocka_unit_test(cooked_llc_is_followed_to_snap),
		cmocka_unit_test(labels_are_followed_to_the_cap),
		cmocka_unit_test(a_pseudowire_is_other_and_cut_labels_are_noted),
		cmocka_unit_test(ip_says_its_version_itself),
		cmocka_unit_test(names_and_decoders_know_the_same_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
