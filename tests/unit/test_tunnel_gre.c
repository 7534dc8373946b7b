/* test_tunnel_gre.c -- GRE that cannot be, and GRE with nothing in it. */
#include "tests/support/tunnel_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void
gre_that_cannot_be_is_noted(void **state)
{
	static const char *const heads[] = {
		"\x40\0\x08\0\0\0\0\0",                     /* routing */
		"\x08\0\x08\0\0\0\0\0",                     /* strict source route */
		"\x01\0\x08\0\0\0\0\0",                     /* recursion */
		"\0\x80\x08\0\0\0\0\0",                     /* version 1's flag */
		"\0\x02\x08\0\0\0\0\0",                     /* version 2 */
		"\x10\x01\x88\x0b\0\4\0\1",                 /* PPTP without its key */
		"\x30\x01\x08\0\0\4\0\1",                   /* and with another protocol */
		"\xb0\x01\x88\x0b\0\4\0\1",                 /* with a checksum */
		"\x10\0\x88\xbe\0\0\0\1\x20\0\0\0\0\0\0\0", /* ERSPAN II with version III */
	};
	struct packet inner;

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		assert_true(rig_open_head(47, 0, heads[i], 16 - (i < 8 ? 8 : 0), &inner));
		assert_int_equal(inner.kind, PACKET_OTHER);
		assert_int_equal(inner.anomalies, ANOMALY_BIT(ANOMALY_TUNNEL_HEADER));
		assert_int_equal(inner.tunnel_depth, 1);
	}
	assert_true(RIG_OPEN(47, 0,
		"\x10\0\x22\xeb\0\0\0\1\x10\0\0\0\0\0\0\0\0\0\0\0")); /* ERSPAN III with version II */
	assert_int_equal(inner.anomalies, ANOMALY_BIT(ANOMALY_TUNNEL_HEADER));
	assert_true(RIG_OPEN(47, 0,
		"\x10\0\x22\xeb\0\0\0\1\x20\0\0\0\0\0\0\0\0\0\x04\0")); /* a frame of no known type */
	assert_int_equal(inner.anomalies, ANOMALY_BIT(ANOMALY_TUNNEL_HEADER));
	assert_true(RIG_OPEN(97, 0, "\x40\0")); /* EtherIP of another version */
	assert_int_equal(inner.anomalies, ANOMALY_BIT(ANOMALY_TUNNEL_HEADER));
}

static void
gre_without_a_packet_has_nothing_in_it(void **state)
{
	struct packet inner;

	(void)state;
	assert_false(RIG_OPEN(47, 0, "\0\0\0\0"));                         /* keep-alive */
	assert_false(RIG_OPEN(47, 0, "\x20\x81\x88\x0b\0\0\0\1\0\0\0\2")); /* acknowledgement */
	assert_false(RIG_OPEN(47, 0, "\x30\x01\x88\x0b\0\0\0\1\0\0\0\2")); /* no bytes */
	assert_true(RIG_OPEN(47, 0, "\0\0\x20\x01"));                      /* NHRP: not for us */
	assert_int_equal(inner.kind, PACKET_OTHER);
	assert_int_equal(inner.anomalies, 0);
	assert_true(RIG_OPEN(47, 0, "\0\0\0\x14")); /* a number that is no Ethernet type */
	assert_int_equal(inner.kind, PACKET_OTHER);
}

static void
pptp_says_how_long_its_packet_is(void **state)
{
	struct packet inner;

	(void)state;
	assert_true(RIG_OPEN(47, 0, "\x30\x01\x88\x0b\0\x34\0\1\0\0\0\2\x21"));
	assert_int_equal(inner.anomalies, 0);
	assert_true(RIG_OPEN(47, 0, "\x30\x01\x88\x0b\0\x33\0\1\0\0\0\2\x21"));
	assert_int_equal(inner.anomalies, ANOMALY_BIT(ANOMALY_IP_LENGTH));
	/* Without a number it is an acknowledgement, whatever it says. */
	assert_false(RIG_OPEN(47, 0, "\x20\x81\x88\x0b\0\x34\0\1\0\0\0\2\x21"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gre_that_cannot_be_is_noted),
		cmocka_unit_test(gre_without_a_packet_has_nothing_in_it),
		cmocka_unit_test(pptp_says_how_long_its_packet_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
