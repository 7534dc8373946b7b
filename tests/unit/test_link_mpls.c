/* test_link_mpls.c -- label stacks and what they carry; pseudowires. */
#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* Ethernet, `labels` MPLS labels, then what `inner` is. */
static struct packet
mpls_packet(unsigned labels, const uint8_t *inner, size_t inner_bytes, uint16_t type)
{
	uint8_t buf[512] = { [12] = (uint8_t)(type >> 8), [13] = (uint8_t)type };
	uint8_t *at = buf + 14;

	for (unsigned i = 0; i < labels; i++, at += 4) {
		at[0] = 0x45;                          /* looks like IP, should anybody stop here */
		at[2] = i + 1 == labels ? 0x01 : 0x00; /* bottom of stack */
		at[3] = 64;
	}
	memcpy(at, inner, inner_bytes);
	return rig_bytes(1, buf, (size_t)(at - buf) + inner_bytes);
}

static void
labels_are_followed_to_the_cap(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++)
		for (unsigned labels = 1; labels <= MPLS_DEPTH_MAX + 2; labels++) {
			struct build b = rig_seed(BUILD_RAW, six);
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
cut_labels_are_noted(void **state)
{
	uint8_t buf[22] = { [12] = 0x88, [13] = 0x47 };

	(void)state;
	for (size_t len = 14; len < 22; len++) {
		struct packet p = rig_bytes(1, buf, len); /* never a bottom */
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
	}
}

/* What a pseudowire carries behind a control word that begins with `first`, `second`. */
static struct packet
pseudowire_packet(uint8_t first, uint8_t second)
{
	struct build b = rig_seed(BUILD_ETHERNET, false);
	uint8_t inner[256] = { first, second, 0x12, 0x34 };

	b.vlan_count = 1;
	b.vlan[0] = 7;
	size_t len = build_udp(inner + 4, &b);
	return mpls_packet(2, inner, len + 4, 0x8847);
}

static void
ethernet_behind_a_control_word_is_followed(void **state)
{
	struct mac sender = build_mac("02:00:0a:00:00:01");

	(void)state;
	struct packet p = pseudowire_packet(0, 0);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.src_port, 40001);
	assert_int_equal(p.vlan_count, 1);
	assert_int_equal(p.vlan[0], 7);
	assert_int_equal(p.link_depth, 1);
	assert_true(mac_equal(&p.src_mac, &sender));
}

static void
other_pseudowires_are_other_and_no_anomaly(void **state)
{
	(void)state;
	for (unsigned first = 0; first < 256; first++)
		for (unsigned second = 0; second < 2; second++) {
			bool ip = first >> 4 == 4 || first >> 4 == 6;
			if (ip || first + second == 0)
				continue;
			struct packet p = pseudowire_packet((uint8_t)first, (uint8_t)second);
			assert_int_equal(p.kind, PACKET_OTHER);
			assert_int_equal(p.anomalies, 0);
			assert_false(p.src_port == 40001);
		}
}

static void
frames_in_frames_are_followed_to_the_cap(void **state)
{
	(void)state;
	for (unsigned depth = LINK_DEPTH_MAX - 1; depth <= LINK_DEPTH_MAX + 1; depth++) {
		struct build b = rig_seed(BUILD_ETHERNET, false);
		uint8_t buf[1024] = { 0 };
		uint8_t *at = buf;
		for (unsigned i = 0; i < depth; i++, at += 14 + 4 + 4) {
			at[12] = 0x88;
			at[13] = 0x47;
			at[16] = 1; /* bottom of stack; the control word is zeros */
		}
		struct packet p = rig_bytes(1, buf, (size_t)(at - buf) + build_udp(at, &b));
		bool followed = depth <= LINK_DEPTH_MAX;
		assert_int_equal(p.kind, followed ? PACKET_IP : PACKET_OTHER);
		assert_int_equal(p.anomalies, followed ? 0 : ANOMALY_BIT(ANOMALY_LINK_DEPTH));
		assert_int_equal(p.link_depth, followed ? depth : LINK_DEPTH_MAX);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_followed_to_the_cap),
		cmocka_unit_test(cut_labels_are_noted),
		cmocka_unit_test(ethernet_behind_a_control_word_is_followed),
		cmocka_unit_test(other_pseudowires_are_other_and_no_anomaly),
		cmocka_unit_test(frames_in_frames_are_followed_to_the_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
