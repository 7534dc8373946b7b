#include "daemon/flow/flow_timeout.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A play, and how long after it the flow may stay silent and not be over. */
struct wait {
	const char *words;
	uint64_t ns;
	enum flow_end_reason why;
};

static void
expect_over_after(enum flow_timeouts timeouts, const struct wait *w)
{
	/* The packet path: one packet just before the border belongs to the flow, one at it does not. */
	for (uint64_t early = 0; early < 2; early++) {
		struct rig *r = rig_new(timeouts, 4);
		rig_play(r, w->words);
		uint64_t told = r->told_count;
		r->now_ns += w->ns - early;
		rig_play(r, ">A");
		assert_int_equal(flow_stats(r->t).started, early ? 1 : 2);
		if (!early) {
			assert_int_equal(r->told[told].kind, OBS_FLOW_END);
			assert_int_equal(r->told[told].flow.ended, w->why);
		}
		rig_free(r);
	}
	/* The wheel: nothing at the second before, the end in the second that the border is in. */
	struct rig *r = rig_new(timeouts, 4);
	rig_play(r, w->words);
	uint64_t end_ns = r->now_ns + w->ns;
	uint64_t second_ns = flow_due_s(end_ns) * NS_PER_S;
	rig_clock(r, second_ns - 1);
	assert_int_equal(flow_stats(r->t).ended, 0);
	rig_clock(r, second_ns);
	assert_int_equal(flow_stats(r->t).ended, 1);
	assert_int_equal(r->last.flow.ended, w->why);
	assert_int_equal(flow_next_due_ns(r->t), UINT64_MAX);
	rig_free(r);
}

static void
naiads_time_outs_end_flows_at_their_border(void **state)
{
	static const struct wait waits[] = {
		{ ">S", 5 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S +500", 45 * NS_PER_S / 10, FLOW_END_TIMEOUT },
		{ ">S +3000 t>S", 5 * NS_PER_S, FLOW_END_TIMEOUT },
		/* SYNs that go on: never longer than 10 s. */
		{ ">S +1000 t>S +2000 t>S +4000 t>S", 3 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA", 5 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA +4000 t<SA", 5 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA >10", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA <10", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA >A", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA >A +2500 >10", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA >FA", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">A", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">A t>S", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <RA", 2 * NS_PER_S, FLOW_END_CLOSED },
		{ ">S <SA >A >R", 2 * NS_PER_S, FLOW_END_CLOSED },
		{ ">S <SA >A >FA <FA", 5 * NS_PER_S, FLOW_END_CLOSED },
		{ ">S >FA", 5 * NS_PER_S, FLOW_END_CLOSED },
		{ "<FA >A", 5 * NS_PER_S, FLOW_END_CLOSED }, /* one side was enough */
		/* What comes after both ended does not keep it. */
		{ ">S <SA >A >FA <FA +1000 >A", 4 * NS_PER_S, FLOW_END_CLOSED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++)
		expect_over_after(FLOW_TIMEOUTS_NAIAD, &waits[i]);
}

static void
zeeks_and_slips_time_outs_are_theirs(void **state)
{
	static const struct wait zeek[] = {
		{ ">S +3000 t>S", 2 * NS_PER_S, FLOW_END_TIMEOUT }, /* from the first SYN */
		{ ">S <SA >A", 300 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA", 300 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <RA", 5 * NS_PER_S, FLOW_END_CLOSED },
		{ ">S <SA >FA <FA", 5 * NS_PER_S, FLOW_END_CLOSED },
	};
	static const struct wait slips[] = {
		{ ">S +3000 t>S", 57 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA >A", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <SA", 3600 * NS_PER_S, FLOW_END_TIMEOUT },
		{ ">S <RA", 5 * NS_PER_S, FLOW_END_CLOSED },
		{ ">S <SA >FA <FA", 5 * NS_PER_S, FLOW_END_CLOSED },
	};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		expect_over_after(FLOW_TIMEOUTS_ZEEK, &zeek[i]);
		expect_over_after(FLOW_TIMEOUTS_SLIPS, &slips[i]);
	}
}

static void
expect_datagrams_over_after(
	enum flow_timeouts timeouts, struct packet first, uint64_t second_ns, uint64_t ns)
{
	for (uint64_t early = 0; early < 2; early++) {
		struct rig *r = rig_new(timeouts, 4);
		struct packet p = first;
		p.ts_ns = r->now_ns;
		rig_packet(r, &p);
		if (second_ns > 0) {
			p.ts_ns += second_ns;
			rig_packet(r, &p);
			assert_int_equal(flow_stats(r->t).started, 1);
		}
		p.ts_ns += ns - early;
		rig_packet(r, &p);
		assert_int_equal(flow_stats(r->t).started, early ? 1 : 2);
		rig_free(r);
	}
}

static void
datagrams_wait_a_minute(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
	struct packet p = rig_udp(r, 40000, 4000, 10);
	struct packet ping = rig_ip(r, IPPROTO_ICMP, 10);
	struct packet gre = rig_ip(r, 47, 10);

	(void)state;
	ping.icmp_type = 8;
	for (enum flow_timeouts t = 0; t < FLOW_TIMEOUTS_COUNT; t++) {
		expect_datagrams_over_after(t, p, 0, 60 * NS_PER_S);
		expect_datagrams_over_after(t, p, 59 * NS_PER_S, 60 * NS_PER_S);
		expect_datagrams_over_after(t, ping, 0, 60 * NS_PER_S);
		expect_datagrams_over_after(t, gre, 0, 60 * NS_PER_S);
	}
	rig_free(r);
}

static void
zeek_looks_at_dns_every_ten_seconds(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
	struct packet p = rig_udp(r, 40000, 53, 10);

	(void)state;
	expect_datagrams_over_after(FLOW_TIMEOUTS_NAIAD, p, 0, 60 * NS_PER_S);
	for (enum flow_timeouts t = FLOW_TIMEOUTS_SLIPS; t <= FLOW_TIMEOUTS_ZEEK; t++) {
		expect_datagrams_over_after(t, p, 0, 10 * NS_PER_S);
		expect_datagrams_over_after(t, p, NS_PER_S, 9 * NS_PER_S);
		expect_datagrams_over_after(t, p, NS_PER_S + 1, 19 * NS_PER_S - 1);
	}
	rig_free(r);
}

static void
times_at_the_end_of_the_number_do_not_wrap(void **state)
{
	struct flow f = { .class = FLOW_TCP_OPEN };
	const struct flow_timeout *naiad = flow_timeouts_of(FLOW_TIMEOUTS_NAIAD);

	(void)state;
	f.start_ns = f.last_ns = UINT64_MAX - 3600 * NS_PER_S - 1;
	assert_int_equal(flow_deadline(&f, naiad), UINT64_MAX - 1);
	f.last_ns++;
	assert_int_equal(flow_deadline(&f, naiad), UINT64_MAX);
	f.last_ns++;
	assert_int_equal(flow_deadline(&f, naiad), UINT64_MAX);
	f.class = FLOW_DNS;
	assert_int_equal(flow_deadline(&f, flow_timeouts_of(FLOW_TIMEOUTS_ZEEK)),
		f.start_ns + 10 * NS_PER_S);

	assert_int_equal(flow_due_s(0), 0);
	assert_int_equal(flow_due_s(1), 1);
	assert_int_equal(flow_due_s(NS_PER_S), 1);
	assert_int_equal(flow_due_s(NS_PER_S + 1), 2);
	assert_int_equal(flow_due_s(UINT64_MAX), UINT64_MAX / NS_PER_S + 1);
}

static void
an_end_far_in_the_future_is_found_in_one_step(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);

	(void)state;
	rig_play(r, ">S <SA >A");
	(void)flow_expire(r->t, UINT64_MAX, UINT32_MAX);
	assert_int_equal(flow_stats(r->t).ended, 1);
	assert_int_equal(r->last.ts_ns, RIG_T0);
	rig_free(r);
}

static void
a_scan_is_known_within_ten_seconds(void **state)
{
	static const char *const plays[] = { ">S", ">S +1000 t>S +2000 t>S +4000 t>S", ">S <RA",
		">S >R", ">FA", ">S <SA >R" };

	(void)state;
	for (size_t i = 0; i < sizeof(plays) / sizeof(*plays); i++) {
		struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
		rig_play(r, plays[i]);
		rig_clock(r, RIG_T0 + 10 * NS_PER_S);
		assert_int_equal(flow_stats(r->t).ended, 1);
		rig_free(r);
	}
}

static void
what_still_comes_after_an_end_opens_nothing(void **state)
{
	static const char *const plays[] = {
		">S <SA >A >FA <FA >A +200 t<FA +400 t<FA +800 t<FA +1600 t<FA",
		">S <SA >A >R +200 <10 +400 >R +800 t<10 +1600 >R",
		">S <RA +500 <RA",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plays) / sizeof(*plays); i++) {
		struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
		rig_play(r, plays[i]);
		rig_wait(r, 60 * NS_PER_S);
		assert_int_equal(flow_stats(r->t).started, 1);
		assert_int_equal(flow_stats(r->t).ended, 1);
		rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(naiads_time_outs_end_flows_at_their_border),
		cmocka_unit_test(zeeks_and_slips_time_outs_are_theirs),
		cmocka_unit_test(datagrams_wait_a_minute),
		cmocka_unit_test(zeek_looks_at_dns_every_ten_seconds),
		cmocka_unit_test(times_at_the_end_of_the_number_do_not_wrap),
		cmocka_unit_test(an_end_far_in_the_future_is_found_in_one_step),
		cmocka_unit_test(a_scan_is_known_within_ten_seconds),
		cmocka_unit_test(what_still_comes_after_an_end_opens_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
