#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_multiple_ports;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_multiple_ports);
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
conversation(struct addr resp, uint16_t port)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
		.established = true,
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
two_nameless_ports_of_one_peer_are_told(void **state)
{
	struct rig *r = *state;
	struct addr peer = addr_v4(156, 87, 76, 4);

	assert_int_equal(reports(r, conversation(peer, 337)), 0);
	assert_int_equal(reports(r, conversation(peer, 337)), 0);
	assert_int_equal(reports(r, conversation(peer, 1337)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "CONNECTION_TO_MULTIPLE_PORTS");
	assert_string_equal(e->kind->technique, "T1571");
	assert_int_equal(e->kind->signature_id, 5200027);
	assert_string_equal(e->kind->unit, "ports");
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&e->about, &peer));
	assert_string_equal(e->object, "156.87.76.4");
	assert_int_equal(e->observed, 2);
	assert_int_equal(e->threshold, 2);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(
		e->text, "established connections to 2 unknown ports of 156.87.76.4: 337, 1337");
}

/* A3 */
static void
each_peer_counts_for_itself(void **state)
{
	struct rig *r = *state;

	for (uint16_t port = 40001; port <= 40005; port++)
		(void)reports(r, conversation(addr_v4(192, 0, 2, 1), port));
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 2), 40001)), 0);
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 2), 40002)), 1);
}

static void
named_ports_and_recognised_services_are_known(void **state)
{
	static const uint16_t named[] = { 7, 22, 80, 443, 3389, 8080, 44818 };
	struct rig *r = *state;
	struct addr peer = addr_v4(192, 0, 2, 1);

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		(void)reports(r, conversation(peer, named[i]));
	assert_int_equal(r->raised_count, 0);
	struct obs_flow f = conversation(peer, 40001);
	f.service = "ssh";
	(void)reports(r, f);
	(void)reports(r, conversation(peer, 40002));
	assert_int_equal(r->raised_count, 0);
	(void)reports(r, conversation(peer, 40003));
	assert_int_equal(r->raised_count, 1);
}

static void
only_established_tcp_of_the_client_counts(void **state)
{
	struct rig *r = *state;
	struct addr peer = addr_v4(192, 0, 2, 1);

	for (uint16_t port = 40001; port <= 40005; port++) {
		struct obs_flow f = conversation(peer, port);
		rig_flow_as_server(r, OBS_FLOW_END, &f);
		rig_flow(r, OBS_FLOW_START, &f);
		f.established = false;
		(void)reports(r, f);
		f.established = true;
		f.ip_proto = IPPROTO_UDP;
		(void)reports(r, f);
	}
	assert_int_equal(r->raised_count, 0);
	for (uint16_t port = 40001; port <= 40002; port++) {
		struct obs_flow f = conversation(peer, port);
		rig_flow(r, OBS_FLOW_INTERIM, &f);
	}
	assert_int_equal(r->raised_count, 1);
}

static void
the_first_eight_ports_are_named(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_ports", 8);
	for (uint16_t port = 65528; port <= 65534; port++)
		(void)reports(r, conversation(addr_v4(192, 0, 2, 1), port));
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 1), 65535)), 1);
	assert_string_equal(rig_last(r)->text,
		"established connections to 8 unknown ports of 192.0.2.1: "
		"65528, 65529, 65530, 65531, 65532, 65533, 65534, 65535");
	rig_window_next(r);
	rig_set_u32(r, "min_ports", 9);
	for (uint16_t port = 65527; port < 65535; port++)
		(void)reports(r, conversation(addr_v4(192, 0, 2, 1), port));
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 2, 1), 65535)), 1);
	assert_string_equal(rig_last(r)->text,
		"established connections to 9 unknown ports of 192.0.2.1: "
		"65527, 65528, 65529, 65530, 65531, 65532, 65533, 65534 and others");
}

static void
more_are_told_at_each_tenfold_until_1024_in_all(void **state)
{
	struct rig *r = *state;

	for (uint16_t i = 0; i < 1024; i++)
		(void)reports(r, conversation(addr_v4(192, 0, 2, 1), (uint16_t)(30000 + i)));
	assert_int_equal(r->raised_count, 3); /* 2, 20, 200 */
	size_t used = r->memory.used_bytes;
	for (uint16_t i = 0; i < 3000; i++)
		(void)reports(r, conversation(addr_v4(192, 0, 2, 1), (uint16_t)(32000 + i)));
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(r->raised_count, 3);
}

static void
peers_past_256_are_not_kept(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i <= 256; i++)
		(void)reports(
			r, conversation(addr_v4(192, 0, (uint8_t)(i >> 8), (uint8_t)i), 40001));
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 1, 0), 40002)), 0);
	assert_int_equal(reports(r, conversation(addr_v4(192, 0, 0, 255), 40002)), 1);
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;

	(void)reports(r, conversation(addr_v4(192, 0, 2, 1), 40001));
	r->memory.cap_bytes = r->memory.used_bytes;
	for (uint16_t i = 0; i < 100; i++)
		(void)reports(r, conversation(addr_v4(192, 0, 2, 1), (uint16_t)(40002 + i)));
	assert_int_equal(r->raised_count, 0);
	assert_true(r->memory.refused > 0);
}

static void
the_least_number_has_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_ports", 1));
	assert_true(rig_setting_takes(r, "min_ports", 1024));
	assert_false(rig_setting_takes(r, "min_ports", 1025));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(two_nameless_ports_of_one_peer_are_told),
		TEST(each_peer_counts_for_itself),
		TEST(named_ports_and_recognised_services_are_known),
		TEST(only_established_tcp_of_the_client_counts),
		TEST(the_first_eight_ports_are_named),
		TEST(more_are_told_at_each_tenfold_until_1024_in_all),
		TEST(peers_past_256_are_not_kept),
		TEST(without_memory_it_is_quiet),
		TEST(the_least_number_has_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
