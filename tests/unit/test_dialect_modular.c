/* test_dialect_modular.c -- every key that the Kalipso of 2020 reads, and that nothing in them ends it. */
#include "tests/support/hostile_text.h"
#include "tests/support/kalipso_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct dialect dialect_modular;

static void
a_window_has_every_key_that_is_read(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.own = &r->host;
	r->target.own_count = 1;
	kalipso_sample(r, "a.example");
	kalipso_sample_write(r, &dialect_modular);
	assert_string_equal(dialect_modular.name, "2020");
	assert_int_not_equal(kalipso_rig_find(r, "SADD", "hostIP", "192.168.2.12"), 0);
	assert_int_not_equal(kalipso_rig_find(r, "ZADD", sample_timeline, "1602075620.000000"), 0);
	assert_int_not_equal(kalipso_rig_find(r, "SADD", "BlockedProfTW", sample_hash), 0);
	assert_string_equal(
		kalipso_rig_field(r, 0, "DNSresolution", "203.0.113.99"), "[\"a.example\"]");
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "203.0.113.99"),
		"{\"asn\":\"AS64498 a.example\",\"geocountry\":\"Netherlands\"}");
	kalipso_rig_free(r);
}

static void
what_http_said_is_an_object_of_the_line(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample(r, "{b}");
	kalipso_sample_write(r, &dialect_modular);
	size_t at = kalipso_rig_find(r, "ZADD", sample_timeline, NULL);
	json_t *line = kalipso_rig_read(r, r->commands[at - 1].argv[3]);
	assert_string_equal(json_string_value(json_object_get(line, "timestamp")),
		"2020/10/07 13:00:20.000000");
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(line, "http_data"), "UA")),
		"(b)");
	kalipso_rig_free(r);
}

/* kalipso.md 5.3; the window's own commands stay in one database. */
static void
nothing_that_ends_the_ui_is_written(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 99), 80, IPPROTO_TCP, ROLE_CLIENT, true);
	kalipso_rig_tell(r, 1);
	struct mirror_window *w = mirror_next_window(r->target.mirror, 0);
	dialect_modular.before_window(&r->target, w);
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "192.168.2.12"), "{}");
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "203.0.113.99"), "{}");
	kalipso_rig_forget(r);
	dialect_modular.window(&r->target, w);
	for (size_t i = 0; i < r->command_count; i++) {
		assert_int_equal(r->commands[i].db, 0);
		assert_true(strstr(r->commands[i].argv[1], "timeline") == NULL ||
			    strcmp(r->commands[i].argv[1], sample_timeline) == 0);
	}
	kalipso_rig_free(r);
}

static void
what_is_gone_is_removed(void **state)
{
	const struct mirror_gone gone = {
		.host = addr_v4(192, 168, 2, 12), .number = 1, .last_of_host = true
	};
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	dialect_modular.gone(&r->target, &gone);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_timeline, NULL), 1);
	size_t at = kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.12");
	assert_int_equal(r->commands[at - 1].db, 1);
	kalipso_rig_forget(r);
	dialect_modular.gone_address(&r->target, &r->host);
	assert_int_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.12"), 1);
	assert_int_equal(r->commands[0].db, 1);
	kalipso_rig_free(r);
}

static void
hostile_names_are_harmless_in_every_value(void **state)
{
	static char long_name[10 * 1024];
	char text[HOSTILE_TEXT_MAX];

	(void)state;
	memset(long_name, '{', sizeof(long_name) - 1);
	for (unsigned i = 0; i < 60; i++) {
		struct kalipso_rig *r = kalipso_rig_new();

		hostile_text(i, sizeof(text), text);
		kalipso_sample(r, i == 0 ? long_name : text);
		kalipso_sample_write(r, &dialect_modular);
		kalipso_sample_harmless(r);
		kalipso_rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_every_key_that_is_read),
		cmocka_unit_test(what_http_said_is_an_object_of_the_line),
		cmocka_unit_test(nothing_that_ends_the_ui_is_written),
		cmocka_unit_test(what_is_gone_is_removed),
		cmocka_unit_test(hostile_names_are_harmless_in_every_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
