/* Where a body ends, cut as one likes, and what is missing of it. */
#include "daemon/proto/http_body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 256 };

struct read {
	char data[TEXT_MAX];
	size_t size; /* of the data */
	size_t rest; /* bytes behind the body */
	struct http_body body;
};

/* Feed `text` in parts of `part` bytes until the body is over. */
static void
read_body(struct read *ret_read, enum http_framing framing, uint64_t length, const char *text,
	size_t part)
{
	struct cursor c = cursor_over(text, strlen(text));

	memset(ret_read, 0, sizeof(*ret_read));
	http_body_begin(&ret_read->body, framing, length);
	while (!ret_read->body.is_over && cursor_left(&c) > 0) {
		struct cursor piece = c;
		size_t size = part < cursor_left(&c) ? part : cursor_left(&c);
		piece = cursor_sub(&piece, size);
		while (!ret_read->body.is_over && cursor_left(&piece) > 0) {
			struct cursor data = http_body_next(&ret_read->body, &piece);
			size_t got = cursor_left(&data);
			cursor_bytes(&data, ret_read->data + ret_read->size, got);
			ret_read->size += got;
		}
		(void)cursor_take(&c, size - cursor_left(&piece));
	}
	ret_read->rest = cursor_left(&c);
}

#define CHUNKS "5\r\nhello\r\n007;a=b\r\n, world\r\n0\r\nTrailer: x\r\n\r\n"

static void
a_length_is_counted(void **state)
{
	struct read r;

	(void)state;
	for (size_t part = 1; part < 8; part++) {
		read_body(&r, HTTP_FRAMING_LENGTH, 5, "helloGET", part);
		assert_true(r.body.is_over && !r.body.is_broken);
		assert_string_equal(r.data, "hello");
		assert_int_equal(r.rest, 3);
	}
	read_body(&r, HTTP_FRAMING_LENGTH, 6, "hello", 9);
	assert_false(r.body.is_over);
	read_body(&r, HTTP_FRAMING_LENGTH, 0, "hello", 9);
	assert_true(r.body.is_over);
	assert_int_equal(r.size, 0);
}

static void
chunks_are_put_behind_each_other_however_they_are_cut(void **state)
{
	struct read r;

	(void)state;
	for (size_t part = 1; part < sizeof(CHUNKS); part++) {
		read_body(&r, HTTP_FRAMING_CHUNKED, 0, CHUNKS "HTTP", part);
		assert_true(r.body.is_over && !r.body.is_broken && !r.body.is_odd);
		assert_string_equal(r.data, "hello, world");
		assert_int_equal(r.rest, 4);
	}
}

static void
chunks_that_are_cut_short_are_not_over(void **state)
{
	char text[] = CHUNKS;
	struct read r;

	(void)state;
	for (size_t size = sizeof(text) - 2; size > 0; size--) {
		text[size] = '\0';
		read_body(&r, HTTP_FRAMING_CHUNKED, 0, text, 99);
		assert_false(r.body.is_over);
	}
}

static void
until_the_sender_closes_all_is_body(void **state)
{
	struct read r;

	(void)state;
	read_body(&r, HTTP_FRAMING_CLOSE, 0, "all of it\r\n", 4);
	assert_false(r.body.is_over);
	assert_string_equal(r.data, "all of it\r\n");
}

static void
sizes_in_odd_company_are_read_and_noted(void **state)
{
	static const char *const odd[] = { " 5\r\nhello\r\n0\r\n\r\n", "5x\r\nhello\r\n0\r\n\r\n",
		"5\013\r\nhello\r\n0\r\n\r\n" };
	struct read r;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		read_body(&r, HTTP_FRAMING_CHUNKED, 0, odd[i], 99);
		assert_true(r.body.is_over && r.body.is_odd && !r.body.is_broken);
		assert_string_equal(r.data, "hello");
	}
}

static void
what_is_no_size_breaks_the_body(void **state)
{
	static const char *const broken[] = { "x\r\n", "\r\n5\r\n", "5\r\nhelloX", "-1\r\n",
		"1234567890abcdef\r\n" };
	struct read r;

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		read_body(&r, HTTP_FRAMING_CHUNKED, 0, broken[i], 99);
		assert_true(r.body.is_over && r.body.is_broken);
	}
	read_body(&r, HTTP_FRAMING_CHUNKED, 0, "000000000000000000000000001\r\nx\r\n0\r\n\r\n", 9);
	assert_true(r.body.is_over && !r.body.is_broken);
	read_body(&r, HTTP_FRAMING_CHUNKED, 0, "123456789abcdef\r\n", 99);
	assert_false(r.body.is_over);
}

static void
a_gap_is_counted_through_as_far_as_the_end_is_known(void **state)
{
	struct http_body b;

	(void)state;
	http_body_begin(&b, HTTP_FRAMING_LENGTH, 10);
	assert_int_equal(http_body_gap(&b, 9), 9);
	assert_false(b.is_over);
	assert_int_equal(http_body_gap(&b, 1), 1);
	assert_true(b.is_over);
	http_body_begin(&b, HTTP_FRAMING_LENGTH, 10);
	assert_int_equal(http_body_gap(&b, 11), 10);
	assert_true(b.is_over);
	http_body_begin(&b, HTTP_FRAMING_CLOSE, 0);
	assert_int_equal(http_body_gap(&b, 1000), 1000);
	assert_false(b.is_over);
}

static void
a_gap_in_a_chunk_is_counted_through_and_elsewhere_it_is_the_end(void **state)
{
	struct http_body b;
	struct cursor c = cursor_over("8\r\nab", 5);
	struct cursor rest = cursor_over("h\r\n0\r\n\r\n", 8);

	(void)state;
	http_body_begin(&b, HTTP_FRAMING_CHUNKED, 0);
	while (cursor_left(&c) > 0)
		(void)http_body_next(&b, &c);
	assert_int_equal(http_body_gap(&b, 5), 5);
	assert_false(b.is_over);
	while (cursor_left(&rest) > 0)
		(void)http_body_next(&b, &rest);
	assert_true(b.is_over && !b.is_broken);

	http_body_begin(&b, HTTP_FRAMING_CHUNKED, 0);
	assert_int_equal(http_body_gap(&b, 1), 0);
	assert_true(b.is_over);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_length_is_counted),
		cmocka_unit_test(chunks_are_put_behind_each_other_however_they_are_cut),
		cmocka_unit_test(chunks_that_are_cut_short_are_not_over),
		cmocka_unit_test(until_the_sender_closes_all_is_body),
		cmocka_unit_test(sizes_in_odd_company_are_read_and_noted),
		cmocka_unit_test(what_is_no_size_breaks_the_body),
		cmocka_unit_test(a_gap_is_counted_through_as_far_as_the_end_is_known),
		cmocka_unit_test(a_gap_in_a_chunk_is_counted_through_and_elsewhere_it_is_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
