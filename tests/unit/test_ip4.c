/* test_ip4.c -- lengths that lie, options, fragments, checksums; cut and changed everywhere. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct packet
decode_bytes(uint16_t link, const void *bytes, size_t captured, size_t wire)
{
	struct frame f = {
		.bytes = bytes, .captured = (uint32_t)captured, .wire = (uint32_t)wire, .link = link
	};

	return rig_decode(&f);
}

enum { IP_AT = 14 };

static const uint8_t options[40] = { 1, 1, 1, 1, 7, 35, 4 };

static struct build
seed(void)
{
	struct build b = build_between("10.20.30.40", 4000, "50.60.70.80", 53);

	b.flags = TCP_SYN;
	b.ip_proto = 89;
	b.payload_bytes = 7;
	return b;
}

static void
set16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
the_fixed_header_is_read(void **state)
{
	struct build b = seed();

	(void)state;
	b.ttl = 3;
	struct packet p = rig_packet(&b, RIG_OTHER);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ip_proto, 89);
	assert_int_equal(p.ttl, 3);
	assert_int_equal(p.ip_bytes, 27);
	assert_int_equal(p.payload_bytes, 7);
	assert_true(addr_equal(&p.src, &b.src));
	assert_true(addr_equal(&p.dst, &b.dst));
	assert_false(p.has_ports);
}

static void
options_of_every_size_are_stepped_over_and_cut(void **state)
{
	(void)state;
	for (size_t n = 0; n <= sizeof(options); n += 4)
		for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
			struct build b = seed();
			b.ip_options = options;
			b.ip_option_bytes = n;
			rig_cut_everywhere(&b, t);
		}
}

static void
any_changed_byte_is_survived(void **state)
{
	(void)state;
	for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
		struct build b = seed();
		b.ip_options = options;
		b.ip_option_bytes = 12;
		rig_change_every_byte(&b, t);
	}
}

static void
a_wrong_header_checksum_is_noted_and_nothing_else(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 8; n += 8) {
		struct build b = seed();
		b.ip_options = options;
		b.ip_option_bytes = n;
		uint8_t buf[256];
		size_t len = build_udp(buf, &b);
		/* every bit of the header that changes nothing but the sum */
		for (size_t at = IP_AT + 12; at < IP_AT + 20 + n; at++)
			for (unsigned bit = 0; bit < 8; bit++) {
				buf[at] ^= (uint8_t)(1U << bit);
				struct packet p = decode_bytes(1, buf, len, len);
				assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_CHECKSUM));
				assert_int_equal(p.src_port, 4000);
				assert_int_equal(p.payload_bytes, 7);
				buf[at] ^= (uint8_t)(1U << bit);
			}
	}
}

static void
a_checksum_left_to_the_card_is_no_anomaly(void **state)
{
	struct build b = seed();
	uint8_t buf[256];
	size_t len = build_udp(buf, &b);

	(void)state;
	set16(buf + IP_AT + 10, 0);
	struct packet p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.anomalies, 0);
}

static void
a_header_below_five_words_is_no_packet(void **state)
{
	struct build b = seed();
	uint8_t buf[256];
	size_t len = build_udp(buf, &b);

	(void)state;
	for (unsigned words = 0; words < 5; words++) {
		buf[IP_AT] = (uint8_t)(0x40 | words);
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.kind, PACKET_OTHER);
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_IP_HEADER));
	}
}

static void
a_header_past_its_packet_is_no_packet(void **state)
{
	struct build b = seed();
	uint8_t buf[256];

	(void)state;
	b.ip_options = options;
	b.ip_option_bytes = 8;
	b.ip_proto = 89;
	b.payload_bytes = 30;
	size_t len = build_ip(buf, &b);
	for (unsigned total = 1; total <= 30; total++) {
		set16(buf + IP_AT + 2, total);
		set16(buf + IP_AT + 10, 0);
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.kind, total < 28 ? PACKET_OTHER : PACKET_IP);
		assert_int_equal(p.anomalies, total < 28 ? ANOMALY_BIT(ANOMALY_IP_HEADER) : 0);
		assert_int_equal(p.payload_bytes, total < 28 ? 0 : total - 28);
	}
}

static void
length_beyond_the_frame_is_noted_and_cut(void **state)
{
	struct build b = seed();
	uint8_t buf[256];
	size_t len = build_udp(buf, &b);

	(void)state;
	set16(buf + IP_AT + 10, 0);
	for (unsigned extra = 0; extra < 3; extra++) {
		set16(buf + IP_AT + 2, 35 + extra);
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.anomalies, extra > 0 ? ANOMALY_BIT(ANOMALY_IP_LENGTH) : 0);
		assert_int_equal(p.ip_bytes, 35);
		assert_int_equal(p.payload_bytes, 7);
		assert_int_equal(p.src_port, 4000);
		p = decode_bytes(
			1, buf, len, len + extra); /* it was that long, the capture is not */
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.ip_bytes, 35 + extra);
	}
	/* and longer than what even the options leave room for */
	buf[IP_AT] = 0x4f;
	set16(buf + IP_AT + 2, 5000);
	struct packet p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(
		p.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH) | ANOMALY_BIT(ANOMALY_IP_SHORT));
	assert_int_equal(p.payload_bytes, 0);
}

static void
length_zero_means_the_frames(void **state)
{
	(void)state;
	for (enum rig_transport t = RIG_TCP; t < RIG_TRANSPORT_COUNT; t++) {
		struct build b = seed();
		b.ip_length_zero = true;
		b.payload_bytes = 60000;
		b.vlan_count = 1;
		struct packet p = rig_packet(&b, t);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.payload_bytes, 60000);
		assert_int_equal(cursor_left(&p.payload), 60000);
		struct packet cut;
		uint8_t buf[BUILD_MAX];
		size_t len = rig_build(buf, &b, t);
		cut = decode_bytes(1, buf, 100, len);
		assert_int_equal(cut.payload_bytes, 60000);
		assert_int_equal(cut.ip_bytes, p.ip_bytes);
	}
}

static void
the_first_fragment_has_ports(void **state)
{
	(void)state;
	for (enum rig_transport t = RIG_TCP; t <= RIG_SCTP; t++) {
		struct build b = seed();
		b.more_fragments = true;
		struct packet p = rig_packet(&b, t);
		assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_FRAGMENT));
		assert_true(p.has_ports);
		assert_int_equal(p.src_port, t == RIG_ICMP ? 0 : 4000);
		assert_int_equal(p.payload_bytes, 7);
		assert_int_equal(packet_checksum(&p), CHECKSUM_UNKNOWN);
	}
}

static void
later_fragments_have_none(void **state)
{
	(void)state;
	for (unsigned offset = 1; offset <= 0x1fff; offset = offset * 2 + 1)
		for (int more = 0; more < 2; more++)
			for (enum rig_transport t = RIG_TCP; t <= RIG_SCTP; t++) {
				struct build b = seed();
				b.more_fragments = more;
				b.fragment_offset = (uint16_t)offset;
				b.payload_bytes = 64;
				struct packet p = rig_packet(&b, t);
				assert_int_equal(
					p.anomalies, ANOMALY_BIT(ANOMALY_FRAGMENT) |
							     ANOMALY_BIT(ANOMALY_FRAGMENT_LATER));
				assert_false(p.has_ports);
				assert_int_equal(p.payload_bytes, 64);
				assert_int_equal(cursor_left(&p.payload), 64);
				assert_int_equal(cursor_left(&p.transport), 0);
			}
}

static void
a_fragment_says_which_part_it_is(void **state)
{
	static const uint8_t nops[] = { 1, 1, 1, 0 };
	struct build b = seed();
	uint8_t buf[256];

	(void)state;
	b.ip_id = 0xabcd;
	b.ip_options = nops;
	b.ip_option_bytes = sizeof(nops);
	b.fragment_offset = 0x1ffe;
	b.payload_bytes = 16;
	for (int more = 0; more < 2; more++) {
		b.more_fragments = more;
		size_t len = build_udp(buf, &b);
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.fragment.id, 0xabcd);
		assert_int_equal(p.fragment.offset, 65520);
		assert_int_equal(p.fragment.more, more);
		assert_int_equal(p.fragment.ip_proto, 17);
		assert_int_equal(p.fragment.data_bytes, 16);
		assert_int_equal(cursor_left(&p.fragment.header), 24);
		assert_memory_equal(p.fragment.header.at, buf + IP_AT, 24);
		assert_int_equal(cursor_left(&p.fragment.data), 16);
		assert_memory_equal(p.fragment.data.at, buf + IP_AT + 24, 16);
		/* cut in its data, and in its options */
		p = decode_bytes(1, buf, len - 1, len);
		assert_int_equal(p.fragment.data_bytes, 16);
		assert_int_equal(cursor_left(&p.fragment.data), 15);
		p = decode_bytes(1, buf, IP_AT + 23, len);
		assert_int_equal(p.fragment.id, 0xabcd);
		assert_int_equal(p.fragment.data_bytes, 16);
		assert_int_equal(cursor_left(&p.fragment.data), 0);
	}
	/* the data of the first one begins with the transport header */
	b.fragment_offset = 0;
	struct packet p = rig_packet(&b, RIG_UDP);
	assert_int_equal(p.fragment.offset, 0);
	assert_int_equal(p.fragment.data_bytes, 24);
}

static void
dont_fragment_and_the_evil_bit_are_no_fragments(void **state)
{
	struct build b = seed();
	uint8_t buf[256];
	size_t len = build_udp(buf, &b);

	(void)state;
	set16(buf + IP_AT + 10, 0);
	set16(buf + IP_AT + 6, 0xc000);
	struct packet p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.anomalies, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fixed_header_is_read),
		cmocka_unit_test(options_of_every_size_are_stepped_over_and_cut),
		cmocka_unit_test(any_changed_byte_is_survived),
		cmocka_unit_test(a_wrong_header_checksum_is_noted_and_nothing_else),
		cmocka_unit_test(a_checksum_left_to_the_card_is_no_anomaly),
		cmocka_unit_test(a_header_below_five_words_is_no_packet),
		cmocka_unit_test(a_header_past_its_packet_is_no_packet),
		cmocka_unit_test(length_beyond_the_frame_is_noted_and_cut),
		cmocka_unit_test(length_zero_means_the_frames),
		cmocka_unit_test(the_first_fragment_has_ports),
		cmocka_unit_test(later_fragments_have_none),
		cmocka_unit_test(a_fragment_says_which_part_it_is),
		cmocka_unit_test(dont_fragment_and_the_evil_bit_are_no_fragments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
