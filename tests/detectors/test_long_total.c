#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_long_total;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_long_total);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static const uint64_t minute_ns = 60 * NS_PER_S;

/* A conversation with `resp` that was seen from `from_s` to `to_s` after the beginning. */
static size_t
open_between(struct rig *r, struct addr resp, uint64_t from_s, uint64_t to_s)
{
	struct obs_flow f = {
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.resp_total = { .packets = 1 },
		.start_ns = RIG_START_NS + from_s * NS_PER_S,
		.previous_ns = RIG_START_NS + from_s * NS_PER_S,
		.last_ns = RIG_START_NS + to_s * NS_PER_S,
	};
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_INTERIM, &f);
	return r->raised_count - before;
}

static const struct addr peer = { .byte = { [10] = 0xff, 0xff, 192, 0, 2, 1 } };

#define HOUR UINT64_C(3600)

static void
an_hour_in_pieces_is_told(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 359; i++)
		assert_int_equal(open_between(r, peer, i * 20, i * 20 + 10), 0);
	assert_int_equal(open_between(r, peer, 8000, 8009), 0);
	assert_int_equal(open_between(r, peer, 9000, 9010), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "LONG_TOTAL_CONNECTION");
	assert_string_equal(e->kind->technique, "T1071");
	assert_int_equal(e->kind->signature_id, 5200029);
	assert_string_equal(e->kind->unit, "s");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.3, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&e->about, &peer));
	assert_int_equal(e->port, 443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, HOUR);
	assert_int_equal(e->threshold, HOUR);
	assert_string_equal(e->object, "192.0.2.1");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text, "kept connections to 192.0.2.1 open for 1 h within 24 hours");
}

static void
four_eight_and_twelve_hours_are_told_as_well(void **state)
{
	static const enum threat levels[] = { THREAT_LOW, THREAT_LOW, THREAT_MEDIUM, THREAT_HIGH };
	static const uint64_t hours[] = { 1, 4, 8, 12 };
	struct rig *r = *state;

	for (uint64_t i = 0; i < 240; i++)
		(void)open_between(r, peer, i * 300, i * 300 + 300);
	assert_int_equal(r->raised_count, 4);
	for (uint64_t i = 0; i < 4; i++) {
		assert_int_equal(r->raised[i].threat, levels[i]);
		assert_int_equal(r->raised[i].observed, hours[i] * HOUR);
		assert_int_equal(r->raised[i].threshold, hours[i] * HOUR);
	}
}

static void
conversations_at_once_count_once(void **state)
{
	struct rig *r = *state;

	for (uint64_t i = 0; i < 11; i++)
		for (uint64_t k = 0; k < 6; k++)
			assert_int_equal(open_between(r, peer, i * 300 + k, i * 300 + 300), 0);
	assert_int_equal(open_between(r, peer, 0, 3300), 0); /* all of it was counted */
	assert_int_equal(open_between(r, peer, 3000, 3599), 0);
	assert_int_equal(open_between(r, peer, 0, 3600), 1);
}

/* Eight pieces of three hours; what lies before them is gone. */
static void
only_the_last_day_counts(void **state)
{
	struct rig *r = *state;
	uint64_t first_bucket_s = 3 * HOUR - RIG_START_NS / NS_PER_S % (3 * HOUR);

	assert_int_equal(open_between(r, peer, first_bucket_s, first_bucket_s + 1800), 0);
	assert_int_equal(open_between(r, peer, first_bucket_s + 23 * HOUR,
				 first_bucket_s + 23 * HOUR + 1799),
		0);
	assert_int_equal(open_between(r, peer, first_bucket_s + 23 * HOUR + 1800,
				 first_bucket_s + 23 * HOUR + 1810),
		1);

	rig_window_next(r);
	struct addr other = addr_v4(192, 0, 2, 2);
	uint64_t next_s = first_bucket_s + 48 * HOUR;
	assert_int_equal(open_between(r, other, next_s, next_s + 1800), 0);
	assert_int_equal(open_between(r, other, next_s + 24 * HOUR, next_s + 24 * HOUR + 1800), 0);
	assert_int_equal(open_between(r, other, next_s + 60 * HOUR, next_s + 60 * HOUR + 3599), 0);
	assert_int_equal(
		open_between(r, other, next_s + 60 * HOUR + 3600, next_s + 60 * HOUR + 3610), 1);
}

static void
a_piece_of_the_day_before_is_emptied_when_it_is_used_again(void **state)
{
	struct rig *r = *state;
	uint64_t first_s = 3 * HOUR - RIG_START_NS / NS_PER_S % (3 * HOUR);

	assert_int_equal(open_between(r, peer, first_s, first_s + 1800), 0);
	assert_int_equal(open_between(r, peer, first_s + 15 * HOUR, first_s + 15 * HOUR + 100), 0);
	assert_int_equal(open_between(r, peer, first_s + 27 * HOUR, first_s + 27 * HOUR + 1700), 0);
}

static void
what_was_told_is_told_again_after_it_had_sunk_to_half(void **state)
{
	struct rig *r = *state;

	assert_int_equal(open_between(r, peer, 0, HOUR), 1);
	assert_int_equal(open_between(r, peer, HOUR, 2 * HOUR), 0);
	assert_int_equal(
		open_between(r, peer, 40 * HOUR, 40 * HOUR + 1801), 0); /* never below half */
	assert_int_equal(open_between(r, peer, 40 * HOUR + 1801, 41 * HOUR), 0);
	assert_int_equal(open_between(r, peer, 80 * HOUR, 80 * HOUR + 1799), 0);
	assert_int_equal(open_between(r, peer, 80 * HOUR + 1799, 81 * HOUR), 1);
}

static void
short_conversations_open_no_account(void **state)
{
	struct rig *r = *state;

	(void)open_between(r, peer, 0, HOUR / 2);
	size_t used = r->profile_memory.used_bytes;
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(open_between(r, peer, 4000 + i * 9, 4000 + i * 9 + 9), 0);
	assert_int_equal(r->profile_memory.used_bytes, used);
	rig_profile_gone(r);
	assert_int_equal(open_between(r, peer, 0, 9), 0);
	assert_null(r->call.profile_state);
}

static void
only_answers_of_the_internet_count(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = {
		.resp = peer,
		.start_ns = RIG_START_NS,
		.previous_ns = RIG_START_NS,
		.last_ns = RIG_START_NS + 60 * minute_ns,
	};

	assert_int_equal(open_between(r, addr_v4(192, 168, 0, 9), 0, HOUR), 0);
	assert_int_equal(open_between(r, addr_v4(224, 0, 0, 9), 0, HOUR), 0);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	f.resp_total.packets = 1;
	rig_flow(r, OBS_FLOW_START, &f);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	f.previous_ns = f.last_ns + 1;
	rig_flow(r, OBS_FLOW_END, &f);
	f.previous_ns = f.last_ns;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
	f.previous_ns = f.start_ns;
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
the_peer_with_the_smallest_sum_makes_room(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 12; i++) /* 31 min, 32, ... 42; the third is the smallest */
		(void)open_between(
			r, addr_v4(192, 0, 2, i), 0, (i == 3 ? 30 : UINT64_C(30) + i) * 60);
	size_t used = r->profile_memory.used_bytes;
	(void)open_between(
		r, addr_v4(192, 0, 2, 13), 3000, 3000 + 31 * 60); /* in the third's place */
	assert_int_equal(r->profile_memory.used_bytes, used);
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(open_between(r, addr_v4(192, 0, 2, 12), 6000, 6000 + 18 * 60), 1);
	assert_int_equal(open_between(r, addr_v4(192, 0, 2, 13), 6000, 6000 + 29 * 60), 1);
	assert_int_equal(open_between(r, addr_v4(192, 0, 2, 3), 9000, 9000 + 31 * 60), 0);
	assert_int_equal(open_between(r, addr_v4(192, 0, 2, 12), 12000, 12000 + 1), 0);
}

static void
without_memory_it_is_quiet(void **state)
{
	struct rig *r = *state;

	r->profile_memory.cap_bytes = 64; /* for the state, not for the peers */
	assert_int_equal(open_between(r, peer, 0, HOUR), 0);
	assert_true(r->profile_memory.refused > 0);
}

static void
sums_outlive_windows(void **state)
{
	struct rig *r = *state;

	assert_int_equal(open_between(r, peer, 0, 1800), 0);
	rig_window_next(r);
	assert_int_equal(open_between(r, peer, 3600, 5400), 1);
}

static void
the_least_time_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_total", minute_ns - 1));
	assert_true(rig_setting_takes(r, "min_total", 120 * minute_ns));
	assert_false(rig_setting_takes(r, "min_total", 120 * minute_ns + 1));
	rig_set_duration(r, "min_total", minute_ns);
	assert_int_equal(open_between(r, peer, 0, 49), 0);
	assert_int_equal(open_between(r, peer, 50, 60), 0);
	assert_int_equal(open_between(r, peer, 60, 70), 1);
	assert_int_equal(rig_last(r)->threshold, 60);
	assert_int_equal(rig_last(r)->observed, 69);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(an_hour_in_pieces_is_told),
		TEST(four_eight_and_twelve_hours_are_told_as_well),
		TEST(conversations_at_once_count_once),
		TEST(only_the_last_day_counts),
		TEST(a_piece_of_the_day_before_is_emptied_when_it_is_used_again),
		TEST(what_was_told_is_told_again_after_it_had_sunk_to_half),
		TEST(short_conversations_open_no_account),
		TEST(only_answers_of_the_internet_count),
		TEST(the_peer_with_the_smallest_sum_makes_room),
		TEST(without_memory_it_is_quiet),
		TEST(sums_outlive_windows),
		TEST(the_least_time_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
