/* test_web_address.c -- where a request of the web goes. */
#include "daemon/base/web_address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
expect(struct text_view v, const char *text)
{
	assert_int_equal(v.length, strlen(text));
	if (v.length > 0)
		assert_memory_equal(v.at, text, v.length);
}

static void
a_port_and_brackets_are_no_part_of_a_host(void **state)
{
	(void)state;
	expect(web_host("example.com"), "example.com");
	expect(web_host("example.com:8080"), "example.com");
	expect(web_host("192.0.2.1:80"), "192.0.2.1");
	expect(web_host("[2001:db8::1]:80"), "2001:db8::1");
	expect(web_host("[2001:db8::1"), "2001:db8::1");
	expect(web_host("2001:db8::1"), "2001:db8::1");
	expect(web_host(":"), "");
	expect(web_host(""), "");
	expect(web_host("["), "");
}

static void
an_address_is_told_from_a_name(void **state)
{
	(void)state;
	assert_true(web_host_is_address("192.0.2.1"));
	assert_true(web_host_is_address("192.0.2.1:8082"));
	assert_true(web_host_is_address("[2001:db8::1]:80"));
	assert_true(web_host_is_address("2001:db8::1"));
	assert_false(web_host_is_address("192.0.2.1.example.com"));
	assert_false(web_host_is_address("192.0.2"));
	assert_false(web_host_is_address("example.com"));
	assert_false(web_host_is_address(""));
}

static void
the_path_stands_between_the_host_and_the_query(void **state)
{
	(void)state;
	expect(web_path("/a/b.php?c=/d.exe"), "/a/b.php");
	expect(web_path("/a/b.php#c"), "/a/b.php");
	expect(web_path("/a/b.php;jsessionid=1"), "/a/b.php");
	expect(web_path("http://example.com/a.exe?b"), "/a.exe");
	expect(web_path("http://example.com"), "");
	expect(web_path("http://example.com?a"), "");
	expect(web_path("/redirect?to=http://example.com/"), "/redirect");
	expect(web_path("/a://b.com/c"), "/a://b.com/c");
	expect(web_path("*"), "*");
	expect(web_path(""), "");
}

static void
only_the_last_part_of_a_path_has_an_ending(void **state)
{
	static const char *const endings[] = { "exe", "php", NULL };

	(void)state;
	assert_true(web_path_ends_in("/a.exe", endings));
	assert_true(web_path_ends_in("/a/b.c.PHP?d", endings));
	assert_true(web_path_ends_in("/.exe", endings));
	assert_true(web_path_ends_in("a.exe", endings));
	assert_false(web_path_ends_in("/a.exe/", endings));
	assert_false(web_path_ends_in("/a.exe/b", endings));
	assert_false(web_path_ends_in("/a.exes", endings));
	assert_false(web_path_ends_in("/a.ex", endings));
	assert_false(web_path_ends_in("/exe", endings));
	assert_false(web_path_ends_in("exe", endings));
	assert_false(web_path_ends_in("http://example.exe", endings));
	assert_false(web_path_ends_in("", endings));
}

static void
what_was_asked_for_is_one_text(void **state)
{
	char text[WEB_ADDRESS_TEXT_MAX];

	(void)state;
	assert_string_equal(web_address_text("example.com", "/a", text), "example.com/a");
	assert_string_equal(
		web_address_text("proxy", "http://example.com/a", text), "http://example.com/a");
	assert_string_equal(web_address_text(NULL, "/a", text), "/a");
	assert_string_equal(web_address_text("example.com", NULL, text), "example.com");
	assert_string_equal(web_address_text(NULL, NULL, text), "");
	assert_string_equal(web_address_text("a\nb", "/\x1b[2J", text), "a\\x0ab/\\x1b[2J");
}

static void
a_long_one_is_cut(void **state)
{
	char text[WEB_ADDRESS_TEXT_MAX];
	char host[200];
	char uri[200];

	(void)state;
	memset(host, 'h', sizeof(host));
	memset(uri, 'u', sizeof(uri));
	uri[0] = '/';
	host[sizeof(host) - 1] = uri[sizeof(uri) - 1] = '\0';
	assert_int_equal(strlen(web_address_text(host, uri, text)), 40 + 3 + 60 + 3);
	memset(host, '\n', 199);
	assert_true(strlen(web_address_text(host, uri, text)) < WEB_ADDRESS_TEXT_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_and_brackets_are_no_part_of_a_host),
		cmocka_unit_test(an_address_is_told_from_a_name),
		cmocka_unit_test(the_path_stands_between_the_host_and_the_query),
		cmocka_unit_test(only_the_last_part_of_a_path_has_an_ending),
		cmocka_unit_test(what_was_asked_for_is_one_text),
		cmocka_unit_test(a_long_one_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
