/* test_kalipso_window.c -- the hash and the lines of a window: which fields, in how many commands, how many lines. */
#include "exporters/kalipso/kalipso_window.h"
#include "tests/support/kalipso_rig.h"
#include "tests/support/timeline_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char hash[] = "profile_192.168.2.12_timewindow1";
static const char timeline[] = "profile_192.168.2.12_timewindow1_timeline";

static void
put_one(struct strbuf *out, const struct record_timeline *t)
{
	strbuf_text(out, "{\"{\":\"");
	strbuf_u64(out, t->flow->resp_port);
	strbuf_text(out, "\"}");
}

static void
put_another(struct strbuf *out, const struct record_timeline *t)
{
	if (t->flow->resp_port % 2 == 0)
		put_one(out, t);
}

static void
put_too_much(struct strbuf *out, const struct record_timeline *t)
{
	put_one(out, t);
	while (!out->truncated)
		strbuf_text(out, "much");
}

static const struct kalipso_lines sorted = { .command = "ZADD", .put = put_one, .is_sorted = true };
static const struct kalipso_lines listed = {
	.command = "RPUSH", .put = put_one, .put_more = put_another
};
static const struct kalipso_lines long_lines = { .command = "RPUSH", .put = put_too_much };

static void
tell_lines(struct kalipso_rig *r, unsigned count)
{
	struct timeline_sample s;

	timeline_sample_init(&s);
	s.record.host = r->host;
	s.record.window = kalipso_rig_window(1);
	for (unsigned i = 0; i < count; i++) {
		s.flow.start_ns += NS_PER_S;
		s.flow.resp_port = (uint16_t)i;
		kalipso_rig_take(r, RECORD_TIMELINE, &s.record);
	}
}

static struct mirror_window *
next(struct kalipso_rig *r)
{
	struct mirror_window *w = mirror_next_window(r->target.mirror, 0);

	assert_non_null(w);
	return w;
}

/* returns arguments of all commands of that name on a key, behind the key */
static size_t
arguments(const struct kalipso_rig *r, const char *name, const char *key)
{
	size_t count = 0;

	for (size_t i = 0; i < r->command_count; i++)
		if (strcmp(r->commands[i].argv[0], name) == 0 &&
			strcmp(r->commands[i].argv[1], key) == 0)
			count += r->commands[i].argc - 2;
	return count;
}

static void
a_window_has_the_tables_that_a_ui_reads(void **state)
{
	static const struct kalipso_form form = { .server_ports = "dstPortsServer",
		.separator = '-' };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 1), 80, IPPROTO_TCP, ROLE_CLIENT, true);
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 2), 53, IPPROTO_UDP, ROLE_CLIENT, false);
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 3), 22, IPPROTO_TCP, ROLE_SERVER, true);
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 4), 8, IPPROTO_ICMP, ROLE_CLIENT, true);
	kalipso_rig_tell(r, 1);
	kalipso_fields(&r->target, next(r), &form);
	static const char *const there[] = { "OutTuples", "InTuples",
		"SrcPortsClientTCPEstablished", "DstIPsClientTCPEstablished",
		"DstPortsClientTCPEstablished", "SrcPortsClientUDPNotEstablished",
		"DstIPsClientUDPNotEstablished", "DstPortsClientUDPNotEstablished",
		"DstPortsServerTCPEstablished", "dstPortsServerTCPEstablished" };
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		assert_non_null(kalipso_rig_field(r, 0, hash, there[i]));
	/* What has two names ends a command; what naiad knows, and that it vanishes, are two more. */
	assert_int_equal(r->command_count, 5);
	assert_int_equal(arguments(r, "HSET", hash), 2 * sizeof(there) / sizeof(there[0]));
	assert_string_equal(kalipso_rig_field(r, 0, hash, "dstPortsServerTCPEstablished"),
		kalipso_rig_field(r, 0, hash, "DstPortsServerTCPEstablished"));
	kalipso_rig_free(r);
}

static void
what_is_left_out_is_counted_once(void **state)
{
	static const struct kalipso_form form = { .server_ports = "dstPortsServer",
		.separator = '-' };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.tuples_max = 1;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 3), 22, IPPROTO_TCP, ROLE_SERVER, true);
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 3), 23, IPPROTO_TCP, ROLE_SERVER, true);
	kalipso_rig_tell(r, 1);
	kalipso_fields(&r->target, next(r), &form);
	assert_int_equal(r->target.left_out, 2); /* a tuple and a row */
	kalipso_rig_free(r);
}

static void
a_window_of_which_no_tuples_are_told_has_none(void **state)
{
	static const struct kalipso_form form = { .separator = ':' };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	tell_lines(r, 1);
	kalipso_fields(&r->target, next(r), &form);
	assert_int_equal(kalipso_rig_find(r, "HSETNX", hash, "OutTuples"), 1);
	assert_string_equal(kalipso_rig_field(r, 0, hash, "OutTuples"), "{}");
	kalipso_rig_free(r);
}

/* Tables that one command has no room for: each command is whole, and all fields are there. */
static void
large_windows_take_more_than_one_command(void **state)
{
	static const struct kalipso_form form = { .parts = KALIPSO_OBJECTS, .separator = '-' };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.tuples_max = 6000;
	for (unsigned i = 0; i < 6000; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, (uint8_t)(i >> 8), (uint8_t)i), 23, IPPROTO_TCP,
			ROLE_CLIENT, i % 2 == 0);
	kalipso_rig_tell(r, 1);
	kalipso_fields(&r->target, next(r), &form);
	assert_true(r->command_count > 1);
	assert_int_equal(r->command.left_out, 0);
	assert_int_equal(r->target.left_out, 0);
	json_t *root = kalipso_rig_read(r, kalipso_rig_field(r, 0, hash, "OutTuples"));
	assert_int_equal(json_object_size(root), 6000);
	root = kalipso_rig_read(
		r, kalipso_rig_field(r, 0, hash, "DstPortsClientTCPNotEstablished"));
	root = json_object_get(json_object_get(root, "23"), "dstips");
	assert_int_equal(json_object_size(root), 3000);
	assert_non_null(kalipso_rig_field(r, 0, hash, "SrcPortsClientTCPEstablished"));
	kalipso_rig_free(r);
}

static void
lines_are_told_once(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	tell_lines(r, 3);
	struct mirror_window *w = next(r);
	kalipso_timeline(&r->target, w, &sorted);
	assert_int_equal(arguments(r, "ZADD", timeline), 6);
	assert_string_equal(r->commands[0].argv[2], "1571784317.123456");
	assert_string_equal(r->commands[0].argv[3], "{\"(\":\"0\"}");
	mirror_window_told(w, 0);
	kalipso_rig_forget(r);
	tell_lines(r, 1);
	kalipso_timeline(&r->target, next(r), &sorted);
	assert_int_equal(arguments(r, "ZADD", timeline), 2);
	kalipso_rig_free(r);
}

static void
a_window_without_new_lines_tells_none(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_tell(r, 1);
	kalipso_timeline(&r->target, next(r), &sorted);
	assert_int_equal(r->command_count, 0);
	kalipso_rig_free(r);
}

static void
a_list_may_have_a_second_entry_for_a_line(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	tell_lines(r, 3);
	kalipso_timeline(&r->target, next(r), &listed);
	assert_int_equal(arguments(r, "RPUSH", timeline), 5);
	assert_string_equal(r->commands[0].argv[3], r->commands[0].argv[2]);
	kalipso_rig_free(r);
}

/* They come as they end. */
static void
lines_of_a_list_that_are_told_together_are_in_the_order_of_their_begin(void **state)
{
	static const struct kalipso_lines list = { .command = "RPUSH", .put = put_one };
	static const uint16_t begins_s[] = { 7, 2, 5, 3 };
	struct kalipso_rig *r = kalipso_rig_new();
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.host = r->host;
	s.record.window = kalipso_rig_window(1);
	for (unsigned i = 0; i < 8; i++) {
		s.flow.resp_port = begins_s[i / 2]; /* two at each moment, told as they came */
		s.flow.start_ns = s.flow.resp_port * NS_PER_S;
		s.flow.resp_port = (uint16_t)(10 * s.flow.resp_port + i % 2);
		kalipso_rig_take(r, RECORD_TIMELINE, &s.record);
	}
	struct mirror_window *w = next(r);
	kalipso_timeline(&r->target, w, &list);
	mirror_window_told(w, 0);
	static const char *const places[] = { "20", "21", "30", "31", "50", "51", "70", "71" };
	for (unsigned i = 0; i < 8; i++)
		assert_non_null(strstr(r->commands[0].argv[2 + i], places[i]));
	kalipso_rig_forget(r);

	/* One that began earlier and was told later comes behind them: nobody's page moves. */
	s.flow.resp_port = 1;
	s.flow.start_ns = NS_PER_S;
	kalipso_rig_take(r, RECORD_TIMELINE, &s.record);
	kalipso_timeline(&r->target, next(r), &list);
	assert_string_equal(r->commands[0].argv[0], "RPUSH");
	assert_int_equal(r->commands[0].argc, 3);
	kalipso_rig_free(r);
}

static void
the_newest_lines_are_kept(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.timeline_max = 5;
	tell_lines(r, 6);
	kalipso_timeline(&r->target, next(r), &sorted);
	assert_int_equal(arguments(r, "ZADD", timeline), 10);
	assert_string_equal(r->commands[0].argv[3], "{\"(\":\"1\"}");
	size_t at = kalipso_rig_find(r, "ZREMRANGEBYRANK", timeline, "0");
	assert_int_equal(at, 2);
	assert_string_equal(r->commands[at - 1].argv[3], "-6");
	kalipso_rig_free(r);

	r = kalipso_rig_new();
	r->target.timeline_max = 5;
	tell_lines(r, 6);
	kalipso_timeline(&r->target, next(r), &listed);
	at = kalipso_rig_find(r, "LTRIM", timeline, "-5");
	assert_int_equal(at, 2);
	assert_string_equal(r->commands[at - 1].argv[3], "-1");
	kalipso_rig_free(r);
}

/* Of three lines there may be six entries. */
static void
a_list_is_cut_as_soon_as_it_may_be_too_long(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.timeline_max = 6;
	tell_lines(r, 3);
	kalipso_timeline(&r->target, next(r), &listed);
	assert_int_equal(kalipso_rig_find(r, "LTRIM", timeline, NULL), 0);
	r->target.timeline_max = 5;
	mirror_restart(r->target.mirror, 0);
	kalipso_timeline(&r->target, next(r), &listed);
	assert_int_not_equal(kalipso_rig_find(r, "LTRIM", timeline, NULL), 0);
	kalipso_rig_free(r);
}

/* More than the arguments of one. */
static void
many_lines_take_more_than_one_command(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (int i = 0; i < 5; i++) {
		tell_lines(r, 60);
	}
	r->target.timeline_max = 1000;
	kalipso_timeline(&r->target, next(r), &sorted);
	/* the mirror keeps 64 of them */
	assert_int_equal(arguments(r, "ZADD", timeline), 128);
	assert_int_equal(r->command.left_out, 0);
	kalipso_rig_free(r);
}

static void
a_line_that_is_too_long_is_left_out_and_counted(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	tell_lines(r, 3);
	kalipso_timeline(&r->target, next(r), &long_lines);
	assert_int_equal(r->command_count, 0);
	assert_int_equal(r->target.left_out, 3);
	kalipso_rig_free(r);
}

static void
keys_live_as_long_as_was_asked_for(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_tell(r, 1);
	struct mirror_window *w = next(r);
	kalipso_expire_window(&r->target, w);
	assert_int_equal(r->command_count, 2); /* no address is known to be our own */
	kalipso_rig_forget(r);
	r->target.own = &r->host;
	r->target.own_count = 1;
	kalipso_expire_window(&r->target, w);
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", hash, "3600"), 1);
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", timeline, "3600"), 2);
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", "hostIP", "3600"), 3);
	kalipso_rig_forget(r);
	r->target.ttl_s = 0;
	kalipso_expire(&r->target, 0, "profiles");
	assert_int_equal(r->command_count, 0);
	kalipso_rig_free(r);
}

static void
a_profile_of_which_nothing_is_known_has_an_entry_all_the_same(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	const struct record_address known = { .addr = r->host };
	const struct mirror_window window = { .host = r->host };

	(void)state;
	kalipso_profile_info(&r->target, &window);
	assert_int_equal(kalipso_rig_find(r, "HSETNX", "IPsInfo", "192.168.2.12"), 1);
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "192.168.2.12"), "{}");
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", "IPsInfo", "3600"), 2);
	kalipso_profile_info_gone(&r->target, &r->host);
	assert_int_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.12"), 3);
	kalipso_rig_take(r, RECORD_ADDRESS, &known);
	kalipso_profile_info(&r->target, &window);
	assert_int_equal(r->command_count, 3);
	kalipso_profile_info_gone(&r->target, &r->host); /* it is due, and may never be told */
	assert_int_equal(r->command_count, 4);
	assert_non_null(mirror_next_address(r->target.mirror, 0));
	kalipso_profile_info_gone(&r->target, &r->host);
	assert_int_equal(r->command_count, 4);
	kalipso_rig_free(r);
}

static void
own_addresses_are_a_set_or_the_first_of_them(void **state)
{
	const struct addr own[] = { addr_v4(192, 168, 2, 12), addr_v4(192, 168, 2, 13) };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_own(&r->target, false);
	assert_int_equal(r->command_count, 1); /* what an earlier run said */
	r->target.own = own;
	r->target.own_count = 2;
	kalipso_own(&r->target, false);
	assert_int_not_equal(kalipso_rig_find(r, "SADD", "hostIP", "192.168.2.13"), 0);
	kalipso_rig_forget(r);
	kalipso_own(&r->target, true);
	assert_int_equal(kalipso_rig_find(r, "DEL", "hostIP", NULL), 1);
	assert_int_equal(kalipso_rig_find(r, "SET", "hostIP", "192.168.2.12"), 2);
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", "hostIP", NULL), 3);
	assert_int_equal(r->command_count, 3);
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_the_tables_that_a_ui_reads),
		cmocka_unit_test(what_is_left_out_is_counted_once),
		cmocka_unit_test(a_window_of_which_no_tuples_are_told_has_none),
		cmocka_unit_test(large_windows_take_more_than_one_command),
		cmocka_unit_test(lines_are_told_once),
		cmocka_unit_test(a_window_without_new_lines_tells_none),
		cmocka_unit_test(a_list_may_have_a_second_entry_for_a_line),
		cmocka_unit_test(
			lines_of_a_list_that_are_told_together_are_in_the_order_of_their_begin),
		cmocka_unit_test(the_newest_lines_are_kept),
		cmocka_unit_test(a_list_is_cut_as_soon_as_it_may_be_too_long),
		cmocka_unit_test(many_lines_take_more_than_one_command),
		cmocka_unit_test(a_line_that_is_too_long_is_left_out_and_counted),
		cmocka_unit_test(keys_live_as_long_as_was_asked_for),
		cmocka_unit_test(a_profile_of_which_nothing_is_known_has_an_entry_all_the_same),
		cmocka_unit_test(own_addresses_are_a_set_or_the_first_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
