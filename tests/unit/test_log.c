#include "daemon/base/log.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* stderr goes into a pipe while a test writes lines. */
struct tap {
	int read_end;
	int stderr_copy;
	char text[4096];
};

static int
tap_open(void **state)
{
	static struct tap t;
	int ends[2];

	if (pipe(ends) != 0)
		return -1;
	t.stderr_copy = dup(STDERR_FILENO);
	t.read_end = ends[0];
	if (t.stderr_copy < 0 || dup2(ends[1], STDERR_FILENO) < 0)
		return -1;
	(void)close(ends[1]);
	*state = &t;
	return 0;
}

/* Take what was written and put the real stderr back. */
static const char *
tap_text(struct tap *t)
{
	size_t length = 0;
	ssize_t got = 0;

	(void)fflush(stderr);
	(void)dup2(t->stderr_copy, STDERR_FILENO);
	do {
		length += (size_t)got;
		got = read(t->read_end, t->text + length, sizeof(t->text) - 1 - length);
	} while (got > 0);
	t->text[length] = '\0';
	(void)close(t->read_end);
	(void)close(t->stderr_copy);
	return t->text;
}

static void
a_line_says_level_area_and_event(void **state)
{
	errno = ENOENT;
	log_err("config", "line %d: no such key", 7);
	log_warnx("capture", "%s is gone, retrying in %u s", "eth0", 5U);
	log_info("main", "started");
	log_debug("main", "not by default");
	assert_string_equal(tap_text(*state),
		"naiad: error: config: line 7: no such key\n"
		"naiad: warning: capture: eth0 is gone, retrying in 5 s\n"
		"naiad: info: main: started\n");
}

static void
a_warning_explains_errno(void **state)
{
	errno = ENOENT;
	log_warn("state", "cannot open %s", "x");
	assert_string_equal(tap_text(*state),
		"naiad: warning: state: cannot open x: No such file or directory\n");
}

static void
what_is_below_the_level_is_dropped(void **state)
{
	log_level_set(LOG_LEVEL_INFO);
	log_debug("a", "1");
	log_level_set(LOG_LEVEL_DEBUG);
	log_debug("a", "2");
	log_level_set(LOG_LEVEL_WARN);
	log_info("a", "3");
	log_warnx("a", "4");
	log_level_set(LOG_LEVEL_ERR);
	errno = EPERM;
	log_warn("a", "5");
	log_err("a", "6");
	log_level_set(LOG_LEVEL_INFO);
	assert_string_equal(
		tap_text(*state), "naiad: debug: a: 2\nnaiad: warning: a: 4\nnaiad: error: a: 6\n");
}

static void
a_level_has_a_name_and_is_told(void **state)
{
	enum log_level level = LOG_LEVEL_ERR;

	(void)state;
	for (unsigned i = LOG_LEVEL_ERR; i <= LOG_LEVEL_DEBUG; i++) {
		assert_true(log_level_parse(log_level_name((enum log_level)i), &level));
		assert_int_equal(level, i);
		log_level_set(level);
		assert_int_equal(log_level_get(), i);
	}
	log_level_set(LOG_LEVEL_INFO);
	assert_string_equal(log_level_name(LOG_LEVEL_WARN), "warning");
	assert_false(log_level_parse("Warning", &level));
	assert_false(log_level_parse("", &level));
	assert_int_equal(level, LOG_LEVEL_DEBUG);
}

static void
a_forgotten_quote_forges_no_line(void **state)
{
	log_info("dns", "name %s", "a\nnaiad: error: \x1b[2Jb\x7f");
	assert_string_equal(tap_text(*state), "naiad: info: dns: name a?naiad: error: ?[2Jb?\n");
}

static void
a_long_line_is_cut_and_says_so(void **state)
{
	char longest[600];

	memset(longest, 'x', sizeof(longest));
	longest[511] = '\0'; /* the most that fits */
	log_info("a", "%s", longest);
	longest[511] = 'x';
	longest[512] = '\0';
	errno = ENOENT;
	log_warn("a", "%s", longest);

	const char *text = tap_text(*state);
	const char *second = strchr(text, '\n') + 1;
	assert_int_equal(strspn(text + strlen("naiad: info: a: "), "x"), 511);
	assert_int_equal(text[strlen("naiad: info: a: ") + 511], '\n');
	assert_int_equal(strspn(second + strlen("naiad: warning: a: "), "x"), 511);
	assert_string_equal(
		second + strlen("naiad: warning: a: ") + 511, "...: No such file or directory\n");
}

struct quote {
	char memory[512];
};

static const char *
quote(struct quote *q, const char *bytes, size_t length, size_t most)
{
	struct strbuf b;

	strbuf_init(&b, q->memory, sizeof(q->memory));
	log_quote(&b, bytes, length, most);
	assert_false(b.truncated);
	return q->memory;
}

static const char *
quote_whole(struct quote *q, const char *text)
{
	return quote(q, text, strlen(text), 256);
}

static void
ordinary_text_is_only_quoted(void **state)
{
	struct quote q;

	(void)state;
	assert_string_equal(quote_whole(&q, ""), "\"\"");
	assert_string_equal(quote_whole(&q, "www.example.org ~!"), "\"www.example.org ~!\"");
	assert_string_equal(quote_whole(&q, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x9f"),
		"\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x9f\"");
}

static void
quotes_and_controls_become_hex(void **state)
{
	struct quote q;

	(void)state;
	assert_string_equal(quote_whole(&q, "a\"b\\c"), "\"a\\x22b\\x5cc\"");
	assert_string_equal(quote_whole(&q, "\x1b]0;title\x07"), "\"\\x1b]0;title\\x07\"");
	assert_string_equal(quote_whole(&q, "\x1b[31mred\r\n"), "\"\\x1b[31mred\\x0d\\x0a\"");
	assert_string_equal(quote(&q, "\0\x1f \x7f", 4, 256), "\"\\x00\\x1f \\x7f\"");
	/* C1: CSI in one character, and the borders of the range */
	assert_string_equal(quote_whole(&q, "\xc2\x9b"
					    "2J"),
		"\"\\xc2\\x9b2J\"");
	assert_string_equal(
		quote_whole(&q, "\xc2\x80\xc2\x9f\xc2\xa0"), "\"\\xc2\\x80\\xc2\\x9f\xc2\xa0\"");
}

static void
invalid_bytes_become_hex_one_by_one(void **state)
{
	struct quote q;

	(void)state;
	assert_string_equal(quote_whole(&q, "a\xff"
					    "b\x9b"),
		"\"a\\xffb\\x9b\"");
	assert_string_equal(
		quote_whole(&q, "\xc0\x80\xed\xa0\x80"), "\"\\xc0\\x80\\xed\\xa0\\x80\"");
	assert_string_equal(
		quote(&q, "\xe2\x82\xac", 2, 256), "\"\\xe2\\x82\""); /* ends in between */
}

/* The two bytes after 0xe2 make U+2000 to U+20ff; of those, exactly these move text or break lines. */
static bool
should_escape(unsigned code)
{
	return code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069);
}

static void
text_that_moves_its_neighbours_becomes_hex(void **state)
{
	struct quote q;
	char expected[32];

	(void)state;
	for (unsigned lead = 0xe1; lead <= 0xe3; lead++)
		for (unsigned low = 0; low < 256; low++) {
			const char text[] = { (char)lead, (char)(0x80 | low >> 6),
				(char)(0x80 | (low & 63)), '\0' };
			if (lead == 0xe2 && should_escape(0x2000 + low))
				(void)snprintf(expected, sizeof(expected),
					"\"\\x%02x\\x%02x\\x%02x\"", lead, 0x80 | low >> 6,
					0x80 | (low & 63));
			else /* as is all of U+1000 to U+10ff and U+3000 to U+30ff */
				(void)snprintf(expected, sizeof(expected), "\"%s\"", text);
			assert_string_equal(quote_whole(&q, text), expected);
		}
	assert_string_equal(
		quote_whole(&q, "\xd8\x9b\xd8\x9c\xd9\x9c"), "\"\xd8\x9b\\xd8\\x9c\xd9\x9c\"");
}

static void
what_is_past_the_most_is_left_out(void **state)
{
	struct quote q;

	(void)state;
	assert_string_equal(quote(&q, "abcdef", 6, 6), "\"abcdef\"");
	assert_string_equal(quote(&q, "abcdef", 6, 5), "\"abcde\"...");
	assert_string_equal(quote(&q, "abcdef", 6, 0), "\"\"...");
	assert_string_equal(quote(&q, "", 0, 0), "\"\"");
	assert_string_equal(
		quote(&q, "ab\xe2\x82\xac", 5, 4), "\"ab\"..."); /* characters stay whole */
	assert_string_equal(quote(&q, "ab\xe2\x82\xac", 5, 5), "\"ab\xe2\x82\xac\"");
	assert_string_equal(quote(&q, "\x1b\x1b\x1b", 3, 2), "\"\\x1b\\x1b\"...");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_line_says_level_area_and_event, tap_open),
		cmocka_unit_test_setup(a_warning_explains_errno, tap_open),
		cmocka_unit_test_setup(what_is_below_the_level_is_dropped, tap_open),
		cmocka_unit_test(a_level_has_a_name_and_is_told),
		cmocka_unit_test_setup(a_forgotten_quote_forges_no_line, tap_open),
		cmocka_unit_test_setup(a_long_line_is_cut_and_says_so, tap_open),
		cmocka_unit_test(ordinary_text_is_only_quoted),
		cmocka_unit_test(quotes_and_controls_become_hex),
		cmocka_unit_test(invalid_bytes_become_hex_one_by_one),
		cmocka_unit_test(text_that_moves_its_neighbours_becomes_hex),
		cmocka_unit_test(what_is_past_the_most_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
