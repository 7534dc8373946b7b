#include "daemon/proto/lines.h"

#include "daemon/base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* All lines of a text, each with "|" behind it, and "~" where it was cut, "!" where it was torn. */
static const char *
lines_of(const char *text, size_t size, size_t part)
{
	static char text_out[4096];
	struct lines l = { 0 };
	struct strbuf out;
	size_t at = 0;

	strbuf_init(&out, text_out, sizeof(text_out));
	while (at < size) {
		size_t piece = part < size - at ? part : size - at;
		struct cursor c = cursor_over(text + at, piece);
		while (lines_next(&l, &c)) {
			strbuf_text(&out, l.text);
			strbuf_text(&out, l.is_cut ? "~" : "");
			strbuf_text(&out, l.is_torn ? "!" : "");
			strbuf_char(&out, '|');
		}
		at += piece;
	}
	return out.text;
}

static void
lines_are_the_same_however_they_come(void **state)
{
	static const char text[] = "one\r\ntwo\n\r\n\nth\rree\r\r\nfo\0ur\r\nrest";

	(void)state;
	for (size_t part = 1; part <= sizeof(text); part++)
		assert_string_equal(
			lines_of(text, sizeof(text) - 1, part), "one|two|||th\rree\r|fo\\x00ur|");
}

static void
a_line_is_kept_to_its_cap_and_marked_beyond(void **state)
{
	char text[LINE_TEXT_MAX + 4];

	(void)state;
	for (size_t length = LINE_TEXT_MAX - 1; length <= LINE_TEXT_MAX + 1; length++) {
		struct lines l = { 0 };
		memset(text, 'x', length);
		text[length] = '\r';
		text[length + 1] = '\n';
		struct cursor c = cursor_over(text, length + 2);
		assert_true(lines_next(&l, &c));
		assert_int_equal(strlen(l.text), length > LINE_TEXT_MAX ? LINE_TEXT_MAX : length);
		assert_int_equal(l.is_cut, length > LINE_TEXT_MAX);
	}
}

static void
a_nul_that_does_not_fit_cuts_the_line(void **state)
{
	struct lines l = { 0 };
	char text[LINE_TEXT_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	text[LINE_TEXT_MAX - 4] = '\0';
	text[LINE_TEXT_MAX - 3] = '\n';
	struct cursor fits = cursor_over(text, LINE_TEXT_MAX - 2);
	assert_true(lines_next(&l, &fits));
	assert_false(l.is_cut);
	assert_string_equal(&l.text[LINE_TEXT_MAX - 4], "\\x00");
	text[LINE_TEXT_MAX - 4] = 'x';
	text[LINE_TEXT_MAX - 3] = '\0';
	text[LINE_TEXT_MAX] = '\n';
	struct cursor c = cursor_over(text, sizeof(text));
	assert_true(lines_next(&l, &c));
	assert_true(l.is_cut);
	assert_int_equal(l.text[LINE_TEXT_MAX - 4], 'x');
	assert_null(strchr(l.text, '\\'));
}

static void
a_line_around_a_gap_is_torn_and_the_next_is_not(void **state)
{
	struct lines l = { 0 };
	struct cursor c = cursor_over("beg", 3);

	(void)state;
	assert_false(lines_next(&l, &c));
	lines_gap(&l);
	c = cursor_over("end\r\nnext\r\n", 11);
	assert_true(lines_next(&l, &c));
	assert_true(l.is_torn);
	assert_true(lines_next(&l, &c));
	assert_string_equal(l.text, "next");
	assert_false(l.is_torn);
	lines_gap(&l); /* between two lines */
	c = cursor_over("tail\r\n", 6);
	assert_true(lines_next(&l, &c));
	assert_string_equal(l.text, "tail");
	assert_true(l.is_torn);
}

static void
words_are_compared_without_their_case(void **state)
{
	(void)state;
	assert_true(line_begins("helo x", "HELO"));
	assert_false(line_begins("hel", "HELO"));
	assert_string_equal(line_after("Mail   from:<a>", "MAIL"), "from:<a>");
	assert_string_equal(line_after("QUIT", "QUIT"), "");
	assert_null(line_after("QUITE", "QUIT"));
	assert_true(line_contains("220 ready eSmTp", "SMTP"));
	assert_false(line_contains("220 ready SMT", "SMTP"));
}

static void
a_cut_word_may_become_one(void **state)
{
	static const char *const words[] = { "EHLO ", "HELP" };

	(void)state;
	assert_int_equal(line_word_guess(cursor_over("", 0), "EHLO "), PROTO_PERHAPS);
	assert_int_equal(line_word_guess(cursor_over("ehl", 3), "EHLO "), PROTO_PERHAPS);
	assert_int_equal(line_word_guess(cursor_over("ehlo ", 5), "EHLO "), PROTO_YES);
	assert_int_equal(line_word_guess(cursor_over("ehlx", 4), "EHLO "), PROTO_NO);
	assert_int_equal(line_words_guess(cursor_over("hel", 3), words, 2), PROTO_PERHAPS);
	assert_int_equal(line_words_guess(cursor_over("help", 4), words, 2), PROTO_YES);
	assert_int_equal(line_words_guess(cursor_over("x", 1), words, 2), PROTO_NO);
}

static void
a_copy_is_cut_to_its_room(void **state)
{
	char room[4];

	(void)state;
	line_copy(room, sizeof(room), "ab");
	assert_string_equal(room, "ab");
	line_copy(room, sizeof(room), "abc");
	assert_string_equal(room, "abc");
	line_copy(room, sizeof(room), "abcd");
	assert_string_equal(room, "abc");
}

static void
something_is_held_between_lines_only_when_some_of_the_next_came(void **state)
{
	static const struct {
		const char *text;
		bool holds;
	} cases[] = { { "", false }, { "a", true }, { "\r", true }, { "a\n", false },
		{ "a\nb", true } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lines l = { 0 };
		struct cursor c = cursor_over(cases[i].text, strlen(cases[i].text));
		while (lines_next(&l, &c))
			continue;
		assert_int_equal(lines_hold(&l), cases[i].holds);
		lines_gap(&l);
		assert_true(lines_hold(&l));
	}
	assert_true(lines_hold(&(struct lines){ .is_cut = true }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_the_same_however_they_come),
		cmocka_unit_test(a_line_is_kept_to_its_cap_and_marked_beyond),
		cmocka_unit_test(a_nul_that_does_not_fit_cuts_the_line),
		cmocka_unit_test(a_line_around_a_gap_is_torn_and_the_next_is_not),
		cmocka_unit_test(words_are_compared_without_their_case),
		cmocka_unit_test(a_cut_word_may_become_one),
		cmocka_unit_test(a_copy_is_cut_to_its_room),
		cmocka_unit_test(something_is_held_between_lines_only_when_some_of_the_next_came),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
