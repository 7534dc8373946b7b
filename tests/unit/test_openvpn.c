#include "daemon/proto/openvpn.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_openvpn, protocol_openvpn_tcp;

#define COUNT(a)     (sizeof(a) / sizeof((a)[0]))
#define BARE         "\x38SESSION!\0\0\0\0\0"
#define DIGEST16     "0123456789abcdef"
#define COUNTER      "\0\0\0\1\x65\1\2\3"
#define AUTH(digest) "\x38SESSION!" digest COUNTER "\0\0\0\0\0"
/* The server's: what it acknowledges, the client's session, the last byte of its message's number. */
#define ANSWER(acknowledged, session, last) "\x40server! " acknowledged session "\0\0\0" last
#define CRYPT(kind, counter)                kind "SESSION!" counter "\x65\1\2\3" DIGEST16 DIGEST16 "crypt"

static const struct proto_piece resets[] = {
	{ true, BYTES(BARE) },
	{ true, BYTES(AUTH(DIGEST16)) },
	{ true, BYTES(AUTH(DIGEST16 "four")) },
	{ true, BYTES(AUTH(DIGEST16 DIGEST16)) },
	{ true, BYTES(AUTH(DIGEST16 DIGEST16 DIGEST16 DIGEST16)) },
	{ true, BYTES(CRYPT("\x38", "\0\0\0\1")) },
	{ true, BYTES(CRYPT("\x38", "\x0f\0\0\1")) },
	{ true, BYTES(ANSWER("\1\0\0\0\0", "SESSION!", "\0")) },
	{ true, BYTES(CRYPT("\x50", "\x0f\0\0\1") "and a key of the client's") },
};

static const struct proto_piece others[] = {
	{ true, BYTES("\x38\0\0\0\0\0\0\0\0\0\0\0\0\0") }, /* no session */
	{ true, BYTES("\x38SESSION!\1\0\0\0\0") },         /* acknowledges something */
	{ true, BYTES("\x38SESSION!\0\0\0\0\1") },         /* not the first message */
	{ true, BYTES("\x38SESSION!\0\0\0\0\0\0") },       /* goes on */
	{ true, BYTES("\x39SESSION!\0\0\0\0\0") },         /* another key */
	{ true, BYTES("\x40SESSION!\0\0\0\0\0") },         /* the server's, which answers nothing */
	{ true, BYTES(ANSWER("\2\0\0\0\0", "SESSION!", "\0")) },
	{ true, BYTES(ANSWER("\1\0\0\0\1", "SESSION!", "\0")) },
	{ true, BYTES(ANSWER("\1\0\0\0\0", "\0\0\0\0\0\0\0\0", "\0")) },
	{ true, BYTES(ANSWER("\1\0\0\0\0", "SESSION!", "\1")) },
	{ true, BYTES(ANSWER("\1\0\0\0\0", "SESSION!", "\0\0")) },
	{ true, BYTES(ANSWER("\1\0\0\0\0", "SESSION!", "")) },
	{ true, BYTES(AUTH(DIGEST16 "5")) },        /* no such digest */
	{ true, BYTES(CRYPT("\x38", "\0\0\0\2")) }, /* counts on */
	{ true, BYTES(CRYPT("\x38", "\0\0\0\1") "more") },
	{ true, BYTES("\x38SESSION!" DIGEST16 "\0\0\0\1\0\0\0\0\0\0\0\0\0") }, /* no time */
};

static void
first_packets_are_recognised_and_others_are_not(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_openvpn);
	for (size_t i = 0; i < COUNT(resets); i++)
		assert_int_equal(
			proto_rig_guess(&r, true, resets[i].bytes, resets[i].size), PROTO_YES);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(
			proto_rig_guess(&r, true, others[i].bytes, others[i].size), PROTO_NO);
	for (size_t size = 0; size < sizeof(BARE) - 1; size++)
		assert_int_equal(proto_rig_guess(&r, true, BARE, size), PROTO_NO);
	proto_rig_feed(&r, true, BYTES(BARE));
	assert_int_equal(r.verdict, PROTO_DONE);
	proto_rig_done(&r);
	proto_cuts_strangers(&protocol_openvpn);
}

static void
over_tcp_with_their_length(void **state)
{
	static const struct proto_piece piece = { true, BYTES("\0\x0e" BARE "\0\x0e") };
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(&protocol_openvpn_tcp, &piece, 16);
	proto_rig_init(&r, &protocol_openvpn_tcp);
	assert_int_equal(proto_rig_guess(&r, true, BYTES("\0\x0f" BARE "\0")), PROTO_NO);
	assert_int_equal(proto_rig_guess(&r, true, BYTES("\x06\x41\x38")), PROTO_NO);
	assert_int_equal(proto_rig_guess(&r, true, BYTES("\x06\x40\x38")), PROTO_PERHAPS);
	assert_int_equal(proto_rig_guess(&r, true, BYTES("\x06\x40\x39")), PROTO_NO);
	proto_rig_feed(&r, true, BYTES("\0\x0e" BARE));
	assert_int_equal(r.verdict, PROTO_DONE);
	proto_rig_done(&r);
	proto_cuts_strangers(&protocol_openvpn_tcp);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_packets_are_recognised_and_others_are_not),
		cmocka_unit_test(over_tcp_with_their_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
