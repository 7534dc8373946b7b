/* test_dialect_last.c -- every key that the last Kalipso reads, and that nothing in them ends it. */
#include "tests/support/hostile_text.h"
#include "tests/support/kalipso_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct dialect dialect_last;

static void
a_window_has_every_key_that_is_read(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.own = &r->host;
	r->target.own_count = 1;
	kalipso_sample(r, "a.example");
	kalipso_sample_write(r, &dialect_last);
	assert_int_not_equal(kalipso_rig_find(r, "SADD", "hostIP", "192.168.2.12"), 0);
	assert_int_not_equal(kalipso_rig_find(r, "SADD", "profiles", "profile_192.168.2.12"), 0);
	size_t tws = kalipso_rig_find(r, "ZADD", "twsprofile_192.168.2.12", "1602075600.000000");
	assert_int_not_equal(tws, 0);
	assert_string_equal(r->commands[tws - 1].argv[3], "timewindow1");
	assert_int_not_equal(kalipso_rig_find(r, "ZADD", sample_timeline, "1602075620.000000"), 0);
	assert_string_equal(kalipso_rig_field(r, 0, "BlockedProfTW", "profile_192.168.2.12"),
		"[\"timewindow1\"]");
	assert_string_equal(
		kalipso_rig_field(r, 0, "profile_192.168.2.12", "host_name"), "a.example");
	assert_non_null(kalipso_rig_field(r, 1, "IPsInfo", "192.168.2.12"));
	assert_non_null(kalipso_rig_field(r, 1, "IPsInfo", "203.0.113.99"));
	assert_non_null(kalipso_rig_field(r, 0, sample_hash, "DstPortsServerTCPNotEstablished"));
	assert_null(kalipso_rig_field(r, 0, sample_hash, "dstPortsServerTCPNotEstablished"));
	assert_string_equal(kalipso_rig_field(r, 0, sample_hash, "Evidence"),
		kalipso_rig_field(r, 0, "evidenceprofile_192.168.2.12", "timewindow1"));
	json_t *out = kalipso_rig_read(r, kalipso_rig_field(r, 0, sample_hash, "OutTuples"));
	assert_non_null(json_object_get(out, "203.0.113.99-80-tcp"));
	json_t *in = kalipso_rig_read(r, kalipso_rig_field(r, 0, sample_hash, "InTuples"));
	assert_non_null(json_object_get(in, "203.0.113.200-23-tcp"));
	kalipso_rig_free(r);
}

static void
a_line_of_the_timeline_is_that_of_the_last_generation(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample(r, "{b}");
	kalipso_sample_write(r, &dialect_last);
	size_t at = kalipso_rig_find(r, "ZADD", sample_timeline, NULL);
	json_t *line = kalipso_rig_read(r, r->commands[at - 1].argv[3]);
	assert_string_equal(json_string_value(json_object_get(line, "timestamp")),
		"2020/10/07 13:00:20.000000");
	assert_true(json_is_object(json_object_get(line, "info")));
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(line, "info"), "UA")), "(b)");
	kalipso_rig_free(r);
}

/* The window's keys come before those that the tree is made of, and all of them stay in one database. */
static void
a_window_is_complete_before_it_is_visible(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 99), 80, IPPROTO_TCP, ROLE_CLIENT, true);
	kalipso_rig_tell(r, 1);
	struct mirror_window *w = mirror_next_window(r->target.mirror, 0);
	dialect_last.before_window(&r->target, w);
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "192.168.2.12"), "{}");
	kalipso_rig_forget(r);
	dialect_last.window(&r->target, w);
	for (size_t i = 0; i < r->command_count; i++)
		assert_int_equal(r->commands[i].db, 0);
	size_t tws = kalipso_rig_find(r, "ZADD", "twsprofile_192.168.2.12", NULL);
	assert_int_equal(tws, r->command_count - 3);
	assert_int_equal(kalipso_rig_find(r, "SADD", "profiles", NULL), r->command_count - 1);
	kalipso_rig_free(r);
}

static void
every_key_of_a_window_expires(void **state)
{
	static const char *const keys[] = { "profile_192.168.2.12_timewindow1",
		"profile_192.168.2.12_timewindow1_timeline", "twsprofile_192.168.2.12", "profiles",
		"evidenceprofile_192.168.2.12", "profile_192.168.2.12", "BlockedProfTW", "IPsInfo",
		"DNSresolution" };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample(r, "a.example");
	kalipso_sample_write(r, &dialect_last);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_int_not_equal(kalipso_rig_find(r, "EXPIRE", keys[i], "3600"), 0);
	kalipso_rig_free(r);
}

static void
a_whole_window_is_emptied_first_and_another_is_not(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample(r, "a.example");
	kalipso_rig_write(r, &dialect_last);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_timeline, NULL), 1);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_hash, NULL), 2);
	assert_int_equal(
		kalipso_rig_find(r, "HDEL", "evidenceprofile_192.168.2.12", "timewindow1"), 4);
	kalipso_rig_forget(r);
	kalipso_sample_line(r, 1, "b.example");
	kalipso_rig_write(r, &dialect_last);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_timeline, NULL), 0);
	assert_int_not_equal(kalipso_rig_find(r, "ZADD", sample_timeline, NULL), 0);
	kalipso_rig_free(r);
}

static void
a_window_without_findings_has_no_evidence_and_is_not_blocked(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_tell(r, 1);
	kalipso_rig_write(r, &dialect_last);
	assert_null(kalipso_rig_field(r, 0, sample_hash, "Evidence"));
	assert_null(kalipso_rig_field(r, 0, "evidenceprofile_192.168.2.12", "timewindow1"));
	assert_null(kalipso_rig_field(r, 0, "BlockedProfTW", "profile_192.168.2.12"));
	assert_string_equal(kalipso_rig_field(r, 0, sample_hash, "OutTuples"), "{}");
	assert_string_equal(kalipso_rig_field(r, 0, "profile_192.168.2.12", "host_name"), "");
	kalipso_rig_free(r);
}

static void
all_windows_with_alerts_are_blocked(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample_alert(r, 1);
	kalipso_sample_finding(r, 2, "a");
	kalipso_sample_alert(r, 3);
	for (int i = 0; i < 3; i++)
		kalipso_rig_write(r, &dialect_last);
	assert_string_equal(kalipso_rig_field(r, 0, "BlockedProfTW", "profile_192.168.2.12"),
		"[\"timewindow1\",\"timewindow3\"]");
	kalipso_rig_free(r);
}

static void
a_host_is_called_what_it_calls_itself(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	const struct record_address a = { .addr = r->host,
		.names = { { .text = "camera", .source = "dhcp" } },
		.name_count = 1 };

	(void)state;
	kalipso_rig_take(r, RECORD_ADDRESS, &a);
	kalipso_rig_tell(r, 1);
	kalipso_rig_write(r, &dialect_last);
	assert_string_equal(kalipso_rig_field(r, 0, "profile_192.168.2.12", "host_name"), "camera");
	kalipso_rig_free(r);
}

/* A resolution serves both pages: that of out-tuples and that of in-tuples. */
static void
names_are_an_object_and_a_list(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample(r, "a.example");
	kalipso_sample_write(r, &dialect_last);
	assert_string_equal(kalipso_rig_field(r, 0, "DNSresolution", "203.0.113.99"),
		"{\"domains\":[\"a.example\"],\"0\":\"a.example\",\"length\":1,\"ts\":1602075600.000000,"
		"\"uid\":\"\",\"resolved-by\":[\"192.168.2.1\"],\"timewindows\":"
		"[\"profile_192.168.2.12_timewindow1\"]}");
	kalipso_rig_free(r);
}

static void
a_window_that_is_gone_leaves_the_profile(void **state)
{
	const struct mirror_gone gone = { .host = addr_v4(192, 168, 2, 12), .number = 1 };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample_alert(r, 2);
	dialect_last.gone(&r->target, &gone);
	assert_int_equal(kalipso_rig_find(r, "ZREM", "twsprofile_192.168.2.12", "timewindow1"), 1);
	assert_int_equal(
		kalipso_rig_find(r, "HDEL", "evidenceprofile_192.168.2.12", "timewindow1"), 2);
	assert_string_equal(kalipso_rig_field(r, 0, "BlockedProfTW", "profile_192.168.2.12"),
		"[\"timewindow2\"]");
	assert_int_not_equal(kalipso_rig_find(r, "DEL", sample_hash, NULL), 0);
	assert_int_not_equal(kalipso_rig_find(r, "DEL", sample_timeline, NULL), 0);
	assert_int_equal(kalipso_rig_find(r, "SREM", "profiles", NULL), 0);
	kalipso_rig_free(r);
}

static void
the_last_window_takes_the_profile_with_it(void **state)
{
	const struct mirror_gone gone = {
		.host = addr_v4(192, 168, 2, 12), .number = 1, .last_of_host = true
	};
	static const char *const keys[] = { "twsprofile_192.168.2.12",
		"evidenceprofile_192.168.2.12", "profile_192.168.2.12",
		"profile_192.168.2.12_timewindow1", "profile_192.168.2.12_timewindow1_timeline" };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	dialect_last.gone(&r->target, &gone);
	assert_int_equal(kalipso_rig_find(r, "SREM", "profiles", "profile_192.168.2.12"), 1);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		assert_int_not_equal(kalipso_rig_find(r, "DEL", keys[i], NULL), 0);
	assert_int_not_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.12"), 0);
	assert_int_not_equal(
		kalipso_rig_find(r, "HDEL", "BlockedProfTW", "profile_192.168.2.12"), 0);
	kalipso_rig_free(r);
}

static void
an_address_that_is_gone_is_removed(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	dialect_last.gone_address(&r->target, &r->host);
	assert_int_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.12"), 1);
	assert_int_equal(r->commands[0].db, 1);
	kalipso_rig_free(r);
}

/* kalipso.md 5.2 */
static void
nothing_that_ends_the_ui_is_written(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	const char *key;
	json_t *value;

	(void)state;
	kalipso_sample(r, "a.example");
	kalipso_sample_write(r, &dialect_last);
	assert_null(kalipso_rig_field(r, 0, "BlockedProfTW", "192.168.2.12"));
	json_t *root = kalipso_rig_read(r, kalipso_rig_field(r, 0, sample_hash, "Evidence"));
	json_object_foreach(root, key, value)
	{
		json_t *inner = json_loads(json_string_value(value), 0, NULL);
		assert_true(json_is_object(inner));
		json_decref(inner);
	}
	root = kalipso_rig_read(r, kalipso_rig_field(r, 1, "IPsInfo", "203.0.113.99"));
	assert_true(json_is_string(json_object_get(json_object_get(root, "asn"), "asnorg")));
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
		kalipso_sample_write(r, &dialect_last);
		kalipso_sample_harmless(r);
		kalipso_rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_every_key_that_is_read),
		cmocka_unit_test(a_line_of_the_timeline_is_that_of_the_last_generation),
		cmocka_unit_test(a_window_is_complete_before_it_is_visible),
		cmocka_unit_test(every_key_of_a_window_expires),
		cmocka_unit_test(a_whole_window_is_emptied_first_and_another_is_not),
		cmocka_unit_test(a_window_without_findings_has_no_evidence_and_is_not_blocked),
		cmocka_unit_test(all_windows_with_alerts_are_blocked),
		cmocka_unit_test(a_host_is_called_what_it_calls_itself),
		cmocka_unit_test(names_are_an_object_and_a_list),
		cmocka_unit_test(a_window_that_is_gone_leaves_the_profile),
		cmocka_unit_test(the_last_window_takes_the_profile_with_it),
		cmocka_unit_test(an_address_that_is_gone_is_removed),
		cmocka_unit_test(nothing_that_ends_the_ui_is_written),
		cmocka_unit_test(hostile_names_are_harmless_in_every_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
