/* Lines of HTTP/1: what is one, and what is in it. */
#include "daemon/proto/http_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct cursor
over(const char *text)
{
	return cursor_over(text, strlen(text));
}

static void
assert_text(struct cursor c, const char *text)
{
	assert_int_equal(cursor_left(&c), strlen(text));
	assert_memory_equal(c.at, text, strlen(text));
}

static void
a_request_has_a_method_a_target_and_a_version(void **state)
{
	struct http_request_line r;

	(void)state;
	assert_true(http_request_line(over("GET /a?b=c HTTP/1.1"), &r));
	assert_text(r.method, "GET");
	assert_text(r.target, "/a?b=c");
	assert_int_equal(r.version.major, 1);
	assert_int_equal(r.version.minor, 1);
	assert_true(http_request_line(over("OPTIONS  *\tHTTP/1.0\r"), &r));
	assert_text(r.target, "*");
	assert_int_equal(r.version.minor, 0);
	assert_true(http_request_line(over("GET /two words HTTP/1.1"), &r));
	assert_text(r.target, "/two words");
}

static void
without_a_version_only_a_path_is_asked_for(void **state)
{
	struct http_request_line r;

	(void)state;
	assert_true(http_request_line(over("GET /a"), &r));
	assert_int_equal(r.version.major, 0);
	assert_int_equal(r.version.minor, 9);
	assert_text(r.target, "/a");
	assert_false(http_request_line(over("USER anonymous"), &r));
	assert_false(http_request_line(over("GET"), &r));
	assert_false(http_request_line(over(""), &r));
	assert_true(http_request_line(
		over("GET HTTP/1.1"), &r)); /* servers say what they think of it */
	assert_text(r.target, "");
}

static void
a_version_that_nobody_can_read_is_one(void **state)
{
	struct http_request_line r;

	(void)state;
	assert_true(http_request_line(over("GET / HTTP/x"), &r));
	assert_int_equal(r.version.major, 1);
	assert_text(r.target, "/");
	assert_true(http_request_line(over("GET / HTTP/1.10"), &r));
	assert_int_equal(r.version.minor, 1);
}

static void
a_method_is_up_to_32_letters(void **state)
{
	struct http_request_line r;

	(void)state;
	assert_true(http_request_line(over("abcdefghijklmnopqrstuvwxyzabcdef / HTTP/1.1"), &r));
	assert_false(http_request_line(over("abcdefghijklmnopqrstuvwxyzabcdefg / HTTP/1.1"), &r));
	assert_true(http_request_line(over("RPC_IN_DATA / HTTP/1.1"), &r));
	assert_false(http_request_line(over("G\1T / HTTP/1.1"), &r));
	assert_false(http_request_line(over("HTTP/1.1 200 OK"), &r));
}

static void
a_status_has_a_version_and_a_code(void **state)
{
	struct http_status_line s;

	(void)state;
	assert_true(http_status_line(over("HTTP/1.1 404 Not Found\r"), &s));
	assert_int_equal(s.code, 404);
	assert_text(s.reason, "Not Found");
	assert_true(http_status_line(over("HTTP/1.0 200"), &s));
	assert_text(s.reason, "");
	assert_int_equal(s.version.minor, 0);
	assert_false(http_status_line(over("HTTP/1.1 OK"), &s));
	assert_false(http_status_line(over("HTTP/1.1 1000 x"), &s));
	assert_false(http_status_line(over("HTTP/1. 200 OK"), &s));
	assert_false(http_status_line(over("ICY 200 OK"), &s));
}

static void
a_header_has_a_name_and_a_value(void **state)
{
	struct cursor name;
	struct cursor value;

	(void)state;
	assert_true(http_header_line(over("Host: \t a:80 \r"), &name, &value));
	assert_text(name, "Host");
	assert_text(value, "a:80");
	assert_true(http_header_line(over("Empty:"), &name, &value));
	assert_text(value, "");
	assert_false(http_header_line(over("no colon"), &name, &value));
	assert_false(http_header_line(over(": no name"), &name, &value));
}

static void
methods_are_known_as_whole_words(void **state)
{
	(void)state;
	assert_true(http_method_is_known(over("GET")));
	assert_true(http_method_is_known(over("PROPFIND")));
	assert_true(http_method_is_known(over("VERSION-CONTROL")));
	assert_false(http_method_is_known(over("GETX")));
	assert_false(http_method_is_known(over("GE")));
	assert_false(http_method_is_known(over("XFOC")));
}

static void
lists_have_items_without_their_parameters(void **state)
{
	(void)state;
	assert_true(http_list_has(over("gzip, Chunked"), "chunked"));
	assert_true(http_list_has(over("chunked;q=1"), "chunked"));
	assert_false(http_list_has(over("xchunked, chunkedx"), "chunked"));
	assert_false(http_list_has(over(""), "chunked"));
}

static void
numbers_are_digits_and_nothing_else(void **state)
{
	uint64_t n = 77;

	(void)state;
	assert_true(http_number(over("0"), &n));
	assert_int_equal(n, 0);
	assert_true(http_number(over("288230376151711744"), &n));
	assert_int_equal(n, UINT64_C(288230376151711744));
	assert_false(http_number(over(""), &n));
	assert_false(http_number(over("+1"), &n));
	assert_false(http_number(over("1 "), &n));
	assert_false(http_number(over("99999999999999999999999"), &n));
	assert_int_equal(n, UINT64_C(288230376151711744));
}

static void
parameters_are_found_by_name(void **state)
{
	struct cursor value;

	(void)state;
	assert_true(
		http_parameter(over("attachment; FileName=\"a b.zip\"; x=y"), "filename", &value));
	assert_text(value, "a b.zip");
	assert_true(http_parameter(over("attachment;filename=a.zip"), "filename", &value));
	assert_text(value, "a.zip");
	assert_true(http_parameter(over("a; filename=\"never ends"), "filename", &value));
	assert_text(value, "never ends");
	assert_false(http_parameter(over("attachment; xfilename=a"), "filename", &value));
	assert_false(http_parameter(over("attachment"), "filename", &value));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_has_a_method_a_target_and_a_version),
		cmocka_unit_test(without_a_version_only_a_path_is_asked_for),
		cmocka_unit_test(a_version_that_nobody_can_read_is_one),
		cmocka_unit_test(a_method_is_up_to_32_letters),
		cmocka_unit_test(a_status_has_a_version_and_a_code),
		cmocka_unit_test(a_header_has_a_name_and_a_value),
		cmocka_unit_test(methods_are_known_as_whole_words),
		cmocka_unit_test(lists_have_items_without_their_parameters),
		cmocka_unit_test(numbers_are_digits_and_nothing_else),
		cmocka_unit_test(parameters_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
