#include "daemon/loop/packet_clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define S    NS_PER_S
#define MS   UINT64_C(1000000)
#define HOUR (3600 * S)
#define DAY  (24 * HOUR)
#define WALL (UINT64_C(1780000000) * S) /* 2026 */

/* A wall clock, a monotonic one, and an interface that is empty whenever `now` has moved. */
struct bench {
	struct packet_clock clock;
	uint64_t now;  /* monotonic */
	uint64_t wall; /* what the kernel stamps with */
};

static int
bench_open(void **state)
{
	static struct bench b;

	b.now = 500 * S;
	b.wall = WALL;
	packet_clock_start(&b.clock, b.wall, b.now);
	*state = &b;
	return 0;
}

static void
pass(struct bench *b, uint64_t ns)
{
	b->now += ns;
	b->wall += ns;
}

/* A packet that comes now and is taken at once, and nothing is waiting behind it. */
static uint64_t
packet(struct bench *b)
{
	uint64_t ns = packet_clock_stamp(&b->clock, b->wall, b->now);

	packet_clock_empty(&b->clock, b->now);
	return ns;
}

/* A packet every 100 ms. returns the last one's time */
static uint64_t
packets(struct bench *b, uint64_t for_ns)
{
	uint64_t ns = 0;

	for (uint64_t t = 0; t < for_ns; t += 100 * MS) {
		pass(b, 100 * MS);
		ns = packet(b);
	}
	return ns;
}

/* As packets(), and time is at the end what the wall clock is, less `by` at the most. */
static void
assert_packets_reach(struct bench *b, uint64_t for_ns, int64_t ahead_ns, uint64_t by)
{
	uint64_t ns = packets(b, for_ns);
	uint64_t expected = (uint64_t)((int64_t)b->wall + ahead_ns);

	assert_in_range(ns, expected - by, expected);
}

static void
assert_steps(const struct bench *b, uint64_t forward, uint64_t back)
{
	assert_int_equal(b->clock.steps_forward, forward);
	assert_int_equal(b->clock.steps_back, back);
}

static void
a_clock_that_nobody_touches_changes_nothing(void **state)
{
	struct bench *b = *state;

	for (unsigned i = 0; i < 1000; i++) {
		pass(b, 70 * MS);
		assert_int_equal(packet(b), b->wall);
		assert_int_equal(packet_clock_idle(&b->clock), b->wall - PACKET_CLOCK_LAG_NS);
		assert_int_equal(packet_clock_at(&b->clock, b->now - S), b->wall - S);
	}
	assert_steps(b, 0, 0);
	assert_int_equal(b->clock.clamped, 0);
}

/* One second of either clock against the other's 500 ppm, for a day. */
static void
drift(struct bench *b, int64_t ppm)
{
	for (uint64_t t = 0; t < DAY; t += S) {
		b->now += S;
		b->wall += S + (uint64_t)(ppm * 1000);
		assert_int_equal(packet(b), b->wall);
		/* a packet a second cannot tell a second of waiting from a second of drift */
		assert_in_range(packet_clock_idle(&b->clock), b->wall - 2 * S - 10 * MS,
			b->wall - 2 * S + S);
	}
	assert_steps(b, 0, 0);
	assert_int_equal(b->clock.clamped, 0);
}

static void
a_moment_told_late_changes_nothing(void **state)
{
	struct bench *b = *state;

	packet_clock_empty(&b->clock, b->now - 1);
	assert_int_equal(packet_clock_idle(&b->clock), WALL - PACKET_CLOCK_LAG_NS);
	packet_clock_empty(&b->clock, b->now + 1);
	assert_int_equal(packet_clock_idle(&b->clock), WALL - PACKET_CLOCK_LAG_NS + 1);
	packet_clock_empty(&b->clock, b->now);
	assert_int_equal(packet_clock_idle(&b->clock), WALL - PACKET_CLOCK_LAG_NS + 1);
}

static void
a_day_of_drift_is_followed(void **state)
{
	drift(*state, 500);
	(void)bench_open(state);
	drift(*state, -500);
}

static void
a_wild_stamp_ahead_is_brought_to_now(void **state)
{
	struct bench *b = *state;

	pass(b, S);
	assert_int_equal(packet_clock_stamp(&b->clock, b->wall + HOUR, b->now), b->wall);
	assert_int_equal(packet_clock_stamp(&b->clock, UINT64_MAX, b->now), b->wall);
	assert_int_equal(b->clock.clamped, 2);
	pass(b, S);
	assert_int_equal(packet(b), b->wall);
	assert_int_equal(packet_clock_idle(&b->clock), b->wall - PACKET_CLOCK_LAG_NS);
	assert_steps(b, 0, 0);
}

static void
the_slack_is_believed_and_not_a_nanosecond_more(void **state)
{
	struct bench *b = *state;
	const uint64_t slack = PACKET_CLOCK_SLACK_NS;

	assert_int_equal(packet_clock_stamp(&b->clock, WALL + slack, b->now), WALL + slack);
	assert_int_equal(b->clock.clamped, 0);
	assert_int_equal(packet_clock_stamp(&b->clock, WALL + slack + 1, b->now), WALL);
	assert_int_equal(b->clock.clamped, 1);
	assert_int_equal(packet_clock_stamp(&b->clock, WALL - slack - 1, b->now), WALL);
	assert_int_equal(b->clock.clamped, 2);
	assert_int_equal(packet_clock_stamp(&b->clock, WALL - slack, b->now), WALL - slack);
	assert_int_equal(b->clock.clamped, 2);
	assert_int_equal(packet_clock_at(&b->clock, b->now), WALL - slack);
}

/* The clock is set by `step` at once; returns the time of the packet by which it is settled. */
static uint64_t
settle_step(struct bench *b, int64_t step)
{
	uint64_t was = packets(b, S);

	b->wall = (uint64_t)((int64_t)b->wall + step);
	for (unsigned i = 0; i <= 19; i++) { /* 1.9 s from the first to the last */
		pass(b, 100 * MS);
		uint64_t ns = packet(b);
		assert_in_range(ns, was, was + 100 * MS); /* time goes on meanwhile */
		was = ns;
	}
	assert_steps(b, 0, 0);
	assert_int_equal(b->clock.clamped, 20);
	pass(b, 100 * MS);
	return packet(b);
}

static void
forward(struct bench *b, uint64_t step)
{
	uint64_t ns = settle_step(b, (int64_t)step);
	assert_int_equal(ns, b->wall);
	assert_steps(b, 1, 0);
	assert_int_equal(packet_clock_idle(&b->clock), b->wall - PACKET_CLOCK_LAG_NS);
	assert_packets_reach(b, 10 * S, 0, 0);
	assert_steps(b, 1, 0);
	assert_int_equal(b->clock.clamped, 20);
}

static void
a_clock_set_forward_is_believed_after_two_seconds(void **state)
{
	forward(*state, 11 * S);
	(void)bench_open(state);
	forward(*state, HOUR);
	(void)bench_open(state);
	forward(*state, 365 * DAY);
}

static void
a_router_that_starts_in_1970_learns_the_time(void **state)
{
	struct bench *b = *state;

	b->wall = 100 * S; /* less than the monotonic clock has */
	packet_clock_start(&b->clock, b->wall, b->now);
	assert_int_equal(packet_clock_at(&b->clock, 0), 0);
	forward(b, WALL);

	b->now = 500 * S;
	b->wall = S;
	packet_clock_start(&b->clock, b->wall, b->now);
	assert_int_equal(packet_clock_idle(&b->clock), 0);
}

static void
a_clock_set_back_never_takes_time_back(void **state)
{
	struct bench *b = *state;
	uint64_t ns = settle_step(b, -(int64_t)HOUR);
	assert_steps(b, 0, 1);
	assert_in_range(ns, b->wall + HOUR - 100 * MS, b->wall + HOUR);
	assert_packets_reach(b, 10 * S, HOUR, 100 * MS);
	assert_steps(b, 0, 1);
	assert_int_equal(b->clock.clamped, 20);

	/* and again, on top of it, and that takes its two seconds too */
	b->wall -= HOUR;
	(void)packets(b, 3 * S);
	assert_steps(b, 0, 2);
	assert_int_equal(b->clock.clamped, 40);
	assert_packets_reach(b, S, 2 * HOUR, 200 * MS);
}

static void
back_and_forth_ends_at_the_right_time(void **state)
{
	struct bench *b = *state;

	b->wall -= HOUR;
	(void)packets(b, 3 * S);
	assert_steps(b, 0, 1);
	b->wall += HOUR;
	uint64_t was = packets(b, S);
	for (unsigned i = 0; i < 30; i++) {
		uint64_t ns = packets(b, 100 * MS);
		assert_in_range(ns, was, was + 200 * MS);
		was = ns;
	}
	assert_steps(b, 1, 1);
	assert_int_equal(b->clock.added_ns, 0);
	assert_packets_reach(b, S, 0, 0);

	/* forward by more than it was set back: only the rest moves time */
	b->wall -= HOUR;
	(void)packets(b, 3 * S);
	b->wall += 3 * HOUR;
	assert_packets_reach(b, 3 * S, 0, 0);
	assert_int_equal(b->clock.added_ns, 0);
	assert_steps(b, 2, 2);

	/* forward by less: time does not move */
	b->wall -= 2 * HOUR;
	(void)packets(b, 3 * S);
	b->wall += HOUR;
	assert_packets_reach(b, 3 * S, HOUR, 200 * MS);
	assert_steps(b, 3, 3);
}

static void
stamps_that_agree_on_nothing_are_never_believed(void **state)
{
	struct bench *b = *state;

	for (unsigned i = 0; i < 100; i++) { /* two wrong clocks, in turn */
		pass(b, 100 * MS);
		uint64_t stamp = i % 2 == 0 ? b->wall + HOUR : b->wall + 2 * HOUR;
		assert_int_equal(packet_clock_stamp(&b->clock, stamp, b->now), b->wall);
		packet_clock_empty(&b->clock, b->now);
	}
	for (unsigned i = 0; i < 100; i++) { /* a wrong and a right one, in turn */
		pass(b, 100 * MS);
		assert_int_equal(packet_clock_stamp(&b->clock, b->wall + HOUR, b->now), b->wall);
		assert_int_equal(packet(b), b->wall);
	}
	for (unsigned i = 0; i < 100; i++) { /* one that stands still, ahead */
		pass(b, 100 * MS);
		assert_int_equal(packet_clock_stamp(&b->clock, WALL + DAY, b->now), b->wall);
		packet_clock_empty(&b->clock, b->now);
	}
	assert_steps(b, 0, 0);
	assert_int_equal(b->clock.clamped, 300);
}

static void
stamps_of_zero_get_the_time_that_is(void **state)
{
	struct bench *b = *state;

	for (unsigned i = 0; i < 100; i++) {
		uint64_t empty = b->wall;
		pass(b, 100 * MS);
		assert_int_equal(packet_clock_stamp(&b->clock, 0, b->now), empty);
		packet_clock_empty(&b->clock, b->now);
	}
	assert_int_equal(b->clock.clamped, 100);
	assert_steps(b, 0, 0);
	pass(b, S);
	assert_int_equal(packet(b), b->wall);
}

static void
the_new_difference_may_move_by_a_second(void **state)
{
	struct bench *b = *state;

	pass(b, 3 * S);
	packet_clock_empty(&b->clock, b->now);
	(void)packet_clock_stamp(&b->clock, b->wall + HOUR, b->now);
	pass(b, PACKET_CLOCK_SETTLE_NS);
	packet_clock_empty(&b->clock, b->now);
	uint64_t moved = b->wall + HOUR + PACKET_CLOCK_JITTER_NS + 1;
	assert_int_equal(packet_clock_stamp(&b->clock, moved, b->now), b->wall);
	for (unsigned i = 0; i < 2;
		i++) { /* the last one began anew; a second less, a second more */
		pass(b, PACKET_CLOCK_SETTLE_NS / 2 - 1 + i);
		packet_clock_empty(&b->clock, b->now);
		uint64_t ahead = HOUR + 1 + UINT64_C(2) * i * PACKET_CLOCK_JITTER_NS;
		(void)packet_clock_stamp(&b->clock, b->wall + ahead, b->now);
	}
	assert_steps(b, 0, 0);
	pass(b, 1);
	moved = b->wall + HOUR + 1;
	assert_int_equal(packet_clock_stamp(&b->clock, moved, b->now), moved);
	assert_steps(b, 1, 0);
}

static void
a_difference_within_the_slack_is_no_step(void **state)
{
	struct bench *b = *state;

	b->wall += PACKET_CLOCK_SLACK_NS;
	(void)packets(b, PACKET_CLOCK_SETTLE_NS);
	assert_int_equal(packet_clock_at(&b->clock, b->now), b->wall - PACKET_CLOCK_SLACK_NS);
	assert_packets_reach(b, 200 * MS, 0, 0);
	assert_int_equal(packet_clock_at(&b->clock, b->now), b->wall);
	assert_steps(b, 0, 0);
	assert_int_equal(b->clock.clamped, 0);
}

/* The same difference twice in a row is two steps: the first one's two seconds do not count again. */
static void
each_step_takes_its_own_two_seconds(void **state)
{
	struct bench *b = *state;

	for (unsigned i = 0; i < 2; i++) {
		b->wall -= HOUR;
		for (unsigned j = 0; b->clock.steps_back == i; j++) {
			assert_true(j <= 20);
			pass(b, 100 * MS);
			(void)packet(b);
		}
		assert_int_equal(b->clock.clamped, 20 * (i + 1));
	}
}

static void
catching_up_after_a_stop_is_not_a_step(void **state)
{
	struct bench *b = *state;

	(void)packets(b, S);
	uint64_t stopped_wall = b->wall;
	pass(b, 60 * S);                     /* SIGSTOP; packets wait in the ring */
	for (unsigned i = 0; i < 500; i++) { /* read at ten times the speed at which they came */
		uint64_t stamp = stopped_wall + 100 * MS * i;
		assert_int_equal(packet_clock_stamp(&b->clock, stamp, b->now), stamp);
		assert_true(packet_clock_idle(&b->clock) < stamp);
		pass(b, 10 * MS);
	}
	assert_int_equal(packet(b), b->wall);
	assert_steps(b, 0, 0);
	assert_int_equal(b->clock.clamped, 0);

	/* a reader that stays 20 s behind for a minute is slow, and the clock is right */
	for (unsigned i = 0; i < 600; i++) {
		pass(b, 100 * MS);
		uint64_t stamp = i < 200 ? b->wall - 100 * MS * i : b->wall - 20 * S;
		assert_int_equal(packet_clock_stamp(&b->clock, stamp, b->now), stamp);
	}
	assert_steps(b, 0, 0);
}

static void
two_interfaces_three_seconds_apart_keep_their_own_time(void **state)
{
	struct bench *early = *state;
	struct bench late = *early;

	early->wall -= 3 * S;
	late.wall += 3 * S;
	for (unsigned i = 0; i < 50; i++) {
		assert_packets_reach(early, 100 * MS, 0, 0);
		assert_in_range(packet_clock_idle(&early->clock), early->wall - 2 * S,
			early->wall - 2 * S + 100 * MS);
		assert_packets_reach(&late, 100 * MS, 0, 0);
	}
	assert_int_equal(packet_clock_idle(&late.clock), late.wall - 2 * S);
	assert_steps(early, 0, 0);
	assert_steps(&late, 0, 0);
	assert_int_equal(early->clock.clamped + late.clock.clamped, 0);
}

static void
equal_stamps_stay_equal(void **state)
{
	struct bench *b = *state;

	for (unsigned i = 0; i < 100; i++) {
		b->now += 10 * MS;
		assert_int_equal(packet(b), WALL);
	}
	assert_int_equal(b->clock.clamped, 0);
}

/* A reader that is now quick, now slow, now stopped; blocks of packets that show up late. */
static void
idle_time_never_passes_a_packet_that_waits(void **state)
{
	struct bench *b = *state;
	uint64_t random = 1;
	uint64_t told = 0;
	uint64_t captured_now = b->now; /* the oldest packet not yet read */

	for (unsigned round = 0; round < 20000; round++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		uint64_t pause = (random >> 33) % (round % 100 == 0 ? 90 * S : 300 * MS);
		pass(b, pause);
		b->wall += (random >> 40) % 3 * 1000;     /* slewed now and then */
		uint64_t visible_now = b->now - 100 * MS; /* the last block is still filling */
		while (captured_now < visible_now) {
			uint64_t stamp = b->wall - (b->now - captured_now);
			uint64_t ns = packet_clock_stamp(&b->clock, stamp, b->now);
			assert_true(ns >= told);
			captured_now += 1 + (random >> 35) % (500 * MS);
			if (pause > S && random >> 63 == 1)
				break; /* not all of them this time */
		}
		if (captured_now >= visible_now)
			packet_clock_empty(&b->clock, b->now);
		uint64_t idle = packet_clock_idle(&b->clock);
		told = idle > told ? idle : told;
		assert_true(told < b->wall);
	}
	assert_steps(b, 0, 0);
	assert_int_equal(b->clock.clamped, 0);
	assert_true(b->wall - told < 10 * S || captured_now < b->now - S);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_clock_that_nobody_touches_changes_nothing, bench_open),
		cmocka_unit_test_setup(a_moment_told_late_changes_nothing, bench_open),
		cmocka_unit_test_setup(a_day_of_drift_is_followed, bench_open),
		cmocka_unit_test_setup(a_wild_stamp_ahead_is_brought_to_now, bench_open),
		cmocka_unit_test_setup(the_slack_is_believed_and_not_a_nanosecond_more, bench_open),
		cmocka_unit_test_setup(
			a_clock_set_forward_is_believed_after_two_seconds, bench_open),
		cmocka_unit_test_setup(a_router_that_starts_in_1970_learns_the_time, bench_open),
		cmocka_unit_test_setup(a_clock_set_back_never_takes_time_back, bench_open),
		cmocka_unit_test_setup(back_and_forth_ends_at_the_right_time, bench_open),
		cmocka_unit_test_setup(stamps_that_agree_on_nothing_are_never_believed, bench_open),
		cmocka_unit_test_setup(stamps_of_zero_get_the_time_that_is, bench_open),
		cmocka_unit_test_setup(the_new_difference_may_move_by_a_second, bench_open),
		cmocka_unit_test_setup(a_difference_within_the_slack_is_no_step, bench_open),
		cmocka_unit_test_setup(each_step_takes_its_own_two_seconds, bench_open),
		cmocka_unit_test_setup(catching_up_after_a_stop_is_not_a_step, bench_open),
		cmocka_unit_test_setup(
			two_interfaces_three_seconds_apart_keep_their_own_time, bench_open),
		cmocka_unit_test_setup(equal_stamps_stay_equal, bench_open),
		cmocka_unit_test_setup(idle_time_never_passes_a_packet_that_waits, bench_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
