/* test_tunnel_wifi.c -- what access points send, and what is no frame of theirs. */
#include "tests/support/tunnel_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void
tzsp_needs_a_frame_that_it_carries(void **state)
{
	struct packet inner;

	(void)state;
	assert_false(RIG_OPEN(IPPROTO_UDP, 37008, "\2\0\0\1\1"));   /* version */
	assert_false(RIG_OPEN(IPPROTO_UDP, 37008, "\1\4\0\1\1"));   /* keep-alive */
	assert_false(RIG_OPEN(IPPROTO_UDP, 37008, "\1\0\0\x77\1")); /* Prism's header */
	assert_true(RIG_OPEN(IPPROTO_UDP, 37008, "\1\0\0\1\1"));
}

static void
capwap_needs_whole_frames_in_the_clear(void **state)
{
	struct packet inner;

	(void)state;
	assert_true(RIG_OPEN(IPPROTO_UDP, 5247, "\0\x10\x02\0\0\0\0\0"));
	assert_false(RIG_OPEN(IPPROTO_UDP, 5247, "\1\x10\x02\0\0\0\0\0"));   /* DTLS */
	assert_false(RIG_OPEN(IPPROTO_UDP, 5247, "\0\x10\x02\x80\0\0\0\0")); /* a fragment */
	assert_false(RIG_OPEN(IPPROTO_UDP, 5247, "\0\x10\x02\x08\0\0\0\0")); /* keep-alive */
	assert_false(RIG_OPEN(IPPROTO_UDP, 5247, "\0\x10\x04\0\0\0\0\0"));   /* another radio */
	assert_false(RIG_OPEN(IPPROTO_UDP, 5247, "\0\x08\x02\0\0\0\0\0"));   /* too short */
	assert_false(RIG_OPEN(IPPROTO_UDP, 5247, "\0\xf8\x02\0\0\0\0\0"));   /* past the end */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tzsp_needs_a_frame_that_it_carries),
		cmocka_unit_test(capwap_needs_whole_frames_in_the_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
