#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_strobe;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_strobe);
	rig_set_u32(&rig, "min_connections", 1000);
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
to(uint8_t last, uint16_t port)
{
	return (struct obs_flow){
		.uid = rig_uid(last),
		.resp = addr_v4(192, 0, 2, last),
		.resp_port = port,
		.ip_proto = IPPROTO_TCP,
		.orig_total.packets = 1,
		.state = CONN_S0,
	};
}

/* Open `count` connections, `every_ns` apart. */
static void
open_with(struct rig *r, unsigned count, uint64_t every_ns, struct obs_flow f)
{
	for (unsigned i = 0; i < count; i++) {
		f.start_ns = f.last_ns = r->now_ns + every_ns;
		rig_flow(r, OBS_FLOW_START, &f);
	}
}

static void
open_to(struct rig *r, unsigned count, uint8_t last)
{
	open_with(r, count, NS_PER_S, to(last, 443));
}

static void
one_connection_short_is_silence(void **state)
{
	struct rig *r = *state;

	open_to(r, 999, 1);
	assert_int_equal(r->raised_count, 0);
	open_to(r, 1, 1);
	assert_int_equal(r->raised_count, 1);
}

static void
the_finding_says_what_was_counted(void **state)
{
	struct rig *r = *state;

	open_to(r, 1000, 9);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "STROBE");
	assert_string_equal(e->text, "opened 1000 connections to 192.0.2.9 within 16 min");
	assert_string_equal(e->object, "192.0.2.9");
	assert_true(addr_equal(&e->host, &r->host));
	assert_true(e->has_about && e->about.byte[15] == 9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->observed, 1000);
	assert_int_equal(e->threshold, 1000);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(9).text);
}

static void
a_day_of_one_a_second_is_the_default(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_connections", 86400);
	open_to(r, 86399, 1);
	assert_int_equal(r->raised_count, 0);
	open_to(r, 1, 1);
	assert_int_equal(r->raised_count, 1);
	assert_false(rig_setting_takes(r, "min_connections", 999));
	assert_true(rig_setting_takes(r, "span", 60 * NS_PER_S));
}

static void
it_reports_again_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	open_to(r, 9999, 1);
	assert_int_equal(r->raised_count, 1);
	open_to(r, 1, 1);
	assert_int_equal(r->raised_count, 2);
}

static void
when_the_span_is_over_the_count_starts_anew(void **state)
{
	struct rig *r = *state;

	rig_set_duration(r, "span", 1000 * NS_PER_S);
	open_to(r, 1000, 1); /* the last one 999 s after the first */
	assert_int_equal(r->raised_count, 1);
	open_to(r, 999, 1);
	assert_int_equal(r->raised_count, 1);
	open_to(r, 1, 1);
	assert_int_equal(r->raised_count, 2);
	rig_set_duration(r, "span", 999 * NS_PER_S);
	open_to(r, 5000, 1);
	assert_int_equal(r->raised_count, 2);
}

static void
pairs_are_counted_apart(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = to(1, 443);

	open_to(r, 999, 1);
	open_to(r, 999, 2);
	f.orig = addr_v4(10, 0, 0, 2);
	open_with(r, 999, NS_PER_S, f);
	assert_int_equal(r->raised_count, 0);
	open_with(r, 1, NS_PER_S, f);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->host.byte[15], 2);
}

static void
ports_and_protocols_are_not(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = to(1, 123);

	f.ip_proto = IPPROTO_UDP;
	open_to(r, 500, 1);
	open_with(r, 500, NS_PER_S, f);
	assert_int_equal(r->raised_count, 1);
}

static void
names_pings_and_announcements_do_not_count(void **state)
{
	struct rig *r = *state;
	struct obs_flow ping = to(1, 0);
	struct obs_flow multicast = to(1, 443);

	ping.ip_proto = IPPROTO_ICMP;
	multicast.resp = addr_v4(224, 0, 0, 1);
	open_with(r, 1000, NS_PER_S, to(1, 53));
	open_with(r, 1000, NS_PER_S, ping);
	open_with(r, 1000, NS_PER_S, multicast);
	assert_int_equal(r->raised_count, 0);
}

static void
a_flood_of_pairs_pushes_out_itself(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = to(2, 443);

	open_to(r, 500, 1);
	for (unsigned i = 0; i < 100000; i++) {
		f.orig = addr_v4(172, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i);
		open_with(r, 1, 0, f);
	}
	open_to(r, 500, 1);
	assert_int_equal(r->raised_count, 1);
}

static void
who_is_silent_makes_room_first(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = to(2, 443);

	for (unsigned i = 0; i < 20000; i++) {
		f.orig = addr_v4(172, 0, (uint8_t)(i >> 8), (uint8_t)i);
		open_with(r, 2, 0, f);
	}
	rig_tick(r, r->now_ns + 601 * NS_PER_S);
	open_with(r, 1, 0, to(1, 443)); /* worth one, where all were worth two */
	for (unsigned i = 0; i < 100; i++) {
		f.orig = addr_v4(172, 1, (uint8_t)(i >> 8), (uint8_t)i);
		open_with(r, 1, 0, f);
	}
	open_with(r, 999, 0, to(1, 443));
	assert_int_equal(r->raised_count, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(one_connection_short_is_silence),
		TEST(the_finding_says_what_was_counted),
		TEST(a_day_of_one_a_second_is_the_default),
		TEST(it_reports_again_at_each_tenfold),
		TEST(when_the_span_is_over_the_count_starts_anew),
		TEST(pairs_are_counted_apart),
		TEST(ports_and_protocols_are_not),
		TEST(names_pings_and_announcements_do_not_count),
		TEST(a_flood_of_pairs_pushes_out_itself),
		TEST(who_is_silent_makes_room_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
