/* test_tcp.c -- header fields, offsets that cannot be, options, checksum; every cut. */
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

enum { TCP_AT = 34 };

static const uint8_t options[40] = { 2, 4, 5, 0xb4, 1, 3, 3, 7 };

static struct build
seed(bool six)
{
	struct build b = six ? build_between("2001:db8::1", 51515, "2001:db8::2", 25)
			     : build_between("10.0.0.1", 51515, "10.0.0.2", 25);

	b.flags = TCP_ACK | TCP_FIN;
	b.seq = 0xfedcba98;
	b.ack = 0x01234567;
	b.window = 0xabcd;
	b.payload = "EHLO example\r\n";
	b.payload_bytes = 14;
	return b;
}

static void
every_field_is_read(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct build b = seed(six);
		struct packet p = rig_packet(&b, RIG_TCP);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.ip_proto, 6);
		assert_int_equal(p.src_port, 51515);
		assert_int_equal(p.dst_port, 25);
		assert_int_equal(p.tcp_seq, 0xfedcba98);
		assert_int_equal(p.tcp_ack, 0x01234567);
		assert_int_equal(p.tcp_flags, TCP_ACK | TCP_FIN);
		assert_int_equal(p.tcp_window, 0xabcd);
		assert_int_equal(p.payload_bytes, 14);
		assert_memory_equal(p.payload.at, "EHLO example\r\n", 14);
		assert_int_equal(cursor_left(&p.transport), 34);
	}
}

static void
each_flag_is_kept_and_ecn_left_out(void **state)
{
	(void)state;
	for (unsigned flags = 0; flags < 256; flags++) {
		struct build b = seed(false);
		b.flags = (uint8_t)flags;
		struct packet p = rig_packet(&b, RIG_TCP);
		assert_int_equal(p.tcp_flags, flags & 0x3f);
	}
}

static void
options_of_every_size_are_stepped_over_and_cut(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++)
		for (size_t n = 0; n <= sizeof(options); n += 4) {
			struct build b = seed(six);
			b.tcp_options = options;
			b.tcp_option_bytes = n;
			rig_cut_everywhere(&b, RIG_TCP);
			b.payload_bytes = 0;
			rig_cut_everywhere(&b, RIG_TCP);
			struct packet p = rig_packet(&b, RIG_TCP);
			assert_int_equal(p.payload_bytes, 0);
			assert_int_equal(packet_checksum(&p), CHECKSUM_RIGHT);
		}
}

static void
an_offset_that_cannot_be_leaves_ports_and_no_payload(void **state)
{
	struct build b = seed(false);
	uint8_t buf[256];

	(void)state;
	b.pad_to = 120; /* padding is not the segment's */
	size_t len = build_tcp(buf, &b);
	for (unsigned words = 0; words < 16; words++) {
		bool possible = words >= 5 && words * 4 <= 34;
		buf[TCP_AT + 12] = (uint8_t)(words << 4);
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(p.anomalies, possible ? 0 : ANOMALY_BIT(ANOMALY_TCP_OFFSET));
		assert_int_equal(p.src_port, 51515);
		assert_int_equal(p.tcp_flags, TCP_ACK | TCP_FIN);
		assert_int_equal(p.payload_bytes, possible ? 34 - words * 4 : 0);
		assert_int_equal(cursor_left(&p.payload), p.payload_bytes);
		if (!possible)
			assert_int_equal(packet_checksum(&p), CHECKSUM_UNKNOWN);
	}
}

static void
ip_that_ends_inside_the_header_is_noted(void **state)
{
	struct build b = seed(false);
	uint8_t buf[256];
	size_t len = build_tcp(buf, &b);

	(void)state;
	buf[24] = 0; /* IP's checksum */
	buf[25] = 0;
	for (unsigned segment = 0; segment <= 20; segment++) {
		buf[17] = (uint8_t)(20 + segment);
		struct packet p = decode_bytes(1, buf, len, len);
		assert_int_equal(
			p.anomalies, segment < 20 ? ANOMALY_BIT(ANOMALY_TRANSPORT_SHORT) : 0);
		assert_int_equal(p.has_ports, segment == 20);
		assert_int_equal(p.payload_bytes, segment == 20 ? 0 : segment);
	}
}

static void
any_changed_byte_is_survived(void **state)
{
	struct build b = seed(false);

	(void)state;
	b.tcp_options = options;
	b.tcp_option_bytes = 12;
	rig_change_every_byte(&b, RIG_TCP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_read),
		cmocka_unit_test(each_flag_is_kept_and_ecn_left_out),
		cmocka_unit_test(options_of_every_size_are_stepped_over_and_cut),
		cmocka_unit_test(an_offset_that_cannot_be_leaves_ports_and_no_payload),
		cmocka_unit_test(ip_that_ends_inside_the_header_is_noted),
		cmocka_unit_test(any_changed_byte_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
