/* Where a Redis is. */
#include "viewer/source/source_redis_url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct source_redis_url
parsed(const char *text)
{
	struct source_redis_url u;
	const char *wrong = source_redis_url_parse(text, &u);

	if (wrong != NULL)
		fail_msg("%s: %s", text, wrong);
	return u;
}

static void
a_host_has_a_port_and_a_database(void **state)
{
	(void)state;
	struct source_redis_url u = parsed("redis://10.0.0.1:6380/3");
	assert_string_equal(u.host, "10.0.0.1");
	assert_int_equal(u.port, 6380);
	assert_int_equal(u.db, 3);
	assert_string_equal(u.password, "");
	u = parsed("redis://");
	assert_string_equal(u.host, "127.0.0.1");
	assert_int_equal(u.port, 6379);
	assert_int_equal(u.db, 0);
	u = parsed("redis://[2001:db8::1]:1/");
	assert_string_equal(u.host, "2001:db8::1");
	assert_int_equal(u.port, 1);
	assert_string_equal(parsed("redis://[::1]").host, "::1");
}

static void
a_socket_has_a_path_and_a_database(void **state)
{
	(void)state;
	struct source_redis_url u = parsed("redis+unix:///run/a%20b.sock?db=16");
	assert_string_equal(u.path, "/run/a b.sock");
	assert_string_equal(u.host, "");
	assert_int_equal(u.db, 16);
	assert_int_equal(parsed("redis+unix:///run/a").db, 0);
}

static void
who_asks_stands_before_it(void **state)
{
	(void)state;
	struct source_redis_url u = parsed("redis://me:s%3ae%40%2F@h");
	assert_string_equal(u.user, "me");
	assert_string_equal(u.password, "s:e@/");
	assert_string_equal(u.host, "h");
	u = parsed("redis+unix://secret@/run/a");
	assert_string_equal(u.user, "");
	assert_string_equal(u.password, "secret");
	assert_string_equal(u.path, "/run/a");
	assert_string_equal(parsed("redis://:p@h").password, "p");
}

static void
anything_else_is_said_to_be_wrong(void **state)
{
	static const char *const wrong[] = { "", "redis:/h", "http://h", "redis://h:0",
		"redis://h:65536", "redis://h:", "redis://h:x", "redis://h/x", "redis://h/-1",
		"redis://h/65536", "redis://h%", "redis://h%4", "redis://h%00", "redis://h%zz",
		"redis://u%g0@h", "redis://[::1", "redis://[::1]x", "redis+unix://",
		"redis+unix://a", "redis+unix:///a?db=", "redis+unix:///a?x=1",
		"redis+unix:///a%00" };
	struct source_redis_url u;
	char text[400] = "redis://";

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (source_redis_url_parse(wrong[i], &u) == NULL)
			fail_msg("%s", wrong[i]);
	memset(text + 8, 'h', SOURCE_REDIS_WORD_MAX - 1);
	assert_null(source_redis_url_parse(text, &u));
	text[8 + SOURCE_REDIS_WORD_MAX - 1] = 'h'; /* one more */
	assert_non_null(source_redis_url_parse(text, &u));
	(void)snprintf(text, sizeof(text), "redis+unix:///%0*d", SOURCE_REDIS_PATH_MAX - 2, 0);
	assert_null(source_redis_url_parse(text, &u));
	(void)snprintf(text, sizeof(text), "redis+unix:///%0*d", SOURCE_REDIS_PATH_MAX - 1, 0);
	assert_non_null(source_redis_url_parse(text, &u));
}

static void
a_path_is_no_redis(void **state)
{
	(void)state;
	assert_true(source_redis_url_is("redis://h"));
	assert_true(source_redis_url_is("redis+unix:///h"));
	assert_false(source_redis_url_is("case42/"));
	assert_false(source_redis_url_is("./redis://h"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_has_a_port_and_a_database),
		cmocka_unit_test(a_socket_has_a_path_and_a_database),
		cmocka_unit_test(who_asks_stands_before_it),
		cmocka_unit_test(anything_else_is_said_to_be_wrong),
		cmocka_unit_test(a_path_is_no_redis),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
