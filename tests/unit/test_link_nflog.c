/* test_link_nflog.c -- attributes in either order, in any number, and the packet among them. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { NFLOG = 239, FAMILY_BRIDGE = 7 };

struct log {
	uint8_t bytes[2048];
	size_t len;
	bool big_endian;
};

static void
put16(struct log *l, unsigned v)
{
	l->bytes[l->len++] = (uint8_t)(l->big_endian ? v >> 8 : v);
	l->bytes[l->len++] = (uint8_t)(l->big_endian ? v : v >> 8);
}

static void
start(struct log *l, uint8_t family, bool big_endian)
{
	*l = (struct log){ .bytes = { family }, .len = 4, .big_endian = big_endian };
}

static void
attribute(struct log *l, unsigned type, const void *value, size_t bytes)
{
	put16(l, (unsigned)bytes + 4);
	put16(l, type);
	memcpy(l->bytes + l->len, value, bytes);
	l->len += (bytes + 3) / 4 * 4;
}

static void
payload(struct log *l, const struct build *b)
{
	uint8_t inner[256];

	attribute(l, 9, inner, build_udp(inner, b));
}

static void
attributes_are_read_in_either_order(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++)
		for (size_t prefix = 0; prefix < 9; prefix++) {
			struct build b = rig_seed(BUILD_RAW, false);
			struct log l;
			start(&l, 2, big);
			attribute(&l, 1, "\x08\x00\x03\x00", 4);
			attribute(&l, 10, "a prefix", prefix);
			payload(&l, &b);
			struct packet p = rig_bytes(NFLOG, l.bytes, l.len);
			assert_int_equal(p.anomalies, 0);
			assert_int_equal(p.src_port, 40001);
			assert_false(p.has_mac);
		}
}

static void
the_payloads_length_ends_the_packet(void **state)
{
	struct build b = rig_seed(BUILD_RAW, false);
	struct log l;

	(void)state;
	b.ip_length_zero = true; /* so that only the attribute tells */
	start(&l, 2, false);
	payload(&l, &b);
	attribute(&l, 10, "after", 5);
	assert_int_equal(rig_bytes(NFLOG, l.bytes, l.len).payload_bytes, 9);
}

static void
bridges_say_what_they_carry(void **state)
{
	struct build b = rig_seed(BUILD_RAW, true);
	struct log l;

	(void)state;
	start(&l, FAMILY_BRIDGE, false);
	attribute(&l, 1, "\x86\xdd\x03\x00", 4);
	payload(&l, &b);
	assert_int_equal(rig_bytes(NFLOG, l.bytes, l.len).src_port, 40001);
	start(&l, FAMILY_BRIDGE, false);
	payload(&l, &b);
	struct packet p = rig_bytes(NFLOG, l.bytes, l.len);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

static void
only_a_sender_of_six_bytes_is_a_mac(void **state)
{
	(void)state;
	for (uint8_t bytes = 0; bytes <= 8; bytes++) {
		struct build b = rig_seed(BUILD_RAW, false);
		uint8_t sender[12] = { 0, bytes, 0, 0, 2, 3, 4, 5, 6, 7, 8, 9 };
		struct log l;
		start(&l, 2, false);
		attribute(&l, 8, sender, sizeof(sender));
		payload(&l, &b);
		struct packet p = rig_bytes(NFLOG, l.bytes, l.len);
		assert_int_equal(p.has_mac, bytes == 6);
		assert_int_equal(p.src_mac.byte[5], bytes == 6 ? 7 : 0);
		start(&l, 2, false);
		attribute(&l, 8, sender, bytes); /* the address, or part of it, is not there */
		payload(&l, &b);
		assert_false(rig_bytes(NFLOG, l.bytes, l.len).has_mac);
	}
}

static void
attributes_are_read_to_the_cap(void **state)
{
	(void)state;
	for (unsigned before = 30; before <= 33; before++) {
		struct build b = rig_seed(BUILD_RAW, false);
		struct log l;
		start(&l, 2, false);
		for (unsigned i = 0; i < before; i++)
			attribute(&l, 10, "", 0);
		payload(&l, &b);
		struct packet p = rig_bytes(NFLOG, l.bytes, l.len);
		assert_int_equal(p.kind, before < 32 ? PACKET_IP : PACKET_OTHER);
		assert_int_equal(p.anomalies, before < 32 ? 0 : ANOMALY_BIT(ANOMALY_LINK_SHORT));
	}
}

static void
lengths_that_cannot_be_end_it(void **state)
{
	(void)state;
	for (unsigned length = 0; length <= 4; length++) {
		struct build b = rig_seed(BUILD_RAW, false);
		struct log l;
		start(&l, 2, false);
		attribute(&l, 10, "", 0);
		l.bytes[4] = (uint8_t)length;
		payload(&l, &b);
		struct packet p = rig_bytes(NFLOG, l.bytes, l.len);
		assert_int_equal(p.kind, length == 4 ? PACKET_IP : PACKET_OTHER);
		assert_int_equal(p.anomalies, length == 4 ? 0 : ANOMALY_BIT(ANOMALY_LINK_SHORT));
	}
}

static void
other_versions_are_other(void **state)
{
	struct build b = rig_seed(BUILD_NFLOG, false);
	uint8_t buf[256];
	size_t len = build_udp(buf, &b);

	(void)state;
	buf[1] = 1;
	struct packet p = rig_bytes(NFLOG, buf, len);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

static void
flags_of_netlink_are_no_part_of_the_type(void **state)
{
	struct build b = rig_seed(BUILD_NFLOG, false);
	uint8_t buf[256];
	size_t len = build_udp(buf, &b);

	(void)state;
	buf[build_link_bytes(&b) - 1] = 0xc0;
	assert_int_equal(rig_bytes(NFLOG, buf, len).src_port, 40001);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(attributes_are_read_in_either_order),
		cmocka_unit_test(the_payloads_length_ends_the_packet),
		cmocka_unit_test(bridges_say_what_they_carry),
		cmocka_unit_test(only_a_sender_of_six_bytes_is_a_mac),
		cmocka_unit_test(attributes_are_read_to_the_cap),
		cmocka_unit_test(lengths_that_cannot_be_end_it),
		cmocka_unit_test(other_versions_are_other),
		cmocka_unit_test(flags_of_netlink_are_no_part_of_the_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
