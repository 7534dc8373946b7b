#include "daemon/proto/framed.h"

#include "daemon/base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 6 };

/* Two bytes: an M, and how many come after it. */
static uint64_t
size_of(struct cursor head)
{
	uint8_t m = cursor_u8(&head);
	uint8_t rest = cursor_u8(&head);

	if (m != 'M')
		return FRAMED_NONE;
	return head.short_read ? 0 : 2U + rest;
}

struct reader {
	struct framed framed;
	uint8_t buffer[ROOM];
	char text[64]; /* of each message what was kept of it, and a stroke */
	struct strbuf out;
	enum framed_verdict verdict;
};

static void
feed(struct reader *r, const char *bytes, size_t size)
{
	struct cursor c = cursor_over(bytes, size);
	struct cursor message;

	if (r->out.text == NULL)
		strbuf_init(&r->out, r->text, sizeof(r->text));
	while ((r->verdict = framed_next(&r->framed, r->buffer, ROOM, size_of, &c, &message)) ==
		FRAMED_MESSAGE) {
		size_t left = cursor_left(&message);
		strbuf_bytes(&r->out, (const char *)message.at + 2, left - 2);
		strbuf_char(&r->out, '|');
	}
}

static void
messages_are_told_however_they_are_cut(void **state)
{
	static const char bytes[] = "M\3abcM\0M\1xM\4wxyz";

	(void)state;
	for (size_t part = 1; part <= sizeof(bytes); part++) {
		struct reader r = { 0 };
		for (size_t at = 0; at < sizeof(bytes) - 1; at += part)
			feed(&r, bytes + at,
				part < sizeof(bytes) - 1 - at ? part : sizeof(bytes) - 1 - at);
		assert_string_equal(r.text, "abc||x|wxyz|");
		assert_int_equal(r.verdict, FRAMED_MORE);
	}
}

static void
of_a_long_one_the_beginning_is_told_as_soon_as_it_is_there(void **state)
{
	struct reader r = { 0 };

	(void)state;
	feed(&r, "M\7abc", 5);
	assert_string_equal(r.text, "");
	feed(&r, "d", 1);
	assert_string_equal(r.text, "abcd|");
	feed(&r, "efgM\1z", 6);
	assert_string_equal(r.text, "abcd|z|");
}

static void
what_is_no_message_is_told(void **state)
{
	struct reader r = { 0 };

	(void)state;
	feed(&r, "M\1aX", 4);
	assert_string_equal(r.text, "a|");
	assert_int_equal(r.verdict, FRAMED_BROKEN);
}

static uint64_t
never_tells(struct cursor head)
{
	(void)head;
	return 0;
}

static uint64_t
is_too_small(struct cursor head)
{
	return cursor_left(&head) > 2 ? 2 : 0;
}

static void
a_size_that_never_comes_or_cannot_be_is_no_message(void **state)
{
	uint8_t buffer[ROOM];
	struct framed f = { 0 };
	struct cursor c = cursor_over("1234567", 7);
	struct cursor message;

	(void)state;
	assert_int_equal(framed_next(&f, buffer, ROOM, never_tells, &c, &message), FRAMED_BROKEN);
	f = (struct framed){ 0 };
	c = cursor_over("1234567", 7);
	assert_int_equal(framed_next(&f, buffer, ROOM, is_too_small, &c, &message), FRAMED_BROKEN);
}

static void
a_gap_within_a_message_leaves_that_one_out(void **state)
{
	struct reader r = { 0 };

	(void)state;
	feed(&r, "M\5a", 3);
	assert_true(framed_gap(&r.framed, 3));
	feed(&r, "eM\1b", 4);
	assert_string_equal(r.text, "b|");
}

static void
a_gap_to_the_end_of_a_message_is_no_more_than_that(void **state)
{
	struct reader r = { 0 };

	(void)state;
	feed(&r, "M\5a", 3);
	assert_true(framed_gap(&r.framed, 4));
	feed(&r, "M\1b", 3);
	assert_string_equal(r.text, "b|");
}

static void
a_gap_in_what_is_passed_does_not_matter(void **state)
{
	struct reader r = { 0 };

	(void)state;
	feed(&r, "M\11abcd", 6);
	assert_true(framed_gap(&r.framed, 5));
	feed(&r, "M\1b", 3);
	assert_string_equal(r.text, "abcd|b|");
}

static void
a_gap_over_a_beginning_loses_the_way(void **state)
{
	struct reader r = { 0 };

	(void)state;
	feed(&r, "M\5a", 3);
	assert_false(framed_gap(&r.framed, 5));
	assert_true(r.framed.is_lost);
	r = (struct reader){ 0 };
	feed(&r, "M", 1);
	assert_false(framed_gap(&r.framed, 1));
	r = (struct reader){ 0 };
	feed(&r, "M\1a", 3);
	assert_false(framed_gap(&r.framed, 1));
}

static void
the_buffer_is_needed_until_a_message_is_told(void **state)
{
	struct reader r = { 0 };

	(void)state;
	assert_false(framed_holds(&r.framed));
	feed(&r, "M", 1);
	assert_true(framed_holds(&r.framed));
	feed(&r, "\7abc", 4);
	assert_true(framed_holds(&r.framed));
	/* All that is kept of it was told; its end is awaited. */
	feed(&r, "d", 1);
	assert_string_equal(r.text, "abcd|");
	assert_false(framed_holds(&r.framed));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_told_however_they_are_cut),
		cmocka_unit_test(of_a_long_one_the_beginning_is_told_as_soon_as_it_is_there),
		cmocka_unit_test(what_is_no_message_is_told),
		cmocka_unit_test(a_size_that_never_comes_or_cannot_be_is_no_message),
		cmocka_unit_test(a_gap_within_a_message_leaves_that_one_out),
		cmocka_unit_test(a_gap_to_the_end_of_a_message_is_no_more_than_that),
		cmocka_unit_test(a_gap_in_what_is_passed_does_not_matter),
		cmocka_unit_test(a_gap_over_a_beginning_loses_the_way),
		cmocka_unit_test(the_buffer_is_needed_until_a_message_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
