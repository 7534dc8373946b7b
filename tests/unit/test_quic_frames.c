/* test_quic_frames.c -- CRYPTO frames in any order, frames of other kinds, frames that break off. */
#include "daemon/proto/quic_frames.h"
#include "tests/support/quic_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct quic_gather gather;
static bool is_closed;

static int
set_up(void **state)
{
	(void)state;
	memset(&gather, 0, sizeof(gather));
	is_closed = false;
	return 0;
}

/* Read a copy that ends where its memory ends. */
static void
read_frames(const struct quic_build *b, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert_non_null(exact);
	memcpy(exact, b->bytes, size);
	quic_frames_read(cursor_over(exact, size), &gather, &is_closed);
	free(exact);
}

/* A message of type 1 with 26 letters. */
static const char message[] = "\1\0\0\x1a"
			      "abcdefghijklmnopqrstuvwxyz";
enum { MESSAGE_BYTES = sizeof(message) - 1 };

static bool
is_whole(void)
{
	struct cursor body;

	if (quic_gather_message(&gather, &body) != 1)
		return false;
	assert_int_equal(cursor_left(&body), 26);
	assert_memory_equal(body.at, message + 4, 26);
	return true;
}

static void
bytes_come_in_any_order(void **state)
{
	static const size_t orders[][3] = { { 0, 10, 20 }, { 20, 10, 0 }, { 10, 0, 20 },
		{ 20, 0, 10 } };

	for (size_t o = 0; o < 4; o++) {
		(void)set_up(state);
		for (size_t i = 0; i < 3; i++) {
			struct quic_build b = { 0 };
			assert_false(is_whole());
			quic_build_crypto(&b, orders[o][i], message + orders[o][i], 10);
			read_frames(&b, b.size);
		}
		assert_true(is_whole());
	}
}

static void
each_byte_may_have_a_frame_of_its_own(void **state)
{
	struct quic_build b = { 0 };

	(void)state;
	for (size_t i = MESSAGE_BYTES; i > 0; i--)
		quic_build_crypto(&b, i - 1, message + i - 1, 1);
	read_frames(&b, b.size);
	assert_true(is_whole());
}

static void
of_bytes_that_come_twice_the_first_are_kept(void **state)
{
	struct quic_build b = { 0 };

	(void)state;
	quic_build_crypto(&b, 5, message + 5, 15);
	quic_build_crypto(&b, 10, "XXXXXXXXXX", 10);
	quic_build_crypto(&b, 0, message, MESSAGE_BYTES);
	read_frames(&b, b.size);
	assert_true(is_whole());
}

/* Padding, PING, ACKs with ranges and counts, and a frame that closes. */
static void
other_frames_are_passed(void **state)
{
	struct quic_build b = { 0 };

	(void)state;
	quic_build_bytes(&b, "\0\0\1", 3);
	/* What they say is no frame's type. */
	quic_build_bytes(&b, "\2\x40\x21\x21\2\x21\x21\x21\x21\x21", 10);
	quic_build_bytes(&b, "\3\x21\x21\0\x21\x21\x21\x21", 8);
	quic_build_crypto(&b, 0, message, MESSAGE_BYTES);
	quic_build_bytes(&b, "\x1c", 1);
	read_frames(&b, b.size);
	assert_true(is_whole());
	assert_true(is_closed);
}

static void
what_must_not_be_there_ends_it(void **state)
{
	struct quic_build b = { 0 };

	(void)state;
	quic_build_bytes(&b, "\x08", 1); /* a stream */
	quic_build_crypto(&b, 0, message, MESSAGE_BYTES);
	read_frames(&b, b.size);
	assert_false(is_whole());
	assert_int_equal(gather.whole, 0);
	assert_false(is_closed);
}

static void
frames_that_break_off_bring_nothing(void **state)
{
	struct quic_build b = { 0 };

	quic_build_bytes(&b, "\2\x40\5\0\1\1\1\1", 8);
	quic_build_crypto(&b, 0, message, MESSAGE_BYTES);
	for (size_t size = 0; size <= b.size; size++) {
		(void)set_up(state);
		read_frames(&b, size);
		assert_int_equal(is_whole(), size == b.size);
		assert_int_equal(gather.whole, size == b.size ? MESSAGE_BYTES : 0);
	}
}

static void
an_ack_may_claim_any_number_of_ranges(void **state)
{
	struct quic_build b = { 0 };

	(void)state;
	quic_build_bytes(&b, "\2\5\0\xff\xff\xff\xff\xff\xff\xff\xff\1\1\1\1", 15);
	read_frames(&b, b.size);
	assert_int_equal(gather.whole, 0);
}

static void
offsets_past_what_is_kept_are_let_go(void **state)
{
	struct quic_build b = { 0 };

	(void)state;
	quic_build_bytes(&b, "\6\xff\xff\xff\xff\xff\xff\xff\xff\2xx", 12);
	quic_build_crypto(&b, QUIC_HELLO_MAX - 1, "ab", 2);
	quic_build_crypto(&b, QUIC_HELLO_MAX, "c", 1);
	read_frames(&b, b.size);
	assert_int_equal(gather.whole, 0);
	assert_int_equal(gather.bytes[QUIC_HELLO_MAX - 1], 'a');
}

static void
a_message_of_3072_bytes_is_whole_and_longer_ones_are_cut(void **state)
{
	static uint8_t letters[QUIC_HELLO_MAX + 1];
	struct cursor body;

	for (size_t size = QUIC_HELLO_MAX - 1; size <= QUIC_HELLO_MAX + 1; size++) {
		struct quic_build b = { 0 };
		(void)set_up(state);
		memset(letters, 'l', sizeof(letters));
		letters[0] = 1;
		letters[1] = 0;
		letters[2] = (uint8_t)((size - 4) >> 8);
		letters[3] = (uint8_t)(size - 4);
		quic_build_crypto(&b, 0, letters, size - 1);
		read_frames(&b, b.size);
		assert_int_equal(
			quic_gather_message(&gather, &body), size - 1 < QUIC_HELLO_MAX ? -1 : 1);
		b.size = 0;
		quic_build_crypto(&b, size - 1, letters + size - 1, 1);
		read_frames(&b, b.size);
		assert_int_equal(quic_gather_message(&gather, &body), 1);
		assert_int_equal(
			cursor_left(&body), (size < QUIC_HELLO_MAX ? size : QUIC_HELLO_MAX) - 4);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(bytes_come_in_any_order, set_up),
		cmocka_unit_test_setup(each_byte_may_have_a_frame_of_its_own, set_up),
		cmocka_unit_test_setup(of_bytes_that_come_twice_the_first_are_kept, set_up),
		cmocka_unit_test_setup(other_frames_are_passed, set_up),
		cmocka_unit_test_setup(what_must_not_be_there_ends_it, set_up),
		cmocka_unit_test_setup(frames_that_break_off_bring_nothing, set_up),
		cmocka_unit_test_setup(an_ack_may_claim_any_number_of_ranges, set_up),
		cmocka_unit_test_setup(offsets_past_what_is_kept_are_let_go, set_up),
		cmocka_unit_test_setup(
			a_message_of_3072_bytes_is_whole_and_longer_ones_are_cut, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
