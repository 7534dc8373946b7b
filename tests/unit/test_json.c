#include "daemon/base/json.h"

#include "daemon/base/addr.h"

#include "daemon/base/utf8.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct page {
	char memory[2048];
	struct strbuf b;
	struct json j;
};

static int
page_open(void **state)
{
	static struct page p;

	strbuf_init(&p.b, p.memory, sizeof(p.memory));
	json_init(&p.j, &p.b);
	*state = &p;
	return 0;
}

static const char *
string_of(struct page *p, const char *text, size_t length)
{
	strbuf_reset(&p->b);
	json_init(&p->j, &p->b);
	json_bytes(&p->j, text, length);
	assert_false(p->b.truncated);
	return p->memory;
}

static void
commas_stand_between_values_only(void **state)
{
	struct page *p = *state;
	struct addr host = addr_v4(10, 0, 0, 1);

	json_object_begin(&p->j);
	json_key_u64(&p->j, "a", 1);
	json_key(&p->j, "list");
	json_array_begin(&p->j);
	json_array_begin(&p->j);
	json_array_end(&p->j);
	json_object_begin(&p->j);
	json_object_end(&p->j);
	json_i64(&p->j, -2);
	json_bool(&p->j, false);
	json_text(&p->j, NULL);
	json_array_end(&p->j);
	json_key(&p->j, "inner");
	json_object_begin(&p->j);
	json_key_text(&p->j, "b", "x");
	json_key_bool(&p->j, "c.d", true);
	json_object_end(&p->j);
	json_key_double(&p->j, "e", 0.25, 3);
	json_key_addr(&p->j, "f", &host);
	json_object_end(&p->j);
	assert_string_equal(p->memory, "{\"a\":1,\"list\":[[],{},-2,false,null],"
				       "\"inner\":{\"b\":\"x\",\"c.d\":true},\"e\":0.250,"
				       "\"f\":\"10.0.0.1\"}");
	assert_false(p->b.truncated);
}

static void
a_second_list_starts_without_a_comma(void **state)
{
	struct page *p = *state;

	json_array_begin(&p->j);
	json_array_begin(&p->j);
	json_u64(&p->j, 1);
	json_array_end(&p->j);
	json_array_begin(&p->j);
	json_u64(&p->j, UINT64_MAX);
	json_text(&p->j, "s");
	json_array_end(&p->j);
	json_array_end(&p->j);
	assert_string_equal(p->memory, "[[1],[18446744073709551615,\"s\"]]");
}

static void
a_document_may_be_a_lone_value(void **state)
{
	struct page *p = *state;

	json_i64(&p->j, INT64_MIN);
	assert_string_equal(p->memory, "-9223372036854775808");
}

static void
what_is_json_already_is_copied(void **state)
{
	struct page *p = *state;

	json_array_begin(&p->j);
	json_raw(&p->j, "{\"a\":1}", 7);
	json_raw(&p->j, "\"b\" not this", 3);
	json_array_end(&p->j);
	assert_string_equal(p->memory, "[{\"a\":1},\"b\"]");
}

static void
doubles_that_json_cannot_say_are_null(void **state)
{
	struct page *p = *state;

	json_array_begin(&p->j);
	json_double(&p->j, (double)NAN, 2);
	json_double(&p->j, (double)INFINITY, 2);
	json_double(&p->j, -(double)INFINITY, 2);
	json_double(&p->j, -1.5, 6);
	json_array_end(&p->j);
	assert_string_equal(p->memory, "[null,null,null,-1.500000]");
}

static void
ascii_is_escaped_where_json_asks(void **state)
{
	struct page *p = *state;

	assert_string_equal(string_of(p, "", 0), "\"\"");
	assert_string_equal(string_of(p, "plain /~ text", 13), "\"plain /~ text\"");
	assert_string_equal(string_of(p, "a\"b\\c", 5), "\"a\\\"b\\\\c\"");
	assert_string_equal(string_of(p, "\b\t\n\f\r", 5), "\"\\b\\t\\n\\f\\r\"");
	assert_string_equal(string_of(p, "\0\x01\x1b[2J\x1f\x7f", 8),
		"\"\\u0000\\u0001\\u001b[2J\\u001f\\u007f\"");
}

static void
valid_text_passes_and_its_controls_do_not(void **state)
{
	static const char next[] = { '\xe2', '\x80', '\xaa' }; /* U+202A */
	struct page *p = *state;

	assert_string_equal(string_of(p, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x9f", 15),
		"\"gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x90\x9f\"");
	/* C1 from its first to its last, and the first that is none */
	assert_string_equal(string_of(p, "\xc2\x80\xc2\x9b\xc2\x9f\xc2\xa0", 8),
		"\"\\u0080\\u009b\\u009f\xc2\xa0\"");
	assert_string_equal(string_of(p, "\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xa9", 9),
		"\"\xe2\x80\xa7\\u2028\\u2029\"");
	(void)string_of(p, next, sizeof(next));
	assert_memory_equal(p->memory + 1, next, sizeof(next));
	assert_string_equal(string_of(p, "\xe2\x82\xa8\xe3\x80\xa8", 6),
		"\"\xe2\x82\xa8\xe3\x80\xa8\""); /* neighbours of U+2028 in the other bytes */
}

static void
each_stray_byte_becomes_one_replacement(void **state)
{
	struct page *p = *state;

	assert_string_equal(string_of(p,
				    "a\xff\xfe"
				    "b",
				    4),
		"\"a\xef\xbf\xbd\xef\xbf\xbd"
		"b\"");
	assert_string_equal(string_of(p, "\xc0\x80", 2), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	/* cut short by the length, though the byte is there */
	assert_string_equal(string_of(p, "\xe2\x82\xac", 2), "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	/* a good sequence right after a broken one is kept */
	assert_string_equal(
		string_of(p, "\xe2\x82\xc3\xbc", 4), "\"\xef\xbf\xbd\xef\xbf\xbd\xc3\xbc\"");
}

/* What any reader must be able to rely on, whatever was sent. */
static void
assert_clean(const char *text, size_t length)
{
	assert_true(length >= 2 && text[0] == '"' && text[length - 1] == '"');
	for (size_t i = 1; i < length - 1;) {
		size_t step = utf8_sequence(text + i, length - 1 - i);
		assert_true(step > 0);
		assert_true((uint8_t)text[i] >= 0x20 && text[i] != '"' && text[i] != 0x7f);
		assert_false((uint8_t)text[i] == 0xc2 && (uint8_t)text[i + 1] < 0xa0);
		if (text[i] == '\\') {
			assert_non_null(strchr("\"\\bfnrtu", text[i + 1]));
			step = text[i + 1] == 'u' ? 6 : 2;
			assert_true(step == 2 || strspn(text + i + 2, "0123456789abcdef") >= 4);
		}
		i += step;
	}
}

static void
random_bytes_give_clean_text(void **state)
{
	static const char favoured[] = "\xc2\x85\x9b\xe2\x80\xa8\xf0\x90\"\\\x1b\x7f";
	struct page *p = *state;
	uint64_t seed = 0x6a736f6e;
	char text[48];

	for (unsigned round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			if (seed >> 63 != 0)
				text[i] = favoured[(seed >> 33) % (sizeof(favoured) - 1)];
			else
				text[i] = (char)(seed >> 40);
		}
		(void)string_of(p, text, round % sizeof(text));
		assert_clean(p->memory, p->b.length);
	}
}

static void
a_document_that_does_not_fit_says_so(void **state)
{
	char memory[64];
	struct strbuf b;
	struct json j;

	(void)state;
	for (size_t capacity = 1; capacity <= sizeof(memory); capacity++) {
		const char *expected = "{\"key\":\"a\\nb\",\"n\":[12,true]}";
		strbuf_init(&b, memory, capacity);
		json_init(&j, &b);
		json_object_begin(&j);
		json_key_text(&j, "key", "a\nb");
		json_key(&j, "n");
		json_array_begin(&j);
		json_u64(&j, 12);
		json_bool(&j, true);
		json_array_end(&j);
		json_object_end(&j);
		assert_int_equal(b.truncated, capacity <= strlen(expected));
		assert_memory_equal(memory, expected, b.length);
		if (!b.truncated)
			assert_string_equal(memory, expected);
	}
}

static void
nest(struct json *j, unsigned levels)
{
	for (unsigned i = 0; i < levels; i++)
		json_array_begin(j);
	for (unsigned i = 0; i < levels; i++)
		json_array_end(j);
}

static void
the_deepest_nesting_is_written(void **state)
{
	struct page *p = *state;

	nest(&p->j, JSON_DEPTH_MAX);
	assert_string_equal(p->memory, "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]");
}

static void
key_in_a_list(struct json *j)
{
	json_array_begin(j);
	json_key(j, "k");
}

static void
value_without_key(struct json *j)
{
	json_object_begin(j);
	json_u64(j, 1);
}

static void
key_after_key(struct json *j)
{
	json_object_begin(j);
	json_key(j, "k");
	json_key(j, "k");
}

static void
end_after_key(struct json *j)
{
	json_object_begin(j);
	json_key(j, "k");
	json_object_end(j);
}

static void
end_of_the_other_kind(struct json *j)
{
	json_object_begin(j);
	json_array_end(j);
}

static void
end_without_begin(struct json *j)
{
	json_array_end(j);
}

static void
second_document(struct json *j)
{
	json_u64(j, 1);
	json_u64(j, 2);
}

static void
one_level_too_many(struct json *j)
{
	nest(j, JSON_DEPTH_MAX + 1);
}

static void
misuse_stops_the_program(void **state)
{
	static void (*const misuse[])(struct json *) = {
		key_in_a_list,
		value_without_key,
		key_after_key,
		end_after_key,
		end_of_the_other_kind,
		end_without_begin,
		second_document,
		one_level_too_many,
	};
	struct page *p = *state;

	for (size_t i = 0; i < sizeof(misuse) / sizeof(misuse[0]); i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			(void)signal(SIGABRT, SIG_DFL); /* not the test library's */
			(void)close(STDERR_FILENO);
			misuse[i](&p->j);
			_exit(0);
		}
		int status = 0;
		assert_int_equal(waitpid(child, &status, 0), child);
		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT)
			fail_msg("row %zu went on", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(commas_stand_between_values_only, page_open),
		cmocka_unit_test_setup(a_second_list_starts_without_a_comma, page_open),
		cmocka_unit_test_setup(a_document_may_be_a_lone_value, page_open),
		cmocka_unit_test_setup(what_is_json_already_is_copied, page_open),
		cmocka_unit_test_setup(doubles_that_json_cannot_say_are_null, page_open),
		cmocka_unit_test_setup(ascii_is_escaped_where_json_asks, page_open),
		cmocka_unit_test_setup(valid_text_passes_and_its_controls_do_not, page_open),
		cmocka_unit_test_setup(each_stray_byte_becomes_one_replacement, page_open),
		cmocka_unit_test_setup(random_bytes_give_clean_text, page_open),
		cmocka_unit_test(a_document_that_does_not_fit_says_so),
		cmocka_unit_test_setup(the_deepest_nesting_is_written, page_open),
		cmocka_unit_test_setup(misuse_stops_the_program, page_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
