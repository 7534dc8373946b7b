/* test_reputation_line.c -- one line of what others think of an address. */
#include "exporters/kalipso/reputation_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ADDRESS "\"address\":\"203.0.113.66\""

/* In a room of its own, without a NUL: ASan sees a byte that is read behind it. */
static const char *
read_bytes(const char *text, size_t length, struct reputation_scores *ret)
{
	char *room = malloc(length + 1);

	assert_non_null(room);
	memcpy(room + 1, text, length);
	const char *expected = reputation_line(room + 1, length, ret);
	free(room);
	return expected;
}

static const char *
read_line(const char *text, struct reputation_scores *ret)
{
	return read_bytes(text, strlen(text), ret);
}

static bool
is_addr(const struct reputation_scores *s, const char *text)
{
	struct addr a;

	return addr_parse(text, &a) && addr_equal(&s->addr, &a);
}

static void
all_members_are_taken(void **state)
{
	struct reputation_scores s;

	(void)state;
	assert_null(read_line("{" ADDRESS ",\"url\":0.38,\"downloaded\":0.61,\"referring\":0.12,"
			      "\"communicating\":0.97,\"time\":\"2026-11-26T10:00:00Z\","
			      "\"source\":\"virustotal\"}",
		&s));
	assert_true(is_addr(&s, "203.0.113.66"));
	assert_true(s.url == 0.38);
	assert_true(s.downloaded == 0.61);
	assert_true(s.referring == 0.12);
	assert_true(s.communicating == 0.97);
	assert_int_equal(s.time_s, 1795687200);
}

static void
one_score_is_enough_and_the_rest_is_zero(void **state)
{
	struct reputation_scores s;

	(void)state;
	assert_null(read_line("{\"address\":\"2001:db8::66\",\"communicating\":1}", &s));
	assert_true(is_addr(&s, "2001:db8::66"));
	assert_true(s.communicating == 1);
	assert_true(s.url == 0 && s.downloaded == 0 && s.referring == 0);
	assert_int_equal(s.time_s, 0);
	assert_null(read_line(
		" { " ADDRESS ", \"url\" : null, \"downloaded\":0.5,\"time\":null }\r", &s));
	assert_true(s.url == 0 && s.downloaded == 0.5);
}

static void
a_number_ends_where_it_ends(void **state)
{
	struct reputation_scores s;

	(void)state;
	assert_null(read_line("{" ADDRESS ",\"url\":0.123456789,\"downloaded\":0.5}", &s));
	assert_true(s.url == 0.123456789);
	assert_true(s.downloaded == 0.5);
}

static void
a_zero_has_no_sign(void **state)
{
	struct reputation_scores s;
	char text[16];

	(void)state;
	assert_null(read_line("{" ADDRESS ",\"url\":-0.0}", &s));
	(void)snprintf(text, sizeof(text), "%g", s.url);
	assert_string_equal(text, "0");
}

static void
what_nobody_knows_is_passed_over(void **state)
{
	struct reputation_scores s;

	(void)state;
	assert_null(read_line(
		"{\"source\":[1,{\"url\":2}],\"more\":{\"url\":7,\"address\":\"x\"}," ADDRESS
		",\"URL\":9,\"url\":0.25}",
		&s));
	assert_true(s.url == 0.25);
}

static void
what_is_wrong_is_told_by_what_was_expected(void **state)
{
	static const char url[] = "\"url\" to be a number from 0 to 1";
	static const char address[] = "\"address\" to be an IPv4 or IPv6 address";
	static const char once[] = "each member once, and not as a list";
	static const char date[] = "\"time\" to be a date like 2026-11-26T10:00:00Z";
	static const char object[] = "a JSON object";
	static const char score[] =
		"one of \"url\", \"downloaded\", \"referring\" and \"communicating\" at least";
	static const struct {
		const char *line, *expected;
	} rows[] = {
		{ "", object }, { "203.0.113.66,0.5", object }, { "[" ADDRESS "]", object },
		{ "{" ADDRESS ",\"url\":0.5", object }, { "{" ADDRESS ",\"url\":0.5} {}", object },
		{ "{" ADDRESS ",\"url\":NaN}", object },
		{ "{" ADDRESS ",\"url\":Infinity}", object },
		{ "{" ADDRESS ",\"url\":+1}", object },
		{ "{" ADDRESS ",\"url\":9,\"downloaded\":}", object }, { "\x01\x02\xff", object },
		{ "{\"url\":0.5}", address }, { "{\"address\":null,\"url\":0.5}", address },
		{ "{\"address\":3405803842,\"url\":0.5}", address },
		{ "{\"address\":\"203.0.113.0/24\",\"url\":0.5}", address },
		{ "{\"address\":\"bad.example\",\"url\":0.5}", address },
		{ "{\"address\":[\"203.0.113.66\"],\"url\":0.5}", address },
		{ "{\"address\":{\"\":\"203.0.113.66\"},\"url\":0.5}", address },
		{ "{" ADDRESS "}", score }, { "{" ADDRESS ",\"url\":null}", score },
		{ "{" ADDRESS ",\"url\":-0.01}", url }, { "{" ADDRESS ",\"url\":1.01}", url },
		{ "{" ADDRESS ",\"url\":1e999}", url }, { "{" ADDRESS ",\"url\":\"0.5\"}", url },
		{ "{" ADDRESS ",\"url\":true}", url }, { "{" ADDRESS ",\"url\":[0.5]}", url },
		{ "{" ADDRESS ",\"url\":0.5,\"downloaded\":2}",
			"\"downloaded\" to be a number from 0 to 1" },
		{ "{" ADDRESS ",\"url\":0.5,\"referring\":2}",
			"\"referring\" to be a number from 0 to 1" },
		{ "{" ADDRESS ",\"url\":0.5,\"communicating\":2}",
			"\"communicating\" to be a number from 0 to 1" },
		{ "{" ADDRESS ",\"url\":0.5,\"url\":0.5}", once },
		{ "{" ADDRESS ",\"url\":null,\"url\":0.5}", once },
		{ "{" ADDRESS "," ADDRESS ",\"url\":0.5}", once },
		{ "{" ADDRESS ",\"url\":0.5,\"time\":1795687200}", date },
		{ "{" ADDRESS ",\"url\":0.5,\"time\":\"yesterday\"}", date },
		{ "{\"address\":1,\"url\":2}", address }, /* the first */
		{ "{" ADDRESS
		  ",\"url\":0.0000000000000000000000000000000000000000000000000000000000000001}",
			url }, /* nobody is that exact */
	};
	struct reputation_scores s;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *expected = read_line(rows[i].line, &s);
		if (expected == NULL || strcmp(expected, rows[i].expected) != 0)
			fail_msg("%s: expected %s", rows[i].line,
				expected == NULL ? "nothing" : expected);
	}
}

static void
a_line_that_is_cut_anywhere_is_no_object(void **state)
{
	static const char whole[] =
		"{" ADDRESS ",\"url\":0.38,\"time\":\"2026-11-26T10:00:00Z\",\"source\":\"a\\n\"}";
	struct reputation_scores s;

	(void)state;
	for (size_t length = 0; length < sizeof(whole) - 1; length++)
		assert_string_equal(read_bytes(whole, length, &s), "a JSON object");
	assert_null(read_line(whole, &s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_members_are_taken),
		cmocka_unit_test(one_score_is_enough_and_the_rest_is_zero),
		cmocka_unit_test(a_number_ends_where_it_ends),
		cmocka_unit_test(a_zero_has_no_sign),
		cmocka_unit_test(what_nobody_knows_is_passed_over),
		cmocka_unit_test(what_is_wrong_is_told_by_what_was_expected),
		cmocka_unit_test(a_line_that_is_cut_anywhere_is_no_object),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
