#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_port_zero;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_port_zero);
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
conversation(uint16_t orig_port, uint16_t resp_port)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = addr_v4(192, 0, 2, 1),
		.orig_port = orig_port,
		.resp_port = resp_port,
		.ip_proto = IPPROTO_TCP,
	};
}

static size_t
reports(struct rig *r, struct obs_flow f)
{
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_END, &f);
	return r->raised_count - before;
}

static void
either_port_may_be_zero(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(40000, 80)), 0);
	assert_int_equal(reports(r, conversation(0, 80)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "PORT_0_CONNECTION");
	assert_string_equal(e->kind->technique, "T1046");
	assert_int_equal(e->kind->signature_id, 5200023);
	assert_string_equal(e->kind->unit, "connections");
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_string_equal(e->text,
		"opened 1 connection on port 0, last from port 0 to 192.0.2.1 port 80/tcp");
	rig_window_next(r);
	assert_int_equal(reports(r, conversation(40000, 0)), 1);
	assert_string_equal(rig_last(r)->text,
		"opened 1 connection on port 0, last from port 40000 to 192.0.2.1 port 0/tcp");
}

static void
only_tcp_and_udp_have_ports(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, 0);

	f.ip_proto = IPPROTO_ICMP;
	assert_int_equal(reports(r, f), 0);
	f.ip_proto = 47;
	assert_int_equal(reports(r, f), 0);
	f.ip_proto = IPPROTO_UDP;
	assert_int_equal(reports(r, f), 1);
	assert_string_equal(rig_last(r)->text,
		"opened 1 connection on port 0, last from port 0 to 192.0.2.1 port 0/udp");
}

static void
multicast_is_left_out(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, 80);

	f.resp = addr_v4(224, 0, 0, 1);
	assert_int_equal(reports(r, f), 0);
}

static void
who_was_asked_is_not_charged(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(40000, 0);

	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 0);
}

static void
many_are_told_at_each_tenfold_with_the_latest_flows(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 1; i <= 100; i++) {
		struct obs_flow f = conversation(40000, 0);
		f.uid = rig_uid(i);
		(void)reports(r, f);
	}
	assert_int_equal(r->raised_count, 3); /* 1, 10, 100 */
	assert_int_equal(rig_last(r)->observed, 100);
	assert_int_equal(rig_last(r)->uid_count, EVIDENCE_UIDS_MAX);
	assert_string_equal(rig_last(r)->text,
		"opened 100 connections on port 0, last from port 40000 to 192.0.2.1 port 0/tcp");
}

static void
the_least_number_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_connections", 0));
	assert_true(rig_setting_takes(r, "min_connections", 1000000));
	assert_false(rig_setting_takes(r, "min_connections", 1000001));
	rig_set_u32(r, "min_connections", 2);
	assert_int_equal(reports(r, conversation(0, 80)), 0);
	assert_int_equal(reports(r, conversation(0, 80)), 1);
	assert_int_equal(rig_last(r)->threshold, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(either_port_may_be_zero),
		TEST(only_tcp_and_udp_have_ports),
		TEST(multicast_is_left_out),
		TEST(who_was_asked_is_not_charged),
		TEST(many_are_told_at_each_tenfold_with_the_latest_flows),
		TEST(the_least_number_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
