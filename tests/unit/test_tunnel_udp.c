/* test_tunnel_udp.c -- what is no tunnel, though it has a tunnel's port. */
#include "tests/support/tunnel_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void
text_on_a_tunnels_port_is_no_tunnel(void **state)
{
	static const char text[] =
		"GET / HTTP/1.1\r\nHost: example.com\r\nAccept: everything\r\n\r\n";
	static const uint16_t ports[] = { 1701, 2152, 4790, 5072, 6081, 37008 };
	struct packet inner;

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		assert_false(RIG_OPEN(IPPROTO_UDP, ports[i], text));
	/* A G has not the bit that says VXLAN. */
	assert_false(RIG_OPEN(IPPROTO_UDP, 4789, text));
}

static void
vxlan_needs_its_bit_and_gpe_a_protocol_that_it_knows(void **state)
{
	struct packet inner;

	(void)state;
	assert_false(RIG_OPEN(IPPROTO_UDP, 4789, "\0\0\0\0\0\0\1\0"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 4790, "\x0c\0\0\4\0\0\1\0"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 4790, "\x0c\0\0\0\0\0\1\0"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 4790, "\x1c\0\0\1\0\0\1\0"));
	assert_true(RIG_OPEN(IPPROTO_UDP, 4790, "\x0c\0\0\2\0\0\1\0"));
	assert_int_equal(inner.kind, PACKET_IP);
}

static void
geneve_needs_its_version_and_data_of_a_kind_that_it_carries(void **state)
{
	struct packet inner;

	(void)state;
	assert_true(RIG_OPEN(IPPROTO_UDP, 6081, "\0\0\x08\0\0\0\1\0"));
	assert_int_equal(inner.kind, PACKET_IP);
	const struct tunnel_form *f = tunnel_form("geneve_ip");
	struct build out = rig_outside(false);
	uint8_t buf[256];
	assert_false(rig_open_bytes(&out, buf, tunnel_build(buf, &out, f, "", 0), &inner));
	assert_false(RIG_OPEN(IPPROTO_UDP, 6081, "\x40\0\x08\0\0\0\1\0"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 6081, "\0\x80\x08\0\0\0\1\0"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 6081, "\0\0\x08\x06\0\0\1\0"));
	assert_false(
		RIG_OPEN(IPPROTO_UDP, 6081, "\x3f\0\x08\0\0\0\1\0")); /* options past the end */
}

static void
of_gtp_only_user_data_of_version_1_is_a_tunnel(void **state)
{
	struct packet inner;

	(void)state;
	/* The datagram behind has 51 bytes. */
	assert_true(RIG_OPEN(IPPROTO_UDP, 2152, "\x30\xff\0\x33\0\0\0\1"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 2152, "\x50\xff\0\x33\0\0\0\1")); /* version 2 */
	assert_false(RIG_OPEN(IPPROTO_UDP, 2152, "\x20\xff\0\x33\0\0\0\1")); /* GTP' */
	assert_false(RIG_OPEN(IPPROTO_UDP, 2152, "\x30\x01\0\x33\0\0\0\1")); /* echo request */
	assert_false(RIG_OPEN(IPPROTO_UDP, 2152, "\x30\xff\0\x34\0\0\0\1")); /* too long */
	assert_false(RIG_OPEN(IPPROTO_UDP, 2152, "\x30\xff\0\x32\0\0\0\1")); /* cuts its packet */
	assert_false(RIG_OPEN(IPPROTO_UDP, 2152, "\x34\xff\0\x3b\0\0\0\1\0\0\0\xc0\0\0\0\0"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 2152, "\x30\xff\0\x33\0\0\0\1\x54")); /* no IP */
}

static void
of_l2tp_only_data_of_version_2_is_a_tunnel(void **state)
{
	struct packet inner;

	(void)state;
	assert_true(RIG_OPEN(IPPROTO_UDP, 1701, "\0\2\0\5\0\6\0\x21"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 1701, "\x80\2\0\5\0\6\0\x21"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 1701, "\0\3\0\5\0\6\0\x21"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 1701, "\x10\2\0\5\0\6\0\x21"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 1701, "\x40\2\xff\0\0\5\0\6\0\x21")); /* too long */
	assert_false(RIG_OPEN(IPPROTO_UDP, 1701, "\x40\2\0\x08\0\5\0\6\0\x21")); /* empty */
	assert_true(RIG_OPEN(IPPROTO_UDP, 1701, "\x40\2\0\x3d\0\5\0\6\0\x21"));
}

static void
ayiya_needs_a_packet_that_it_forwards(void **state)
{
	struct packet inner;

	(void)state;
	assert_false(RIG_OPEN(IPPROTO_UDP, 5072, "\0\0\x10\x04time1"));
	assert_true(RIG_OPEN(IPPROTO_UDP, 5072, "\0\0\x11\x04time1"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 5072, "\0\0\x11\x3btime1"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 5072, "\0\0\x11\x04time1x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_on_a_tunnels_port_is_no_tunnel),
		cmocka_unit_test(vxlan_needs_its_bit_and_gpe_a_protocol_that_it_knows),
		cmocka_unit_test(geneve_needs_its_version_and_data_of_a_kind_that_it_carries),
		cmocka_unit_test(of_gtp_only_user_data_of_version_1_is_a_tunnel),
		cmocka_unit_test(of_l2tp_only_data_of_version_2_is_a_tunnel),
		cmocka_unit_test(ayiya_needs_a_packet_that_it_forwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
