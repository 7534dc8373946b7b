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

static void
reads_as(const struct json_value *v, size_t room, const char *expected)
{
	char to[8];
	struct text_view got = json_read_text(v, to, room);

	assert_int_equal(got.length, strlen(expected));
	assert_memory_equal(got.at, expected, got.length);
	assert_ptr_equal(got.at, v->is_escaped ? to : v->text); /* copied only if it has to be */
}

static void
a_text_is_taken_without_its_escapes(void **state)
{
	struct json_value v = { .text = "a\\u00fc\\n", .length = 9, .is_escaped = true };

	(void)state;
	reads_as(&v, 8, "a\xc3\xbc\n");
	reads_as(&v, 3, "a");
	reads_as(&v, 1, "");
	v = (struct json_value){ .text = "-1.5e3 }", .length = 6, .type = JSON_READ_NUMBER };
	reads_as(&v, 8, "-1.5e3");
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
		cmocka_unit_test(a_text_is_taken_without_its_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
