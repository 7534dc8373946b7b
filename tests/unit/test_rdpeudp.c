/* test_rdpeudp.c -- the first datagram of RDP over UDP. */
#include "tests/support/proto_cuts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_rdpeudp;

enum { MTU_MIN = 1132, MTU_MAX = 1232, HEAD = 16 };

static struct proto_rig rig;
static uint8_t datagram[MTU_MAX + 1];

static enum proto_guess
guess(const char head[HEAD], size_t size)
{
	memset(datagram, 0, sizeof(datagram));
	memcpy(datagram, head, HEAD);
	proto_rig_init(&rig, &protocol_rdpeudp);
	enum proto_guess g = proto_rig_guess(&rig, true, datagram, size);
	proto_rig_done(&rig);
	return g;
}

#define SYN(window, flags, mtus) "\xff\xff\xff\xff" window flags "1234" mtus

static void
syns_are_recognised(void **state)
{
	(void)state;
	assert_int_equal(guess(SYN("\0\x40", "\x18\1", "\4\xd0\4\xd0"), MTU_MAX), PROTO_YES);
	assert_int_equal(guess(SYN("\0\1", "\0\1", "\4\x6c\4\x6c"), MTU_MIN), PROTO_YES);
	assert_int_equal(guess(SYN("\0\1", "\2\1", "\4\x6c\4\xd0"), MTU_MIN), PROTO_YES);
}

static void
others_are_not(void **state)
{
	static const char *const others[] = {
		SYN("\0\0", "\0\1", "\4\xd0\4\xd0"), /* takes nothing */
		SYN("\0\1", "\0\0", "\4\xd0\4\xd0"), /* no SYN */
		SYN("\0\1", "\0\5", "\4\xd0\4\xd0"), /* acknowledges */
		SYN("\0\1", "\0\1", "\4\x6b\4\xd0"),
		SYN("\0\1", "\0\1", "\4\xd0\4\xd1"),
		("\xff\xff\xff\xfe\0\1\0\1"
		 "1234\4\xd0\4\xd0"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(guess(others[i], MTU_MAX), PROTO_NO);
	const char *syn = SYN("\0\1", "\0\1", "\4\xd0\4\xd0");
	assert_int_equal(guess(syn, MTU_MAX + 1), PROTO_NO);
	for (size_t size = 0; size < MTU_MIN; size++)
		assert_int_equal(guess(syn, size), PROTO_NO);
	proto_cuts_strangers(&protocol_rdpeudp);
}

static void
it_is_not_read(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_rdpeudp);
	proto_rig_feed(&rig, true, datagram, sizeof(datagram));
	assert_int_equal(rig.verdict, PROTO_DONE);
	assert_int_equal(rig.told, 0);
	proto_rig_done(&rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syns_are_recognised),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(it_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
