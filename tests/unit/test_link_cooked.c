/* test_link_cooked.c -- what stands in for a link's header: cooked captures, BSD loopback. */
#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"
#include "tests/support/decode_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void
a_cooked_sender_without_a_mac_has_none(void **state)
{
	(void)state;
	for (enum build_link l = BUILD_SLL; l <= BUILD_SLL2; l++) {
		struct build b = rig_seed(l, false);
		uint8_t buf[256];
		size_t len = build_tcp(buf, &b);
		buf[l == BUILD_SLL ? 5 : 11] = 0; /* the address's length: a tunnel's */
		struct packet p = rig_bytes(build_link_type(&b), buf, len);
		assert_false(p.has_mac);
		assert_int_equal(p.src_mac.byte[0], 0);
		assert_int_equal(p.src_port, 40001);
	}
}

static void
loopback_families_are_read_in_either_order(void **state)
{
	static const uint8_t families[6] = { 2, 10, 23, 24, 28, 30 };
	struct build b = rig_seed(BUILD_NULL, true);
	uint8_t buf[256];
	size_t len = build_tcp(buf, &b);

	(void)state;
	for (unsigned family = 0; family < 256; family++) {
		bool known = memchr(families, (int)family, sizeof(families)) != NULL;
		for (int link = 0; link <= 108; link += 108)
			for (unsigned at = 0; at < 4; at += 3) {
				memset(buf, 0, 4);
				buf[at] = (uint8_t)family;
				struct packet p = rig_bytes((uint16_t)link, buf, len);
				assert_int_equal(p.kind, known ? PACKET_IP : PACKET_OTHER);
				assert_int_equal(p.anomalies, 0);
			}
	}
}

static void
cooked_llc_is_followed_to_snap(void **state)
{
	struct build b = rig_seed(BUILD_RAW, false);
	uint8_t buf[256] = { [3] = 1, [5] = 6, [15] = 4 };
	static const uint8_t snap[8] = { 0xaa, 0xaa, 3, 0, 0, 0, 8, 0 };

	(void)state;
	memcpy(buf + 16, snap, 8);
	size_t len = build_tcp(buf + 24, &b) + 24;
	struct packet p = rig_bytes(113, buf, len);
	assert_int_equal(p.kind, PACKET_IP);
	assert_int_equal(p.src_port, 40001);
	buf[15] = 1; /* NetWare raw, in Linux's numbering */
	p = rig_bytes(113, buf, len);
	assert_int_equal(p.kind, PACKET_OTHER);
	assert_int_equal(p.anomalies, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cooked_sender_without_a_mac_has_none),
		cmocka_unit_test(loopback_families_are_read_in_either_order),
		cmocka_unit_test(cooked_llc_is_followed_to_snap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
