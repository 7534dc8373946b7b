#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_private_connection;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_private_connection);
	rig_set_u32(&rig, "min_peers", 1);
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
conversation(struct addr resp)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 445,
		.ip_proto = IPPROTO_TCP,
		.established = true,
		.orig_total = { .packets = 1 },
		.resp_total = { .packets = 1 },
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
a_neighbour_that_answered_is_worth_a_mention(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, conversation(addr_v4(192, 168, 0, 5))), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "CONNECTION_TO_PRIVATE_IP");
	assert_string_equal(e->kind->technique, "T1021");
	assert_int_equal(e->kind->signature_id, 5200024);
	assert_string_equal(e->kind->unit, "hosts");
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 1, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(
		e->text, "connected to 1 private address, last to 192.168.0.5 port 445/tcp");
}

static void
addresses_of_the_internet_and_of_everybody_are_not_private(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(addr_v4(8, 8, 8, 8));

	assert_int_equal(reports(r, f), 0);
	assert_int_equal(reports(r, conversation(addr_v4(224, 0, 0, 251))), 0);
	assert_int_equal(reports(r, conversation(addr_v4(255, 255, 255, 255))), 0);
	assert_int_equal(reports(r, conversation(addr_v4(0, 0, 0, 0))), 0);
	f = conversation(addr_v4(10, 0, 0, 2));
	f.orig = addr_v4(8, 8, 8, 8);
	assert_int_equal(reports(r, f), 0);
	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 0, 2))), 1);
}

static void
attempts_are_no_conversations(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(addr_v4(10, 0, 0, 2));

	f.established = false;
	assert_int_equal(reports(r, f), 0);
	f.ip_proto = IPPROTO_UDP;
	f.resp_total.packets = 0;
	assert_int_equal(reports(r, f), 0);
	f.resp_total.packets = 1;
	f.orig_total.packets = 0;
	assert_int_equal(reports(r, f), 0);
	f.orig_total.packets = 1;
	assert_int_equal(reports(r, f), 1);
	assert_string_equal(
		rig_last(r)->text, "connected to 1 private address, last to 10.0.0.2 port 445/udp");
}

static void
icmp_has_no_port(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(addr_v4(10, 0, 0, 2));

	f.ip_proto = IPPROTO_ICMP;
	f.established = false;
	assert_int_equal(reports(r, f), 1);
	assert_string_equal(rig_last(r)->text, "connected to 1 private address, last to 10.0.0.2");
}

/* The gateway is known by a packet that went out by its card, and by its ARP. */
static void
learn_gateway(struct rig *r, struct addr own)
{
	const struct mac router = { { 2, 0, 0, 0, 0, 9 } };
	struct obs_flow out = conversation(addr_v4(8, 8, 8, 8));
	struct obs_arp arp = { .operation = 1, .sender = own, .sender_mac = router };

	out.orig = r->host;
	out.has_macs = true;
	out.resp_mac = router;
	rig_learn(r,
		&(struct observation){ .kind = OBS_FLOW_START, .ts_ns = r->now_ns, .flow = &out });
	rig_learn(r, &(struct observation){ .kind = OBS_ARP, .ts_ns = r->now_ns, .arp = &arp });
}

static void
names_and_leases_of_the_gateway_are_left_out(void **state)
{
	static const uint16_t ports[] = { 53, 67, 68 };
	struct rig *r = *state;
	struct obs_flow f = conversation(addr_v4(10, 0, 0, 254));

	learn_gateway(r, addr_v4(10, 0, 0, 254));
	f.ip_proto = IPPROTO_UDP;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		f.resp_port = ports[i];
		assert_int_equal(reports(r, f), 0);
	}
	struct obs_flow other = f;
	other.resp = addr_v4(10, 0, 0, 253);
	assert_int_equal(reports(r, other), 1);
	rig_window_next(r);
	f.resp_port = 123;
	assert_int_equal(reports(r, f), 1);
	rig_window_next(r);
	f.resp_port = 53;
	f.ip_proto = IPPROTO_TCP;
	assert_int_equal(reports(r, f), 1);
}

static void
distinct_peers_count_and_are_told_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 100; i++)
		for (int again = 0; again < 3; again++)
			(void)reports(r, conversation(addr_v4(10, 1, 0, (uint8_t)i)));
	assert_int_equal(r->raised_count, 3); /* 1, 10, 100 */
	assert_string_equal(rig_last(r)->text,
		"connected to 100 private addresses, last to 10.1.0.99 port 445/tcp");
}

static void
the_count_stands_still_at_4096(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 4096; i++)
		(void)reports(r, conversation(addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i)));
	size_t used = r->memory.used_bytes;
	for (unsigned i = 0; i < 6000; i++)
		(void)reports(r, conversation(addr_v4(10, 2, (uint8_t)(i >> 8), (uint8_t)i)));
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(r->raised_count, 4);
}

static void
starts_and_the_other_side_are_not_looked_at(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(addr_v4(10, 0, 0, 2));

	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
ten_neighbours_are_many_by_default(void **state)
{
	struct rig *r = *state;

	rig_done(r);
	rig_open(r, &detector_private_connection);
	for (uint8_t i = 0; i < 9; i++)
		(void)reports(r, conversation(addr_v4(10, 1, 0, i)));
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(reports(r, conversation(addr_v4(10, 1, 0, 9))), 1);
}

static void
the_least_number_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_peers", 0));
	assert_true(rig_setting_takes(r, "min_peers", 4096));
	assert_false(rig_setting_takes(r, "min_peers", 4097));
	rig_set_u32(r, "min_peers", 2);
	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 0, 2))), 0);
	assert_int_equal(reports(r, conversation(addr_v4(10, 0, 0, 3))), 1);
	assert_int_equal(rig_last(r)->threshold, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_neighbour_that_answered_is_worth_a_mention),
		TEST(addresses_of_the_internet_and_of_everybody_are_not_private),
		TEST(attempts_are_no_conversations),
		TEST(icmp_has_no_port),
		TEST(names_and_leases_of_the_gateway_are_left_out),
		TEST(distinct_peers_count_and_are_told_at_each_tenfold),
		TEST(the_count_stands_still_at_4096),
		TEST(starts_and_the_other_side_are_not_looked_at),
		TEST(ten_neighbours_are_many_by_default),
		TEST(the_least_number_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
