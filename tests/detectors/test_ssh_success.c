#include "daemon/transactions/ssh.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_ssh_success;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_ssh_success);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct obs_flow
conversation(uint64_t id, uint64_t bytes)
{
	return (struct obs_flow){
		.id = id,
		.uid = rig_uid(7),
		.resp = addr_v4(192, 0, 2, 1),
		.resp_port = 2222,
		.ip_proto = IPPROTO_TCP,
		.service = "ssh",
		.orig_total.payload_bytes = 1000,
		.resp_total.payload_bytes = bytes - 1000,
	};
}

/* returns how many findings that made */
static size_t
say(struct rig *r, uint64_t id, enum obs_role role, enum truth outcome)
{
	size_t before = r->raised_count;
	const struct obs_ssh ssh = { .auth_success = outcome };
	const struct obs_talk talk = {
		.id = id, .uid = rig_uid(7), .resp = addr_v4(192, 0, 2, 1), .resp_port = 2222
	};

	rig_observe(r, &(struct observation){ .kind = OBS_SSH,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .ssh = &ssh });
	return r->raised_count - before;
}

static size_t
end(struct rig *r, struct obs_flow f)
{
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_END, &f);
	return r->raised_count - before;
}

static void
a_session_that_was_let_in_is_told_once_a_server(void **state)
{
	struct rig *r = *state;
	struct addr peer = addr_v4(192, 0, 2, 1);

	assert_int_equal(say(r, 1, ROLE_SERVER, TRUTH_YES), 0);
	assert_int_equal(say(r, 1, ROLE_CLIENT, TRUTH_YES), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "SSH_SUCCESSFUL");
	assert_string_equal(e->kind->technique, "T1021.004");
	assert_int_equal(e->kind->signature_id, 5200356);
	assert_string_equal(e->kind->unit, "bytes");
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 0.8F, 1e-6F);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 2222);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_string_equal(e->object, "192.0.2.1");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->text, "logged in by SSH at 192.0.2.1 port 2222/tcp");
	assert_int_equal(say(r, 2, ROLE_CLIENT, TRUTH_YES), 0);
	assert_int_equal(end(r, conversation(1, 100000)), 0);
}

static void
what_carried_more_than_4290_bytes_let_somebody_in(void **state)
{
	struct rig *r = *state;

	assert_int_equal(end(r, conversation(1, 4290)), 0);
	assert_int_equal(say(r, 2, ROLE_CLIENT, TRUTH_UNKNOWN), 0);
	struct obs_flow f = conversation(2, 4291);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	f.service = "ssl";
	assert_int_equal(end(r, f), 0);
	f.service = "ssh";
	f.ip_proto = IPPROTO_UDP;
	assert_int_equal(end(r, f), 0);
	f.ip_proto = IPPROTO_TCP;
	assert_int_equal(end(r, f), 1);
	const struct raised *e = rig_last(r);
	assert_int_equal(e->observed, 4291);
	assert_int_equal(e->threshold, 4290);
	assert_int_equal(e->port, 2222);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(
		e->text, "logged in by SSH at 192.0.2.1 port 2222/tcp: 4291 bytes went to and fro");
}

static void
the_largest_number_of_bytes_fits(void **state)
{
	struct rig *r = *state;

	assert_int_equal(end(r, conversation(1, UINT64_MAX)), 1);
	assert_string_equal(rig_last(r)->text, "logged in by SSH at 192.0.2.1 port 2222/tcp: "
					       "18446744073709551615 bytes went to and fro");
}

static void
the_last_four_refused_sessions_may_be_long(void **state)
{
	struct rig *r = *state;

	for (uint64_t id = 1; id <= 5; id++)
		assert_int_equal(say(r, id, ROLE_CLIENT, TRUTH_NO), 0);
	for (uint64_t id = 2; id <= 5; id++)
		assert_int_equal(end(r, conversation(id, 100000)), 0);
	assert_int_equal(end(r, conversation(1, 100000)), 1);
}

static void
the_least_size_has_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_bytes", 0));
	assert_true(rig_setting_takes(r, "min_bytes", 1));
	assert_true(rig_setting_takes(r, "min_bytes", 1048576));
	assert_false(rig_setting_takes(r, "min_bytes", 1048577));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_session_that_was_let_in_is_told_once_a_server),
		TEST(what_carried_more_than_4290_bytes_let_somebody_in),
		TEST(the_largest_number_of_bytes_fits),
		TEST(the_last_four_refused_sessions_may_be_long),
		TEST(the_least_size_has_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
