/* test_dialect_talk.c -- every key that the Kalipso of the talk reads, and that nothing in them ends it. */
#include "tests/support/hostile_text.h"
#include "tests/support/kalipso_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct dialect dialect_talk;

/* It knows one database only. */
static struct kalipso_rig *
rig_new(void)
{
	struct kalipso_rig *r = kalipso_rig_new();

	r->target.cache_db = r->target.db;
	return r;
}

static void
a_window_has_every_key_that_is_read(void **state)
{
	struct kalipso_rig *r = rig_new();

	(void)state;
	r->target.own = &r->host;
	r->target.own_count = 1;
	kalipso_sample(r, "a.example");
	kalipso_sample_write(r, &dialect_talk);
	assert_string_equal(dialect_talk.name, "talk");
	assert_int_not_equal(kalipso_rig_find(r, "SET", "hostIP", "192.168.2.12"), 0);
	assert_int_not_equal(kalipso_rig_find(r, "RPUSH", sample_timeline, NULL), 0);
	assert_int_not_equal(kalipso_rig_find(r, "SADD", "BlockedProfTW", sample_hash), 0);
	assert_string_equal(kalipso_rig_field(r, 0, "DNSresolution", "203.0.113.99"), "a.example");
	kalipso_rig_free(r);
}

/* The UI knows the first only. */
static void
everything_is_in_one_database(void **state)
{
	const struct mirror_gone gone = {
		.host = addr_v4(192, 168, 2, 13), .number = 1, .last_of_host = true
	};
	struct kalipso_rig *r = rig_new();

	(void)state;
	kalipso_sample(r, "a.example");
	kalipso_sample_write(r, &dialect_talk);
	dialect_talk.gone(&r->target, &gone);
	dialect_talk.gone_address(&r->target, &r->host);
	for (size_t i = 0; i < r->command_count; i++)
		assert_int_equal(r->commands[i].db, 0);
	assert_string_equal(kalipso_rig_field(r, 0, "IPsInfo", "203.0.113.99"),
		"{\"asn\":\"AS64498 a.example\",\"geocountry\":\"Netherlands\"}");
	assert_int_not_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.13"), 0);
	assert_string_equal(kalipso_rig_field(r, 0, "IPsInfo", "192.168.2.12"), "{}");
	kalipso_rig_free(r);
}

static void
what_http_said_is_an_entry_of_its_own_without_a_time(void **state)
{
	struct kalipso_rig *r = rig_new();

	(void)state;
	kalipso_sample(r, "{b}");
	kalipso_sample_write(r, &dialect_talk);
	size_t at = kalipso_rig_find(r, "RPUSH", sample_timeline, NULL);
	assert_int_equal(r->commands[at - 1].argc, 4);
	json_t *line = kalipso_rig_read(r, r->commands[at - 1].argv[2]);
	assert_string_equal(json_string_value(json_object_get(line, "timestamp")),
		"2020/10/07 13:00:20.000000");
	assert_null(json_object_get(line, "http_data"));
	line = kalipso_rig_read(r, r->commands[at - 1].argv[3]);
	assert_null(json_object_get(line, "timestamp"));
	assert_string_equal(json_string_value(json_object_get(line, "UA")), "(b)");
	kalipso_rig_free(r);
}

static void
a_profile_of_which_nothing_is_known_has_an_entry(void **state)
{
	struct kalipso_rig *r = rig_new();

	(void)state;
	kalipso_rig_tell(r, 1);
	kalipso_rig_write(r, &dialect_talk);
	assert_string_equal(kalipso_rig_field(r, 0, "IPsInfo", "192.168.2.12"), "{}");
	assert_string_equal(kalipso_rig_field(r, 0, sample_hash, "OutTuples"), "{}");
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
		struct kalipso_rig *r = rig_new();

		hostile_text(i, sizeof(text), text);
		kalipso_sample(r, i == 0 ? long_name : text);
		kalipso_sample_write(r, &dialect_talk);
		kalipso_sample_harmless(r);
		kalipso_rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_every_key_that_is_read),
		cmocka_unit_test(everything_is_in_one_database),
		cmocka_unit_test(what_http_said_is_an_entry_of_its_own_without_a_time),
		cmocka_unit_test(a_profile_of_which_nothing_is_known_has_an_entry),
		cmocka_unit_test(hostile_names_are_harmless_in_every_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
