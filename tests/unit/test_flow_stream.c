#include "daemon/flow/flow_stream.h"

#include "daemon/flow/flow_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct tcp_side nobody;

static struct packet
segment(uint8_t flags, uint32_t seq, uint32_t bytes)
{
	return (struct packet){ .tcp_flags = flags, .tcp_seq = seq, .payload_bytes = bytes };
}

/* A side whose SYN was `seq`, in a state. */
static struct tcp_side
side_at(uint32_t seq, enum tcp_side_state state)
{
	struct tcp_side s = { 0 };
	struct packet syn = segment(TCP_SYN, seq, 0);

	flow_stream_open(&s, &syn);
	s.state = (uint8_t)state;
	return s;
}

static void
send_all(struct tcp_side *s, uint32_t *seq, uint64_t bytes)
{
	while (bytes > 0) {
		uint32_t part = bytes > 1000000000 ? 1000000000 : (uint32_t)bytes;
		struct packet p = segment(TCP_ACK, *seq, part);
		assert_true(flow_stream_advance(s, &p));
		flow_stream_fill(s, *seq, part);
		*seq += part;
		bytes -= part;
	}
}

static void
a_segment_is_as_long_as_its_text_and_its_flags(void **state)
{
	static const struct {
		uint8_t flags;
		uint32_t length;
	} cases[] = {
		{ 0, 10 },
		{ TCP_ACK | TCP_PSH | TCP_URG, 10 },
		{ TCP_SYN, 11 },
		{ TCP_FIN, 11 },
		{ TCP_SYN | TCP_FIN, 12 },
		{ TCP_RST, 0 }, /* its text is a message to people */
		{ TCP_RST | TCP_FIN, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct packet p = segment(cases[i].flags, UINT32_MAX - 4, 10);
		assert_int_equal(flow_stream_segment_end(&p), UINT32_MAX - 4 + cases[i].length);
	}
}

static void
a_new_syn_starts_a_side_again_where_that_can_be(void **state)
{
	static const struct {
		enum tcp_side_state state, previous;
		bool again;
	} cases[] = {
		{ SIDE_INACTIVE, SIDE_INACTIVE, true },
		{ SIDE_SYN_SENT, SIDE_INACTIVE, true },
		{ SIDE_SYN_ACK_SENT, SIDE_INACTIVE, true },
		{ SIDE_PARTIAL, SIDE_INACTIVE, true },
		{ SIDE_ESTABLISHED, SIDE_INACTIVE, true },
		{ SIDE_CLOSED, SIDE_ESTABLISHED, false },
		{ SIDE_RESET, SIDE_INACTIVE, true },
		{ SIDE_RESET, SIDE_ESTABLISHED, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tcp_side s = side_at(1000, cases[i].state);
		s.previous = (uint8_t)cases[i].previous;
		struct packet data = segment(TCP_ACK, 1001, 50);
		if (cases[i].state != SIDE_INACTIVE)
			flow_stream_open(&s, &data);
		assert_int_equal(s.start_seq, 1000);

		struct packet syn = segment(TCP_SYN, 90000, 0);
		flow_stream_open(&s, &syn);
		assert_int_equal(s.start_seq, cases[i].again ? 90000 : 1000);
		assert_int_equal(s.last_seq, cases[i].again ? 90001 : 1001);
		assert_int_equal(s.ack_seq, s.start_seq);
		assert_int_equal(s.next_seq, s.start_seq + 1);
	}
}

static void
a_start_forgets_how_often_numbers_wrapped(void **state)
{
	struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);
	uint32_t seq = 1001;

	(void)state;
	send_all(&s, &seq, UINT64_C(9000000000));
	assert_true(flow_stream_acknowledge(&s, 1001 + 2000000000));
	assert_int_equal(flow_stream_bytes(&s, &nobody), UINT64_C(9000000000));
	struct packet syn = segment(TCP_SYN, 5, 0);
	flow_stream_open(&s, &syn);
	assert_int_equal(flow_stream_bytes(&s, &nobody), 0);
	assert_int_equal(s.last_high, 0);
	assert_int_equal(s.ack_high, 0);
}

static void
a_syn_that_is_sent_again_keeps_what_is_known_of_holes(void **state)
{
	struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);
	struct packet syn = segment(TCP_SYN, 1000, 0);

	(void)state;
	flow_stream_fill(&s, 1001, 100);
	flow_stream_fill(&s, 1201, 100);
	flow_stream_open(&s, &syn);
	assert_int_equal(s.next_seq, 1101);
	assert_int_equal(flow_stream_give_up(&s, 1301), 100);
}

static void
an_acknowledgement_from_before_the_start_is_told_from_one_far_after_it(void **state)
{
	(void)state;
	struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);
	assert_false(flow_stream_acknowledge(&s, 999));
	assert_true(flow_stream_acknowledge(&s, 1000));
	assert_true(flow_stream_acknowledge(&s, 1001));

	/* 3 GB later the start is more than half of the space away. */
	for (unsigned i = 0; i < 3; i++)
		assert_true(flow_stream_acknowledge(&s, s.ack_seq + 1000000000));
	assert_true(flow_stream_acknowledge(&s, s.ack_seq - 10));
	assert_true(flow_stream_acknowledge(&s, s.ack_seq - 1500000000));
	/* 6 GB later no number is from before it. */
	for (unsigned i = 0; i < 3; i++)
		assert_true(flow_stream_acknowledge(&s, s.ack_seq + 1000000000));
	assert_true(flow_stream_acknowledge(&s, 999));
	assert_true(flow_stream_acknowledge(&s, s.ack_seq - 2000000000));
	assert_int_equal(flow_stream_bytes(&s, &nobody), UINT64_C(6000000000));
}

static void
numbers_of_syn_and_rst_may_not_jump_either_way(void **state)
{
	static const uint8_t flags[] = { TCP_SYN, TCP_RST };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint32_t extra = flags[i] == TCP_SYN;
		for (uint32_t jump = (1 << 20) - 1; jump <= (1 << 20) + 1; jump++) {
			struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);
			struct packet p = segment(flags[i], 1001 + jump - extra, 0);
			assert_true(flow_stream_advance(&s, &p));
			assert_int_equal(s.last_seq, jump <= 1 << 20 ? 1001 + jump : 1001);
		}
		/* Far back is not old text sent again. */
		struct tcp_side s = side_at(1 << 30, SIDE_ESTABLISHED);
		struct packet p = segment(flags[i], (1 << 30) - (1 << 21), 10);
		assert_true(flow_stream_advance(&s, &p));
		p.tcp_seq = (1 << 30) - 100;
		assert_false(flow_stream_advance(&s, &p));
		/* Text may jump: it was lost. */
		p = segment(TCP_ACK, (1 << 30) + (1 << 22), 10);
		assert_true(flow_stream_advance(&s, &p));
		assert_int_equal(s.last_seq, (1 << 30) + (1 << 22) + 10);
	}
}

static void
a_fin_after_nothing_but_the_syn_is_believed_at_any_distance(void **state)
{
	struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);
	struct packet fin = segment(TCP_FIN, 1001 + UINT32_C(3000000000), 0);

	/* A capture of SYN, FIN and RST only: 3 GB went by unseen. */
	(void)state;
	assert_true(flow_stream_advance(&s, &fin));
	s.flags |= SIDE_FIN_SEEN;
	assert_int_equal(flow_stream_bytes(&s, &nobody), UINT32_C(3000000000));

	s = side_at(1000, SIDE_ESTABLISHED);
	uint32_t seq = 1001;
	send_all(&s, &seq, 1);
	assert_true(flow_stream_advance(&s, &fin));
	assert_int_equal(s.last_seq, 1002);
}

static void
acknowledgements_never_go_back(void **state)
{
	struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);

	(void)state;
	assert_true(flow_stream_acknowledge(&s, 1501));
	assert_int_equal(flow_stream_bytes(&s, &nobody), 500);
	assert_true(flow_stream_acknowledge(&s, 1201));
	assert_int_equal(s.ack_seq, 1501);
	assert_int_equal(flow_stream_bytes(&s, &nobody), 500);
	assert_false(flow_stream_acknowledge(&s, 999));
	assert_int_equal(s.ack_seq, 1501);
	assert_int_equal(s.ack_high, 0);
}

static void
an_island_joins_what_it_borders_on(void **state)
{
	(void)state;
	/* Reached exactly, and overlapped. */
	for (uint32_t over = 0; over < 2; over++) {
		struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);
		flow_stream_fill(&s, 1101, 100);
		assert_int_equal(s.next_seq, 1001);
		flow_stream_fill(&s, 1001, 100 + over);
		assert_int_equal(s.next_seq, 1201);
		assert_int_equal(flow_stream_give_up(&s, 1201), 0);
	}
	/* Swallowed. */
	struct tcp_side s = side_at(1000, SIDE_ESTABLISHED);
	flow_stream_fill(&s, 1101, 100);
	flow_stream_fill(&s, 1001, 500);
	assert_int_equal(s.next_seq, 1501);
	assert_int_equal(s.island_from, s.island_to);
	/* Grown on both sides. */
	s = side_at(1000, SIDE_ESTABLISHED);
	flow_stream_fill(&s, 1201, 100);
	flow_stream_fill(&s, 1101, 100);
	flow_stream_fill(&s, 1301, 100);
	flow_stream_fill(&s, 1201, 10);
	assert_int_equal(s.island_from, 1101);
	assert_int_equal(s.island_to, 1401);
	assert_int_equal(flow_stream_give_up(&s, 1401), 100);
	assert_int_equal(s.next_seq, 1401);
	/* Given up in the middle of the hole, then the rest of it. */
	s = side_at(1000, SIDE_ESTABLISHED);
	flow_stream_fill(&s, 1201, 100);
	assert_int_equal(flow_stream_give_up(&s, 1051), 50);
	assert_int_equal(flow_stream_give_up(&s, 1051), 0);
	assert_int_equal(flow_stream_give_up(&s, 1401), 150);
	assert_int_equal(flow_stream_give_up(&s, 1401), 100);
	assert_int_equal(flow_stream_give_up(&s, 1401), 0);
}

static void
only_a_half_open_connection_that_was_acknowledged_too_far_has_no_bytes(void **state)
{
	(void)state;
	for (uint32_t acked = 0; acked < 3; acked++) {
		struct tcp_side s = side_at(1000, SIDE_RESET);
		uint32_t seq = 1001;
		s.state = SIDE_SYN_SENT;
		send_all(&s, &seq, 20);
		assert_true(flow_stream_acknowledge(&s, 1000 + acked));
		s.previous = SIDE_SYN_SENT;
		s.state = SIDE_RESET;
		assert_int_equal(flow_stream_bytes(&s, &nobody), acked <= 1 ? 20 : 0);
		struct tcp_side peer = side_at(5, SIDE_ESTABLISHED);
		assert_int_equal(flow_stream_bytes(&s, &peer), 20);
		s.previous = SIDE_ESTABLISHED;
		assert_int_equal(flow_stream_bytes(&s, &nobody), 20);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_segment_is_as_long_as_its_text_and_its_flags),
		cmocka_unit_test(a_new_syn_starts_a_side_again_where_that_can_be),
		cmocka_unit_test(a_start_forgets_how_often_numbers_wrapped),
		cmocka_unit_test(a_syn_that_is_sent_again_keeps_what_is_known_of_holes),
		cmocka_unit_test(
			an_acknowledgement_from_before_the_start_is_told_from_one_far_after_it),
		cmocka_unit_test(numbers_of_syn_and_rst_may_not_jump_either_way),
		cmocka_unit_test(a_fin_after_nothing_but_the_syn_is_believed_at_any_distance),
		cmocka_unit_test(acknowledgements_never_go_back),
		cmocka_unit_test(an_island_joins_what_it_borders_on),
		cmocka_unit_test(
			only_a_half_open_connection_that_was_acknowledged_too_far_has_no_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
