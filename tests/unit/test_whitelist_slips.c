#include "daemon/whitelist/whitelist_slips.h"

#include "daemon/base/arena.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct {
	struct arena arena;
	struct slips_entry *entries;
	uint32_t count;
	char complaints[2048];
} t;

static void
complain(void *context, const char *line)
{
	(void)context;
	size_t length = strlen(t.complaints);
	(void)snprintf(t.complaints + length, sizeof(t.complaints) - length, "%s\n", line);
}

static int
setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	arena_init(&t.arena, (size_t)4 * 1024 * 1024, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_done(&t.arena);
	return 0;
}

static int
read_bytes(const char *text, size_t length)
{
	return whitelist_slips_read(
		"w.csv", text, length, &t.arena, complain, NULL, &t.entries, &t.count);
}

static int
read_text(const char *text)
{
	return read_bytes(text, strlen(text));
}

static void
expect(uint32_t i, uint32_t line, enum slips_type type, const char *value, uint32_t ends,
	enum whitelist_effect effect)
{
	assert_true(i < t.count);
	assert_int_equal(t.entries[i].line, line);
	assert_int_equal(t.entries[i].type, type);
	assert_string_equal(t.entries[i].value, value);
	assert_int_equal(t.entries[i].ends, ends);
	assert_int_equal(t.entries[i].effect, effect);
}

static void
each_word_is_understood(void **state)
{
	(void)state;
	assert_int_equal(read_text("\"IoCType\",\"IoCValue\",\"Direction\",\"IgnoreType\"\n"
				   "; a comment, with, many, commas\n"
				   "\n"
				   "ip,192.0.2.1,src,flows\r\n"
				   " domain , example.com ,\tdst , alerts\n"
				   "Organization,google,BOTH,both\n"
				   "mac,00:11:22:33:44:55,both,alerts"),
		0);
	assert_int_equal(t.count, 4);
	expect(0, 4, SLIPS_IP, "192.0.2.1", WHITELIST_AT_SRC, WHITELIST_IGNORE_TRAFFIC);
	expect(1, 5, SLIPS_DOMAIN, "example.com", WHITELIST_AT_DST, WHITELIST_NO_EVIDENCE);
	expect(2, 6, SLIPS_ORGANIZATION, "google", WHITELIST_AT_EITHER, WHITELIST_IGNORE_TRAFFIC);
	expect(3, 7, SLIPS_MAC, "00:11:22:33:44:55", WHITELIST_AT_EITHER, WHITELIST_NO_EVIDENCE);
}

static void
the_last_line_on_a_value_holds(void **state)
{
	(void)state;
	assert_int_equal(read_text("ip,192.0.2.1,src,flows\n"
				   "ip,192.0.2.2,src,flows\n"
				   "ip,192.0.2.1,dst,alerts\n"
				   "domain,192.0.2.2,dst,alerts\n"),
		0);
	assert_int_equal(t.count, 3);
	expect(0, 2, SLIPS_IP, "192.0.2.2", WHITELIST_AT_SRC, WHITELIST_IGNORE_TRAFFIC);
	expect(1, 3, SLIPS_IP, "192.0.2.1", WHITELIST_AT_DST, WHITELIST_NO_EVIDENCE);
	expect(2, 4, SLIPS_DOMAIN, "192.0.2.2", WHITELIST_AT_DST, WHITELIST_NO_EVIDENCE);
}

static void
a_line_that_is_off_switches_off_what_came_before(void **state)
{
	(void)state;
	assert_int_equal(read_text("ip,192.0.2.1,src,flows\n"
				   "organization,google,both,both\n"
				   "#ip,192.0.2.1,any,thing\n"
				   "#organization,twitter,both,both\n"
				   "# words, of, a, person\n"
				   "#\n"),
		0);
	assert_int_equal(t.count, 1);
	expect(0, 2, SLIPS_ORGANIZATION, "google", WHITELIST_AT_EITHER, WHITELIST_IGNORE_TRAFFIC);
}

static void
short_lines_are_passed_over_and_long_ones_have_a_rest(void **state)
{
	(void)state;
	assert_int_equal(
		read_text("ip,192.0.2.1,src\nnonsense\n,,\nip,192.0.2.2,src,flows,more\n"), 0);
	assert_int_equal(t.count, 1);
	assert_string_equal(t.complaints, "");
}

static void
unknown_words_are_told_with_their_line(void **state)
{
	(void)state;
	assert_int_equal(read_text("ip,192.0.2.1,src,flows\n"
				   "host,a,src,flows\n"
				   "ip,192.0.2.2,from,flows\n"
				   "ip,192.0.2.3,src,everything\n"
				   ",,,\n"),
		-EINVAL);
	assert_non_null(strstr(t.complaints, "w.csv:2: \"host\" is no type, expected ip"));
	assert_non_null(strstr(t.complaints, "w.csv:3: \"from\" is no direction, expected src"));
	assert_non_null(strstr(t.complaints, "w.csv:4: \"everything\" is nothing that can be"));
	assert_non_null(strstr(t.complaints, "w.csv:5: \"\" is no type"));
}

static void
a_line_has_its_bounds(void **state)
{
	char line[600];

	(void)state;
	for (size_t i = 0; i < sizeof(line); i++)
		line[i] = 'x';
	for (size_t i = 0; i < 3; i++)
		line[i] = "ip,"[i];
	for (size_t i = 0; i < 10; i++)
		line[501 + i] = ",src,flows"[i];
	assert_int_equal(read_bytes(line, 511), 0);
	assert_int_equal(t.count, 1);
	assert_int_equal(read_bytes(line, 512), -EINVAL);
	assert_string_equal(t.complaints, "w.csv:1: a line of more than 511 bytes\n");
}

static void
there_are_no_more_rules_than_there_is_room_for(void **state)
{
	enum { LINE = 32 };
	char *text = malloc((size_t)(WHITELIST_RULES_MAX + 1) * LINE);
	size_t length = 0;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < WHITELIST_RULES_MAX; i++)
		length += (size_t)snprintf(
			text + length, LINE, "ip,10.0.%u.%u,src,flows\n", i / 256, i % 256);
	assert_int_equal(read_bytes(text, length), 0);
	assert_int_equal(t.count, WHITELIST_RULES_MAX);
	length += (size_t)snprintf(text + length, LINE, "ip,10.9.0.1,src,flows\n");
	assert_int_equal(read_bytes(text, length), -EINVAL);
	assert_string_equal(t.complaints, "w.csv:4097: no room for more than 4096 rules\n");
	free(text);
}

/* Names of values are whatever somebody wrote; each cut of the file ends somewhere. */
static void
no_cut_and_no_byte_confuses_it(void **state)
{
	static const char text[] =
		"\"IoCType\",x\n#ip,1,2,3\nip,192.0.2.1,src,flows\n;\nmac,a\0b,src,both";

	(void)state;
	for (size_t length = 0; length < sizeof(text); length++) {
		arena_done(&t.arena);
		arena_init(&t.arena, (size_t)1024 * 1024, NULL);
		char *exact = malloc(length + 1);
		assert_non_null(exact);
		memcpy(exact, text, length);
		char *copy = realloc(exact, length > 0 ? length : 1);
		(void)read_bytes(copy, length);
		free(copy);
	}
	assert_int_equal(read_bytes(text, sizeof(text) - 1), 0);
	assert_string_equal(t.entries[1].value, "ab");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_word_is_understood, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_line_on_a_value_holds, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_line_that_is_off_switches_off_what_came_before, setup, teardown),
		cmocka_unit_test_setup_teardown(
			short_lines_are_passed_over_and_long_ones_have_a_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(
			unknown_words_are_told_with_their_line, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_has_its_bounds, setup, teardown),
		cmocka_unit_test_setup_teardown(
			there_are_no_more_rules_than_there_is_room_for, setup, teardown),
		cmocka_unit_test_setup_teardown(no_cut_and_no_byte_confuses_it, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
