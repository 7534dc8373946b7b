/* test_kalipso_early.c -- what the Kalipsos of the talk and of 2020 read alike of a window. */
#include "exporters/kalipso/kalipso_early.h"
#include "exporters/timeline_json.h"
#include "tests/support/kalipso_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct kalipso_lines lines = {
	.command = "ZADD", .put = timeline_json_2020, .is_sorted = true
};

static void
a_window_is_visible_when_it_is_complete(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample(r, "a.example");
	kalipso_early_window(&r->target, mirror_next_window(r->target.mirror, 0), &lines);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_timeline, NULL), 1);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_hash, NULL), 2);
	size_t at = kalipso_rig_find(r, "ZADD", sample_timeline, NULL);
	for (size_t i = at; i < r->command_count; i++)
		assert_string_equal(r->commands[i].argv[0], "EXPIRE");
	assert_int_equal(r->command_count - at, 2);
	kalipso_rig_free(r);
}

static void
fields_are_those_of_slips(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample(r, "a.example");
	kalipso_early_window(&r->target, mirror_next_window(r->target.mirror, 0), &lines);
	json_t *out = kalipso_rig_read(r, kalipso_rig_field(r, 0, sample_hash, "OutTuples"));
	assert_non_null(json_object_get(out, "203.0.113.99:80:tcp"));
	assert_non_null(kalipso_rig_field(r, 0, sample_hash, "dstPortsServerTCPNotEstablished"));
	assert_non_null(kalipso_rig_field(r, 0, sample_hash, "DstPortsServerTCPNotEstablished"));
	json_t *ports = kalipso_rig_read(
		r, kalipso_rig_field(r, 0, sample_hash, "DstPortsClientTCPEstablished"));
	assert_true(json_is_integer(json_object_get(
		json_object_get(json_object_get(ports, "80"), "dstips"), "203.0.113.99")));
	assert_string_equal(kalipso_rig_field(r, 0, sample_hash, "Evidence"),
		"{\"dport:23:HORIZONTAL_PORT_SCAN\":[0.300,\"high\",\"a.example\"]}");
	assert_int_not_equal(kalipso_rig_find(r, "SADD", "BlockedProfTW", sample_hash), 0);
	assert_int_not_equal(kalipso_rig_find(r, "EXPIRE", "BlockedProfTW", NULL), 0);
	kalipso_rig_free(r);
}

static void
a_quiet_window_is_not_blocked_and_is_there_all_the_same(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_tell(r, 1);
	kalipso_early_window(&r->target, mirror_next_window(r->target.mirror, 0), &lines);
	assert_int_equal(kalipso_rig_find(r, "SADD", "BlockedProfTW", NULL), 0);
	assert_null(kalipso_rig_field(r, 0, sample_hash, "Evidence"));
	assert_string_equal(kalipso_rig_field(r, 0, sample_hash, "OutTuples"), "{}");
	kalipso_rig_free(r);
}

static void
a_window_that_is_gone_is_not_blocked_either(void **state)
{
	struct mirror_gone gone = { .host = addr_v4(192, 168, 2, 12), .number = 1 };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_early_gone(&r->target, &gone);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_timeline, NULL), 1);
	assert_int_equal(kalipso_rig_find(r, "DEL", sample_hash, NULL), 2);
	assert_int_equal(kalipso_rig_find(r, "HDEL", "naiad:windows", "192.168.2.12 1"), 3);
	assert_int_equal(kalipso_rig_find(r, "SREM", "BlockedProfTW", sample_hash), 4);
	assert_int_equal(r->command_count, 4);
	gone.last_of_host = true;
	kalipso_early_gone(&r->target, &gone);
	assert_int_not_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.12"), 0);
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_is_visible_when_it_is_complete),
		cmocka_unit_test(fields_are_those_of_slips),
		cmocka_unit_test(a_quiet_window_is_not_blocked_and_is_there_all_the_same),
		cmocka_unit_test(a_window_that_is_gone_is_not_blocked_either),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
