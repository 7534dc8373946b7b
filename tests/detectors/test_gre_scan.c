#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_gre_scan;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_gre_scan);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct addr
target(unsigned i)
{
	return addr_v4(93, 184, (uint8_t)(i >> 8), (uint8_t)i);
}

/* GRE to that target which nobody answered. */
static struct obs_flow
attempt(unsigned i)
{
	return (struct obs_flow){
		.uid = rig_uid(i),
		.resp = target(i),
		.ip_proto = 47,
		.orig_total = { .packets = 1, .ip_bytes = 48 },
		.state = CONN_OTH,
		.established = true, /* as what is neither TCP nor UDP is said to be */
		.ended = FLOW_END_TIMEOUT,
	};
}

static void
try(struct rig *r, unsigned first, unsigned end)
{
	for (unsigned i = first; i < end; i++) {
		struct obs_flow f = attempt(i);
		rig_flow(r, OBS_FLOW_END, &f);
	}
}

static void
one_target_short_is_silence(void **state)
{
	struct rig *r = *state;

	try(r, 0, 9);
	assert_int_equal(r->raised_count, 0);
	try(r, 9, 10);
	assert_int_equal(r->raised_count, 1);
}

static void
the_finding_says_what_was_counted(void **state)
{
	struct rig *r = *state;

	try(r, 0, 10);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "GRE_SCAN");
	assert_string_equal(e->kind->technique, "T1046");
	assert_int_equal(e->kind->signature_id, 5200040);
	assert_string_equal(e->kind->unit, "hosts");
	assert_string_equal(e->kind->title, "GRE scan");
	assert_string_equal(e->text, "sent GRE to 10 hosts, none of which answered");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.55, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->ip_proto, 47);
	assert_int_equal(e->observed, 10);
	assert_int_equal(e->threshold, 10);
	assert_int_equal(e->uid_count, EVIDENCE_UIDS_MAX);
	assert_false(e->decisive || e->has_about);
}

static void
each_tenfold_is_told_and_is_more_certain(void **state)
{
	struct rig *r = *state;

	try(r, 0, 99);
	assert_int_equal(r->raised_count, 1);
	try(r, 99, 100);
	assert_int_equal(r->raised_count, 2);
	assert_float_equal(rig_last(r)->confidence, 1.0, 1e-9);
	try(r, 100, 1000);
	assert_int_equal(r->raised_count, 3);
	assert_float_equal(rig_last(r)->confidence, 1.0, 1e-9);
}

static void
its_flows_are_told_from_the_second_on(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_targets", 3);
	try(r, 0, 3);
	assert_int_equal(rig_last(r)->uid_count, 2);
	assert_string_equal(rig_last(r)->uids[0].text, rig_uid(1).text);
	assert_string_equal(rig_last(r)->uids[1].text, rig_uid(2).text);
}

static void
the_same_target_counts_once(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 100; i++)
		try(r, 0, 9);
	assert_int_equal(r->raised_count, 0);
}

static void
an_answer_makes_it_a_tunnel(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 100; i++) {
		struct obs_flow f = attempt(i);
		f.resp_total.packets = 1;
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
other_protocols_and_other_roles_are_no_gre_scan(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 100; i++) {
		struct obs_flow f = attempt(i);
		rig_flow_as_server(r, OBS_FLOW_END, &f);
		rig_flow(r, OBS_FLOW_START, &f);
		f.ip_proto = IPPROTO_UDP;
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
groups_broadcast_and_names_do_not_count(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 20; i++) {
		struct obs_flow f = attempt(i);
		f.resp = addr_v4(239, 1, 1, (uint8_t)i);
		rig_flow(r, OBS_FLOW_END, &f);
		f = attempt(i);
		f.orig = addr_v4(224, 0, 0, 1);
		rig_flow(r, OBS_FLOW_END, &f);
	}
	rig_resolve(r, target(5));
	try(r, 0, 10);
	assert_int_equal(r->raised_count, 0);
	try(r, 10, 11);
	assert_int_equal(r->raised_count, 1);
}

static void
an_attempt_that_was_cut_short_is_worth_half(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 20; i++) {
		struct obs_flow f = attempt(i);
		f.ended = FLOW_END_CAPTURE;
		assert_int_equal(r->raised_count, 0);
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 20);
}

static void
each_window_counts_for_itself(void **state)
{
	struct rig *r = *state;

	try(r, 0, 9);
	rig_window_next(r);
	try(r, 9, 18);
	assert_int_equal(r->raised_count, 0);
}

static void
the_count_stands_still_at_4096(void **state)
{
	struct rig *r = *state;

	try(r, 0, 4096);
	size_t used = r->memory.used_bytes;
	try(r, 4096, 50000);
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(r->raised_count, 3); /* 10, 100 and 1000, never 10000 */
}

static void
a_full_arena_is_quiet_and_counted(void **state)
{
	struct rig *r = *state;

	try(r, 0, 1);
	r->memory.cap_bytes = r->memory.used_bytes;
	try(r, 1, 1000);
	assert_int_equal(r->raised_count, 0);
	assert_true(r->memory.refused > 0);
}

static void
the_number_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_targets", 2));
	assert_true(rig_setting_takes(r, "min_targets", 4096));
	assert_false(rig_setting_takes(r, "min_targets", 4097));
	rig_set_u32(r, "min_targets", 3);
	try(r, 0, 2);
	assert_int_equal(r->raised_count, 0);
	try(r, 2, 3);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->threshold, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(one_target_short_is_silence),
		TEST(the_finding_says_what_was_counted),
		TEST(each_tenfold_is_told_and_is_more_certain),
		TEST(its_flows_are_told_from_the_second_on),
		TEST(the_same_target_counts_once),
		TEST(an_answer_makes_it_a_tunnel),
		TEST(other_protocols_and_other_roles_are_no_gre_scan),
		TEST(groups_broadcast_and_names_do_not_count),
		TEST(an_attempt_that_was_cut_short_is_worth_half),
		TEST(each_window_counts_for_itself),
		TEST(the_count_stands_still_at_4096),
		TEST(a_full_arena_is_quiet_and_counted),
		TEST(the_number_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
