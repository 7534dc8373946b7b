#include "daemon/proto/resp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct reader {
	struct resp resp;
	enum resp_verdict verdict;
	char text[512]; /* of each value: type, index, text; a stroke behind a message */
};

static void
feed(struct reader *r, const char *bytes, size_t size)
{
	struct cursor c = cursor_over(bytes, size);
	struct resp_value v;

	while ((r->verdict = resp_next(&r->resp, &c, &v)) == RESP_VALUE) {
		size_t at = strlen(r->text);
		(void)snprintf(r->text + at, sizeof(r->text) - at, "%c%u%.*s%s", v.type, v.index,
			(int)cursor_left(&v.text), (const char *)v.text.at, v.is_last ? "|" : " ");
	}
}

static void
messages_are_read_however_they_are_cut(void **state)
{
	static const char bytes[] =
		"+OK\r\n*2\r\n$3\r\nGET\r\n$4\r\na\r\nb\r\n$-1\r\n*-1\r\n*0\r\n%1\r\n+k\r\n:5\r\n"
		"*2\r\n*1\r\n:1\r\n:2\r\nPING\r\n\r\n$0\r\n\r\n-ERR no\r\n";

	(void)state;
	for (size_t part = 1; part <= sizeof(bytes); part++) {
		struct reader r = { 0 };
		for (size_t at = 0; at < sizeof(bytes) - 1; at += part)
			feed(&r, bytes + at,
				part < sizeof(bytes) - 1 - at ? part : sizeof(bytes) - 1 - at);
		assert_int_equal(r.verdict, RESP_MORE);
		assert_string_equal(r.text,
			"+0OK|*02 $1GET $2a\r\nb|$0-1|*0-1|*00|%01 +1k :25|*02 *11 :21 :32|P0ING|$0|-0ERR no|");
	}
}

static void
of_a_long_value_the_beginning_is_kept(void **state)
{
	struct reader r = { 0 };
	char many[200];

	(void)state;
	memset(many, 'a', sizeof(many));
	feed(&r, "$200\r\n", 6);
	feed(&r, many, sizeof(many));
	feed(&r, "\r\n", 2);
	assert_int_equal(strlen(r.text), RESP_TEXT_MAX + 3);
	r.text[0] = '\0';
	feed(&r, many, sizeof(many));
	feed(&r, "\n+\r\n", 4);
	assert_int_equal(strlen(r.text), RESP_TEXT_MAX + 2 + 3);
}

static void
numbers_that_redis_does_not_take_are_none(void **state)
{
	static const struct {
		const char *line;
		enum resp_verdict verdict;
	} cases[] = {
		{ "*1048576\r\n", RESP_MORE },
		{ "*1048577\r\n", RESP_BROKEN },
		{ "$536870912\r\n", RESP_MORE },
		{ "$536870913\r\n", RESP_BROKEN },
		{ "$99999999999999999999999\r\n", RESP_BROKEN },
		{ "*\r\n", RESP_BROKEN },
		{ "*1x\r\n", RESP_BROKEN },
		{ "*-2\r\n", RESP_BROKEN },
		{ "*1\r\n\r\n", RESP_BROKEN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reader r = { 0 };
		feed(&r, cases[i].line, strlen(cases[i].line));
		assert_int_equal(r.verdict, cases[i].verdict);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_are_read_however_they_are_cut),
		cmocka_unit_test(of_a_long_value_the_beginning_is_kept),
		cmocka_unit_test(numbers_that_redis_does_not_take_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
