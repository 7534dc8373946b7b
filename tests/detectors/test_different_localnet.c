#include "tests/support/name_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_different_localnet;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_different_localnet);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* 10.0.0.0/24 is ours, as on an interface; the rig's host is 10.0.0.1. */
static void
have_network(struct rig *r)
{
	site_add_local(
		r->site, &(struct cidr){ .base = addr_v4(10, 0, 0, 0), .prefix_len = 96 + 24 });
}

static size_t
reports(struct rig *r, struct addr orig, struct addr resp)
{
	size_t before = r->raised_count;
	struct obs_flow f = {
		.uid = rig_uid(7),
		.orig = orig,
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.state = CONN_SF,
	};

	rig_flow(r, OBS_FLOW_END, &f);
	return r->raised_count - before;
}

static void
our_host_goes_to_a_foreign_private_address(void **state)
{
	struct rig *r = *state;

	have_network(r);
	assert_int_equal(reports(r, r->host, addr_v4(192, 168, 7, 1)), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DIFFERENT_LOCALNET");
	assert_string_equal(e->kind->technique, "T1599");
	assert_int_equal(e->kind->signature_id, 5200025);
	assert_string_equal(e->kind->unit, "hosts");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 1, 1e-9);
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_string_equal(e->object, "to");
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"connected to 1 private address outside of the local network 10.0.0.0/24, last to 192.168.7.1");
}

static void
forged_sources_do_not_come_to_us(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = {
		.orig = addr_v4(10, 0, 1, 9),
		.resp = addr_v4(10, 0, 0, 7),
		.ip_proto = IPPROTO_TCP,
		.state = CONN_S0,
	};

	have_network(r);
	rig_flow(r, OBS_FLOW_END, &f);
	f.state = CONN_S1;
	f.history = "Sh";
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	f.orig = r->host; /* ours is no forgery: it tries somebody who is not ours */
	f.resp = addr_v4(192, 168, 7, 1);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
a_foreign_private_address_comes_to_us(void **state)
{
	struct rig *r = *state;

	have_network(r);
	assert_int_equal(reports(r, addr_v4(10, 0, 1, 9), addr_v4(10, 0, 0, 7)), 1);
	const struct raised *e = rig_last(r);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_string_equal(e->object, "from");
	assert_string_equal(e->text,
		"connected to 1 address from outside of the local network 10.0.0.0/24, last to 10.0.0.7");
}

static void
what_is_not_ours_or_not_foreign_passes(void **state)
{
	struct rig *r = *state;

	have_network(r);
	assert_int_equal(reports(r, r->host, addr_v4(10, 0, 0, 2)), 0);
	assert_int_equal(reports(r, r->host, addr_v4(8, 8, 8, 8)), 0);
	assert_int_equal(reports(r, addr_v4(192, 168, 7, 1), addr_v4(172, 16, 0, 1)), 0);
	assert_int_equal(reports(r, addr_v4(192, 168, 7, 1), addr_v4(8, 8, 8, 8)), 0);
	assert_int_equal(reports(r, r->host, addr_v4(169, 254, 1, 1)), 0);
	assert_int_equal(reports(r, r->host, addr_v4(224, 0, 0, 1)), 0);
	assert_int_equal(reports(r, addr_v4(127, 0, 0, 1), addr_v4(192, 168, 7, 1)), 0);
	assert_int_equal(reports(r, addr_v4(169, 254, 1, 1), addr_v4(192, 168, 7, 1)), 0);
	struct addr ours = { .byte = { 0xfd, [15] = 1 } };
	struct addr theirs = { .byte = { 0xfd, 1, [15] = 1 } };
	assert_int_equal(reports(r, ours, theirs), 0);
	assert_int_equal(
		reports(r, addr_v4(8, 8, 8, 8), addr_v4(192, 168, 7, 1)), 1); /* leaks in */
}

static void
an_answer_in_the_middle_is_not_who_came_in(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = { .orig = addr_v4(8, 8, 8, 8),
		.resp = addr_v4(192, 168, 7, 1),
		.ip_proto = IPPROTO_TCP,
		.state = CONN_OTH };

	have_network(r);
	rig_flow(r, OBS_FLOW_END, &f);
	f.ip_proto = IPPROTO_UDP;
	f.state = CONN_SF;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	f.ip_proto = IPPROTO_TCP;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
nothing_is_foreign_while_no_network_is_known(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, addr_v4(8, 8, 8, 8), addr_v4(192, 168, 7, 1)), 0);
	assert_int_equal(
		reports(r, addr_v4(10, 0, 0, 1), addr_v4(192, 168, 7, 1)), 1); /* the first */
	assert_string_equal(rig_last(r)->text,
		"connected to 1 private address outside of the local network 10.0.0.0/8, last to 192.168.7.1");
}

static void
flows_of_dns_are_judged_by_what_is_asked(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = {
		.resp = addr_v4(192, 168, 7, 1), .resp_port = 53, .ip_proto = IPPROTO_UDP
	};

	have_network(r);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	f.ip_proto = IPPROTO_TCP;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
	f.ip_proto = IPPROTO_UDP;
	f.resp_port = 123;
	f.resp = addr_v4(192, 168, 7, 2);
	rig_set_u32(r, "min_peers", 2);
	rig_window_next(r);
	rig_flow(r, OBS_FLOW_END, &f);
	f.resp = addr_v4(192, 168, 7, 3);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 2);
}

static void
each_direction_counts_distinct_peers_for_itself(void **state)
{
	struct rig *r = *state;

	have_network(r);
	for (uint8_t i = 1; i <= 100; i++)
		for (int again = 0; again < 3; again++)
			(void)reports(r, r->host, addr_v4(192, 168, 7, i));
	assert_int_equal(r->raised_count, 3);
	assert_string_equal(rig_last(r)->text,
		"connected to 100 private addresses outside of the local network 10.0.0.0/24, last to 192.168.7.100");
	assert_int_equal(reports(r, addr_v4(192, 168, 7, 1), addr_v4(10, 0, 0, 7)), 1);
	assert_int_equal(reports(r, addr_v4(192, 168, 7, 1), addr_v4(10, 0, 0, 7)), 0);
	for (uint8_t i = 1; i <= 9; i++)
		(void)reports(r, addr_v4(192, 168, 7, 1), addr_v4(10, 0, 0, i));
	(void)reports(r, addr_v4(192, 168, 7, 1), addr_v4(10, 0, 0, 10));
	assert_string_equal(rig_last(r)->text,
		"connected to 10 addresses from outside of the local network 10.0.0.0/24, last to 10.0.0.10");
}

static void
the_count_stands_still_at_4096(void **state)
{
	struct rig *r = *state;

	have_network(r);
	for (unsigned i = 0; i < 4096; i++)
		(void)reports(r, r->host, addr_v4(192, 168, (uint8_t)(i >> 8), (uint8_t)i));
	size_t used = r->memory.used_bytes;
	for (unsigned i = 0; i < 6000; i++)
		(void)reports(r, r->host, addr_v4(172, 16, (uint8_t)(i >> 8), (uint8_t)i));
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(r->raised_count, 4);
}

static void
a_network_of_v6_is_named_as_it_is(void **state)
{
	struct rig *r = *state;

	site_add_local(r->site, &(struct cidr){ .base = { .byte = { 0xfd } }, .prefix_len = 64 });
	have_network(r);
	assert_int_equal(reports(r, r->host, addr_v4(192, 168, 7, 1)), 1);
	assert_string_equal(rig_last(r)->text,
		"connected to 1 private address outside of the local network fd00::/64, last to 192.168.7.1");
}

static void
the_longest_network_fits(void **state)
{
	struct rig *r = *state;
	struct cidr net = { .prefix_len = 128 };

	memset(net.base.byte, 0x2e, sizeof(net.base.byte));
	site_add_local(r->site, &net);
	have_network(r);
	assert_int_equal(reports(r, r->host, addr_v4(192, 168, 7, 1)), 1);
	assert_non_null(strstr(rig_last(r)->text, "2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e/128"));
	rig_dns(r, &(struct obs_dns){ .server = addr_v4(10, 9, 9, 9), .rcode = TRANSACTION_UNSET });
	assert_string_equal(rig_last(r)->text,
		"asked 10.9.9.9, a resolver outside of the local network "
		"2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e/128");
}

static void
the_other_side_and_the_start_are_not_looked_at(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = { .resp = addr_v4(192, 168, 7, 1), .ip_proto = IPPROTO_TCP };

	have_network(r);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	rig_flow(r, OBS_FLOW_START, &f);
	assert_int_equal(r->raised_count, 0);
	assert_false(rig_setting_takes(r, "min_peers", 0));
	assert_true(rig_setting_takes(r, "min_peers", 1));
	assert_true(rig_setting_takes(r, "min_peers", 4096));
	assert_false(rig_setting_takes(r, "min_peers", 4097));
}

/* The rig's host asks a resolver. returns how much is said of it */
static size_t
asks(struct rig *r, struct addr server, bool is_answered)
{
	size_t before = r->raised_count;

	rig_dns(r, &(struct obs_dns){ .query = "www.example.com",
			   .server = server,
			   .rcode = is_answered ? 0 : TRANSACTION_UNSET });
	return r->raised_count - before;
}

static void
a_resolver_outside_that_does_not_answer_is_told(void **state)
{
	struct rig *r = *state;
	const struct addr resolver = addr_v4(10, 9, 9, 9);

	have_network(r);
	assert_int_equal(asks(r, resolver, false), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DIFFERENT_LOCALNET");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 1, 1e-9);
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_true(e->has_about && addr_equal(&e->about, &resolver));
	assert_int_equal(e->port, 53);
	assert_int_equal(e->ip_proto, IPPROTO_UDP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "10.9.9.9");
	assert_string_equal(
		e->text, "asked 10.9.9.9, a resolver outside of the local network 10.0.0.0/24");
	assert_int_equal(asks(r, resolver, false), 0);
	assert_int_equal(asks(r, addr_v4(10, 9, 9, 8), false), 1);
	assert_int_equal(rig_last(r)->observed, 2);
	rig_window_next(r);
	assert_int_equal(asks(r, resolver, false), 1);
}

static void
the_first_that_answers_five_times_is_the_hosts_own(void **state)
{
	struct rig *r = *state;
	const struct addr own = addr_v4(10, 9, 9, 9);
	const struct addr other = addr_v4(10, 9, 9, 8);

	have_network(r);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(asks(r, other, true), 0);
		assert_int_equal(asks(r, own, true), 0);
	}
	assert_int_equal(asks(r, own, true), 0);
	assert_int_equal(asks(r, own, true), 0);
	assert_int_equal(asks(r, own, false), 0);
	assert_int_equal(asks(r, other, true), 1);
	assert_int_equal(asks(r, other, true), 0);
	rig_window_next(r);
	assert_int_equal(asks(r, own, false), 0);
	assert_int_equal(asks(r, other, true), 1);
	rig_profile_gone(r);
	assert_int_equal(asks(r, other, true), 0);
}

static void
one_that_does_not_answer_is_told_until_it_is_the_hosts_own(void **state)
{
	struct rig *r = *state;
	const struct addr own = addr_v4(10, 9, 9, 9);

	have_network(r);
	for (int i = 0; i < 4; i++)
		assert_int_equal(asks(r, own, true), 0);
	assert_int_equal(asks(r, own, false), 1);
	rig_window_next(r);
	assert_int_equal(asks(r, own, true), 0);
	assert_int_equal(asks(r, own, false), 0);
}

static void
four_resolvers_are_counted(void **state)
{
	struct rig *r = *state;

	have_network(r);
	rig_set_u32(r, "min_answers", 2);
	for (uint8_t i = 1; i <= 5; i++)
		assert_int_equal(asks(r, addr_v4(10, 9, 9, i), true), 0);
	assert_int_equal(asks(r, addr_v4(10, 9, 9, 5), true), 0);
	assert_int_equal(asks(r, addr_v4(10, 9, 9, 5), true), 0);
	assert_int_equal(asks(r, addr_v4(10, 9, 9, 4), true), 0);
	assert_int_equal(asks(r, addr_v4(10, 9, 9, 4), true), 0);
	assert_int_equal(asks(r, addr_v4(10, 9, 9, 5), true), 1);
	assert_int_equal(asks(r, addr_v4(10, 9, 9, 1), true), 1);
	assert_false(rig_setting_takes(r, "min_answers", 0));
	assert_true(rig_setting_takes(r, "min_answers", 1));
	assert_true(rig_setting_takes(r, "min_answers", 1000));
	assert_false(rig_setting_takes(r, "min_answers", 1001));
}

static void
resolvers_that_are_not_foreign_and_other_protocols_pass(void **state)
{
	struct rig *r = *state;
	struct obs_dns dns = { .query = "www.example.com",
		.client = r->host,
		.server = addr_v4(10, 9, 9, 9),
		.rcode = TRANSACTION_UNSET };
	struct obs_talk talk = {
		.orig = dns.client, .resp = dns.server, .resp_port = 53, .ip_proto = IPPROTO_UDP
	};
	struct observation o = { .kind = OBS_DNS, .ts_ns = r->now_ns, .talk = &talk, .dns = &dns };

	assert_int_equal(asks(r, addr_v4(10, 9, 9, 9), false), 0); /* no network is known */
	have_network(r);
	assert_int_equal(asks(r, addr_v4(10, 0, 0, 53), false), 0);
	assert_int_equal(asks(r, addr_v4(8, 8, 8, 8), false), 0);
	assert_int_equal(asks(r, addr_v4(224, 0, 0, 251), false), 0);
	talk.resp_port = 5355;
	rig_observe(r, &o);
	talk.resp_port = 53;
	talk.ip_proto = IPPROTO_TCP; /* its flow is told */
	rig_observe(r, &o);
	talk.ip_proto = IPPROTO_UDP;
	o.talk = NULL;
	rig_observe(r, &o);
	o.talk = &talk;
	o.role = ROLE_SERVER;
	rig_observe(r, &o);
	o.role = ROLE_CLIENT;
	dns.client = addr_v4(8, 8, 8, 8);
	rig_observe(r, &o);
	dns.client = addr_v4(192, 168, 7, 1); /* from one foreign network to another */
	rig_observe(r, &o);
	assert_int_equal(r->raised_count, 0);
	dns.client = r->host;
	rig_observe(r, &o);
	assert_int_equal(r->raised_count, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(our_host_goes_to_a_foreign_private_address),
		TEST(forged_sources_do_not_come_to_us),
		TEST(a_foreign_private_address_comes_to_us),
		TEST(what_is_not_ours_or_not_foreign_passes),
		TEST(an_answer_in_the_middle_is_not_who_came_in),
		TEST(nothing_is_foreign_while_no_network_is_known),
		TEST(flows_of_dns_are_judged_by_what_is_asked),
		TEST(each_direction_counts_distinct_peers_for_itself),
		TEST(the_count_stands_still_at_4096),
		TEST(a_network_of_v6_is_named_as_it_is),
		TEST(the_longest_network_fits),
		TEST(the_other_side_and_the_start_are_not_looked_at),
		TEST(a_resolver_outside_that_does_not_answer_is_told),
		TEST(the_first_that_answers_five_times_is_the_hosts_own),
		TEST(one_that_does_not_answer_is_told_until_it_is_the_hosts_own),
		TEST(four_resolvers_are_counted),
		TEST(resolvers_that_are_not_foreign_and_other_protocols_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
