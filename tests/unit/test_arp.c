/* test_arp.c -- requests, replies, the forms that are not ours, and every cut. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { ARP_BYTES = 28 };

static struct packet
decode_bytes(uint16_t link, const void *bytes, size_t captured, size_t wire)
{
	struct frame f = {
		.bytes = bytes, .captured = (uint32_t)captured, .wire = (uint32_t)wire, .link = link
	};

	return rig_decode(&f);
}

static struct build
seed(void)
{
	struct build b = build_between("10.1.2.3", 0, "10.1.2.4", 0);

	b.src_mac = build_mac("02:00:00:00:00:aa");
	return b;
}

static void
both_sides_of_a_request_are_read(void **state)
{
	struct build b = seed();
	uint8_t buf[128];
	size_t len = build_arp(buf, &b);

	(void)state;
	struct packet p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.kind, PACKET_ARP);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.arp.operation, 1);
	assert_true(mac_equal(&p.arp.sender_mac, &b.src_mac));
	assert_int_equal(p.arp.target_mac.byte[5], 0);
	assert_true(addr_equal(&p.arp.sender, &b.src));
	assert_true(addr_equal(&p.arp.target, &b.dst));
	assert_int_equal(p.dst_mac.byte[0], 0xff);
	assert_false(p.has_ports);
}

static void
a_forged_reply_shows_both_its_macs(void **state)
{
	struct build b = seed();
	uint8_t buf[128];

	(void)state;
	b.arp_operation = 2;
	b.arp_sender_mac = build_mac("02:00:00:00:00:bb");
	b.arp_target_mac = build_mac("02:00:00:00:00:cc");
	b.vlan_count = 1;
	b.vlan[0] = 12;
	b.pad_to = 64;
	size_t len = build_arp(buf, &b);
	struct packet p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.kind, PACKET_ARP);
	assert_int_equal(p.arp.operation, 2);
	assert_true(mac_equal(&p.src_mac, &b.src_mac));
	assert_true(mac_equal(&p.arp.sender_mac, &b.arp_sender_mac));
	assert_true(mac_equal(&p.arp.target_mac, &b.arp_target_mac));
	assert_int_equal(p.vlan[0], 12);
}

static void
arp_is_found_on_every_link_that_carries_it(void **state)
{
	static const enum build_link links[4] = { BUILD_ETHERNET, BUILD_SNAP, BUILD_SLL,
		BUILD_SLL2 };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		struct build b = seed();
		uint8_t buf[128];
		b.link = links[i];
		size_t len = build_arp(buf, &b);
		size_t link_bytes = build_link_bytes(&b);
		for (size_t captured = 0; captured <= len; captured++) {
			struct packet p = decode_bytes(build_link_type(&b), buf, captured, len);
			bool whole = captured >= link_bytes + ARP_BYTES;
			assert_int_equal(p.kind, whole ? PACKET_ARP : PACKET_OTHER);
			if (captured < link_bytes)
				assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_LINK_SHORT));
			else
				assert_int_equal(
					p.anomalies, whole ? 0 : ANOMALY_BIT(ANOMALY_ARP_SHORT));
			if (whole)
				assert_true(addr_equal(&p.arp.target, &b.dst));
		}
	}
}

static void
other_forms_are_noted(void **state)
{
	(void)state;
	/* each byte of hardware type, protocol type and the two sizes, one off */
	for (unsigned at = 0; at < 6; at++) {
		struct build b = seed();
		uint8_t buf[128];
		size_t len = build_arp(buf, &b);
		buf[14 + at] ^= 1;
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_ARP_FORM));
	}
}

static void
any_changed_byte_is_survived(void **state)
{
	struct build b = seed();
	uint8_t buf[128];
	size_t len = build_arp(buf, &b);

	(void)state;
	for (size_t at = 0; at < len; at++) {
		uint8_t was = buf[at];
		for (unsigned value = 0; value < 256; value++) {
			buf[at] = (uint8_t)value;
			struct packet p = decode_bytes(1, buf, len, len);
			assert_int_equal(p.kind,
				at >= 12 && at < 20 && value != was ? PACKET_OTHER : PACKET_ARP);
		}
		buf[at] = was;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_of_a_request_are_read),
		cmocka_unit_test(a_forged_reply_shows_both_its_macs),
		cmocka_unit_test(arp_is_found_on_every_link_that_carries_it),
		cmocka_unit_test(other_forms_are_noted),
		cmocka_unit_test(any_changed_byte_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
