/* Quiet streams: what is kept of them, and how they wake. */
#include "daemon/reassembly/stream_rest.h"
#include "tests/support/stream_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { STATE = 4096, ZEROED = 3000, KEPT = 100 };

static size_t kept_bytes;

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

static size_t
keeps(void *context, struct flow *f, const void *state)
{
	(void)context;
	(void)f;
	assert_non_null(state);
	return kept_bytes;
}

/* A stream whose parser has written all over its state, at second 1. */
static void
recognised(struct stream_rig *r, size_t kept)
{
	kept_bytes = kept;
	r->table.plan.keeps = keeps;
	assert_true(stream_recognise(&r->table, r->stream, STATE, ZEROED));
	memset(stream_parser_state(r->stream), 0xaa, STATE);
	stream_touch(&r->table, r->stream, NS_PER_S);
}

static void
assert_is_whole(const uint8_t *state)
{
	static const uint8_t zeros[ZEROED];
	uint8_t written[KEPT];

	memset(written, 0xaa, sizeof(written));
	assert_memory_equal(state, written, KEPT);
	assert_memory_equal(state + KEPT, zeros, ZEROED - KEPT);
}

static void
a_quiet_stream_keeps_what_its_parser_says(void **state)
{
	struct stream_rig *r = *state;

	recognised(r, KEPT);
	stream_rest(&r->table, STREAM_QUIET_S);
	assert_int_equal(r->table.memory.used_units, STATE / BUDDY_MIN_BYTES);
	stream_rest(&r->table, 1 + STREAM_QUIET_S);
	assert_int_equal(r->table.memory.used_units, 1);
	assert_ptr_equal(TAILQ_FIRST(&r->table.at_rest), r->stream);
	assert_true(TAILQ_EMPTY(&r->table.recognised));

	stream_touch(&r->table, r->stream, 10 * NS_PER_S);
	assert_ptr_equal(TAILQ_FIRST(&r->table.recognised), r->stream);
	assert_true(stream_wake(&r->table, r->stream, STATE, ZEROED));
	assert_int_equal(r->table.memory.used_units, STATE / BUDDY_MIN_BYTES);
	assert_is_whole(stream_parser_state(r->stream));
}

/* What a parser is asked about is its whole state. */
static void
one_that_was_made_smaller_is_not_asked_again_until_it_woke(void **state)
{
	struct stream_rig *r = *state;

	recognised(r, KEPT);
	stream_rest(&r->table, 100);
	kept_bytes = KEPT / 4;
	stream_touch(&r->table, r->stream, 101 * NS_PER_S); /* by a packet without bytes */
	stream_rest(&r->table, 200);
	assert_is_whole(stream_last_state(&r->table, r->stream, STATE, ZEROED));
	assert_true(stream_wake(&r->table, r->stream, STATE, ZEROED));
	stream_touch(&r->table, r->stream, 201 * NS_PER_S);
	kept_bytes = KEPT;
	stream_rest(&r->table, 300);
	assert_int_equal(r->table.memory.used_units, 1);
}

static void
one_that_would_not_be_smaller_stays_as_it_is(void **state)
{
	struct stream_rig *r = *state;

	recognised(r, 0);
	for (size_t kept = 0; kept <= STATE; kept += kept == 0 ? STATE / 2 + 1 : 1000) {
		kept_bytes = kept;
		stream_touch(&r->table, r->stream, NS_PER_S);
		stream_rest(&r->table, 100);
		assert_int_equal(r->table.memory.used_units, STATE / BUDDY_MIN_BYTES);
	}
	kept_bytes = STATE / 2;
	stream_touch(&r->table, r->stream, 2 * NS_PER_S);
	stream_rest(&r->table, 200);
	assert_int_equal(r->table.memory.used_units, STATE / 2 / BUDDY_MIN_BYTES);
}

static void
those_at_rest_make_room_before_those_that_speak(void **state)
{
	static const struct stream_start sides[2];
	struct stream_rig *r = *state;

	recognised(r, KEPT);
	struct stream *second = stream_new(&r->table, stream_rig_flow(2), sides);
	assert_true(stream_recognise(&r->table, second, 0, 0));
	stream_touch(&r->table, second, 9 * NS_PER_S);
	assert_ptr_equal(TAILQ_FIRST(&r->table.at_rest), r->stream);
	assert_true(stream_evict_other(&r->table, NULL));
	assert_ptr_equal(TAILQ_FIRST(&r->table.recognised), second);
	assert_true(TAILQ_EMPTY(&r->table.at_rest));
}

static void
its_last_words_need_no_room(void **state)
{
	struct stream_rig *r = *state;

	recognised(r, KEPT);
	assert_ptr_equal(stream_last_state(&r->table, r->stream, STATE, ZEROED),
		stream_parser_state(r->stream));
	stream_rest(&r->table, 100);
	assert_is_whole(stream_last_state(&r->table, r->stream, STATE, ZEROED));
	assert_int_equal(r->table.memory.used_units, 1);
}

static void
one_that_finds_no_room_stays_at_rest(void **state)
{
	struct stream_rig *r = *state;

	recognised(r, KEPT);
	stream_rest(&r->table, 100);
	while (buddy_take(&r->table.memory, BUDDY_MIN_BYTES) != NULL)
		continue;
	assert_false(stream_wake(&r->table, r->stream, STATE, ZEROED));
	assert_int_equal(r->table.refused, 1);
	assert_is_whole(stream_last_state(&r->table, r->stream, STATE, ZEROED));
}

static void
of_what_nobody_acknowledged_the_last_bytes_stay(void **state)
{
	struct stream_rig *r = *state;
	static char piece[STREAM_BLOCK_BYTES + 1];

	recognised(r, KEPT);
	memset(piece, 'x', sizeof(piece) - 1);
	for (unsigned i = 0; i < 4; i++)
		stream_rig_send(r, 0, i * STREAM_BLOCK_BYTES, piece);
	stream_rig_send(r, 1, 5, "early");
	uint32_t before = r->table.memory.used_units;
	stream_rest(&r->table, 100);
	/* Three of the four blocks went, and the state; what waits for a hole did not. */
	assert_int_equal(
		r->table.memory.used_units, before - 3 * 2 - (STATE / BUDDY_MIN_BYTES - 1));
	assert_true(stream_keeps(r->stream, 0));
	assert_true(stream_keeps(r->stream, 1));
}

#define REST_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		REST_TEST(a_quiet_stream_keeps_what_its_parser_says),
		REST_TEST(one_that_was_made_smaller_is_not_asked_again_until_it_woke),
		REST_TEST(one_that_would_not_be_smaller_stays_as_it_is),
		REST_TEST(those_at_rest_make_room_before_those_that_speak),
		REST_TEST(its_last_words_need_no_room),
		REST_TEST(one_that_finds_no_room_stays_at_rest),
		REST_TEST(of_what_nobody_acknowledged_the_last_bytes_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
