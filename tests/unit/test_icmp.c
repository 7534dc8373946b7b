/* test_icmp.c -- type, code and the payload as Zeek counts it; every cut. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct build
seed(bool six)
{
	struct build b = six ? build_between("fe80::1", 0, "fe80::2", 0)
			     : build_between("10.0.0.1", 0, "10.0.0.2", 0);

	b.payload_bytes = 56;
	return b;
}

static void
a_ping_of_84_bytes_has_56_of_payload(void **state)
{
	struct build b = seed(false);

	(void)state;
	b.icmp_type = 8;
	struct packet p = rig_packet(&b, RIG_ICMP);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ip_bytes, 84);
	assert_int_equal(p.payload_bytes, 56);
	assert_int_equal(p.ip_proto, 1);
	b = seed(true);
	p = rig_packet(&b, RIG_ICMP);
	assert_int_equal(p.ip_bytes, 104);
	assert_int_equal(p.payload_bytes, 56);
	assert_int_equal(p.ip_proto, 58);
}

static void
type_and_code_are_as_sent_and_ports_are_zero(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++)
		for (unsigned i = 0; i < 256; i++) {
			struct build b = seed(six);
			b.icmp_type = (uint8_t)i;
			b.icmp_code = (uint8_t)(255 - i);
			b.icmp_id = 0x7777;
			struct packet p = rig_packet(&b, RIG_ICMP);
			assert_true(p.has_ports);
			assert_int_equal(p.icmp_type, i);
			assert_int_equal(p.icmp_code, 255 - i);
			assert_int_equal(p.src_port, 0);
			assert_int_equal(p.dst_port, 0);
			assert_int_equal(packet_checksum(&p), CHECKSUM_RIGHT);
		}
}

static void
messages_are_cut_and_changed_everywhere(void **state)
{
	(void)state;
	for (int six = 0; six < 2; six++) {
		struct build b = seed(six);
		b.payload_bytes = 20;
		rig_cut_everywhere(&b, RIG_ICMP);
		rig_change_every_byte(&b, RIG_ICMP);
		b.payload_bytes = 0;
		rig_cut_everywhere(&b, RIG_ICMP);
	}
}

static void
a_message_below_eight_bytes_is_short(void **state)
{
	(void)state;
	for (size_t n = 0; n < 10; n++) {
		struct build b = seed(false);
		b.ip_proto = 1;
		b.payload = "\x08\x00\xf7\xff\0\0\0\0\0\0";
		b.payload_bytes = n;
		b.pad_to = 60;
		struct packet p = rig_packet(&b, RIG_OTHER);
		assert_int_equal(p.has_ports, n >= 8);
		assert_int_equal(p.anomalies, n >= 8 ? 0 : ANOMALY_BIT(ANOMALY_TRANSPORT_SHORT));
		assert_int_equal(p.payload_bytes, n >= 8 ? n - 8 : n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ping_of_84_bytes_has_56_of_payload),
		cmocka_unit_test(type_and_code_are_as_sent_and_ports_are_zero),
		cmocka_unit_test(messages_are_cut_and_changed_everywhere),
		cmocka_unit_test(a_message_below_eight_bytes_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
