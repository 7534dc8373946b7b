#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_long_connection;

static const uint64_t threshold_ns = 1500 * NS_PER_S;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_long_connection);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* A conversation of that age that was told of before at `before_ns` of age. */
static struct obs_flow
conversation(uint64_t before_ns, uint64_t age_ns)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = addr_v4(192, 0, 2, 1),
		.orig_port = 40000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.start_ns = RIG_START_NS,
		.previous_ns = RIG_START_NS + before_ns,
		.last_ns = RIG_START_NS + age_ns,
		.established = true,
		.state = CONN_S1,
	};
}

static size_t
reports(struct rig *r, uint64_t before_ns, uint64_t age_ns)
{
	struct obs_flow f = conversation(before_ns, age_ns);
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_INTERIM, &f);
	return r->raised_count - before;
}

static void
one_nanosecond_short_is_silence(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, 0, threshold_ns - 1), 0);
	assert_int_equal(reports(r, 0, threshold_ns), 1);
	assert_int_equal(reports(r, 0, threshold_ns + 1), 1);
}

static void
the_finding_says_what_was_measured(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, 3420 * NS_PER_S);

	rig_flow(r, OBS_FLOW_END, &f);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "LONG_CONNECTION");
	assert_string_equal(e->kind->technique, "T1071");
	assert_string_equal(e->kind->title, "Long connection");
	assert_int_equal(e->kind->signature_id, 5200007);
	assert_string_equal(e->kind->unit, "s");
	assert_string_equal(e->text, "kept a connection to 192.0.2.1 port 443/tcp open for 57 min");
	assert_string_equal(e->object, "192.0.2.1 port 443/tcp");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&e->about, &f.resp));
	assert_int_equal(e->port, 443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 3420);
	assert_int_equal(e->threshold, 1500);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(7).text);
	assert_false(e->decisive);
}

static void
a_conversation_is_told_once(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, threshold_ns - 1, threshold_ns), 1);
	assert_int_equal(reports(r, threshold_ns, threshold_ns + 1), 0);
	assert_int_equal(reports(r, threshold_ns + 1, threshold_ns + 60 * NS_PER_S), 0);
}

static void
it_is_told_again_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, threshold_ns, 10 * threshold_ns - 1), 0);
	assert_int_equal(reports(r, 10 * threshold_ns - 1, 10 * threshold_ns), 1);
	assert_int_equal(reports(r, 10 * threshold_ns, 10 * threshold_ns + 1), 0);
	assert_int_equal(reports(r, 99 * threshold_ns, 100 * threshold_ns), 1);
	assert_int_equal(reports(r, threshold_ns, 10 * threshold_ns), 1);
}

static void
several_tenfolds_at_once_are_one_finding(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, 0, 500 * threshold_ns), 1);
	assert_int_equal(reports(r, 500 * threshold_ns, 501 * threshold_ns), 0);
}

static void
ages_near_the_end_of_time_do_not_wrap(void **state)
{
	struct rig *r = *state;
	uint64_t most = UINT64_MAX - RIG_START_NS;

	assert_int_equal(reports(r, 0, most), 1);
	/* Ten times 2e18 is more than fits; what is left of it would be due in between. */
	rig_set_duration(r, "min_duration", 2000 * NS_PER_S);
	assert_int_equal(reports(r, UINT64_C(10000000000000000000), most), 0);
}

static void
confidence_grows_with_the_day(void **state)
{
	struct rig *r = *state;

	(void)reports(r, 0, 1500 * NS_PER_S);
	assert_float_equal(rig_last(r)->confidence, 0.02, 1e-9); /* 0.0174 */
	(void)reports(r, 0, 3024 * NS_PER_S);
	assert_float_equal(rig_last(r)->confidence, 0.04, 1e-9); /* 0.0350 */
	(void)reports(r, 0, 3420 * NS_PER_S);
	assert_float_equal(rig_last(r)->confidence, 0.04, 1e-9); /* 0.0396 */
	(void)reports(r, 0, 43200 * NS_PER_S);
	assert_float_equal(rig_last(r)->confidence, 0.5, 1e-9);
	(void)reports(r, 0, 85000 * NS_PER_S);
	assert_float_equal(rig_last(r)->confidence, 0.98, 1e-9);
	(void)reports(r, 0, 86400 * NS_PER_S);
	assert_float_equal(rig_last(r)->confidence, 1.0, 1e-9);
	(void)reports(r, 0, 900000 * NS_PER_S);
	assert_float_equal(rig_last(r)->confidence, 1.0, 1e-9);
}

static void
the_end_of_a_conversation_counts_as_well(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, threshold_ns);

	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
	rig_flow(r, OBS_FLOW_START, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
the_server_is_not_charged(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, threshold_ns);

	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
}

static void
nobody_talks_with_everyone(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, threshold_ns);

	f.resp = addr_v4(239, 255, 255, 250);
	rig_flow(r, OBS_FLOW_END, &f);
	f.resp = addr_v4(255, 255, 255, 255);
	rig_flow(r, OBS_FLOW_END, &f);
	f.resp = addr_v4(192, 0, 2, 1);
	f.orig = addr_v4(224, 0, 0, 1);
	rig_flow(r, OBS_FLOW_END, &f);
	f.orig = addr_v4(255, 255, 255, 255);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
}

static void
udp_and_protocols_without_ports_are_named_as_they_are(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, threshold_ns);

	f.ip_proto = IPPROTO_UDP;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_string_equal(rig_last(r)->object, "192.0.2.1 port 443/udp");
	f.ip_proto = 47; /* GRE */
	f.resp_port = 0;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_string_equal(rig_last(r)->text, "kept a connection to 192.0.2.1 open for 25 min");
	assert_string_equal(rig_last(r)->object, "192.0.2.1");
}

static void
the_longest_address_and_port_fit(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, threshold_ns);

	memset(f.resp.byte, 0x2e, sizeof(f.resp.byte));
	f.resp_port = 65535;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_string_equal(
		rig_last(r)->object, "2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e:2e2e port 65535/tcp");
}

static void
the_age_can_be_set(void **state)
{
	struct rig *r = *state;

	rig_set_duration(r, "min_duration", 60 * NS_PER_S);
	assert_int_equal(reports(r, 0, 60 * NS_PER_S - 1), 0);
	assert_int_equal(reports(r, 0, 60 * NS_PER_S), 1);
	assert_int_equal(rig_last(r)->threshold, 60);
	assert_false(rig_setting_takes(r, "min_duration", NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "min_duration", 2592000 * NS_PER_S));
	assert_false(rig_setting_takes(r, "min_duration", 2592000 * NS_PER_S + 1));
}

/* A foreign flow log may say anything. */
static void
a_flow_that_ends_before_it_starts_has_no_age(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = conversation(0, threshold_ns);

	f.last_ns = f.start_ns - 1;
	rig_flow(r, OBS_FLOW_END, &f);
	f = conversation(0, threshold_ns);
	f.previous_ns = f.start_ns - 1;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(one_nanosecond_short_is_silence),
		TEST(the_finding_says_what_was_measured),
		TEST(a_conversation_is_told_once),
		TEST(it_is_told_again_at_each_tenfold),
		TEST(several_tenfolds_at_once_are_one_finding),
		TEST(ages_near_the_end_of_time_do_not_wrap),
		TEST(confidence_grows_with_the_day),
		TEST(the_end_of_a_conversation_counts_as_well),
		TEST(the_server_is_not_charged),
		TEST(nobody_talks_with_everyone),
		TEST(udp_and_protocols_without_ports_are_named_as_they_are),
		TEST(the_longest_address_and_port_fit),
		TEST(the_age_can_be_set),
		TEST(a_flow_that_ends_before_it_starts_has_no_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
