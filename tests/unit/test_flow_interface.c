#include "daemon/flow/flow_interface.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { CAPACITY = 50, LAN = 0, WAN = 1 };

#define BOTH ((1U << LAN) | (1U << WAN))

static const char conversation[] =
	">S <SA >A >100 <A <1400 x<1400 <1400 >A t>100 <300 >A >FA <FA >A";

/* Play on one interface; sequence numbers go on from where they are. returns what the last packet did */
static struct flow *
play(struct rig *r, uint16_t interface, const char *words)
{
	r->interface = interface;
	rig_play(r, words);
	return r->flow;
}

/* Play the same again, as another interface brings it. */
static struct flow *
copy(struct rig *r, uint16_t interface, const uint32_t seq[2], const char *words)
{
	memcpy(r->seq, seq, sizeof(r->seq));
	return play(r, interface, words);
}

static struct flow_side
all_of(const struct rig *r, enum obs_role role)
{
	return role == ROLE_CLIENT ? r->last.flow.orig_total : r->last.flow.resp_total;
}

/* What the flow is on one interface, it has to be on two. */
static void
assert_same_flow(const struct rig *one, const struct rig *two)
{
	assert_int_equal(two->told_count, one->told_count);
	for (enum obs_role role = ROLE_CLIENT; role <= ROLE_SERVER; role++) {
		struct flow_side a = all_of(one, role);
		struct flow_side b = all_of(two, role);
		assert_memory_equal(&a, &b, sizeof(a));
	}
	assert_string_equal(one->last.history, two->last.history);
	assert_int_equal(one->last.flow.state, two->last.flow.state);
	assert_int_equal(one->last.flow.last_ns, two->last.flow.last_ns);
	assert_int_equal(one->last.flow.ended, two->last.flow.ended);
}

static struct rig *
on_one_interface(void)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	play(r, LAN, conversation);
	rig_end(r);
	assert_int_equal(r->last.flow.observed_on, 1U << LAN);
	assert_int_equal(r->last.flow.interface, LAN);
	return r;
}

static void
a_conversation_seen_on_two_interfaces_is_one_and_counts_once(void **state)
{
	struct rig *one = on_one_interface();
	struct rig *two = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	char words[sizeof(conversation)];
	char *rest = words;

	(void)state;
	memcpy(words, conversation, sizeof(words));
	for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;) {
		uint32_t seq[2] = { two->seq[0], two->seq[1] };
		/* What comes from the client is seen on the LAN first, what comes to it on the WAN. */
		uint16_t first = strchr(word, '>') != NULL ? LAN : WAN;
		bool lost = *word == 'x';
		assert_true(lost || play(two, first, word) != NULL);
		assert_true(lost || copy(two, !first, seq, word) == NULL);
		if (lost)
			play(two, first, word);
	}
	rig_end(two);
	assert_same_flow(one, two);
	assert_int_equal(two->last.flow.observed_on, BOTH);
	assert_int_equal(two->last.flow.interface, LAN);
	rig_free(one);
	rig_free(two);
}

static void
an_interface_that_is_read_when_all_is_over_adds_nothing(void **state)
{
	struct rig *one = on_one_interface();
	struct rig *two = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	const uint32_t seq[2] = { two->seq[0], two->seq[1] };

	(void)state;
	play(two, LAN, conversation);
	copy(two, WAN, seq, conversation);
	assert_null(two->flow);
	rig_end(two);
	assert_same_flow(one, two);
	assert_int_equal(two->last.flow.observed_on, BOTH);
	rig_free(one);
	rig_free(two);
}

static void
the_copy_of_a_syn_that_was_refused_opens_nothing(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	const uint32_t seq[2] = { r->seq[0], r->seq[1] };

	(void)state;
	play(r, LAN, ">S <RA");
	assert_null(copy(r, WAN, seq, ">S"));
	assert_null(play(r, WAN, "<RA"));
	assert_int_equal(flow_stats(r->t).started, 1);
	/* On its own interface it is the next attempt. */
	assert_non_null(play(r, LAN, ">S"));
	assert_int_equal(flow_stats(r->t).started, 2);
	rig_free(r);
}

static void
each_direction_counts_where_it_was_seen_first(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	struct flow *f = play(r, 5, ">S");
	assert_int_equal(flow_counted_on(f, ROLE_CLIENT), 5);
	assert_int_equal(flow_counted_on(f, ROLE_SERVER), INTERFACES_MAX);
	f = play(r, INTERFACES_MAX - 1, "<SA");
	assert_int_equal(flow_counted_on(f, ROLE_CLIENT), 5);
	assert_int_equal(flow_counted_on(f, ROLE_SERVER), INTERFACES_MAX - 1);
	assert_non_null(play(r, 5, ">A >100"));
	assert_non_null(play(r, INTERFACES_MAX - 1, "<A"));
	rig_end(r);
	assert_int_equal(r->last.flow.orig_total.packets, 3);
	assert_int_equal(r->last.flow.resp_total.packets, 2);
	assert_int_equal(r->last.flow.interface, 5);
	assert_int_equal(r->last.flow.observed_on, (1U << 5) | (1U << (INTERFACES_MAX - 1)));
	rig_free(r);
}

/* The client is heard on the WAN only from now on, the server goes on where it was. */
static void
a_direction_moves_when_its_interface_was_silent_for_two_seconds(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	play(r, LAN, ">S <SA >A >100 <A");
	for (unsigned tenths = 0; tenths <= 20; tenths++) {
		assert_null(play(r, WAN, ">100"));
		assert_non_null(play(r, LAN, "<A"));
		rig_wait(r, (tenths < 20 ? UINT64_C(100) : 1) * NS_PER_MS);
	}
	struct flow *f = play(r, WAN, ">100");
	assert_non_null(f);
	assert_int_equal(flow_counted_on(f, ROLE_CLIENT), WAN);
	assert_int_equal(flow_counted_on(f, ROLE_SERVER), LAN);
	/* Where it came from is the copy now. */
	assert_null(play(r, LAN, ">100"));
	assert_non_null(play(r, LAN, "<A"));
	rig_free(r);
}

static void
a_direction_that_is_seen_on_both_never_moves(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	play(r, LAN, ">S <SA >A");
	for (unsigned s = 0; s < 20; s++) {
		uint32_t seq[2] = { r->seq[0], r->seq[1] };
		struct flow *f = play(r, LAN, ">100 <A");
		assert_int_equal(flow_counted_on(f, ROLE_CLIENT), LAN);
		assert_null(copy(r, WAN, seq, ">100"));
		rig_wait(r, (uint64_t)1500 * NS_PER_MS);
	}
	rig_end(r);
	assert_int_equal(r->last.flow.orig_total.packets, 22);
	rig_free(r);
}

static void
a_flow_that_was_idle_counts_where_it_goes_on(void **state)
{
	(void)state;
	for (uint64_t more_ms = 0; more_ms < 2; more_ms++) {
		struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

		play(r, LAN, ">S <SA >A");
		rig_wait(r, FLOW_INTERFACE_SILENCE_NS + more_ms * NS_PER_MS);
		assert_true((play(r, WAN, ">100") != NULL) == (more_ms > 0));
		rig_free(r);
	}
}

/* Interfaces are read one after the other: what the second brings may be older. */
static void
copies_out_of_order_do_not_move_a_direction(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);

	(void)state;
	play(r, LAN, ">S <SA >A >100");
	struct packet late = rig_tcp(r, RIG_CLIENT, TCP_ACK, 100);
	late.interface = WAN;
	assert_null(rig_packet(r, &late));
	late.ts_ns -= 3600 * NS_PER_S;
	assert_null(rig_packet(r, &late));
	late.ts_ns -= UINT64_C(23) * 86400 * NS_PER_S;
	assert_null(rig_packet(r, &late));
	rig_free(r);
}

static void
datagrams_and_echoes_count_once_as_well(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet query = rig_udp(r, 5000, 53, 40);
	struct packet echo = rig_ip(r, IPPROTO_ICMP, 56);

	(void)state;
	echo.icmp_type = 8;
	for (int i = LAN; i <= WAN; i++) {
		query.interface = echo.interface = (uint16_t)i;
		assert_true((rig_packet(r, &query) == NULL) == (i == WAN));
		assert_true((rig_packet(r, &echo) == NULL) == (i == WAN));
	}
	rig_end(r);
	assert_int_equal(flow_stats(r->t).started, 2);
	assert_int_equal(r->packets_told, 2);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_seen_on_two_interfaces_is_one_and_counts_once),
		cmocka_unit_test(an_interface_that_is_read_when_all_is_over_adds_nothing),
		cmocka_unit_test(the_copy_of_a_syn_that_was_refused_opens_nothing),
		cmocka_unit_test(each_direction_counts_where_it_was_seen_first),
		cmocka_unit_test(a_direction_moves_when_its_interface_was_silent_for_two_seconds),
		cmocka_unit_test(a_direction_that_is_seen_on_both_never_moves),
		cmocka_unit_test(a_flow_that_was_idle_counts_where_it_goes_on),
		cmocka_unit_test(copies_out_of_order_do_not_move_a_direction),
		cmocka_unit_test(datagrams_and_echoes_count_once_as_well),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
