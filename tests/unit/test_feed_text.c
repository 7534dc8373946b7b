#include "daemon/feeds/feed_text.h"

#include "tests/support/intel_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
columns_are_trimmed_and_quotes_protect(void **state)
{
	struct intel_text c[4];

	(void)state;
	assert_int_equal(feed_text_split(intel_text_of(" a ,\"b, c\" ,,"), ',', c, 4), 4);
	assert_true(feed_text_is(c[0], "A"));
	assert_true(feed_text_is(c[1], "b, c"));
	assert_true(feed_text_is(c[2], ""));
	assert_true(feed_text_is(c[3], ""));
	assert_int_equal(feed_text_split(intel_text_of("a,b,c,d,e"), ',', c, 4), 4);
	assert_int_equal(feed_text_split(intel_text_of("\"a,b"), ',', c, 4), 1); /* never closed */
	assert_true(feed_text_is(c[0], "\"a,b"));
	assert_int_equal(feed_text_split(intel_text_of(""), ',', c, 4), 1);
}

static void
words_are_compared_in_any_case(void **state)
{
	struct intel_text t = intel_text_of("# JA3 hash");

	(void)state;
	assert_true(feed_text_holds(t, "ja3"));
	assert_true(feed_text_holds(t, "HASH"));
	assert_false(feed_text_holds(t, "hash "));
	assert_true(feed_text_begins(t, "# j"));
	assert_false(feed_text_begins(t, "j"));
	assert_false(feed_text_is(t, "# ja3 has"));
}

static void
what_stands_before_a_stop_is_taken(void **state)
{
	struct intel_text left = intel_text_of("a b#c");

	(void)state;
	assert_true(feed_text_is(feed_text_take(&left, "# "), "a"));
	assert_true(feed_text_is(feed_text_take(&left, "# "), "b"));
	assert_true(feed_text_is(feed_text_take(&left, "# "), "c"));
	assert_int_equal(left.length, 0);
	assert_int_equal(feed_text_take(&left, "# ").length, 0);
	left = (struct intel_text){ "a\0b", 3 };
	assert_int_equal(feed_text_take(&left, "#").length, 3); /* a NUL stops nothing */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_trimmed_and_quotes_protect),
		cmocka_unit_test(words_are_compared_in_any_case),
		cmocka_unit_test(what_stands_before_a_stop_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
