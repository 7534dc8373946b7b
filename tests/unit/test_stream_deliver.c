/* test_stream_deliver.c -- bytes in order, first wins, holes and caps; against a naive model as well. */
#include "tests/support/stream_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CLIENT, SERVER, TABLE_BYTES = 1 << 20, SEGMENT_MAX = 65495 };

static int
set_up(void **state)
{
	*state = stream_rig_new(TABLE_BYTES, STREAM_RIG_FIRST);
	return 0;
}

static int
tear_down(void **state)
{
	stream_rig_free(*state);
	return 0;
}

/* A long text, of which each place says where it is. */
static const char *
pattern(void)
{
	static char text[3 * SEGMENT_MAX + 1];

	for (size_t i = 0; text[0] == '\0' && i < sizeof(text) - 1; i++)
		text[sizeof(text) - 2 - i] = (char)('a' + (i * 7 + i / 26) % 26);
	return text;
}

static void
send_some(struct stream_rig *r, uint32_t at, const char *text, uint32_t size)
{
	struct packet p = stream_rig_packet(r, CLIENT, at, NULL);

	p.payload = cursor_over(text, size);
	p.payload_bytes = size;
	stream_rig_take(r, CLIENT, &p);
}

static void
both_sides_come_in_order(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "GET ");
	stream_rig_send(r, SERVER, 0, "220 ");
	stream_rig_send(r, CLIENT, 4, "/");
	stream_rig_send(r, SERVER, 4, "ok");
	assert_string_equal(r->heard[CLIENT], "GET /");
	assert_string_equal(r->heard[SERVER], "220 ok");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
what_comes_early_waits(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 6, "ghi");
	stream_rig_send(r, CLIENT, 3, "def");
	assert_string_equal(r->heard[CLIENT], "");
	stream_rig_send(r, CLIENT, 0, "abc");
	assert_string_equal(r->heard[CLIENT], "abcdefghi");
}

static void
in_order_is_handed_on_as_it_lies_in_the_frame(void **state)
{
	struct stream_rig *r = *state;

	send_some(r, 0, pattern(), SEGMENT_MAX);
	assert_int_equal(r->calls, 1);
	assert_int_equal(r->length[CLIENT], SEGMENT_MAX);
}

static void
the_same_again_is_nothing_new(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "abcdef");
	stream_rig_send(r, CLIENT, 0, "abc");
	stream_rig_send(r, CLIENT, 2, "cdefgh");
	assert_string_equal(r->heard[CLIENT], "abcdefgh");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
other_bytes_again_are_told_and_change_nothing(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "abcdef");
	stream_rig_send(r, CLIENT, 0, "abcdeX");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 1);
	stream_rig_send(r, CLIENT, 5, "Yg");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 2);
	stream_rig_send(r, CLIENT, 9, "jkl");
	stream_rig_send(r, CLIENT, 7, "hiZZZm");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 3);
	assert_string_equal(r->heard[CLIENT], "abcdefghijklm");
}

static void
the_first_byte_not_acknowledged_is_compared_and_none_before(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "abcdef");
	stream_rig_ack(r, SERVER, 4);
	stream_rig_send(r, CLIENT, 0, "XXXXef");
	assert_int_equal(stream_rig_told(r), 0);
	stream_rig_send(r, CLIENT, 2, "cdX");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 1);
}

static void
the_tail_that_is_compared_is_bounded(void **state)
{
	struct stream_rig *r = *state;
	const uint32_t size = 2 * STREAM_TAIL_MAX;

	send_some(r, 0, pattern(), size);
	assert_in_range(r->stream->sides[CLIENT].kept.count, STREAM_TAIL_MAX / STREAM_BLOCK_BYTES,
		STREAM_TAIL_MAX / STREAM_BLOCK_BYTES + 2);
	stream_rig_send(r, CLIENT, size - STREAM_TAIL_MAX - STREAM_BLOCK_BYTES, "?");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 0);
	stream_rig_send(r, CLIENT, size - STREAM_TAIL_MAX, "?");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 1);
	stream_rig_ack(r, SERVER, size);
	assert_in_range(r->stream->sides[CLIENT].kept.count, 0, 1);
}

static void
an_acknowledged_hole_is_a_gap(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "abc");
	stream_rig_send(r, CLIENT, 5, "fg");
	stream_rig_send(r, CLIENT, 9, "jk");
	stream_rig_ack(r, SERVER, 4);
	assert_string_equal(r->heard[CLIENT], "abc<1>");
	stream_rig_ack(r, SERVER, 8);
	assert_string_equal(r->heard[CLIENT], "abc<1><1>fg<1>");
	stream_rig_ack(r, SERVER, 11);
	assert_string_equal(r->heard[CLIENT], "abc<1><1>fg<1><1>jk");
}

static void
what_comes_after_it_was_given_up_is_told(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 3, "def");
	stream_rig_ack(r, SERVER, 6);
	stream_rig_send(r, CLIENT, 3, "def");
	assert_int_equal(r->told[WEIRD_STREAM_LATE], 0);
	stream_rig_send(r, CLIENT, 2, "c");
	assert_int_equal(r->told[WEIRD_STREAM_LATE], 1);
	assert_string_equal(r->heard[CLIENT], "<3>def");
}

static void
without_acknowledgements_a_full_side_gives_up_its_hole(void **state)
{
	struct stream_rig *r = *state;
	/* A hole of one byte, and every block behind it. */
	const uint32_t full = STREAM_BLOCKS_MAX * STREAM_BLOCK_BYTES;

	for (uint32_t at = 1; at < full; at += 1000)
		send_some(r, at, pattern() + at, at + 1000 < full ? 1000 : full - at);
	assert_int_equal(r->stream->sides[CLIENT].kept.count, STREAM_BLOCKS_MAX);
	assert_int_equal(r->length[CLIENT], 0);
	send_some(r, full, pattern() + full, 1);
	assert_memory_equal(r->heard[CLIENT], "<1>", 3);
	assert_int_equal(r->length[CLIENT], 3 + full);
	assert_memory_equal(r->heard[CLIENT] + 3, pattern() + 1, full);
}

static void
a_reader_may_stop_while_a_full_side_gives_up(void **state)
{
	struct stream_rig *r = *state;
	const uint32_t full = STREAM_BLOCKS_MAX * STREAM_BLOCK_BYTES;

	r->stop_after = 1;
	for (uint32_t at = 1; at < full; at += STREAM_BLOCK_BYTES)
		send_some(r, at, "x", 1);
	assert_true(r->goes_on);
	send_some(r, full, "x", 1);
	assert_false(r->goes_on);
	assert_int_equal(r->calls, 1);
}

static void
a_full_side_that_is_in_doubt_gives_up_the_doubt(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = stream_rig_packet(r, CLIENT, 0, "decoy");
	const uint32_t full = STREAM_BLOCKS_MAX * STREAM_BLOCK_BYTES;

	p.ttl = 5;
	stream_rig_take(r, CLIENT, &p);
	for (uint32_t at = 5; at < full + 1000; at += 1000)
		send_some(r, at, pattern() + at, 1000);
	assert_memory_equal(r->heard[CLIENT], "<5>", 3);
	assert_memory_equal(r->heard[CLIENT] + 3, pattern() + 5, 1000);
}

static void
a_segment_of_64_kib_may_come_early(void **state)
{
	struct stream_rig *r = *state;

	send_some(r, 1000, pattern() + 1000, SEGMENT_MAX);
	assert_int_equal(r->length[CLIENT], 0);
	send_some(r, 0, pattern(), 1000);
	assert_int_equal(r->length[CLIENT], 1000 + SEGMENT_MAX);
	assert_memory_equal(r->heard[CLIENT], pattern(), 1000 + SEGMENT_MAX);
}

/* All but the first of five blocks' bytes. */
static void
wait_in_five_blocks(struct stream_rig *r)
{
	const uint32_t four = 4 * STREAM_BLOCK_BYTES;

	send_some(r, 1, pattern() + 1, four - 1);
	assert_int_equal(r->length[CLIENT], 0);
	send_some(r, four, pattern() + four, 1);
}

static void
from_the_middle_a_side_alone_gives_up_its_hole_soon(void **state)
{
	struct stream_rig *r = *state;

	stream_side_start(&r->stream->sides[CLIENT], STREAM_RIG_FIRST, true);
	wait_in_five_blocks(r);
	assert_memory_equal(r->heard[CLIENT], "<1>", 3);
	assert_memory_equal(r->heard[CLIENT] + 3, pattern() + 1, (size_t)4 * STREAM_BLOCK_BYTES);
}

static void
other_sides_wait_for_theirs(void **state)
{
	struct stream_rig *from_the_start = *state;
	struct stream_rig *answered = stream_rig_new(TABLE_BYTES, STREAM_RIG_FIRST);
	struct stream_rig *recognised = stream_rig_new(TABLE_BYTES, STREAM_RIG_FIRST);

	wait_in_five_blocks(from_the_start);
	assert_int_equal(from_the_start->length[CLIENT], 0);
	stream_side_start(&answered->stream->sides[CLIENT], STREAM_RIG_FIRST, true);
	stream_rig_ack(answered, SERVER, 0);
	wait_in_five_blocks(answered);
	assert_int_equal(answered->length[CLIENT], 0);
	stream_side_start(&recognised->stream->sides[CLIENT], STREAM_RIG_FIRST, true);
	assert_true(stream_recognise(&recognised->table, recognised->stream, 0, 0));
	wait_in_five_blocks(recognised);
	assert_int_equal(recognised->length[CLIENT], 0);
	stream_rig_free(answered);
	stream_rig_free(recognised);
}

static void
bytes_that_come_one_by_one_backwards_cost_no_more_room(void **state)
{
	struct stream_rig *r = *state;
	const uint32_t size = 20000;

	for (uint32_t at = size; at-- > 0;) {
		assert_int_equal(r->length[CLIENT], 0);
		send_some(r, at, pattern() + at, 1);
	}
	assert_int_equal(r->length[CLIENT], size);
	assert_memory_equal(r->heard[CLIENT], pattern(), size);
	assert_in_range(r->table.memory.touched, 0, 2 * (size / STREAM_BLOCK_BYTES + 2) + 32);
}

static void
when_memory_is_full_the_stream_used_least_gives_up(void **state)
{
	struct stream_rig *r = stream_rig_new(STREAM_TABLE_MIN_BYTES, STREAM_RIG_FIRST);
	struct stream_start sides[2] = { { .known = true, .next = 0 }, { .known = true } };
	struct stream *others[3];

	(void)state;
	for (uintptr_t i = 0; i < 3; i++)
		others[i] = stream_new(&r->table, stream_rig_flow(i + 10), sides);
	assert_true(stream_recognise(&r->table, others[0], 0, 0));
	uint32_t refused_at = 0;
	for (uint32_t at = 1; r->table.refused == 0; at += 1000, refused_at = at)
		send_some(r, at, pattern() + at, 1000);
	assert_int_equal(r->evictions, 3);
	assert_ptr_equal(r->evicted[0], stream_rig_flow(11));
	assert_ptr_equal(r->evicted[1], stream_rig_flow(12));
	assert_ptr_equal(r->evicted[2], stream_rig_flow(10)); /* it was recognised */
	assert_true(refused_at < STREAM_TABLE_MIN_BYTES);
	/* What is kept is still right. */
	send_some(r, 0, pattern(), 1);
	assert_memory_equal(r->heard[CLIENT], pattern(), r->length[CLIENT]);
	assert_true(r->length[CLIENT] > 10000);
	stream_rig_free(r);
}

static void
held_bytes_are_offered_again_from_their_beginning(void **state)
{
	struct stream_rig *r = *state;

	r->hold_below = 5;
	stream_rig_send(r, CLIENT, 0, "ab");
	stream_rig_send(r, CLIENT, 2, "cd");
	stream_rig_ack(r, SERVER, 4);
	assert_string_equal(r->heard[CLIENT], "");
	stream_rig_send(r, CLIENT, 4, "ef");
	assert_string_equal(r->heard[CLIENT], "abcdef");
}

static void
who_holds_must_decide_when_there_is_no_more_in_one_piece(void **state)
{
	struct stream_rig *r = *state;

	r->hold_below = 100000;
	send_some(r, 0, pattern(), STREAM_BLOCK_BYTES - 1);
	assert_false(r->must_decide);
	assert_int_equal(r->length[CLIENT], 0);
	send_some(r, STREAM_BLOCK_BYTES - 1, pattern() + STREAM_BLOCK_BYTES - 1, 1);
	assert_true(r->must_decide);
	assert_int_equal(r->length[CLIENT], STREAM_BLOCK_BYTES);
}

static void
held_bytes_come_when_they_are_wanted(void **state)
{
	struct stream_rig *r = *state;
	const struct stream_work w = { &r->table, r->stream, &r->reader };

	r->hold_below = 10;
	stream_rig_send(r, CLIENT, 0, "abc");
	r->hold_below = 0;
	assert_true(stream_deliver_again(&w, CLIENT));
	assert_string_equal(r->heard[CLIENT], "abc");
}

static void
a_reader_that_stops_is_asked_no_more(void **state)
{
	struct stream_rig *r = *state;

	r->stop_after = 2;
	stream_rig_send(r, CLIENT, 0, "abc");
	assert_true(r->goes_on);
	stream_rig_send(r, CLIENT, 3, "def");
	assert_false(r->goes_on);
	assert_int_equal(r->calls, 2);
}

static void
at_the_end_a_reader_may_stop_as_well(void **state)
{
	struct stream_rig *r = *state;
	const struct stream_work w = { &r->table, r->stream, &r->reader };

	r->stop_after = 1;
	stream_rig_send(r, CLIENT, 2, "cd");
	stream_rig_send(r, CLIENT, 6, "gh");
	assert_false(stream_deliver_rest(&w, CLIENT));
	assert_int_equal(r->calls, 1);
}

static void
at_the_end_comes_what_waits(void **state)
{
	struct stream_rig *r = *state;
	const struct stream_work w = { &r->table, r->stream, &r->reader };
	struct packet p = stream_rig_packet(r, CLIENT, 12, "decoy");

	stream_rig_send(r, CLIENT, 2, "cd");
	stream_rig_send(r, CLIENT, 6, "gh");
	p.ttl = 5;
	stream_rig_take(r, CLIENT, &p);
	stream_rig_send(r, CLIENT, 17, "r");
	assert_true(stream_deliver_rest(&w, CLIENT));
	assert_string_equal(r->heard[CLIENT], "<2>cd<2>gh<4><5>r");
}

/* ---- against a model that knows each byte's first value ---- */

enum { MODEL_BYTES = 6000, MODEL_ROUNDS = 300 };

static uint32_t
chance(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

static void
play_at_random(uint32_t seed)
{
	struct stream_rig *r = stream_rig_new(TABLE_BYTES, seed * 1000003);
	char first[MODEL_BYTES] = { 0 };
	bool sent[MODEL_BYTES] = { 0 };

	for (unsigned round = 0; round < MODEL_ROUNDS; round++) {
		char text[301];
		uint32_t at = chance(&seed, MODEL_BYTES - 300);
		uint32_t size = 1 + chance(&seed, 300);
		for (uint32_t i = 0; i < size; i++) {
			text[i] = (char)('a' + chance(&seed, 26));
			/* What is handed on by now is not changed either. */
			if (!sent[at + i])
				first[at + i] = text[i];
			sent[at + i] = true;
		}
		send_some(r, at, text, size);
	}
	uint32_t next = r->stream->sides[CLIENT].next - r->first[CLIENT];
	assert_int_equal(r->length[CLIENT], next);
	assert_memory_equal(r->heard[CLIENT], first, next);
	uint32_t run = 0;
	while (run < MODEL_BYTES && sent[run])
		run++;
	assert_int_equal(next, run);
	stream_rig_free(r);
}

static void
it_does_what_a_naive_model_does(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 60; seed++)
		play_at_random(seed);
}

#define STREAM_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(both_sides_come_in_order),
		STREAM_TEST(what_comes_early_waits),
		STREAM_TEST(in_order_is_handed_on_as_it_lies_in_the_frame),
		STREAM_TEST(the_same_again_is_nothing_new),
		STREAM_TEST(other_bytes_again_are_told_and_change_nothing),
		STREAM_TEST(the_first_byte_not_acknowledged_is_compared_and_none_before),
		STREAM_TEST(the_tail_that_is_compared_is_bounded),
		STREAM_TEST(an_acknowledged_hole_is_a_gap),
		STREAM_TEST(what_comes_after_it_was_given_up_is_told),
		STREAM_TEST(without_acknowledgements_a_full_side_gives_up_its_hole),
		STREAM_TEST(a_reader_may_stop_while_a_full_side_gives_up),
		STREAM_TEST(a_full_side_that_is_in_doubt_gives_up_the_doubt),
		STREAM_TEST(a_segment_of_64_kib_may_come_early),
		STREAM_TEST(from_the_middle_a_side_alone_gives_up_its_hole_soon),
		STREAM_TEST(other_sides_wait_for_theirs),
		STREAM_TEST(bytes_that_come_one_by_one_backwards_cost_no_more_room),
		cmocka_unit_test(when_memory_is_full_the_stream_used_least_gives_up),
		STREAM_TEST(held_bytes_are_offered_again_from_their_beginning),
		STREAM_TEST(who_holds_must_decide_when_there_is_no_more_in_one_piece),
		STREAM_TEST(held_bytes_come_when_they_are_wanted),
		STREAM_TEST(a_reader_that_stops_is_asked_no_more),
		STREAM_TEST(at_the_end_a_reader_may_stop_as_well),
		STREAM_TEST(at_the_end_comes_what_waits),
		cmocka_unit_test(it_does_what_a_naive_model_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
