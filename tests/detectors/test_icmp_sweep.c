#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_icmp_sweep;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_icmp_sweep);
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
question(uint16_t type)
{
	return (struct obs_flow){
		.orig_port = type,
		.ip_proto = IPPROTO_ICMP,
		.orig_total.packets = 1,
		.state = CONN_OTH,
	};
}

/* The same to each of the addresses 10.1.0.0 + [first, end). */
static void
ask_with(struct rig *r, unsigned first, unsigned end, struct obs_flow f)
{
	for (unsigned i = first; i < end; i++) {
		f.resp = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
		f.uid = rig_uid(i);
		rig_flow(r, OBS_FLOW_START, &f);
	}
}

static void
ping(struct rig *r, unsigned first, unsigned end)
{
	ask_with(r, first, end, question(8));
}

static void
four_hosts_are_silence_and_five_are_not(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 4);
	assert_int_equal(r->raised_count, 0);
	ping(r, 4, 5);
	assert_int_equal(r->raised_count, 1);
}

static void
the_finding_says_what_was_counted(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 5);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "ICMP_ADDRESS_SCAN");
	assert_string_equal(e->kind->title, "ICMP address scan");
	assert_string_equal(e->kind->technique, "T1018");
	assert_string_equal(e->kind->unit, "hosts");
	assert_int_equal(e->kind->signature_id, 5200002);
	assert_string_equal(e->text, "performed an ICMP address scan on 5 hosts");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->has_about);
	assert_false(e->decisive);
	assert_int_equal(e->port, 8);
	assert_int_equal(e->ip_proto, IPPROTO_ICMP);
	assert_int_equal(e->observed, 5);
	assert_int_equal(e->threshold, 5);
	assert_int_equal(e->uid_count, 4); /* kept from the second host on */
	assert_string_equal(e->uids[0].text, rig_uid(1).text);
	assert_string_equal(e->uids[3].text, rig_uid(4).text);
}

static void
eighteen_hosts_are_three_findings_of_little_confidence(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 18);
	assert_int_equal(r->raised_count, 3);
	assert_float_equal(r->raised[0].confidence, 0.0, 1e-9);
	assert_float_equal(r->raised[1].confidence, 0.02, 1e-9);
	assert_float_equal(r->raised[2].confidence, 0.04, 1e-9);
}

static void
a_whole_network_is_certain(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 130);
	assert_float_equal(rig_last(r)->confidence, 0.5, 1e-9);
	ping(r, 130, 255);
	assert_int_equal(r->raised_count, 51);
	assert_int_equal(rig_last(r)->observed, 255);
	assert_float_equal(rig_last(r)->confidence, 1.0, 1e-9);
}

static void
the_count_starts_anew_in_the_window_after_255(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 255);
	size_t used = r->profile_memory.used_bytes;
	rig_window_next(r);
	ping(r, 255, 259);
	assert_int_equal(r->raised_count, 51);
	ping(r, 0, 1); /* forgotten, so it counts again */
	assert_int_equal(r->raised_count, 52);
	assert_int_equal(rig_last(r)->observed, 5);
	ping(r, 1, 251);
	assert_int_equal(r->raised_count, 51 * 2);
	assert_int_equal(r->profile_memory.used_bytes, used); /* however often it starts */
}

static void
what_comes_on_top_is_told_with_each_tenfold(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 2500);
	assert_int_equal(r->raised_count, 51);
	ping(r, 2500, 2600);
	assert_int_equal(r->raised_count, 52);
	assert_in_range(rig_last(r)->observed, 2550, 2560);
	assert_float_equal(rig_last(r)->confidence, 1.0, 1e-9);
	assert_true(
		strncmp(rig_last(r)->text, "performed an ICMP address scan on about 25", 41) == 0);
	size_t used = r->profile_memory.used_bytes;
	ping(r, 2600, 26000);
	assert_int_equal(r->raised_count, 53);
	rig_window_next(r);
	ping(r, 0, 2500);
	assert_int_equal(r->raised_count, 53 + 51);
	ping(r, 2500, 2600);
	assert_int_equal(r->raised_count, 53 + 52);
	assert_int_equal(r->profile_memory.used_bytes, used);
}

static void
hosts_asked_again_do_not_come_on_top(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 20; i++)
		ping(r, 0, 255);
	assert_int_equal(r->raised_count, 51);
}

static void
without_memory_for_the_sketch_255_is_the_last_word(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 255);
	r->profile_memory.cap_bytes = r->profile_memory.used_bytes;
	ping(r, 255, 6000);
	assert_int_equal(r->raised_count, 51);
	assert_true(r->profile_memory.refused > 0);
}

static void
the_same_host_counts_once(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 100; i++)
		ping(r, 0, 4);
	assert_int_equal(r->raised_count, 0);
	ping(r, 4, 5);
	for (int i = 0; i < 100; i++)
		ping(r, 0, 5);
	assert_int_equal(r->raised_count, 1);
	ping(r, 5, 9); /* what was known before the array moved is known after it */
	ping(r, 0, 9);
	assert_int_equal(r->raised_count, 1);
	ping(r, 9, 10);
	assert_int_equal(r->raised_count, 2);
}

static void
a_sweep_may_take_several_windows(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 3);
	rig_window_next(r);
	ping(r, 3, 5);
	assert_int_equal(r->raised_count, 1);
	rig_profile_gone(r);
	ping(r, 5, 9);
	assert_int_equal(r->raised_count, 1);
}

static void
time_stamps_and_masks_are_sweeps_of_their_own(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 4);
	ask_with(r, 4, 8, question(13));
	ask_with(r, 8, 12, question(17));
	assert_int_equal(r->raised_count, 0);
	ask_with(r, 8, 9, question(14)); /* the answer's type belongs to the same sweep */
	assert_int_equal(r->raised_count, 1);
	assert_string_equal(rig_last(r)->kind->name, "ICMP_TIMESTAMP_SCAN");
	assert_string_equal(rig_last(r)->kind->title, "ICMP timestamp scan");
	assert_string_equal(rig_last(r)->kind->technique, "T1018");
	assert_string_equal(rig_last(r)->kind->unit, "hosts");
	assert_int_equal(rig_last(r)->kind->signature_id, 5200003);
	assert_string_equal(rig_last(r)->text, "performed an ICMP timestamp scan on 5 hosts");
	assert_int_equal(rig_last(r)->port, 14);
	ask_with(r, 12, 13, question(18));
	assert_int_equal(r->raised_count, 2);
	assert_string_equal(rig_last(r)->kind->name, "ICMP_ADDRESS_MASK_SCAN");
	assert_string_equal(rig_last(r)->kind->title, "ICMP address mask scan");
	assert_string_equal(rig_last(r)->kind->technique, "T1016");
	assert_string_equal(rig_last(r)->kind->unit, "hosts");
	assert_int_equal(rig_last(r)->kind->signature_id, 5200004);
	assert_string_equal(rig_last(r)->text, "performed an ICMP address mask scan on 5 hosts");
}

static void
no_other_type_is_a_question(void **state)
{
	struct rig *r = *state;

	for (uint16_t type = 0; type < 256; type++)
		if (type != 8 && type != 13 && type != 14 && type != 17 && type != 18)
			ask_with(r, 0, 5, question(type));
	assert_int_equal(r->raised_count, 0);
	ask_with(r, 0, 5, question(17));
	assert_int_equal(r->raised_count, 1);
}

static void
icmpv6_echo_counts_and_nothing_else_of_it(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = question(0);

	f.ip_proto = IPPROTO_ICMPV6;
	for (uint16_t type = 0; type < 256; type++) {
		f.orig_port = type;
		if (type != 128)
			ask_with(r, 0, 5, f);
	}
	assert_int_equal(r->raised_count, 0);
	f.orig_port = 128;
	ask_with(r, 0, 5, f);
	assert_int_equal(r->raised_count, 1);
	assert_string_equal(rig_last(r)->kind->name, "ICMP_ADDRESS_SCAN");
	assert_int_equal(rig_last(r)->ip_proto, IPPROTO_ICMPV6);
}

static void
tcp_ports_with_the_numbers_of_types_are_not_ours(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = question(8);

	f.ip_proto = IPPROTO_TCP;
	ask_with(r, 0, 50, f);
	assert_int_equal(r->raised_count, 0);
}

static void
who_is_asked_is_not_charged(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = question(8);

	for (uint8_t i = 0; i < 50; i++) {
		f.resp = addr_v4(10, 1, 0, i);
		rig_flow_as_server(r, OBS_FLOW_START, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
a_conversation_counts_when_it_starts(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = question(8);

	for (uint8_t i = 0; i < 50; i++) {
		f.resp = addr_v4(10, 1, 0, i);
		rig_flow(r, OBS_FLOW_INTERIM, &f);
		rig_flow(r, OBS_FLOW_END, &f);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
sources_that_are_nobody_do_not_count(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = question(8);
	struct observation o = { .kind = OBS_FLOW_START, .role = ROLE_CLIENT, .flow = &f };

	for (uint8_t i = 0; i < 50; i++) {
		f.resp = addr_v4(10, 1, 0, i);
		f.orig = addr_v4(255, 255, 255, 255);
		rig_observe(r, &o);
		f.orig = addr_v4(0, 0, 0, 0);
		rig_observe(r, &o);
	}
	assert_int_equal(r->raised_count, 0);
}

static void
how_often_it_reports_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "report_every", 0));
	assert_true(rig_setting_takes(r, "report_every", 255));
	assert_false(rig_setting_takes(r, "report_every", 256));
	rig_set_u32(r, "report_every", 1);
	ping(r, 0, 1);
	assert_int_equal(r->raised_count, 1);
	assert_float_equal(rig_last(r)->confidence, 0.0, 1e-9);
	assert_int_equal(rig_last(r)->uid_count, 0);
	ping(r, 1, 6);
	assert_int_equal(r->raised_count, 6);
	assert_float_equal(rig_last(r)->confidence, 0.004, 1e-9);
	rig_set_u32(r, "report_every", 100);
	ping(r, 6, 99);
	assert_int_equal(r->raised_count, 6);
	ping(r, 99, 100);
	assert_int_equal(r->raised_count, 7);
	assert_int_equal(rig_last(r)->threshold, 100);
}

static void
a_host_that_pings_little_costs_little(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 2);
	size_t used = r->profile_memory.used_bytes;
	assert_true(used < 512);
	ping(r, 2, 8);
	assert_int_equal(r->profile_memory.used_bytes, used);
	ping(r, 8, 9);
	assert_int_equal(r->profile_memory.used_bytes, used + 16 * sizeof(struct addr));
	ping(r, 9, 255); /* 16, 32, 64, 128 and 256 hosts */
	assert_int_equal(r->profile_memory.used_bytes, used + 496 * sizeof(struct addr));
}

static void
without_memory_the_count_stands_still(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 8);
	assert_int_equal(r->raised_count, 1);
	r->profile_memory.cap_bytes = r->profile_memory.used_bytes;
	ping(r, 8, 100);
	ask_with(r, 0, 100, question(13));
	assert_int_equal(r->raised_count, 1);
	assert_true(r->profile_memory.refused > 0);
}

static void
without_room_for_proof_the_sweep_is_still_reported(void **state)
{
	struct rig *r = *state;

	ping(r, 0, 1);
	r->profile_memory.cap_bytes = r->profile_memory.used_bytes;
	ping(r, 1, 5);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->uid_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(four_hosts_are_silence_and_five_are_not),
		TEST(the_finding_says_what_was_counted),
		TEST(eighteen_hosts_are_three_findings_of_little_confidence),
		TEST(a_whole_network_is_certain),
		TEST(the_count_starts_anew_in_the_window_after_255),
		TEST(what_comes_on_top_is_told_with_each_tenfold),
		TEST(hosts_asked_again_do_not_come_on_top),
		TEST(without_memory_for_the_sketch_255_is_the_last_word),
		TEST(the_same_host_counts_once),
		TEST(a_sweep_may_take_several_windows),
		TEST(time_stamps_and_masks_are_sweeps_of_their_own),
		TEST(no_other_type_is_a_question),
		TEST(icmpv6_echo_counts_and_nothing_else_of_it),
		TEST(tcp_ports_with_the_numbers_of_types_are_not_ours),
		TEST(who_is_asked_is_not_charged),
		TEST(a_conversation_counts_when_it_starts),
		TEST(sources_that_are_nobody_do_not_count),
		TEST(how_often_it_reports_can_be_set),
		TEST(a_host_that_pings_little_costs_little),
		TEST(without_memory_the_count_stands_still),
		TEST(without_room_for_proof_the_sweep_is_still_reported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
