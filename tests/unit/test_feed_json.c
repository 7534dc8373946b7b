#include "daemon/feeds/feed_state.h"

#include "tests/support/feed_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-01-09T03:04:05Z: a week after the entry below. */
enum { WEEK_LATER_S = 1767927845 };

static void
objects_say_what_they_are_of(void **state)
{
	struct feed_rig r = { 0 };

	(void)state;
	assert_string_equal(
		feed_rig_told(&r,
			"{\"ip\":{\"v4\":\"198.51.100.3\"},\"src\":{\"name\":[\"feedX\"]},"
			"\"tags\":{\"str\":[\"scan\"]}}\n"),
		"198.51.100.3 medium feedX\n");
	assert_string_equal(feed_rig_told(&r, "{\"ioc\":\"bad.example\",\"description\":\"x\"}"),
		"bad.example medium x\n");
	assert_string_equal(
		feed_rig_told(&r, "{\"ip\":\"198.51.100.1\",\"domain\":\"of.example\"}"),
		"198.51.100.1 medium\n"); /* the first is what it is of */
	assert_string_equal(feed_rig_told(&r, "{\"ja3\":\"0123456789abcdef0123456789abcdef\"}"),
		"ja3:0123456789abcdef0123456789abcdef medium\n");
	assert_string_equal(feed_rig_told(&r, "{\"md5\":\"0123456789abcdef0123456789abcdef\"}"),
		"md5:0123456789abcdef0123456789abcdef medium\n");
}

static void
objects_without_an_indicator_are_counted(void **state)
{
	struct feed_rig r = { 0 };

	(void)state;
	assert_string_equal(feed_rig_told(&r, "{}{\"ip\":7}{\"ioc\":\"http://a.example/\"}"), "");
	assert_int_equal(r.stats.unreadable, 2);
	assert_int_equal(r.stats.unsupported, 1);
	assert_int_equal(r.stats.lines, 3);
}

static void
an_entry_of_a_week_ago_is_the_oldest(void **state)
{
	static const char text[] =
		"[{\"DomainAddress\":\"phish.example\",\"InsertDate\":\"2026-01-02T03:04:05\"}]";
	struct feed_rig r = { 0 };

	(void)state;
	assert_string_equal(feed_rig_told(&r, text), "phish.example medium\n"); /* time not known */
	r.plan.now_ns = WEEK_LATER_S * UINT64_C(1000000000);
	assert_string_equal(feed_rig_told(&r, text), "phish.example medium\n");
	r.plan.now_ns++;
	assert_string_equal(feed_rig_told(&r, text), "");
	assert_int_equal(r.stats.old, 1);
	assert_int_equal(r.stats.unreadable, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_say_what_they_are_of),
		cmocka_unit_test(objects_without_an_indicator_are_counted),
		cmocka_unit_test(an_entry_of_a_week_ago_is_the_oldest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
