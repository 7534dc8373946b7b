#include "exporters/redis/redis_protocol.h"

#include "exporters/redis/redis_command.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { PIECE = 16 * 1024 };

static int
setup(void **state)
{
	*state = redis_reader_new();
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	redis_reader_free(*state);
	return 0;
}

static void
feed(struct redis_reader *r, const char *text)
{
	redis_reader_feed(r, text, strlen(text));
}

static void
a_command_is_its_arguments_with_their_lengths(void **state)
{
	const char *const argv[] = { "SET", "k", "a\0\r\n", "" };
	const size_t lengths[] = { 3, 1, 4, 0 };
	static const char expected[] = "*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\0\r\n\r\n$0\r\n\r\n";
	size_t length = 0;

	(void)state;
	char *text = redis_text(4, argv, lengths, &length);
	assert_int_equal(length, sizeof(expected) - 1);
	assert_memory_equal(text, expected, length);
	redis_text_free(text);
}

static void
a_command_may_have_all_arguments_that_there_are(void **state)
{
	const char *argv[REDIS_ARGS_MAX];
	size_t lengths[REDIS_ARGS_MAX];
	size_t length = 0;

	(void)state;
	for (size_t i = 0; i < REDIS_ARGS_MAX; i++) {
		argv[i] = "x";
		lengths[i] = 1;
	}
	char *text = redis_text(REDIS_ARGS_MAX, argv, lengths, &length);
	assert_int_equal(length, strlen("*256\r\n") + REDIS_ARGS_MAX * strlen("$1\r\nx\r\n"));
	redis_text_free(text);
}

/* Each prefix is no answer yet, and each rest makes it one. */
static void
an_answer_may_come_in_two_pieces_cut_anywhere(void **state)
{
	static const char whole[] = "*3\r\n$2\r\nab\r\n:12\r\n*2\r\n-ERR no\r\n+fine\r\n";
	struct redis_reader *r = *state;
	struct redis_answer a;
	const char *items[2];

	for (size_t cut = 0; cut < sizeof(whole); cut++) {
		redis_reader_feed(r, whole, cut);
		assert_int_equal(redis_reader_next(r, &a), cut == sizeof(whole) - 1 ? 1 : 0);
		if (cut < sizeof(whole) - 1) {
			redis_reader_feed(r, whole + cut, sizeof(whole) - 1 - cut);
			assert_int_equal(redis_reader_next(r, &a), 1);
		}
		assert_int_equal(a.error_length, 6);
		assert_string_equal(a.error, "ERR no");
		assert_int_equal(redis_answer_strings(&a, NULL), 2);
		assert_int_equal(redis_answer_strings(&a, items), 2);
		assert_string_equal(items[0], "ab");
		assert_string_equal(items[1], "fine");
		redis_answer_free(&a);
		assert_int_equal(redis_reader_next(r, &a), 0);
	}
}

static void
the_first_error_is_the_one_that_is_told(void **state)
{
	struct redis_reader *r = *state;
	struct redis_answer a;

	feed(r, "*3\r\n*1\r\n-one\r\n-two\r\n:1\r\n-three\r\n+four\r\n");
	assert_int_equal(redis_reader_next(r, &a), 1);
	assert_string_equal(a.error, "one");
	redis_answer_free(&a);
	assert_int_equal(redis_reader_next(r, &a), 1);
	assert_string_equal(a.error, "three");
	assert_int_equal(redis_answer_strings(&a, NULL), 0);
	redis_answer_free(&a);
	assert_int_equal(redis_reader_next(r, &a), 1);
	assert_null(a.error);
	redis_answer_free(&a);
	feed(r, "*0\r\n");
	assert_int_equal(redis_reader_next(r, &a), 1);
	assert_null(a.error);
	assert_int_equal(redis_answer_strings(&a, NULL), 0);
	redis_answer_free(&a);
}

static void
a_string_with_a_nul_is_no_text(void **state)
{
	struct redis_reader *r = *state;
	struct redis_answer a;
	const char *items[3];

	redis_reader_feed(r, "*3\r\n$1\r\na\r\n$3\r\nb\0c\r\n$0\r\n\r\n", 27);
	assert_int_equal(redis_reader_next(r, &a), 1);
	assert_int_equal(redis_answer_strings(&a, items), 2);
	assert_string_equal(items[0], "a");
	assert_string_equal(items[1], "");
	redis_answer_free(&a);
}

static void
what_is_not_understood_stays_so(void **state)
{
	struct redis_reader *r = *state;
	struct redis_answer a;

	feed(r, "?\r\n");
	assert_int_equal(redis_reader_next(r, &a), -EPROTO);
	feed(r, "+OK\r\n");
	assert_int_equal(redis_reader_next(r, &a), -EPROTO);
}

/* One string, whose answer has `bytes` bytes. returns what became of it */
static int
string_of(struct redis_reader *r, size_t bytes)
{
	static char piece[PIECE];
	struct redis_answer a;
	char head[24];
	int digits = snprintf(head, sizeof(head), "$%zu\r\n", bytes - 12);
	size_t left = bytes - (size_t)digits - 2;
	int result = 0;

	assert_int_equal(digits, 10); /* of seven digits */
	memset(piece, 'x', sizeof(piece));
	feed(r, head);
	while (left > 0 && (result = redis_reader_next(r, &a)) == 0) {
		size_t n = left < sizeof(piece) ? left : sizeof(piece);

		redis_reader_feed(r, piece, n);
		left -= n;
	}
	if (result == 0) {
		feed(r, "\r\n");
		result = redis_reader_next(r, &a);
	}
	if (result == 1)
		redis_answer_free(&a);
	return result;
}

static void
an_answer_has_its_bytes_and_not_one_more(void **state)
{
	struct redis_reader *r = *state;

	assert_int_equal(string_of(r, REDIS_ANSWER_MAX - 1), 1);
	assert_int_equal(string_of(r, REDIS_ANSWER_MAX), 1); /* each has its own */
	assert_int_equal(string_of(r, REDIS_ANSWER_MAX + 1), -EMSGSIZE);
	assert_int_equal(redis_reader_next(r, &(struct redis_answer){ 0 }), -EMSGSIZE);
}

/* An array of `count` nothings. */
static int
array_of(struct redis_reader *r, size_t count)
{
	struct redis_answer a;
	char head[24];

	(void)snprintf(head, sizeof(head), "*%zu\r\n", count);
	feed(r, head);
	int result = redis_reader_next(r, &a);
	for (size_t i = 0; i < count && result == 0; i++) {
		feed(r, "$-1\r\n");
		result = redis_reader_next(r, &a);
	}
	if (result == 1)
		redis_answer_free(&a);
	return result;
}

static void
an_answer_has_its_items_and_not_one_more(void **state)
{
	struct redis_reader *r = *state;

	assert_int_equal(array_of(r, REDIS_ITEMS_MAX - 1), 1);
	assert_int_equal(array_of(r, REDIS_ITEMS_MAX), 1); /* each has its own */
	assert_int_equal(array_of(r, REDIS_ITEMS_MAX + 1), -EMSGSIZE);
}

static void
arrays_in_an_array_count_together(void **state)
{
	struct redis_reader *r = *state;
	struct redis_answer a;

	feed(r, "*2\r\n*65534\r\n"); /* with the two they are all there may be */
	assert_int_equal(redis_reader_next(r, &a), 0);
	for (int i = 0; i < 65534; i++)
		feed(r, ":1\r\n");
	assert_int_equal(redis_reader_next(r, &a), 0);
	feed(r, "*1\r\n");
	assert_int_equal(redis_reader_next(r, &a), -EMSGSIZE);
}

static void
lengths_that_no_number_holds_are_not_understood(void **state)
{
	static const char *const heads[] = { "*2147483648\r\n", "*-2\r\n",
		"*99999999999999999999\r\n", "$-2\r\n", "$99999999999999999999\r\n", "*x\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct redis_reader *r = redis_reader_new();
		struct redis_answer a;

		feed(r, heads[i]);
		assert_int_equal(redis_reader_next(r, &a), -EPROTO);
		redis_reader_free(r);
	}
	redis_reader_free(NULL);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_its_arguments_with_their_lengths),
		cmocka_unit_test(a_command_may_have_all_arguments_that_there_are),
		IN_PLACE(an_answer_may_come_in_two_pieces_cut_anywhere),
		IN_PLACE(the_first_error_is_the_one_that_is_told),
		IN_PLACE(a_string_with_a_nul_is_no_text),
		IN_PLACE(what_is_not_understood_stays_so),
		IN_PLACE(an_answer_has_its_bytes_and_not_one_more),
		IN_PLACE(an_answer_has_its_items_and_not_one_more),
		IN_PLACE(arrays_in_an_array_count_together),
		cmocka_unit_test(lengths_that_no_number_holds_are_not_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
