#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/transactions/mining.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_stratum;

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define SUBSCRIBE "{\"id\":1,\"method\":\"mining.subscribe\",\"params\":[\"cpuminer/2.5\"]}\n"
#define AUTHORIZE \
	"{\"params\": [\"wallet.worker\", \"secret\"], \"id\": 2, \"method\": \"mining.authorize\"}\n"

static void
a_miner_of_bitcoin_is_told(void **state)
{
	static const struct proto_piece pieces[] = {
		{ true, BYTES(SUBSCRIBE) },
		{ false, BYTES("{\"id\":1,\"result\":[],\"error\":null}\n") },
		{ true, BYTES(AUTHORIZE SUBSCRIBE) },
	};

	(void)state;
	proto_cuts(&protocol_stratum, pieces, COUNT(pieces),
		"- method=mining.subscribe agent=cpuminer/2.5\n"
		"- method=mining.authorize worker=wallet.worker\n");
}

static void
miners_of_other_coins_are_told(void **state)
{
	static const struct {
		const char *line, *expected;
	} cases[] = {
		{ "{\"worker\": \"eth1.0\", \"params\": [\"0x9c99/w1\", \"x\"], \"id\": 2, "
		  "\"method\": \"eth_submitLogin\"}\n",
			"- method=eth_submitLogin worker=0x9c99/w1\n" },
		{ "{\"method\":\"login\",\"params\":{\"login\":\"46v\",\"pass\":\"x\",\"agent\":\"XMRig\"},\"id\":1}\n",
			"- method=login worker=46v agent=XMRig\n" },
		{ "{\"method\":\"mining.subscribe\",\"params\":[]}\n",
			"- method=mining.subscribe\n" },
		{ "{\"method\":\"mining.authorize\",\"params\":[\"a\\\"b\"]}\n",
			"- method=mining.authorize worker=a\\\"b\n" },
		{ "{\"method\":\"mining.submit\",\"params\":[\"a\"]}\n", "" },
		{ "not JSON\n", "" },
	};
	static struct proto_rig r;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct proto_piece piece = { true, cases[i].line, strlen(cases[i].line) };
		assert_string_equal(proto_rig_play(&r, &protocol_stratum, &piece, 1, SIZE_MAX),
			cases[i].expected);
	}
}

static void
so_many_lines_are_read_and_no_more(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_stratum);
	for (unsigned i = 0; i < 7; i++)
		proto_rig_feed(&r, true, BYTES("{}\n"));
	assert_false(r.is_over);
	proto_rig_feed(&r, true, BYTES("{}\n"));
	assert_true(r.is_over);
	proto_rig_done(&r);
}

static void
a_worker_is_cut_at_its_cap(void **state)
{
	static struct proto_rig r;
	char line[600];

	(void)state;
	for (int letters = MINING_TEXT_MAX - 2; letters <= MINING_TEXT_MAX; letters++) {
		char name[MINING_TEXT_MAX + 1];
		memset(name, 'w', sizeof(name));
		(void)snprintf(line, sizeof(line),
			"{\"method\":\"mining.authorize\",\"params\":[\"%.*s\"]}\n", letters, name);
		const struct proto_piece piece = { true, line, strlen(line) };
		(void)proto_rig_play(&r, &protocol_stratum, &piece, 1, SIZE_MAX);
		size_t kept = letters < MINING_TEXT_MAX ? (size_t)letters : MINING_TEXT_MAX - 1;
		assert_int_equal(
			strlen(r.text), strlen("- method=mining.authorize worker=\n") + kept);
	}
}

static void
a_gap_of_the_clients_ends_it(void **state)
{
	static struct proto_rig r;

	(void)state;
	proto_rig_init(&r, &protocol_stratum);
	proto_rig_gap(&r, false, 1);
	assert_false(r.is_over);
	proto_rig_gap(&r, true, 1);
	assert_true(r.is_over);
	proto_rig_done(&r);
}

static void
lines_of_miners_are_recognised_and_other_json_is_not(void **state)
{
	static const struct proto_piece line = { true, BYTES(SUBSCRIBE) };
	static const char *const others[] = {
		"{\"method\":\"login\",\"params\":{\"login\":\"me\"}}\n",
		"{\"jsonrpc\":\"2.0\",\"method\":\"getinfo\",\"params\":[],\"id\":1}\n", "{\n",
		"{x", "[1]", "{\"params\":\"mining.\"}\n"
	};
	static struct proto_rig r;

	(void)state;
	proto_cuts_recognised(
		&protocol_stratum, &line, strlen("{\"id\":1,\"method\":\"mining.subscribe\""));
	proto_cuts_strangers(&protocol_stratum);
	proto_rig_init(&r, &protocol_stratum);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(proto_rig_guess(&r, true, others[i], strlen(others[i])), PROTO_NO);
	proto_rig_done(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_miner_of_bitcoin_is_told),
		cmocka_unit_test(miners_of_other_coins_are_told),
		cmocka_unit_test(so_many_lines_are_read_and_no_more),
		cmocka_unit_test(a_worker_is_cut_at_its_cap),
		cmocka_unit_test(a_gap_of_the_clients_ends_it),
		cmocka_unit_test(lines_of_miners_are_recognised_and_other_json_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
