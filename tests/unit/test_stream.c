/* test_stream.c -- streams are few: who gives up, when, and what a parser remembers of one. */
#include "tests/support/stream_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The rig's own stream is the first: flow 1. */
static int
set_up(void **state)
{
	*state = stream_rig_new(STREAM_TABLE_MIN_BYTES, STREAM_RIG_FIRST);
	return 0;
}

static int
tear_down(void **state)
{
	stream_rig_free(*state);
	return 0;
}

static struct stream *
add(struct stream_rig *r, uintptr_t flow)
{
	static const struct stream_start sides[2];

	return stream_new(&r->table, stream_rig_flow(flow), sides);
}

static void
when_all_are_in_use_the_one_used_least_gives_up(void **state)
{
	struct stream_rig *r = *state;
	uint32_t capacity = r->table.streams.capacity;

	for (uint32_t i = 2; i <= capacity; i++)
		(void)add(r, i);
	assert_int_equal(r->evictions, 0);
	assert_int_equal(r->table.streams.used, capacity);
	stream_touch(&r->table, r->stream, NS_PER_S);
	struct stream *s = add(r, 1000);
	assert_non_null(s);
	assert_int_equal(r->evictions, 1);
	assert_int_equal(r->table.evicted, 1);
	assert_ptr_equal(r->evicted[0], stream_rig_flow(2));
	stream_free(&r->table, s);
	(void)add(r, 1001);
	assert_int_equal(r->evictions, 1);
}

static void
those_that_nobody_recognised_give_up_first(void **state)
{
	struct stream_rig *r = *state;
	struct stream *second = add(r, 2);

	(void)add(r, 3);
	assert_true(stream_recognise(&r->table, r->stream, 0, 0));
	assert_true(stream_recognise(&r->table, second, 0, 0));
	assert_true(stream_evict_other(&r->table, NULL));
	assert_true(stream_evict_other(&r->table, r->stream));
	assert_false(stream_evict_other(&r->table, r->stream));
	assert_true(stream_evict_other(&r->table, NULL));
	assert_false(stream_evict_other(&r->table, NULL));
	assert_ptr_equal(r->evicted[0], stream_rig_flow(3));
	assert_ptr_equal(r->evicted[1], stream_rig_flow(2));
	assert_ptr_equal(r->evicted[2], stream_rig_flow(1));
}

/* Two bytes of that stream, the second one behind a hole. */
static void
make_hole(struct stream_rig *r, struct stream *s)
{
	struct stream *own = r->stream;

	r->stream = s;
	stream_rig_send(r, 0, 0, "a");
	stream_rig_send(r, 0, 5, "b");
	r->stream = own;
}

static void
those_with_a_hole_give_up_before_all(void **state)
{
	struct stream_rig *r = *state;
	struct stream *second = add(r, 2);
	struct stream *third = add(r, 3);

	assert_true(stream_recognise(&r->table, second, 0, 0));
	make_hole(r, second);
	make_hole(r, third);
	assert_true(stream_evict_other(&r->table, third));
	assert_true(stream_evict_other(&r->table, NULL));
	assert_true(stream_evict_other(&r->table, NULL));
	assert_ptr_equal(r->evicted[0], stream_rig_flow(2));
	assert_ptr_equal(r->evicted[1], stream_rig_flow(3));
	assert_ptr_equal(r->evicted[2], stream_rig_flow(1));
}

/* Neither is what a parser cannot tell yet, nor what was handed on and not acknowledged. */
static void
what_is_next_is_not_behind_a_hole(void **state)
{
	struct stream_rig *r = *state;
	struct stream *own = r->stream;
	struct stream *second = add(r, 2);

	r->stream = second;
	stream_rig_send(r, 0, 0, "taken");
	r->hold_below = 9;
	stream_rig_send(r, 0, 5, "held");
	assert_int_equal(r->calls, 2);
	r->stream = own;
	assert_true(stream_evict_other(&r->table, NULL));
	assert_ptr_equal(r->evicted[0], stream_rig_flow(1));
}

static void
sixteen_are_spared_for_one_with_a_hole_and_not_looked_at_again(void **state)
{
	struct stream_rig *r = *state;

	for (uintptr_t flow = 2; flow <= 16; flow++)
		(void)add(r, flow);
	make_hole(r, add(r, 17));
	(void)add(r, 18);
	assert_true(stream_evict_other(&r->table, NULL));
	assert_true(stream_evict_other(&r->table, NULL));
	assert_true(stream_evict_other(&r->table, NULL));
	assert_ptr_equal(r->evicted[0], stream_rig_flow(17));
	assert_ptr_equal(r->evicted[1], stream_rig_flow(18));
	assert_ptr_equal(r->evicted[2], stream_rig_flow(1));
}

static void
behind_seventeen_nobody_looks_for_a_hole(void **state)
{
	struct stream_rig *r = *state;

	for (uintptr_t flow = 2; flow <= 17; flow++)
		(void)add(r, flow);
	make_hole(r, add(r, 18));
	assert_true(stream_evict_other(&r->table, NULL));
	assert_ptr_equal(r->evicted[0], stream_rig_flow(1));
}

static void
a_touch_counts_once_a_second(void **state)
{
	struct stream_rig *r = *state;
	struct stream *second = add(r, 2);

	stream_touch(&r->table, r->stream, NS_PER_S);
	stream_touch(&r->table, second, NS_PER_S);
	stream_touch(&r->table, r->stream, 2 * NS_PER_S - 1);
	assert_true(stream_evict_other(&r->table, NULL));
	assert_ptr_equal(r->evicted[0], stream_rig_flow(1));
}

static void
a_parser_gets_zeros_to_remember_things_in(void **state)
{
	struct stream_rig *r = *state;
	static const uint8_t zeros[4096];

	assert_null(stream_parser_state(r->stream));
	for (unsigned i = 0; i < 2; i++) {
		assert_true(stream_recognise(&r->table, r->stream, sizeof(zeros), sizeof(zeros)));
		assert_memory_equal(stream_parser_state(r->stream), zeros, sizeof(zeros));
		memset(stream_parser_state(r->stream), 0xff, sizeof(zeros));
		stream_mistake(&r->table, r->stream);
		assert_null(stream_parser_state(r->stream));
	}
	assert_true(stream_recognise(&r->table, r->stream, 0, 0));
	assert_null(stream_parser_state(r->stream));
	assert_int_equal(r->table.memory.used_units, 0);
}

static void
a_state_for_which_there_is_no_room_is_refused(void **state)
{
	struct stream_rig *r = *state;
	uint32_t at = 2;

	/* All blocks are this stream's own: nobody else can make room. */
	while (r->table.refused == 0) {
		stream_rig_send(r, 0, at, "x");
		at += STREAM_BLOCK_BYTES;
	}
	assert_false(stream_recognise(&r->table, r->stream, STREAM_STATE_MAX, STREAM_STATE_MAX));
	assert_int_equal(r->table.refused, 2);
}

static void
everything_goes_with_the_stream(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, 0, 5, "early");
	stream_rig_send(r, 1, 5, "early");
	assert_true(stream_recognise(&r->table, r->stream, 100, 100));
	assert_int_equal(r->table.memory.used_units, 2 + 2 + 1);
	stream_free(&r->table, r->stream);
	assert_int_equal(r->table.memory.used_units, 0);
	assert_int_equal(r->table.streams.used, 0);
}

static void
a_handle_leads_back(void **state)
{
	struct stream_rig *r = *state;
	struct stream *second = add(r, 2);

	assert_int_not_equal(stream_handle(&r->table, r->stream), 0);
	assert_ptr_equal(stream_of_handle(&r->table, stream_handle(&r->table, second)), second);
}

static void
handles_have_16_bits_however_much_memory_there_is(void **state)
{
	struct stream_rig *r = stream_rig_new(256 << 20, STREAM_RIG_FIRST);

	(void)state;
	assert_int_equal(r->table.streams.capacity, 65535);
	stream_rig_free(r);
}

static void
it_is_open_until_both_ended_or_one_reset(void **state)
{
	struct stream_rig *r = *state;

	assert_true(stream_is_open(r->stream));
	r->stream->sides[0].flags |= STREAM_ENDS;
	assert_true(stream_is_open(r->stream));
	r->stream->sides[1].flags |= STREAM_ENDS;
	assert_false(stream_is_open(r->stream));
	r->stream->sides[0].flags = STREAM_RESET;
	r->stream->sides[1].flags = 0;
	assert_false(stream_is_open(r->stream));
}

static void
end_side(struct stream_rig *r, unsigned side, const char *text)
{
	struct packet p = stream_rig_packet(r, side, 0, text);

	p.tcp_flags |= TCP_FIN;
	stream_rig_take(r, side, &p);
}

static void
it_is_over_when_both_ended_and_have_heard_all(void **state)
{
	struct stream_rig *r = *state;
	uint32_t after = STREAM_RIG_FIRST + 6; /* behind "hello" and its FIN */
	const struct stream *s = r->stream;

	end_side(r, 0, "hello");
	assert_false(stream_is_over(s, 1, after));
	stream_rig_ack(r, 1, 6);
	end_side(r, 1, "world");
	assert_false(stream_is_over(s, 1, after)); /* nobody has heard the second one's words */
	stream_rig_ack(r, 0, 6);
	assert_true(stream_is_over(s, 0, after));
	assert_true(stream_is_over(s, 1, after));
	assert_false(stream_is_over(s, 0, after - 1));
	r->stream->sides[0].flags |= STREAM_RESET;
	assert_false(stream_is_over(s, 0, after));
}

static void
it_is_not_over_while_bytes_are_missing(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = stream_rig_packet(r, 0, 1, "ello");

	p.tcp_flags |= TCP_FIN;
	stream_rig_take(r, 0, &p);
	end_side(r, 1, NULL);
	assert_false(stream_is_over(r->stream, 1, STREAM_RIG_FIRST + 6));
	assert_false(stream_is_over(r->stream, 0, STREAM_RIG_FIRST + 1));
	stream_rig_send(r, 0, 0, "h");
	stream_rig_ack(r, 1, 6);
	assert_true(stream_is_over(r->stream, 1, STREAM_RIG_FIRST + 6));
}

#define STREAM_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(when_all_are_in_use_the_one_used_least_gives_up),
		STREAM_TEST(those_that_nobody_recognised_give_up_first),
		STREAM_TEST(those_with_a_hole_give_up_before_all),
		STREAM_TEST(what_is_next_is_not_behind_a_hole),
		STREAM_TEST(sixteen_are_spared_for_one_with_a_hole_and_not_looked_at_again),
		STREAM_TEST(behind_seventeen_nobody_looks_for_a_hole),
		STREAM_TEST(a_touch_counts_once_a_second),
		STREAM_TEST(a_parser_gets_zeros_to_remember_things_in),
		STREAM_TEST(a_state_for_which_there_is_no_room_is_refused),
		STREAM_TEST(everything_goes_with_the_stream),
		STREAM_TEST(a_handle_leads_back),
		cmocka_unit_test(handles_have_16_bits_however_much_memory_there_is),
		STREAM_TEST(it_is_open_until_both_ended_or_one_reset),
		STREAM_TEST(it_is_over_when_both_ended_and_have_heard_all),
		STREAM_TEST(it_is_not_over_while_bytes_are_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
