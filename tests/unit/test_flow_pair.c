#include "daemon/input/flow_pair.h"

#include "daemon/base/time_text.h"
#include "daemon/decode/packet.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { CLIENT = 40000, WAIT_S = 60, LINGER_S = 120, CAPACITY = 4 };

#define T0 (1000000 * NS_PER_S)

static uint64_t
at(uint64_t s)
{
	return T0 + s * NS_PER_S;
}

static struct flow_part
part(uint8_t ip_proto, uint16_t src_port, uint16_t dst_port, uint8_t flags, uint64_t start_s,
	uint64_t end_s)
{
	/* A client's ports are high: the host behind one is 10.0.0.1. */
	bool is_client = src_port >= dst_port;

	return (struct flow_part){
		.src = addr_v4(10, 0, 0, is_client ? 1 : 2),
		.dst = addr_v4(10, 0, 0, is_client ? 2 : 1),
		.src_port = src_port,
		.dst_port = dst_port,
		.ip_proto = ip_proto,
		.start_ns = at(start_s),
		.end_ns = at(end_s),
		.forward = { .packets = 3, .bytes = 300, .tcp_flags = flags },
		.more = FLOW_PART_UNKNOWN,
	};
}

static int
pair_open(void **state)
{
	struct flow_pair_plan plan = flow_pair_plan_of_files();

	plan.capacity = CAPACITY;
	*state = flow_pair_new(&plan);
	return *state == NULL;
}

static int
pair_close(void **state)
{
	flow_pair_free(*state);
	return 0;
}

static void
add(struct flow_pair *p, struct flow_part part)
{
	flow_pair_add(p, &part, part.end_ns);
}

static struct obs_flow
next(struct flow_pair *p, uint64_t now_ns)
{
	struct obs_flow f;

	assert_true(flow_pair_next(p, now_ns, &f));
	return f;
}

/* Whatever time it is, all that waits: exactly one. */
static struct obs_flow
only(struct flow_pair *p)
{
	struct obs_flow f = next(p, UINT64_MAX);
	struct obs_flow more;

	assert_false(flow_pair_next(p, UINT64_MAX, &more));
	return f;
}

static void
nothing_due(struct flow_pair *p, uint64_t now_ns)
{
	struct obs_flow f;

	assert_false(flow_pair_next(p, now_ns, &f));
}

static void
assert_client_opened(const struct obs_flow *f)
{
	struct addr client = addr_v4(10, 0, 0, 1);

	assert_true(addr_equal(&f->orig, &client));
	assert_int_equal(f->orig_port, CLIENT);
}

static void
two_directions_are_one_conversation(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part back =
		part(IPPROTO_TCP, 80, CLIENT, TCP_SYN | TCP_ACK | TCP_PSH | TCP_FIN, 10, 12);

	back.forward.bytes = 900;
	add(p, back);
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN | TCP_ACK | TCP_FIN, 9, 11));
	struct obs_flow f = only(p);
	assert_client_opened(&f);
	assert_int_equal(f.resp_port, 80);
	assert_true(f.start_ns == at(9) && f.last_ns == at(12) && f.previous_ns == at(9));
	assert_int_equal(f.orig_total.ip_bytes, 300);
	assert_int_equal(f.resp_total.ip_bytes, 900);
	assert_int_equal(f.resp_delta.payload_bytes, 900);
	assert_int_equal(f.resp_total.packets, 3);
	assert_int_equal(f.state, CONN_SF);
	assert_int_equal(f.ended, FLOW_END_CLOSED);
	assert_true(f.established);
	assert_int_equal(flow_pair_counters(p).paired, 1);
	assert_int_equal(flow_pair_counters(p).parts, 2);
	assert_int_equal(flow_pair_counters(p).told, 1);
}

static void
an_answer_is_waited_for_and_no_longer(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 0, 0));
	nothing_due(p, at(WAIT_S) - 1);
	struct obs_flow f = next(p, at(WAIT_S));
	assert_client_opened(&f);
	assert_int_equal(f.state, CONN_S0);
	assert_int_equal(f.ended, FLOW_END_TIMEOUT);
	assert_false(f.established);
	assert_int_equal(flow_pair_counters(p).paired, 0);
	nothing_due(p, UINT64_MAX);
}

static void
the_time_that_has_come_never_goes_back(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 100, 100));
	nothing_due(p, at(50));
	assert_true(flow_pair_now(p) == at(100));
	nothing_due(p, at(100 + WAIT_S) - 1);
	next(p, at(100 + WAIT_S));
}

static void
an_attempt_and_its_refusal_are_one(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_TCP, 80, CLIENT, TCP_ACK | TCP_RST, 0, 0));
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 0, 0));
	struct obs_flow f = only(p);
	assert_client_opened(&f);
	assert_int_equal(f.state, CONN_REJ);
	assert_false(f.established);
}

static void
a_direction_that_stays_alone_and_looks_like_an_answer_is_one(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 0, 0));
	struct obs_flow f = only(p);
	assert_client_opened(&f);
	assert_int_equal(f.orig_total.packets, 0);
	assert_int_equal(f.resp_total.packets, 3);

	struct flow_part refusal = part(IPPROTO_TCP, 50000, 45000, TCP_ACK | TCP_RST, 0, 0);
	add(p, refusal);
	f = only(p);
	assert_true(addr_equal(&f.orig, &refusal.dst));

	struct flow_part attempt = part(IPPROTO_TCP, 53, CLIENT, TCP_SYN, 0, 0);
	add(p, attempt);
	f = only(p);
	assert_true(addr_equal(&f.orig, &attempt.src));

	struct flow_part peers = part(IPPROTO_UDP, 1023, 1023, 0, 0, 0);
	add(p, peers);
	f = only(p);
	assert_true(addr_equal(&f.orig, &peers.src));
	peers = part(IPPROTO_UDP, 1024, CLIENT, 0, 0, 0);
	add(p, peers);
	f = only(p);
	assert_true(addr_equal(&f.orig, &peers.src));
}

static void
who_began_has_opened_it_and_the_higher_port_at_the_same_time(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 1, 5));
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 2, 4));
	struct obs_flow f = only(p);
	assert_int_equal(f.orig_port, 53);
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 2, 5));
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 1, 4));
	f = only(p);
	assert_client_opened(&f);
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 1, 5));
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 1, 4));
	f = only(p);
	assert_client_opened(&f);
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 3, 5));
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 2, 4));
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 1, 2)); /* pieces come in any order */
	f = only(p);
	assert_int_equal(f.orig_port, 53);
	assert_true(f.start_ns == at(1) && f.last_ns == at(5));
}

static void
the_middle_of_a_connection_is_opened_by_who_has_the_higher_port(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_TCP, 80, CLIENT, TCP_ACK, 1, 5));
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_ACK, 2, 4));
	struct obs_flow f = only(p);
	assert_client_opened(&f);
	assert_int_equal(f.state, CONN_OTH);
	assert_true(f.established);
}

static void
an_exporter_may_say_who_opened_it(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part back = part(IPPROTO_UDP, 53, CLIENT, 0, 2, 5);

	back.src_opened = true;
	add(p, back);
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 1, 4));
	assert_int_equal(only(p).orig_port, 53);
}

static void
a_record_of_both_directions_needs_no_other(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part both = part(IPPROTO_TCP, CLIENT, 80, TCP_SYN | TCP_ACK | TCP_FIN, 0, 1);

	both.reverse = (struct flow_sent){
		.packets = 2, .bytes = 80, .tcp_flags = TCP_SYN | TCP_ACK | TCP_FIN
	};
	add(p, both);
	struct obs_flow f = only(p);
	assert_client_opened(&f);
	assert_int_equal(f.resp_total.packets, 2);
	assert_int_equal(f.resp_total.ip_bytes, 80);
	assert_int_equal(f.state, CONN_SF);
	assert_int_equal(flow_pair_counters(p).paired, 1);
}

static void
icmp_questions_and_answers_are_one(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part ask = part(IPPROTO_ICMP, 0, 0, 0, 1, 1);
	struct flow_part answer = ask;

	ask.src_port = 8;
	answer.src = ask.dst;
	answer.dst = ask.src;
	add(p, answer);
	add(p, ask);
	struct obs_flow f = only(p);
	assert_int_equal(f.resp_total.packets, 3);
	ask.src_port = 3;
	ask.dst_port = 1;
	add(p, ask);
	f = only(p);
	assert_true(addr_equal(&f.orig, &ask.src));
	assert_int_equal(f.orig_port, 3);
	assert_int_equal(f.resp_port, 1);
	assert_int_equal(f.state, CONN_OTH);
}

static void
an_earlier_question_opens_an_icmp_conversation(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part ask = part(IPPROTO_ICMP, 0, 0, 0, 1, 1);
	struct flow_part answer = part(IPPROTO_ICMP, 0, 0, 0, 2, 2);

	for (unsigned turn = 0; turn < 2; turn++) {
		ask.src = addr_v4(10, 0, 0, turn == 0 ? 1 : 2);
		ask.dst = addr_v4(10, 0, 0, turn == 0 ? 2 : 1);
		ask.src_port = 8;
		answer.src = ask.dst;
		answer.dst = ask.src;
		add(p, answer);
		add(p, ask);
		struct obs_flow f = only(p);
		assert_true(addr_equal(&f.orig, &ask.src));
		assert_int_equal(f.orig_port, 8);
	}
}

static void
a_piece_of_what_goes_on_is_an_interim_with_what_it_added(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part piece = part(IPPROTO_TCP, CLIENT, 80, TCP_SYN | TCP_ACK, 0, 60);

	piece.more = FLOW_PART_GOES_ON;
	add(p, piece);
	struct obs_flow first = next(p, at(60 + WAIT_S));
	assert_int_equal(first.ended, FLOW_END_NONE);
	assert_int_equal(first.orig_delta.packets, 3);

	piece = part(IPPROTO_TCP, CLIENT, 80, TCP_ACK, 61, 120);
	piece.more = FLOW_PART_GOES_ON;
	add(p, piece);
	struct obs_flow second = next(p, at(120 + WAIT_S));
	assert_int_equal(second.ended, FLOW_END_NONE);
	assert_true(second.id == first.id);
	assert_string_equal(second.uid.text, first.uid.text);
	assert_true(second.start_ns == first.start_ns && second.previous_ns == first.last_ns);
	assert_int_equal(second.orig_total.packets, 6);
	assert_int_equal(second.orig_delta.packets, 3);

	nothing_due(p, at(120 + WAIT_S + LINGER_S) - 1);
	struct obs_flow end = next(p, at(120 + WAIT_S + LINGER_S));
	assert_int_equal(end.ended, FLOW_END_TIMEOUT);
	assert_true(end.id == first.id);
	assert_int_equal(end.orig_total.packets, 6);
	assert_int_equal(end.orig_delta.packets, 0);
	nothing_due(p, UINT64_MAX);
}

static void
the_end_of_the_file_ends_what_lingers(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part piece = part(IPPROTO_UDP, CLIENT, 80, 0, 0, 60);

	piece.more = FLOW_PART_GOES_ON;
	add(p, piece);
	assert_int_equal(next(p, at(60 + WAIT_S)).ended, FLOW_END_NONE);
	assert_int_equal(only(p).ended, FLOW_END_TIMEOUT);
}

static void
a_record_that_does_not_say_is_a_piece_if_it_is_long(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_UDP, CLIENT, 80, 0, 0, 29));
	assert_int_not_equal(next(p, at(29 + WAIT_S)).ended, FLOW_END_NONE);
	add(p, part(IPPROTO_UDP, CLIENT, 80, 0, 1000, 1030));
	assert_int_equal(next(p, at(1030 + WAIT_S)).ended, FLOW_END_NONE);
	assert_int_not_equal(only(p).ended, FLOW_END_NONE);

	struct flow_part over = part(IPPROTO_UDP, CLIENT, 80, 0, 2000, 2100);
	over.more = FLOW_PART_OVER;
	add(p, over);
	assert_int_not_equal(next(p, at(2100 + WAIT_S)).ended, FLOW_END_NONE);
}

static void
what_was_closed_does_not_go_on(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN | TCP_ACK | TCP_FIN, 0, 100));
	assert_int_equal(next(p, at(100 + WAIT_S)).ended, FLOW_END_NONE);
	assert_int_equal(only(p).state, CONN_S2);
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN | TCP_ACK | TCP_FIN, 1000, 1100));
	add(p, part(IPPROTO_TCP, 80, CLIENT, TCP_SYN | TCP_ACK | TCP_FIN, 1000, 1100));
	assert_int_equal(next(p, at(1100 + WAIT_S)).ended, FLOW_END_CLOSED);
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN | TCP_ACK | TCP_RST, 2000, 2100));
	assert_int_equal(next(p, at(2100 + WAIT_S)).ended, FLOW_END_CLOSED);
	nothing_due(p, UINT64_MAX);
}

static void
what_comes_too_late_is_a_conversation_of_its_own(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 0, 0));
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, LINGER_S, LINGER_S));
	assert_int_equal(only(p).orig_total.packets, 6);

	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 1000, 1000));
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 1001 + LINGER_S, 1001 + LINGER_S));
	struct obs_flow f = next(p, 0);
	assert_true(f.start_ns == at(1000));
	assert_true(only(p).start_ns == at(1001 + LINGER_S));

	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 2000, 2000));
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 2000 + WAIT_S, 2000 + WAIT_S));
	assert_int_equal(only(p).resp_total.packets, 3);
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 3000, 3000));
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 3001 + WAIT_S, 3001 + WAIT_S));
	assert_int_equal(next(p, 0).resp_total.packets, 0);
	assert_int_equal(only(p).orig_total.packets, 0);
}

static void
what_ended_long_before_is_a_conversation_of_its_own(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 1000, 1000));
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 1000 - WAIT_S, 1000 - WAIT_S));
	assert_int_equal(only(p).resp_total.packets, 3);
	add(p, part(IPPROTO_UDP, CLIENT, 53, 0, 1000, 1000));
	add(p, part(IPPROTO_UDP, 53, CLIENT, 0, 999 - WAIT_S, 999 - WAIT_S));
	next(p, 0);
	only(p);
}

static void
a_syn_after_the_last_packet_opens_the_ports_again(void **state)
{
	struct flow_pair *p = *state;

	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 0, 1));
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 2, 3));
	struct obs_flow f = next(p, 0);
	assert_true(f.start_ns == at(0));
	struct obs_flow g = only(p);
	assert_true(g.start_ns == at(2));
	assert_true(f.id != g.id);
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 10, 12));
	add(p, part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 12, 13)); /* a piece, cut in between */
	assert_int_equal(only(p).orig_total.packets, 6);
}

static void
what_another_exporter_tells_again_is_a_copy(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part copy = part(IPPROTO_UDP, CLIENT, 53, 0, 0, 1);
	struct flow_part back = part(IPPROTO_UDP, 53, CLIENT, 0, 0, 1);

	add(p, copy);
	copy.source = 1;
	add(p, copy);
	back.source = 1; /* the other direction may come by another way */
	add(p, back);
	struct obs_flow f = only(p);
	assert_int_equal(f.orig_total.packets, 3);
	assert_int_equal(f.resp_total.packets, 3);
	assert_int_equal(flow_pair_counters(p).copies, 1);
}

static void
of_a_sampled_conversation_nothing_is_said_of_refusals(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part one = part(IPPROTO_TCP, CLIENT, 80, TCP_SYN, 0, 0);

	one.rate = 1;
	add(p, one);
	assert_int_equal(only(p).state, CONN_S0);
	one.rate = 2;
	add(p, one);
	struct obs_flow f = only(p);
	assert_int_equal(f.state, CONN_OTH);
	assert_true(f.established);
	add(p, one);
	one.rate = 0;
	one.forward.tcp_flags = 0;
	add(p, one); /* one of its records is enough */
	assert_true(only(p).established);
}

static void
cards_are_of_their_ends(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part one = part(IPPROTO_UDP, CLIENT, 53, 0, 0, 0);

	one.has_macs = true;
	one.vlan = 7;
	one.src_mac = (struct mac){ { 2, 0, 0, 0, 0, 1 } };
	one.dst_mac = (struct mac){ { 2, 0, 0, 0, 0, 2 } };
	add(p, one);
	struct obs_flow f = only(p);
	assert_true(f.has_macs);
	assert_true(mac_equal(&f.orig_mac, &one.src_mac));
	assert_true(mac_equal(&f.resp_mac, &one.dst_mac));
	assert_int_equal(f.vlan, 7);
	memset(&one.dst_mac, 0, sizeof(one.dst_mac));
	add(p, one);
	assert_false(only(p).has_macs);
	struct flow_part back = part(IPPROTO_UDP, 53, CLIENT, 0, 0, 0);
	back.has_macs = true;
	back.src_mac = (struct mac){ { 2, 0, 0, 0, 0, 2 } };
	add(p, back);
	add(p, one); /* which does not know the other's, and has its own */
	f = only(p);
	assert_true(mac_equal(&f.orig_mac, &one.src_mac));
	assert_true(mac_equal(&f.resp_mac, &back.src_mac));
}

static void
above_the_capacity_who_waits_longest_goes_early(void **state)
{
	struct flow_pair *p = *state;

	for (int i = 0; i < CAPACITY; i++)
		add(p, part(IPPROTO_TCP, (uint16_t)(CLIENT + i), 80, TCP_SYN, (uint64_t)i,
			       (uint64_t)i));
	nothing_due(p, at(CAPACITY));
	add(p, part(IPPROTO_TCP, CLIENT + CAPACITY, 80, TCP_SYN, CAPACITY, CAPACITY));
	struct obs_flow f = next(p, at(CAPACITY));
	assert_int_equal(f.orig_port, CLIENT);
	assert_int_equal(f.ended, FLOW_END_EVICTED);
	nothing_due(p, at(CAPACITY));
	assert_int_equal(flow_pair_counters(p).evicted, 1);
	add(p, part(IPPROTO_TCP, 80, CLIENT, TCP_ACK | TCP_RST, 0, 0)); /* too late: its own */
	assert_int_equal(next(p, at(CAPACITY)).orig_port, CLIENT + 1);
}

static void
who_lingers_goes_before_who_waits(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part piece = part(IPPROTO_UDP, CLIENT, 80, 0, 0, 60);

	piece.more = FLOW_PART_GOES_ON;
	add(p, piece);
	next(p, at(60 + WAIT_S));
	for (int i = 1; i <= CAPACITY; i++)
		add(p, part(IPPROTO_TCP, (uint16_t)(CLIENT + i), 80, TCP_SYN, 130, 130));
	struct obs_flow f = next(p, at(130));
	assert_int_equal(f.orig_port, CLIENT);
	assert_int_equal(f.ended, FLOW_END_TIMEOUT);
}

static void
who_never_drains_it_loses_records_and_no_memory(void **state)
{
	struct flow_pair *p = *state;
	struct flow_part one = part(IPPROTO_UDP, CLIENT, 53, 0, 0, 0);

	for (unsigned i = 0; i < 8192 + CAPACITY + 2; i++) {
		one.dst = addr_v4(10, 1, (uint8_t)(i >> 8), (uint8_t)i);
		add(p, one);
	}
	assert_int_equal(flow_pair_counters(p).refused, 2);
	for (unsigned i = 0; i < 8192 + CAPACITY; i++)
		next(p, UINT64_MAX);
	nothing_due(p, UINT64_MAX);
	assert_int_equal(flow_pair_counters(p).evicted, 8192);
}

int
main(void)
{
#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, pair_open, pair_close)
	const struct CMUnitTest tests[] = {
		WITH_PAIR(two_directions_are_one_conversation),
		WITH_PAIR(an_answer_is_waited_for_and_no_longer),
		WITH_PAIR(the_time_that_has_come_never_goes_back),
		WITH_PAIR(an_attempt_and_its_refusal_are_one),
		WITH_PAIR(a_direction_that_stays_alone_and_looks_like_an_answer_is_one),
		WITH_PAIR(who_began_has_opened_it_and_the_higher_port_at_the_same_time),
		WITH_PAIR(the_middle_of_a_connection_is_opened_by_who_has_the_higher_port),
		WITH_PAIR(an_exporter_may_say_who_opened_it),
		WITH_PAIR(a_record_of_both_directions_needs_no_other),
		WITH_PAIR(icmp_questions_and_answers_are_one),
		WITH_PAIR(an_earlier_question_opens_an_icmp_conversation),
		WITH_PAIR(a_piece_of_what_goes_on_is_an_interim_with_what_it_added),
		WITH_PAIR(the_end_of_the_file_ends_what_lingers),
		WITH_PAIR(a_record_that_does_not_say_is_a_piece_if_it_is_long),
		WITH_PAIR(what_was_closed_does_not_go_on),
		WITH_PAIR(what_comes_too_late_is_a_conversation_of_its_own),
		WITH_PAIR(what_ended_long_before_is_a_conversation_of_its_own),
		WITH_PAIR(a_syn_after_the_last_packet_opens_the_ports_again),
		WITH_PAIR(what_another_exporter_tells_again_is_a_copy),
		WITH_PAIR(of_a_sampled_conversation_nothing_is_said_of_refusals),
		WITH_PAIR(cards_are_of_their_ends),
		WITH_PAIR(above_the_capacity_who_waits_longest_goes_early),
		WITH_PAIR(who_lingers_goes_before_who_waits),
		WITH_PAIR(who_never_drains_it_loses_records_and_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
