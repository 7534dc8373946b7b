/* test_source_text.c -- texts are ended, bounded and never NULL. */
#include "viewer/source/source_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY_MAX = 1024 * 1024 };

static struct arena memory;

static int
setup(void **state)
{
	(void)state;
	arena_init(&memory, MEMORY_MAX, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_done(&memory);
	return 0;
}

static void
texts_are_copied_whole_with_their_nuls_shown(void **state)
{
	(void)state;
	assert_string_equal(source_text(&memory, "abcd", 3), "abc");
	assert_string_equal(source_text(&memory, NULL, 3), "");
	assert_string_equal(source_text(&memory, "x", 0), "");
	assert_string_equal(source_text(&memory, "\0a\0\0b", 5), "\\x00a\\x00\\x00b");
	assert_string_equal(source_text(&memory, "\0", 1), "\\x00");
	assert_string_equal(source_text_copy(&memory, "abc"), "abc");
	assert_string_equal(source_text_copy(&memory, ""), "");
}

static void
texts_are_cut_at_their_bound_between_characters(void **state)
{
	static char text[SOURCE_TEXT_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(
		strlen(source_text(&memory, text, SOURCE_TEXT_MAX - 1)), SOURCE_TEXT_MAX - 1);
	assert_int_equal(strlen(source_text(&memory, text, SOURCE_TEXT_MAX)), SOURCE_TEXT_MAX);
	assert_int_equal(strlen(source_text(&memory, text, SOURCE_TEXT_MAX + 1)), SOURCE_TEXT_MAX);
	text[SOURCE_TEXT_MAX - 1] = '\xc3';
	text[SOURCE_TEXT_MAX] = '\xa9';
	assert_int_equal(
		strlen(source_text(&memory, text, SOURCE_TEXT_MAX + 1)), SOURCE_TEXT_MAX - 1);
}

static void
a_line_says_when_something_is_left_out(void **state)
{
	static char text[SOURCE_LINE_MAX];
	struct source_line l = { .length = 0 };

	(void)state;
	assert_string_equal(source_line_done(&l, &memory), "");
	source_line_add(&l, "");
	source_line_add(&l, "a");
	source_line_add(&l, "");
	source_line_add(&l, "b");
	assert_string_equal(source_line_done(&l, &memory), "a, b");
	/* 4 are there and ", " comes; at the end stays room for ", ..." and the NUL. */
	memset(text, 'c', sizeof(text) - 1);
	text[SOURCE_LINE_MAX - 4 - 2 - 6] = '\0';
	source_line_add(&l, text);
	assert_int_equal(strlen(source_line_done(&l, &memory)), SOURCE_LINE_MAX - 6);
	source_line_add(&l, "d");
	source_line_add(&l, "e");
	const char *whole = source_line_done(&l, &memory);
	assert_int_equal(strlen(whole), SOURCE_LINE_MAX - 1);
	assert_string_equal(whole + strlen(whole) - 6, "c, ...");

	l = (struct source_line){ .length = 0 };
	memset(text, 'c', sizeof(text) - 1);
	source_line_add(&l, text);
	assert_string_equal(source_line_done(&l, &memory), "...");
}

static void
without_memory_texts_are_empty(void **state)
{
	struct arena none;

	(void)state;
	arena_init(&none, 0, NULL);
	assert_string_equal(source_text(&none, "a", 1), "");
	assert_string_equal(source_text(&none, "\0", 1), "");
	assert_string_equal(source_text_format(&none, "%d", 7), "");
	assert_int_equal(none.refused, 3);
	assert_string_equal(source_text_format(&memory, "%d/%s", 7, "x"), "7/x");
	arena_done(&none);
}

static void
protocols_have_their_names(void **state)
{
	static const struct {
		unsigned number;
		const char *loud, *quiet;
	} protos[] = { { 6, "TCP", "tcp" }, { 17, "UDP", "udp" }, { 1, "ICMP", "icmp" },
		{ 58, "ICMP", "ipv6-icmp" }, { 2, "IGMP", "igmp" }, { 47, "IP47", "ip47" } };

	(void)state;
	for (size_t i = 0; i < sizeof(protos) / sizeof(protos[0]); i++) {
		assert_string_equal(source_proto_loud(protos[i].number, &memory), protos[i].loud);
		assert_string_equal(source_proto_quiet(protos[i].number, &memory), protos[i].quiet);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(texts_are_copied_whole_with_their_nuls_shown),
		TEST(texts_are_cut_at_their_bound_between_characters),
		TEST(a_line_says_when_something_is_left_out),
		TEST(without_memory_texts_are_empty),
		TEST(protocols_have_their_names),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
