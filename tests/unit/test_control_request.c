#include "daemon/loop/control/control_request.h"

#include "daemon/base/strbuf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char error[256];

static int
parse_bytes(const char *line, size_t length, struct control_request *ret_request)
{
	error[0] = '\0';
	return control_request_parse(line, length, ret_request, error, sizeof(error));
}

static int
parse(const char *line, struct control_request *ret_request)
{
	return parse_bytes(line, strlen(line), ret_request);
}

static void
a_request_names_a_command_and_may_have_arguments(void **state)
{
	struct control_request q;
	uint64_t number = 7;

	(void)state;
	assert_int_equal(parse("{\"command\":\"status\"}", &q), 0);
	assert_string_equal(q.command, "status");
	assert_null(q.args);
	assert_false(q.may_change);
	assert_null(control_request_text(&q, "host"));
	assert_false(control_request_has(&q, "host"));
	assert_false(control_request_number(&q, "limit", &number));
	control_request_done(&q);
	assert_int_equal(parse(" {\"args\": {\"host\": \"a\", \"limit\": 5, \"zero\": 0, \"n\": -1,"
			       " \"f\": 1.0, \"b\": null}, \"command\": \"x\"} \r",
				 &q),
		0);
	assert_string_equal(control_request_text(&q, "host"), "a");
	assert_null(control_request_text(&q, "limit"));
	assert_true(control_request_number(&q, "limit", &number));
	assert_int_equal(number, 5);
	assert_true(control_request_number(&q, "zero", &number));
	assert_int_equal(number, 0);
	assert_false(control_request_number(&q, "n", &number));
	assert_false(control_request_number(&q, "f", &number));
	assert_false(control_request_number(&q, "host", &number));
	assert_true(control_request_has(&q, "b"));
	control_request_done(&q);
	control_request_done(&q);
}

static void
what_is_no_request_is_refused_with_a_reason(void **state)
{
	static const char *const wrong[] = {
		"",
		" ",
		"status",
		"null",
		"[]",
		"\"status\"",
		"{}",
		"{\"command\":1}",
		"{\"command\":null}",
		"{\"command\":\"a\",\"command\":\"b\"}",
		"{\"command\":\"a\",\"args\":[]}",
		"{\"command\":\"a\",\"args\":null}",
		"{\"command\":\"a\",\"id\":1}",
		"{\"args\":{}}",
		"{\"command\":\"a\"",
		"{\"command\":\"a\"} {}",
		"{\"command\":\"a\\u0000b\"}",
		"{\"command\":\"\xff\"}",
		"{\"command\":\"\x1b\"}",
		"{\"command\":\"a\",\"args\":{\"n\":99999999999999999999}}",
		"{'command':'a'}",
	};
	struct control_request q;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (parse(wrong[i], &q) != -EINVAL)
			fail_msg("taken: %s", wrong[i]);
		assert_true(strlen(error) > 10);
		for (const char *c = error; *c != '\0'; c++)
			assert_in_range(*c, 0x20, 0x7e);
	}
	assert_int_equal(parse_bytes("{\"command\":\"a\"}\0", 16, &q), -EINVAL);
}

static void
a_request_cut_short_anywhere_is_refused(void **state)
{
	static const char whole[] =
		"{\"command\":\"evidence\",\"args\":{\"host\":\"10.0.0.1\",\"limit\":12}}";
	struct control_request q;

	(void)state;
	for (size_t length = 0; length < sizeof(whole) - 1; length++) {
		char *exact = malloc(length > 0 ? length : 1); /* the sanitizer sees its end */
		assert_non_null(exact);
		memcpy(exact, whole, length);
		assert_int_equal(parse_bytes(exact, length, &q), -EINVAL);
		free(exact);
	}
	assert_int_equal(parse(whole, &q), 0);
	control_request_done(&q);
}

/* An object, its args, and so many levels below. */
static int
parse_deep(unsigned depth, struct control_request *q)
{
	char line[256];
	struct strbuf b;

	strbuf_init(&b, line, sizeof(line));
	strbuf_text(&b, "{\"command\":\"a\",\"args\":{\"x\":");
	for (unsigned i = 2; i < depth; i++)
		strbuf_char(&b, '[');
	strbuf_char(&b, '1');
	for (unsigned i = 2; i < depth; i++)
		strbuf_char(&b, ']');
	strbuf_text(&b, "}}");
	return parse(line, q);
}

static void
nesting_has_an_end(void **state)
{
	struct control_request q;

	(void)state;
	assert_int_equal(parse_deep(CONTROL_DEPTH_MAX - 1, &q), 0);
	control_request_done(&q);
	assert_int_equal(parse_deep(CONTROL_DEPTH_MAX, &q), 0);
	control_request_done(&q);
	assert_int_equal(parse_deep(CONTROL_DEPTH_MAX + 1, &q), -EINVAL);
	assert_non_null(strstr(error, "deep"));
	/* Brackets in a text are no brackets, whatever is escaped there. */
	assert_int_equal(parse("{\"command\":\"[[[[[[\\\"{{{{\\\\\"}", &q), 0);
	assert_string_equal(q.command, "[[[[[[\"{{{{\\");
	control_request_done(&q);
	/* Beside each other is not inside each other. */
	assert_int_equal(
		parse("{\"command\":\"a\",\"args\":{\"a\":[{}],\"b\":[{}],\"c\":[{}]}}", &q), 0);
	control_request_done(&q);
	/* Closing ones do not make room for more. */
	assert_int_equal(parse("]]]]]]]]{\"command\":\"a\"}", &q), -EINVAL);
}

static int
parse_wide(unsigned values, struct control_request *q)
{
	static char line[CONTROL_VALUES_MAX * 4 + 64];
	struct strbuf b;

	strbuf_init(&b, line, sizeof(line));
	strbuf_text(&b, "{\"command\":\"a\",\"args\":{\"x\":[");
	for (unsigned i = 1; i < values; i++) /* the command is one of them */
		strbuf_text(&b, i == 1 ? "1" : ",1");
	strbuf_text(&b, "]}}");
	return parse(line, q);
}

static void
values_have_an_end(void **state)
{
	struct control_request q;

	(void)state;
	assert_int_equal(parse_wide(CONTROL_VALUES_MAX, &q), 0);
	control_request_done(&q);
	assert_int_equal(parse_wide(CONTROL_VALUES_MAX + 1, &q), -EINVAL);
	assert_non_null(strstr(error, "256 values"));
	assert_int_equal(parse("{\"command\":\"a,,,\"}", &q), 0);
	control_request_done(&q);
}

static void
an_argument_that_nobody_knows_is_found(void **state)
{
	static const char *const known[] = { "host", "limit", NULL };
	struct control_request q;

	(void)state;
	assert_int_equal(parse("{\"command\":\"a\",\"args\":{\"limit\":1,\"host\":\"b\"}}", &q), 0);
	assert_null(control_request_stranger(&q, known));
	control_request_done(&q);
	assert_int_equal(parse("{\"command\":\"a\",\"args\":{\"limit\":1,\"hots\":\"b\"}}", &q), 0);
	assert_string_equal(control_request_stranger(&q, known), "hots");
	control_request_done(&q);
	assert_int_equal(parse("{\"command\":\"a\"}", &q), 0);
	assert_null(control_request_stranger(&q, known + 2));
	control_request_done(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_names_a_command_and_may_have_arguments),
		cmocka_unit_test(what_is_no_request_is_refused_with_a_reason),
		cmocka_unit_test(a_request_cut_short_anywhere_is_refused),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(values_have_an_end),
		cmocka_unit_test(an_argument_that_nobody_knows_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
