/* test_link_carrier.c -- frames and types behind headers of providers, fabrics and service chains. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
tags_of_the_outer_frame_come_first(void **state)
{
	static const enum build_link links[3] = { BUILD_PBB, BUILD_FABRICPATH, BUILD_NSH_ETHERNET };
	static const uint8_t tag[4] = { 0x81, 0x00, 0x00, 42 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct build b = rig_seed(links[i], false);
		uint8_t buf[256];
		b.vlan_count = 1;
		b.vlan[0] = 4051;
		/* Between the inner addresses and the inner type, a tag. */
		size_t len = build_udp(buf, &b);
		size_t type_at = build_link_bytes(&b) - 2;
		memmove(buf + type_at + 4, buf + type_at, len - type_at);
		memcpy(buf + type_at, tag, sizeof(tag));
		struct packet p = rig_bytes(1, buf, len + 4);
		assert_int_equal(p.kind, PACKET_IP);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.vlan_count, 2);
		assert_int_equal(p.vlan[0], 4051);
		assert_int_equal(p.vlan[1], 42);
		assert_int_equal(p.link_depth, 1);
		assert_int_equal(p.src_port, 40001);
	}
}

static void
arp_is_found_behind_every_carrier_of_types(void **state)
{
	static const enum build_link links[3] = { BUILD_METADATA, BUILD_VN_TAG, BUILD_E_TAG };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct build b = rig_seed(links[i], false);
		uint8_t buf[256];
		struct packet p = rig_bytes(1, buf, build_arp(buf, &b));
		assert_int_equal(p.kind, PACKET_ARP);
		assert_true(addr_equal(&p.arp.sender, &b.src));
	}
}

/* So many metadata headers, each of which announces the next, before an IPv4 packet. */
static struct packet
behind_headers(unsigned count)
{
	struct build b = rig_seed(BUILD_RAW, false);
	uint8_t buf[512] = { [12] = 0x89, [13] = 0x09 };
	uint8_t *at = buf + 14;

	for (unsigned i = 0; i < count; i++, at += 8) {
		at[6] = i + 1 < count ? 0x89 : 0x08;
		at[7] = i + 1 < count ? 0x09 : 0x00;
	}
	size_t len = (size_t)(at - buf) + build_udp(at, &b);
	return rig_bytes(1, buf, len);
}

static void
headers_are_followed_to_the_cap(void **state)
{
	(void)state;
	for (unsigned count = LINK_DEPTH_MAX - 1; count <= LINK_DEPTH_MAX + 1; count++) {
		bool followed = count <= LINK_DEPTH_MAX;
		struct packet p = behind_headers(count);
		assert_int_equal(p.kind, followed ? PACKET_IP : PACKET_OTHER);
		assert_int_equal(p.anomalies, followed ? 0 : ANOMALY_BIT(ANOMALY_LINK_DEPTH));
		assert_int_equal(p.link_depth, followed ? count : LINK_DEPTH_MAX);
	}
}

/* An NSH header of `words` with `base` for its first 16 bits and `next`, before what is IPv4. */
static struct packet
chained(unsigned base, uint8_t next, unsigned words)
{
	struct build b = rig_seed(BUILD_RAW, false);
	uint8_t buf[512] = { [12] = 0x89, [13] = 0x4f };
	uint8_t *at = buf + 14;

	at[0] = (uint8_t)(base >> 8);
	at[1] = (uint8_t)(base | words);
	at[2] = 2;
	at[3] = next;
	at += (size_t)words * 4;
	return rig_bytes(1, buf, (size_t)(at - buf) + build_udp(at, &b));
}

static void
a_service_chains_metadata_is_stepped_over(void **state)
{
	(void)state;
	for (unsigned words = 2; words < 64; words++) {
		struct packet p = chained(0x0fc0, 1, words);
		assert_int_equal(p.kind, PACKET_IP);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.src_port, 40001);
	}
	for (unsigned words = 0; words < 2; words++) /* not even the header itself */
		assert_int_equal(chained(0x0fc0, 1, words).kind, PACKET_OTHER);
}

static void
other_versions_and_oam_of_a_service_chain_are_other(void **state)
{
	static const unsigned bases[3] = { 0x4fc0, 0x8fc0, 0x2fc0 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct packet p = chained(bases[i], 1, 2);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, 0);
	}
	for (unsigned next = 6; next < 256; next++)
		assert_int_equal(chained(0x0fc0, (uint8_t)next, 2).kind, PACKET_OTHER);
}

static void
service_chains_in_chains_are_followed_to_the_cap(void **state)
{
	(void)state;
	for (unsigned count = LINK_DEPTH_MAX - 1; count <= LINK_DEPTH_MAX + 1; count++) {
		struct build b = rig_seed(BUILD_RAW, true);
		uint8_t buf[512] = { [12] = 0x89, [13] = 0x4f };
		uint8_t *at = buf + 14;
		for (unsigned i = 0; i < count; i++, at += 8)
			memcpy(at, i + 1 < count ? "\x0f\xc2\x02\x04" : "\x0f\xc2\x02\x02", 4);
		struct packet p = rig_bytes(1, buf, (size_t)(at - buf) + build_udp(at, &b));
		bool followed = count <= LINK_DEPTH_MAX;
		assert_int_equal(p.kind, followed ? PACKET_IP : PACKET_OTHER);
		assert_int_equal(p.anomalies, followed ? 0 : ANOMALY_BIT(ANOMALY_LINK_DEPTH));
	}
}

static void
labels_behind_a_service_chain_are_followed(void **state)
{
	struct build b = rig_seed(BUILD_RAW, false);
	uint8_t buf[256] = { [12] = 0x89, [13] = 0x4f, 0x0f, 0xc2, 2, 5, [22] = 0, 1, 0x31, 0x40 };

	(void)state;
	struct packet p = rig_bytes(1, buf, 26 + build_udp(buf + 26, &b));
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.dst_port, 443);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_of_the_outer_frame_come_first),
		cmocka_unit_test(arp_is_found_behind_every_carrier_of_types),
		cmocka_unit_test(headers_are_followed_to_the_cap),
		cmocka_unit_test(a_service_chains_metadata_is_stepped_over),
		cmocka_unit_test(other_versions_and_oam_of_a_service_chain_are_other),
		cmocka_unit_test(service_chains_in_chains_are_followed_to_the_cap),
		cmocka_unit_test(labels_behind_a_service_chain_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
