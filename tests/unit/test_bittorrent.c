#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_bittorrent;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define SHAKE(peer_id) \
	"\x13"         \
	"BitTorrent protocol\0\0\0\0\0\x10\0\5abcdefghijklmnopqrst" peer_id

static void
both_hands_are_told(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(SHAKE("-TR3000-012345678901") "\0\0\0\5") },
		{ false, BYTES(SHAKE("M7-9-2--012345678901")) },
	};

	(void)state;
	proto_cuts(&protocol_bittorrent, pieces, COUNT(pieces),
		"- action=handshake info_hash=6162636465666768696a6b6c6d6e6f7071727374 "
		"peer_id=2d5452333030302d303132333435363738393031 client=TR3000\n"
		"- action=handshake info_hash=6162636465666768696a6b6c6d6e6f7071727374 "
		"peer_id=4d372d392d322d2d303132333435363738393031\n");
}

static void
who_answers_otherwise_ends_it(void **state)
{
	static struct proto_rig r;
	static const struct proto_piece pieces[] = {
		{ true, BYTES(SHAKE("-TR3000-012345678901")) },
		{ false, BYTES("\x13"
			       "Bit, or not") },
	};

	(void)state;
	(void)proto_rig_play(&r, &protocol_bittorrent, pieces, 2, SIZE_MAX);
	assert_int_equal(r.verdict, PROTO_DONE);
	assert_int_equal(r.told, 1);
}

static void
a_gap_matters_before_the_handshake_only(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_bittorrent);
	proto_rig_feed(&r, true, BYTES(SHAKE("-TR3000-012345678901")));
	proto_rig_gap(&r, true, 100);
	assert_false(r.is_over);
	proto_rig_gap(&r, false, 1);
	assert_true(r.is_over);
	proto_rig_done(&r);
}

static void
the_first_bytes_are_recognised(void **state)
{
	static const struct proto_piece piece = { true, BYTES(SHAKE("-TR3000-012345678901")) };

	(void)state;
	proto_cuts_recognised(&protocol_bittorrent, &piece, 20);
	proto_cuts_strangers(&protocol_bittorrent);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_hands_are_told),
		cmocka_unit_test(who_answers_otherwise_ends_it),
		cmocka_unit_test(a_gap_matters_before_the_handshake_only),
		cmocka_unit_test(the_first_bytes_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
