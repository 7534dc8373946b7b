/* test_json_read.c -- every scalar with its path; nothing but JSON; bounds of depth and path. */
#include "daemon/base/json_read.h"

#include "daemon/base/strbuf.h"
#include "tests/support/exact_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TOLD_MAX = 4096 };

/* Walk over a document. returns as the last call */
static int
walk(const char *text, size_t length, struct strbuf *out)
{
	char *exact = exact_text(text, length);
	struct json_read r;
	struct json_value v;
	int result;

	json_read_begin(&r, exact, length);
	while ((result = json_read_next(&r, &v)) == 1) {
		strbuf_bytes(out, v.path, v.path_length);
		strbuf_printf(out, "[%u]%c", v.element, "s0tfn"[v.type]);
		strbuf_bytes(out, v.text, v.length);
		strbuf_text(out, v.is_escaped ? "\\;" : ";");
	}
	assert_int_equal(json_read_next(&r, &v), result); /* it stays over, and bad */
	free(exact);
	return result;
}

/* "path[element]<type>text;" of each scalar, "\;" behind one with escapes; "!" if the document is bad. */
static const char *
told(const char *document)
{
	static char text[TOLD_MAX];
	struct strbuf out;

	strbuf_init(&out, text, sizeof(text));
	if (walk(document, strlen(document), &out) != 0)
		strbuf_char(&out, '!');
	assert_false(out.truncated);
	return text;
}

static void
each_scalar_is_told_as_it_is_written(void **state)
{
	(void)state;
	assert_string_equal(told("{\"ts\":1664462456.755299,\"uid\":\"C5xh\",\"id.orig_p\":-40042,"
				 "\"local\":true,\"b\":false,\"c\":null,\"e\":1.5E-05,\"\":\"\"}"),
		"ts[0]01664462456.755299;uid[0]sC5xh;id.orig_p[0]0-40042;local[0]ttrue;"
		"b[0]ffalse;c[0]nnull;e[0]01.5E-05;[0]s;");
}

static void
space_may_stand_between_all_things(void **state)
{
	(void)state;
	assert_string_equal(
		told(" \t\r\n{ \"a\" : 1 , \"b\"\t:\n[ 2 , { \"c\" : \" 3 \" } ] , \"d\" : { } } \r\n"),
		"a[0]01;b[0]02;b.c[1]s 3 ;");
}

static void
a_path_has_the_names_of_all_objects(void **state)
{
	(void)state;
	assert_string_equal(
		told("{\"flow\":{\"start\":1,\"tcp\":{\"syn\":true},\"end\":2},\"x\":3,\"y\":{\"z\":4}}"),
		"flow.start[0]01;flow.tcp.syn[0]ttrue;flow.end[0]02;x[0]03;y.z[0]04;");
}

static void
an_element_is_counted_in_the_innermost_array(void **state)
{
	(void)state;
	assert_string_equal(
		told("{\"dns\":{\"answers\":[{\"rdata\":\"a\",\"ttl\":1},{},{\"rdata\":\"b\","
		     "\"of\":{\"it\":2}},[3,4],5]},\"e\":6}"),
		"dns.answers.rdata[0]sa;dns.answers.ttl[0]01;dns.answers.rdata[2]sb;"
		"dns.answers.of.it[2]02;dns.answers[0]03;dns.answers[1]04;dns.answers[4]05;e[0]06;");
}

static void
what_is_empty_has_no_scalar(void **state)
{
	(void)state;
	assert_string_equal(told("{}"), "");
	assert_string_equal(told("{\"a\":[],\"b\":{},\"c\":[[],[{}]]}"), "");
}

static void
what_is_no_json_is_told_up_to_there(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"1",
		"[]",
		"\"a\"",
		"nul",
		"{",
		"}",
		"{]",
		"{}}",
		"{}{}",
		"{} x",
		"{,}",
		"{\"a\"}",
		"{\"a\":}",
		"{a:1}",
		"{'a':1}",
		"{1:2}",
		"{\"a\" 1}",
		"{\"a\":tru}",
		"{\"a\":True}",
		"{\"a\":nan}",
		"{\"a\":+1}",
		"{\"a\":.5}",
		"{\"a\":01}",
		"{\"a\":-}",
		"{\"a\":5.}",
		"{\"a\":5.e1}",
		"{\"a\":5e}",
		"{\"a\":5e+}",
		"{\"a\":0x1}",
		"{\"a\":[1}",
		"{\"a\":[,1]}",
		"{\"a\":{]}",
		"{\"a\":\"\\x\"}",
		"{\"a\":\"\\u12g4\"}",
		"{\"a\":\"\\u123\"}",
		"{\"a\":\"\\\"}",
		"{\"\\u\":1}",
		"{\"a\":\"\t\"}",
		"{\"a\x1f\":1}",
		"{\"a\":/**/1}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (told(bad[i])[strlen(told(bad[i])) - 1] != '!')
			fail_msg("taken: %s", bad[i]);
	assert_string_equal(told("{\"a\":1,}"), "a[0]01;!");
	assert_string_equal(told("{\"a\":1 \"b\":2}"), "a[0]01;!");
	assert_string_equal(told("{\"a\":[1,]}"), "a[0]01;!");
	assert_string_equal(told("{\"a\":[1 2]}"), "a[0]01;!");
	assert_string_equal(told("{\"a\":-0,\"b\":00}"), "a[0]0-0;!");
	assert_string_equal(told("{\"a\":1}x"), "a[0]01;!");
	assert_string_equal(told("{\"a\":truefalse}"), "a[0]ttrue;!");
}

static void
a_nul_between_things_is_no_json(void **state)
{
	char text[TOLD_MAX];
	struct strbuf out;

	(void)state;
	strbuf_init(&out, text, sizeof(text));
	assert_int_equal(walk("{}\0", 3, &out), -EBADMSG);
	assert_int_equal(walk("{\0}", 3, &out), -EBADMSG);
	assert_int_equal(walk("{\"a\":\"\0\"}", 9, &out), -EBADMSG);
	assert_int_equal(walk("{\"a\":\"\\\0\"}", 10, &out), -EBADMSG);
}

/* Texts and numbers of each length end in each place of a word, with something behind them or nothing. */
static void
an_end_is_found_in_every_place(void **state)
{
	static const char *const ends[] = { "\"", "\\\"\"", "\x01\"", "\xc3\xbc\"" };
	char document[128];
	char expected[128];

	(void)state;
	for (int length = 0; length < 40; length++) {
		for (size_t e = 0; e < sizeof(ends) / sizeof(ends[0]); e++) {
			(void)snprintf(document, sizeof(document), "{\"k\":\"%.*s%s}", length,
				"~!#[]{}0123456789abcdefghijklmnopqrstuvwxyz", ends[e]);
			(void)snprintf(expected, sizeof(expected), "k[0]s%.*s%.*s%s;", length,
				"~!#[]{}0123456789abcdefghijklmnopqrstuvwxyz",
				(int)strlen(ends[e]) - 1, ends[e], e == 1 ? "\\" : "");
			assert_string_equal(told(document), e == 2 ? "!" : expected);
		}
		if (length == 0)
			continue;
		(void)snprintf(document, sizeof(document), "{\"k\":%.*s}", length,
			"1234567890987654321012345678909876543210");
		(void)snprintf(expected, sizeof(expected), "k[0]0%.*s;", length,
			"1234567890987654321012345678909876543210");
		assert_string_equal(told(document), expected);
		document[5 + length / 2] = ':'; /* next to '9' */
		assert_non_null(strchr(told(document), '!'));
		document[5 + length / 2] = '/'; /* next to '0' */
		assert_non_null(strchr(told(document), '!'));
	}
}

static void
a_document_cut_short_anywhere_is_bad(void **state)
{
	static const char document[] =
		" {\"a\":{\"b\":[1.5e-05,\"x\\u00fc\\n\",{\"c\":true}],\"d\":null},\"e\":-12,\"f\":\"long enough\"}";
	char text[TOLD_MAX];
	struct strbuf out;

	(void)state;
	strbuf_init(&out, text, sizeof(text));
	for (size_t cut = 0; cut < sizeof(document) - 1; cut++)
		assert_int_equal(walk(document, cut, &out), -EBADMSG);
	assert_int_equal(walk(document, sizeof(document) - 1, &out), 0);
}

/* `levels` of arrays or objects inside each other, the outermost an object, with a 1 inside. */
static const char *
told_nested(unsigned levels, bool arrays)
{
	char document[256] = "";
	struct strbuf out;

	strbuf_init(&out, document, sizeof(document));
	strbuf_text(&out, "{\"a\":");
	for (unsigned i = 1; i < levels; i++)
		strbuf_text(&out, arrays ? "[" : "{\"a\":");
	strbuf_char(&out, '1');
	for (unsigned i = 1; i < levels; i++)
		strbuf_char(&out, arrays ? ']' : '}');
	strbuf_char(&out, '}');
	return told(document);
}

static void
so_many_levels_are_followed_and_no_more(void **state)
{
	(void)state;
	assert_string_equal(told_nested(JSON_READ_DEPTH_MAX - 1, true), "a[0]01;");
	assert_string_equal(told_nested(JSON_READ_DEPTH_MAX, true), "a[0]01;");
	assert_string_equal(told_nested(JSON_READ_DEPTH_MAX + 1, true), "!");
	assert_string_equal(
		told_nested(JSON_READ_DEPTH_MAX, false), "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a[0]01;");
	assert_string_equal(told_nested(JSON_READ_DEPTH_MAX + 1, false), "!");
}

static void
what_has_too_long_a_path_is_passed_over(void **state)
{
	/* What stands around the name, and how much longer than it the path of the 1 is. */
	static const struct {
		const char *before, *behind;
		size_t more;
	} forms[] = {
		{ "{\"", "\":1,\"z\":2}", 0 },
		{ "{\"ab\":{\"", "\":1},\"z\":2}", 3 },
		{ "{\"", "\":[{},[1]],\"z\":2}", 0 },
		{ "{\"", "\":{\"a\":1},\"z\":2}", 2 },
		{ "{\"", "\":{\"a\":[{\"b\":1}]},\"z\":2}", 4 },
		{ "{\"", "\":{\"\":1},\"z\":2}", 1 },
		{ "{\"", "\":{\"\":{\"\":1}},\"z\":2}", 2 },
	};
	char name[JSON_READ_PATH_MAX + 2];
	char document[256];

	(void)state;
	memset(name, 'n', sizeof(name));
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		for (size_t length = JSON_READ_PATH_MAX - 5; length < sizeof(name); length++) {
			(void)snprintf(document, sizeof(document), "%s%.*s%s", forms[i].before,
				(int)length, name, forms[i].behind);
			const char *text = told(document);
			const char *found = strstr(text, "01;");
			if (length + forms[i].more > JSON_READ_PATH_MAX)
				assert_string_equal(text, "z[0]02;");
			else
				assert_int_equal(
					found - text, length + forms[i].more + strlen("[0]"));
			assert_non_null(strstr(text, "z[0]02;"));
			assert_null(strchr(text, '!'));
		}
	}
}

static void
names_with_escapes_are_undone_in_the_path(void **state)
{
	(void)state;
	assert_string_equal(
		told("{\"id\\u002eorig\":1,\"a\\\"\":{\"b\\n\":[2],\"c\":3},\"\\u0000\":4}"),
		"id.orig[0]01;a\".b\n[0]02;a\".c[0]03;\\x00[0]04;");
}

static void
a_path_is_as_long_as_it_is_without_escapes(void **state)
{
	char document[1024];
	struct strbuf out;

	(void)state;
	for (unsigned length = JSON_READ_PATH_MAX - 4; length < JSON_READ_PATH_MAX + 2; length++) {
		strbuf_init(&out, document, sizeof(document));
		strbuf_text(&out, "{\"");
		for (unsigned i = 0; i < length; i++)
			strbuf_text(&out, "\\u006e");
		strbuf_text(&out, "\":{\"\\n\":[{}],\"\\t\":{\"\\r\":1}},\"z\":2}");
		const char *text = told(document);
		const char *found = strstr(text, ".\t.\r[0]01;");
		assert_false(out.truncated);
		if (length + 4 > JSON_READ_PATH_MAX)
			assert_string_equal(text, "z[0]02;");
		else
			assert_int_equal(found - text, length);
	}
}

static void
only_what_has_escapes_is_marked_so(void **state)
{
	(void)state;
	assert_string_equal(
		told("{\"a\":\"\\n\",\"b\":1,\"c\\n\":\"d\",\"e\":true,\"f\":\"\\\\\"}"),
		"a[0]s\\n\\;b[0]01;c\n[0]sd;e[0]ttrue;f[0]s\\\\\\;");
}

static size_t
text_of(const char *escaped, char *to, size_t room)
{
	struct json_value v = { .text = escaped,
		.length = strlen(escaped),
		.is_escaped = strchr(escaped, '\\') != NULL };

	return json_read_text(&v, to, room);
}

static const char *
plain(const char *escaped)
{
	static char text[256];

	size_t length = text_of(escaped, text, sizeof(text));
	assert_int_equal(length, strlen(text));
	return text;
}

static void
escapes_are_undone(void **state)
{
	(void)state;
	assert_string_equal(plain(""), "");
	assert_string_equal(plain("plain"), "plain");
	assert_string_equal(plain("\\\"\\\\\\/\\b\\f\\n\\r\\t"), "\"\\/\b\f\n\r\t");
	assert_string_equal(plain("a\\u0041b\\u007f\\u0080\\u07ff\\u0800\\uffffc"),
		"aAb\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"
		"c");
	assert_string_equal(plain("\\u00FC\\u00fc"), "\xc3\xbc\xc3\xbc");
	assert_string_equal(plain("a\\u0000b"), "a\\x00b");
}

static void
surrogates_become_one_character_and_lone_ones_none(void **state)
{
	static const char lone[] = "\xef\xbf\xbd";
	char two[8];

	(void)state;
	(void)snprintf(two, sizeof(two), "%s%s", lone, lone);
	assert_string_equal(plain("\\ud800\\udc00"), "\xf0\x90\x80\x80");
	assert_string_equal(plain("\\uDBFF\\uDFFF"), "\xf4\x8f\xbf\xbf");
	assert_string_equal(plain("\\ud83d\\udc1f"), "\xf0\x9f\x90\x9f");
	assert_string_equal(plain("\\ud800"), lone);
	assert_string_equal(plain("\\udfff"), lone);
	assert_string_equal(plain("\\udc00\\ud800"), two);
	assert_string_equal(plain("\\udc00\\udc00"), two);
	assert_string_equal(plain("\\ud800\\ud800"), two);
	assert_string_equal(plain("\\ud7ff\\ue000"), "\xed\x9f\xbf\xee\x80\x80");
	assert_string_equal(plain("\\udbff\\ue000"), "\xef\xbf\xbd\xee\x80\x80");
	assert_string_equal(plain("\\ud800x"), "\xef\xbf\xbdx");
	assert_string_equal(plain("\\ud800\\n1234"), "\xef\xbf\xbd\n1234");
	assert_string_equal(plain("\\ud800\\udbff!"), "\xef\xbf\xbd\xef\xbf\xbd!");
}

static void
bytes_that_are_no_utf8_stay(void **state)
{
	(void)state;
	assert_string_equal(plain("\xff\xc3(\x80\\n\xed\xa0\x80"), "\xff\xc3(\x80\n\xed\xa0\x80");
}

static void
a_text_is_cut_at_a_character(void **state)
{
	static const char whole[] = "a\xc3\xbc\xf0\x9f\x90\x9f\xff\n\\x00"
				    "b";
	static const char *const forms[] = {
		"a\xc3\xbc\xf0\x9f\x90\x9f\xff\\n\\u0000"
		"b",
		"\\u0061\\u00fc\\ud83d\\udc1f\xff\\n\\u0000\\u0062",
		"\\u0061\xc3\xbc\xf0\x9f\x90\x9f\xff\\n\\u0000"
		"b",
	};
	static const size_t ends[] = { 0, 1, 3, 7, 8, 9, 13, 14 };

	(void)state;
	for (size_t f = 0; f < sizeof(forms) / sizeof(forms[0]); f++) {
		for (size_t room = 1; room <= sizeof(whole) + 1; room++) {
			char *to = malloc(room);
			size_t expected = 0;

			assert_non_null(to);
			for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
				expected = ends[i] < room ? ends[i] : expected;
			assert_int_equal(text_of(forms[f], to, room), expected);
			assert_memory_equal(to, whole, expected);
			assert_int_equal(to[expected], '\0');
			free(to);
		}
	}
	char to[4];
	assert_int_equal(text_of("ab\xc3\xbc", to, sizeof(to)), 2); /* no escape in it */
	assert_string_equal(to, "ab");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_scalar_is_told_as_it_is_written),
		cmocka_unit_test(space_may_stand_between_all_things),
		cmocka_unit_test(a_path_has_the_names_of_all_objects),
		cmocka_unit_test(an_element_is_counted_in_the_innermost_array),
		cmocka_unit_test(what_is_empty_has_no_scalar),
		cmocka_unit_test(what_is_no_json_is_told_up_to_there),
		cmocka_unit_test(a_nul_between_things_is_no_json),
		cmocka_unit_test(an_end_is_found_in_every_place),
		cmocka_unit_test(a_document_cut_short_anywhere_is_bad),
		cmocka_unit_test(so_many_levels_are_followed_and_no_more),
		cmocka_unit_test(what_has_too_long_a_path_is_passed_over),
		cmocka_unit_test(names_with_escapes_are_undone_in_the_path),
		cmocka_unit_test(a_path_is_as_long_as_it_is_without_escapes),
		cmocka_unit_test(only_what_has_escapes_is_marked_so),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(surrogates_become_one_character_and_lone_ones_none),
		cmocka_unit_test(bytes_that_are_no_utf8_stay),
		cmocka_unit_test(a_text_is_cut_at_a_character),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
