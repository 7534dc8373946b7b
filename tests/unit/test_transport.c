/* test_transport.c -- SCTP, and protocols whose payload is all that IP carries. */
#include "daemon/decode/decode.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
sctp_has_ports_and_chunks(void **state)
{
	struct build b = build_between("10.0.0.1", 2905, "10.0.0.2", 36412);

	(void)state;
	b.payload_bytes = 16;
	struct packet p = rig_packet(&b, RIG_SCTP);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.ip_proto, 132);
	assert_int_equal(p.src_port, 2905);
	assert_int_equal(p.dst_port, 36412);
	assert_int_equal(p.payload_bytes, 16);
	assert_int_equal(cursor_left(&p.transport), 28);
	assert_int_equal(packet_checksum(&p), CHECKSUM_UNKNOWN);
	rig_cut_everywhere(&b, RIG_SCTP);
	rig_change_every_byte(&b, RIG_SCTP);
}

static void
every_other_protocol_is_all_payload(void **state)
{
	(void)state;
	for (unsigned proto = 0; proto < 256; proto++) {
		if (proto == 1 || proto == 6 || proto == 17 || proto == 58 || proto == 132)
			continue;
		struct build b = build_between("10.0.0.1", 0, "10.0.0.2", 0);
		b.ip_proto = (uint8_t)proto;
		b.payload_bytes = 33;
		b.pad_to = 60;
		struct packet p = rig_packet(&b, RIG_OTHER);
		assert_int_equal(p.anomalies, 0);
		assert_int_equal(p.ip_proto, proto);
		assert_false(p.has_ports);
		assert_int_equal(p.payload_bytes, 33);
		assert_int_equal(cursor_left(&p.payload), 33);
		assert_int_equal(cursor_left(&p.transport), 33);
		assert_int_equal(packet_checksum(&p), CHECKSUM_UNKNOWN);
	}
}

static void
the_empty_packet_is_whole(void **state)
{
	struct build b = build_between("10.0.0.1", 0, "10.0.0.2", 0);

	(void)state;
	b.ip_proto = 2;
	b.pad_to = 60;
	struct packet p = rig_packet(&b, RIG_OTHER);
	assert_int_equal(p.anomalies, 0);
	assert_int_equal(p.payload_bytes, 0);
	assert_int_equal(p.ip_bytes, 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sctp_has_ports_and_chunks),
		cmocka_unit_test(every_other_protocol_is_all_payload),
		cmocka_unit_test(the_empty_packet_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
