#include "tests/support/detector_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_arp_scan;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_arp_scan);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct obs_arp
request(unsigned target)
{
	return (struct obs_arp){
		.operation = 1,
		.eth_src = { { 2, 0, 0, 0, 0, 1 } },
		.eth_dst = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
		.sender_mac = { { 2, 0, 0, 0, 0, 1 } },
		.sender = addr_v4(10, 0, 0, 1),
		.target = addr_v4(10, 1, (uint8_t)(target >> 8), (uint8_t)target),
	};
}

static void
say_at(struct rig *r, uint64_t ts_ns, struct obs_arp a)
{
	struct observation o = { .kind = OBS_ARP, .role = ROLE_CLIENT, .ts_ns = ts_ns, .arp = &a };

	rig_observe(r, &o);
}

/* Ask for each of the targets [first, end), `gap_ns` after the one before. */
static void
ask(struct rig *r, unsigned first, unsigned end, uint64_t gap_ns)
{
	for (unsigned i = first; i < end; i++)
		say_at(r, r->now_ns + gap_ns, request(i));
}

static void
wait_s(struct rig *r, uint64_t seconds)
{
	rig_tick(r, r->now_ns + seconds * NS_PER_S);
}

static void
four_targets_are_silence_and_five_are_not(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 4, NS_PER_MS);
	wait_s(r, 3000);
	assert_int_equal(r->raised_count, 0);
	rig_window_next(r);
	ask(r, 0, 5, NS_PER_MS);
	wait_s(r, 3000);
	assert_int_equal(r->raised_count, 1);
}

static void
the_finding_says_what_was_counted_in_ten_seconds(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 105,
		UINT64_C(100) * NS_PER_MS); /* the fifth at 0.4 s, so the wait ends at 10.4 s */
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "ARP_SCAN");
	assert_string_equal(e->kind->title, "ARP scan");
	assert_string_equal(e->kind->technique, "T1018");
	assert_string_equal(e->kind->unit, "hosts");
	assert_int_equal(e->kind->signature_id, 5200001);
	assert_string_equal(e->text, "asked for 104 addresses by ARP within 10 s");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->has_about);
	assert_false(e->decisive);
	assert_int_equal(e->observed, 104);
	assert_int_equal(e->threshold, 5);
}

static void
nothing_is_said_before_the_wait_is_over(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 5, 0);
	rig_tick(r, r->now_ns + 10 * NS_PER_S - 1);
	assert_int_equal(r->raised_count, 0);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(r->raised_count, 1);
}

static void
a_sweep_of_a_network_is_one_finding(void **state)
{
	struct rig *r = *state;

	for (int round = 0; round < 2; round++)
		ask(r, 1, 256, UINT64_C(25) * NS_PER_MS); /* 510 requests, 255 targets, 12.8 s */
	assert_int_equal(r->raised_count, 1);
	rig_window_close(r);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 255);
}

static void
it_reports_again_at_ten_times_what_was_said(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 20, 0);
	wait_s(r, 10);
	assert_int_equal(rig_last(r)->observed, 20);
	ask(r, 20, 199, NS_PER_S);
	assert_int_equal(r->raised_count, 1);
	ask(r, 199, 200, NS_PER_S);
	assert_int_equal(r->raised_count, 2);
	assert_string_equal(rig_last(r)->text, "asked for 200 addresses by ARP within 3 min");
	ask(r, 200, 1999, NS_PER_MS);
	assert_int_equal(r->raised_count, 2);
	ask(r, 1999, 2000, NS_PER_MS);
	assert_int_equal(r->raised_count, 3);
}

static void
a_wait_that_is_cut_short_reports_what_was_met(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 7, NS_PER_MS);
	rig_window_close(r);
	assert_int_equal(r->raised_count, 1);
	assert_string_equal(rig_last(r)->text, "asked for 7 addresses by ARP within 6 ms");
}

static void
without_a_deadline_it_reports_at_once(void **state)
{
	struct rig *r = *state;

	r->deadline_max = 0;
	ask(r, 0, 5, 0);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 5);
	ask(r, 5, 50, 0);
	assert_int_equal(r->raised_count, 2);
	rig_window_close(r);
	assert_int_equal(r->raised_count, 2);
}

static void
a_window_without_a_scan_closes_in_silence(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 4, 0);
	rig_window_close(r);
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(r->deadline_count, 0);
}

static void
five_targets_in_thirty_seconds_but_not_in_more(void **state)
{
	struct rig *r = *state;
	uint64_t start_ns = r->now_ns;

	ask(r, 0, 4, 0);
	say_at(r, start_ns + 30 * NS_PER_S + 1, request(4));
	wait_s(r, 100);
	assert_int_equal(r->raised_count, 0);
	rig_window_next(r);
	start_ns = r->now_ns;
	ask(r, 0, 4, 0);
	say_at(r, start_ns + 30 * NS_PER_S, request(4));
	wait_s(r, 100);
	assert_int_equal(r->raised_count, 1);
}

/* A1: the reference measured from the very first target, so a slow start hid the scan for good. */
static void
the_span_slides_with_the_targets(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 20, 8 * NS_PER_S); /* any five of them take 32 s */
	assert_int_equal(r->raised_count, 0);
	ask(r, 20, 25, NS_PER_S);
	wait_s(r, 10);
	assert_int_equal(r->raised_count, 1);
}

static void
what_was_asked_for_again_is_recent(void **state)
{
	struct rig *r = *state;
	uint64_t start_ns = r->now_ns;

	say_at(r, start_ns, request(0));
	say_at(r, start_ns + 20 * NS_PER_S, request(1));
	say_at(r, start_ns + 21 * NS_PER_S, request(2));
	say_at(r, start_ns + 40 * NS_PER_S, request(0));
	say_at(r, start_ns + 41 * NS_PER_S, request(3));
	say_at(r, start_ns + 42 * NS_PER_S, request(4)); /* 1 .. 4 and 0 within 22 s */
	wait_s(r, 10);
	assert_int_equal(r->raised_count, 1);
}

/* An arena hides what is written past a block from the sanitizers: a block behind it does not. */
static void
old_targets_fall_off_the_end_and_nowhere_else(void **state)
{
	struct rig *r = *state;
	unsigned char all[256];

	memset(all, 0xa5, sizeof(all));
	ask(r, 0, 1, 0);
	unsigned char *behind = arena_alloc(&r->memory, sizeof(all));
	assert_non_null(behind);
	memcpy(behind, all, sizeof(all));
	ask(r, 1, 50, 20 * NS_PER_S);
	assert_memory_equal(behind, all, sizeof(all));
	assert_int_equal(r->raised_count, 0);
}

static void
the_same_target_counts_once(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 100; i++)
		ask(r, 0, 4, NS_PER_MS);
	wait_s(r, 100);
	assert_int_equal(r->raised_count, 0);
	ask(r, 0, 5, 0);
	for (int i = 0; i < 100; i++)
		ask(r, 0, 5, NS_PER_MS);
	wait_s(r, 100);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 5);
}

/* Hand over [0, 50) changed in one way; nothing may come of it. */
static void
assert_innocent(struct rig *r, const struct obs_arp *changed, bool own_target, enum obs_role role)
{
	for (unsigned i = 0; i < 50; i++) {
		struct obs_arp a = *changed;
		a.target = request(i).target;
		if (own_target)
			a.sender = a.target;
		struct observation o = {
			.kind = OBS_ARP, .role = role, .ts_ns = r->now_ns, .arp = &a
		};
		rig_observe(r, &o);
	}
	rig_window_next(r);
	assert_int_equal(r->raised_count, 0);
}

static void
only_questions_of_this_host_for_others_count(void **state)
{
	struct rig *r = *state;
	struct obs_arp a = request(0);

	a.operation = 2; /* a reply */
	assert_innocent(r, &a, false, ROLE_CLIENT);
	a = request(0);
	a.target_mac = (struct mac){ { 0, 0, 0, 0, 0, 9 } }; /* a poll of a known neighbour */
	assert_innocent(r, &a, false, ROLE_CLIENT);
	a = request(0);
	a.sender = addr_v4(0, 0, 0, 0); /* a probe */
	assert_innocent(r, &a, false, ROLE_CLIENT);
	a = request(0);
	assert_innocent(r, &a, true, ROLE_CLIENT);  /* an announcement */
	assert_innocent(r, &a, false, ROLE_SERVER); /* this host was asked */
	ask(r, 0, 50, 0);
	rig_window_next(r);
	assert_int_equal(r->raised_count, 1);
}

static void
each_window_counts_for_itself(void **state)
{
	struct rig *r = *state;

	rig_tick(r, r->call.window_end_ns - NS_PER_S);
	ask(r, 0, 4, 0);
	rig_window_next(r);
	ask(r, 4, 8, 0);
	rig_window_next(r);
	assert_int_equal(r->raised_count, 0);
}

static void
settings_are_obeyed(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_targets", 1));
	assert_true(rig_setting_takes(r, "min_targets", 64));
	assert_false(rig_setting_takes(r, "min_targets", 65));
	assert_false(rig_setting_takes(r, "span", NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "min_targets", 2));
	assert_true(rig_setting_takes(r, "span", 3600 * NS_PER_S));
	assert_false(rig_setting_takes(r, "span", 3600 * NS_PER_S + 1));
	assert_true(rig_setting_takes(r, "wait", 0));
	assert_true(rig_setting_takes(r, "wait", 3600 * NS_PER_S));
	assert_false(rig_setting_takes(r, "wait", 3600 * NS_PER_S + 1));
	rig_set_u32(r, "min_targets", 64);
	rig_set_duration(r, "span", 126 * NS_PER_S);
	rig_set_duration(r, "wait", 0);
	ask(r, 0, 63, 2 * NS_PER_S);
	assert_int_equal(r->raised_count, 0);
	ask(r, 63, 64, 2 * NS_PER_S);
	wait_s(r, 1);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->threshold, 64);
}

static void
frames_out_of_order_do_not_turn_time_around(void **state)
{
	struct rig *r = *state;
	uint64_t start_ns = r->now_ns;

	for (unsigned i = 0; i < 5; i++)
		say_at(r, start_ns + (10 - i) * NS_PER_S, request(i));
	say_at(r, start_ns, request(9));
	wait_s(r, 30);
	assert_string_equal(rig_last(r)->text, "asked for 6 addresses by ARP within 4 s");
}

static void
from_4096_on_a_sketch_counts(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 410, 0);
	wait_s(r, 10);
	ask(r, 410, 4096, NS_PER_US);
	assert_int_equal(r->raised_count, 1);
	size_t used = r->memory.used_bytes;
	ask(r, 4096, 60000, NS_PER_US);
	assert_int_equal(r->raised_count, 3); /* 410, 4100, 41000 */
	assert_in_range(rig_last(r)->observed, 41000, 41100);
	assert_true(strncmp(rig_last(r)->text, "asked for about 41", 18) == 0);
	assert_int_equal(r->memory.used_bytes, used + (sizeof(struct hll) + 15) / 16 * 16);
	rig_window_next(r);
	ask(r, 0, 409, 0);
	wait_s(r, 10);
	ask(r, 409, 4090, NS_PER_US);
	assert_int_equal(r->raised_count, 5);
	assert_int_equal(rig_last(r)->observed, 4090);
}

static void
a_full_arena_is_quiet_and_counted(void **state)
{
	struct rig *r = *state;

	say_at(r, r->now_ns, (struct obs_arp){ .operation = 2 }); /* the state is there */
	r->memory.cap_bytes = r->memory.used_bytes;
	ask(r, 0, 100, 0);
	assert_true(r->memory.refused > 0);
	rig_window_close(r);
	assert_int_equal(r->raised_count, 0);
}

static void
without_memory_for_the_count_the_threshold_is_still_true(void **state)
{
	struct rig *r = *state;

	ask(r, 0, 4, 0);
	r->memory.cap_bytes = r->memory.used_bytes;
	ask(r, 4, 100, 0);
	wait_s(r, 10);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->observed, 5);
	assert_true(r->memory.refused > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(four_targets_are_silence_and_five_are_not),
		TEST(the_finding_says_what_was_counted_in_ten_seconds),
		TEST(nothing_is_said_before_the_wait_is_over),
		TEST(a_sweep_of_a_network_is_one_finding),
		TEST(it_reports_again_at_ten_times_what_was_said),
		TEST(a_wait_that_is_cut_short_reports_what_was_met),
		TEST(without_a_deadline_it_reports_at_once),
		TEST(a_window_without_a_scan_closes_in_silence),
		TEST(five_targets_in_thirty_seconds_but_not_in_more),
		TEST(the_span_slides_with_the_targets),
		TEST(what_was_asked_for_again_is_recent),
		TEST(old_targets_fall_off_the_end_and_nowhere_else),
		TEST(the_same_target_counts_once),
		TEST(only_questions_of_this_host_for_others_count),
		TEST(each_window_counts_for_itself),
		TEST(settings_are_obeyed),
		TEST(frames_out_of_order_do_not_turn_time_around),
		TEST(from_4096_on_a_sketch_counts),
		TEST(a_full_arena_is_quiet_and_counted),
		TEST(without_memory_for_the_count_the_threshold_is_still_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
