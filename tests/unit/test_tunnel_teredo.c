/* test_tunnel_teredo.c -- Teredo is told by its first bytes, on any port. */
#include "tests/support/tunnel_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* IPv6 from `src` in UDP from port to port, `wrong` bytes longer than it says. */
static bool
open_teredo(const char *src, const char *dst, uint16_t src_port, uint16_t dst_port, size_t wrong,
	uint8_t next)
{
	struct tunnel_form f = { .inner = INNER_IP6, .ip_proto = IPPROTO_UDP, .head = "" };
	struct build out = build_between("192.0.2.1", src_port, "192.0.2.2", dst_port);
	struct build in = build_between(src, 5000, dst, 53);
	uint8_t packet[256] = { 0 };
	uint8_t buf[512];
	struct packet inner;

	in.link = BUILD_RAW;
	in.ip_proto = next;
	in.payload_bytes = next == 59 ? 0 : 20;
	size_t bytes = build_ip(packet, &in);
	return rig_open_bytes(
		&out, buf, tunnel_build(buf, &out, &f, packet, bytes + wrong), &inner);
}

static void
teredo_is_recognised_by_what_it_is(void **state)
{
	(void)state;
	assert_true(open_teredo("2001:0:1:2::3", "2001:db8::1", 4000, 4001, 0, 17));
	assert_false(open_teredo("2001:1:1:2::3", "2001:db8::1", 4000, 4001, 0, 17));
	assert_true(open_teredo("2001:1:1:2::3", "2001:db8::1", 4000, 3544, 0, 17));
	assert_true(open_teredo("2001:1:1:2::3", "2001:db8::1", 3544, 4001, 0, 17));
	assert_true(open_teredo("2001:db8::1", "2001:0:1:2::3", 4000, 4001, 0, 17));
	assert_false(open_teredo("2001:0:1:2::3", "2001:db8::1", 4000, 4001, 1, 17));
	assert_false(open_teredo("2001:db8::1", "2001:db8::2", 4000, 3544, 1, 17));
	assert_false(open_teredo("2001:0:1:2::3", "2001:db8::1", 4000, 3544, 0, 59)); /* a bubble */
}

static void
what_is_not_ipv6_is_not_asked_further(void **state)
{
	struct build b = build_between("192.0.2.1", 4000, "192.0.2.2", 3544);

	(void)state;
	b.payload_bytes = 100;
	for (unsigned first = 0; first < 256; first++) {
		uint8_t payload[100] = { (uint8_t)first };
		b.payload = payload;
		struct packet p = rig_packet(&b, RIG_UDP);
		assert_int_equal(tunnel_of(&p), TUNNEL_NONE); /* its length is not IPv6's */
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(teredo_is_recognised_by_what_it_is),
		cmocka_unit_test(what_is_not_ipv6_is_not_asked_further),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
