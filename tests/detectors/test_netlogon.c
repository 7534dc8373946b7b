#define DETECTOR_UNDER_TEST detector_netlogon
#include "tests/support/remote_call_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static size_t
tries(struct rig *r, struct addr to, unsigned count)
{
	const struct obs_dce_rpc rpc = { .endpoint = "netlogon",
		.operation = "NetrServerAuthenticate3",
		.fault = "0xc0000022" };
	size_t raised = 0;

	for (unsigned i = 0; i < count; i++)
		raised += show(r, ROLE_CLIENT, to, &rpc);
	return raised;
}

static void
twenty_tries_are_told_and_fifty_convict(void **state)
{
	struct rig *r = *state;

	assert_int_equal(tries(r, server, 19), 0);
	assert_int_equal(tries(r, server, 1), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "NETLOGON_BRUTEFORCE");
	assert_string_equal(e->kind->technique, "T1210");
	assert_int_equal(e->kind->signature_id, 5200304);
	assert_int_equal(e->kind->aspect, ASPECT_NONE);
	assert_true(e->kind->may_convict);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.9, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_true(addr_equal(&e->about, &server));
	assert_int_equal(e->port, 445);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 20);
	assert_int_equal(e->threshold, 20);
	assert_string_equal(e->object, "10.0.0.9");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(
		e->text, "tried 20 times to authenticate to the Netlogon service of 10.0.0.9");
	assert_int_equal(tries(r, server, 29), 0);
	assert_int_equal(tries(r, server, 1), 1);
	assert_true(rig_last(r)->decisive);
	assert_int_equal(rig_last(r)->observed, 50);
	assert_int_equal(rig_last(r)->threshold, 50);
	assert_int_equal(tries(r, server, 400), 0);
	rig_window_next(r);
	assert_int_equal(tries(r, server, 20), 1);
}

static void
each_server_counts_for_itself_and_the_sixty_fifth_not_at_all(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 64; i++)
		assert_int_equal(tries(r, addr_v4(10, 0, 1, i), 19), 0);
	size_t used = r->memory.used_bytes;
	assert_int_equal(tries(r, addr_v4(10, 0, 1, 65), 100), 0);
	assert_int_equal(r->memory.used_bytes, used);
	for (uint8_t i = 1; i <= 64; i++)
		assert_int_equal(tries(r, addr_v4(10, 0, 1, i), 1), 1);
}

/* Its caller's address may be forged: the answers went to somebody else. */
static void
calls_without_an_answer_are_told_and_do_not_convict(void **state)
{
	const struct obs_dce_rpc unanswered = { .endpoint = "netlogon",
		.operation = "NetrServerAuthenticate3",
		.rtt_ns = TRANSACTION_UNSET };
	struct rig *r = *state;

	for (unsigned i = 0; i < 100; i++)
		(void)show(r, ROLE_CLIENT, server, &unanswered);
	assert_int_equal(r->raised_count, 1);
	assert_false(rig_last(r)->decisive);
	assert_int_equal(tries(r, server, 49), 0);
	assert_int_equal(tries(r, server, 1), 1);
	assert_true(rig_last(r)->decisive);
}

static void
other_calls_services_and_servers_are_none(void **state)
{
	static const struct obs_dce_rpc others[] = {
		{ .endpoint = "netlogon", .operation = "NetrServerReqChallenge" },
		{ .endpoint = "lsarpc", .operation = "NetrServerAuthenticate3" },
		{ .endpoint = NULL, .operation = "NetrServerAuthenticate3" },
		{ .endpoint = "netlogon", .operation = NULL },
		{ .endpoint = "netlogon", .operation = "NetrServerAuthenticat" },
	};
	const struct obs_dce_rpc first = { .endpoint = "netlogon",
		.operation = "NetrServerAuthenticate" };
	struct rig *r = *state;

	for (unsigned i = 0; i < 30; i++) {
		for (size_t o = 0; o < sizeof(others) / sizeof(others[0]); o++)
			(void)show(r, ROLE_CLIENT, server, &others[o]);
		(void)show(r, ROLE_SERVER, server, &first);
	}
	assert_int_equal(r->raised_count, 0);
	assert_null(r->call.window_state);
	for (unsigned i = 0; i < 20; i++)
		(void)show(r, ROLE_CLIENT, server, &first);
	assert_int_equal(r->raised_count, 1);
}

static void
numbers_are_settings_and_it_need_not_convict(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_calls", 1));
	assert_true(rig_setting_takes(r, "min_calls", 2));
	assert_true(rig_setting_takes(r, "min_calls", 10000));
	assert_false(rig_setting_takes(r, "min_calls", 10001));
	assert_false(rig_setting_takes(r, "convict", 100001));
	rig_set_u32(r, "min_calls", 30);
	rig_set_u32(r, "convict", 25);
	assert_int_equal(tries(r, server, 24), 0);
	assert_int_equal(tries(r, server, 1), 1);
	assert_true(rig_last(r)->decisive);
	assert_int_equal(tries(r, server, 50), 0);
	rig_window_next(r);
	rig_set_u32(r, "convict", 0);
	assert_int_equal(tries(r, server, 500), 1);
	assert_false(rig_last(r)->decisive);
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 64; /* the head */
	assert_int_equal(tries(r, server, 100), 0);
	assert_true(r->memory.refused > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(twenty_tries_are_told_and_fifty_convict),
		TEST(each_server_counts_for_itself_and_the_sixty_fifth_not_at_all),
		TEST(calls_without_an_answer_are_told_and_do_not_convict),
		TEST(other_calls_services_and_servers_are_none),
		TEST(numbers_are_settings_and_it_need_not_convict),
		TEST(without_memory_it_is_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
