#include "viewer/view_options.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 16 };

static char error[512];
static struct view_options o;

/* Words separated by blanks. */
static int
parse(const char *line)
{
	static char memory[512];
	char *words[WORDS_MAX] = { NULL };
	int count = 0;
	struct strbuf b;

	(void)snprintf(memory, sizeof(memory), "naiad-view %s", line);
	for (char *at = strtok(memory, " "); at != NULL; at = strtok(NULL, " ")) {
		assert_true(count < WORDS_MAX - 1);
		words[count++] = at;
	}
	strbuf_init(&b, error, sizeof(error));
	return view_options_parse(count, words, &o, &b);
}

static void
taken(const char *line)
{
	if (parse(line) != 0)
		fail_msg("%s: %s", line, error);
}

static void
refused(const char *line, const char *why)
{
	if (parse(line) != -EINVAL)
		fail_msg("taken: %s", line);
	if (strstr(error, why) == NULL)
		fail_msg("%s: %s", line, error);
}

static void
one_word_is_what_is_looked_at(void **state)
{
	(void)state;
	taken("case42/");
	assert_int_equal(o.action, VIEW_TERMINAL);
	assert_string_equal(o.what, "case42/");
	assert_null(o.cache);
	assert_string_equal(o.send, "");
	assert_false(o.keys_last || o.ascii || o.colours);
	refused("", "what is to be looked at?");
	refused("a b", "\"b\" is one word too many");
}

static void
options_stand_before_and_after_it(void **state)
{
	(void)state;
	taken("--keys last x --cache redis://h/1 --ascii");
	assert_string_equal(o.what, "x");
	assert_string_equal(o.cache, "redis://h/1");
	assert_true(o.keys_last && o.ascii);
	taken("--keys talk x");
	assert_false(o.keys_last);
	refused("--keys 2020 x", "--keys takes talk or last");
	refused("--nothing x", "\"--nothing\" is no option of naiad-view");
	refused("x --cache", "\"--cache\" needs a value");
}

static void
a_picture_has_rows_and_columns(void **state)
{
	(void)state;
	taken("--print 24x80 x");
	assert_int_equal(o.action, VIEW_PRINT);
	assert_int_equal(o.rows, 24);
	assert_int_equal(o.columns, 80);
	taken("--print 1x1 x");
	taken("--print 1000x1000 x");
	refused("--print 0x80 x", "--print takes rows and columns");
	refused("--print 24x0 x", "--print takes");
	refused("--print 1001x80 x", "--print takes");
	refused("--print 24x1001 x", "--print takes");
	refused("--print 24 x", "--print takes");
	refused("--print 24x80x x", "--print takes");
	refused("--print -1x80 x", "--print takes");
}

static void
keys_go_with_a_picture(void **state)
{
	(void)state;
	taken("--print 24x80 --send jj<Enter>h --colours x");
	assert_string_equal(o.send, "jj<Enter>h");
	assert_true(o.colours);
	refused("--print 24x80 --send jj<Enter x", "\"<Enter\": --send has no such key");
	refused("--print 24x80 --send j<Nothing>k x", "\"<Nothing>k\": --send has no such key");
	refused("--send jj x", "go with --print");
	refused("--colours x", "go with --print");
}

static void
help_and_version_need_nothing_to_look_at(void **state)
{
	(void)state;
	taken("-h");
	assert_int_equal(o.action, VIEW_HELP);
	taken("--version");
	assert_int_equal(o.action, VIEW_VERSION);
	taken("-V -h -V");
	assert_int_equal(o.action, VIEW_HELP);
	taken("-V --print 24x80");
	assert_int_equal(o.action, VIEW_VERSION);
	refused("-h --nothing", "is no option");
	assert_non_null(strstr(view_options_usage(), "usage: naiad-view"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_word_is_what_is_looked_at),
		cmocka_unit_test(options_stand_before_and_after_it),
		cmocka_unit_test(a_picture_has_rows_and_columns),
		cmocka_unit_test(keys_go_with_a_picture),
		cmocka_unit_test(help_and_version_need_nothing_to_look_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
