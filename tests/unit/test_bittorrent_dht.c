#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_bittorrent_dht;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ID       "abcdefghij0123456789"
#define GET_PEERS \
	"d1:ad2:id20:" ID "9:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe"

static void
queries_are_told_and_answers_are_not(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES("d1:ad2:id20:" ID "e1:q4:ping1:t2:aa1:y1:qe") },
		{ false, BYTES("d1:rd2:id20:" ID "e1:t2:aa1:y1:re") },
		{ true, BYTES(GET_PEERS) },
		{ true, BYTES("d1:ade1:q5:magic1:t2:aa1:y1:qe") },
		{ true, BYTES("d1:t2:aa1:y1:qe") },
		{ true, BYTES("something else") },
		{ false, BYTES("d1:eli201e5:Errore1:t2:aa1:y1:ee") },
	};
	static struct proto_rig r;

	(void)state;
	assert_string_equal(
		proto_rig_play(&r, &protocol_bittorrent_dht, pieces, COUNT(pieces), SIZE_MAX),
		"- action=ping peer_id=6162636465666768696a30313233343536373839\n"
		"- action=get_peers info_hash=6d6e6f707172737475767778797a313233343536 "
		"peer_id=6162636465666768696a30313233343536373839\n"
		"- action=other\n");
	for (size_t total = 0; total < sizeof(GET_PEERS) - 2; total++) {
		(void)proto_rig_truncate(&r, &protocol_bittorrent_dht, pieces + 2, 1, total);
		assert_int_equal(r.told, 0);
	}
}

static void
whole_messages_are_recognised(void **state)
{
	static const struct {
		const char *text;
		enum proto_guess guess;
	} cases[] = {
		{ GET_PEERS, PROTO_YES },
		{ "d1:rd2:id20:" ID "e1:t2:aa1:y1:re", PROTO_YES },
		{ "d1:eli201e5:Errore1:t2:aa1:y1:ee", PROTO_YES },
		{ GET_PEERS "x", PROTO_NO },
		{ "d1:t2:aa1:y1:xe", PROTO_NO },
		{ "d1:t2:aa1:y2:qqe", PROTO_NO },
		{ "d1:y1:qe", PROTO_NO },
		{ "de", PROTO_NO },
		{ "3:abc", PROTO_NO },
	};
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_bittorrent_dht);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(proto_rig_guess(&r, true, cases[i].text, strlen(cases[i].text)),
			cases[i].guess);
	for (size_t size = 0; size < sizeof(GET_PEERS) - 1; size++)
		assert_int_equal(proto_rig_guess(&r, true, GET_PEERS, size), PROTO_NO);
	proto_rig_done(&r);
	proto_cuts_strangers(&protocol_bittorrent_dht);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queries_are_told_and_answers_are_not),
		cmocka_unit_test(whole_messages_are_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
