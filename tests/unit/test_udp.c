/* test_udp.c -- ports, the length that UDP repeats, and every cut. */
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

enum { UDP_AT = 34 };

static struct build
seed(bool six)
{
	struct build b = six ? build_between("2001:db8::1", 5353, "ff02::fb", 5354)
			     : build_between("10.0.0.1", 5353, "224.0.0.251", 5354);

	b.payload = "0123456789";
	b.payload_bytes = 10;
	return b;
}

static void
ports_and_payload_are_read(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct build b = seed(six);
		struct packet p = rig_packet(&b, RIG_UDP);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.ip_proto, 17);
		assert_int_equal(p.src_port, 5353);
		assert_int_equal(p.dst_port, 5354);
		assert_int_equal(p.payload_bytes, 10);
		assert_memory_equal(p.payload.at, "0123456789", 10);
		rig_cut_everywhere(&b, RIG_UDP);
		b.payload_bytes = 0;
		rig_cut_everywhere(&b, RIG_UDP);
		rig_change_every_byte(&b, RIG_UDP);
	}
}

static void
every_length_is_weighed_against_ips(void **state)
{
	struct build b = seed(false);
	uint8_t buf[256];

	(void)state;
	b.pad_to = 100;
	size_t len = build_udp(buf, &b);
	for (unsigned length = 0; length < 256; length++) {
		buf[UDP_AT + 5] = (uint8_t)length;
		struct packet p = decode_bytes(1, buf, len, len);
		bool good = length == 0 || (length >= 8 && length <= 18);
		unsigned payload = length > 0 && length < 8     ? 0
				   : length >= 8 && length < 18 ? length - 8
								: 10;
		assert_int_equal(p.anomalies, good ? 0 : ANOMALY_BIT(ANOMALY_UDP_LENGTH));
		assert_int_equal(p.dst_port, 5354);
		assert_int_equal(p.payload_bytes, payload);
		assert_int_equal(cursor_left(&p.payload), payload);
		assert_int_equal(cursor_left(&p.transport), payload + 8);
		if (!good)
			assert_int_equal(packet_checksum(&p), CHECKSUM_UNKNOWN);
		/* cut in the middle of the payload */
		p = decode_bytes(1, buf, UDP_AT + 8 + 5, len);
		assert_int_equal(p.payload_bytes, payload);
		assert_int_equal(cursor_left(&p.payload), payload < 5 ? payload : 5);
	}
}

static void
the_first_fragment_carries_the_whole_datagrams_length(void **state)
{
	struct build b = seed(false);
	uint8_t buf[256];

	(void)state;
	b.more_fragments = true;
	size_t len = build_udp(buf, &b);
	buf[UDP_AT + 4] = 0x20;
	struct packet p = decode_bytes(1, buf, len, len);
	assert_int_equal(p.anomalies, ANOMALY_BIT(ANOMALY_FRAGMENT));
	assert_int_equal(p.payload_bytes, 10);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_and_payload_are_read),
		cmocka_unit_test(every_length_is_weighed_against_ips),
		cmocka_unit_test(the_first_fragment_carries_the_whole_datagrams_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
