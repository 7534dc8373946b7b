/* test_zeek_json.c -- which log a line is of, and keys that come, go and change their order. */
#include "daemon/input/zeek_state.h"

#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/ssh.h"
#include "tests/support/input_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static int
rig_open(void **state)
{
	*state = input_rig_new(&input_zeek);
	return 0;
}

static int
rig_close(void **state)
{
	input_rig_free(*state);
	return 0;
}

#define HTTP "{\"ts\":1.5,\"uid\":\"C1\",\"method\":\"GET\",\"uri\":\"/a\",\"host\":\"h\"}"
#define DNS  "{\"ts\":1.5,\"uid\":\"C1\",\"proto\":\"udp\",\"query\":\"a\",\"qtype\":1,\"AA\":false}"
#define CONN "{\"ts\":1.5,\"uid\":\"C1\",\"proto\":\"udp\",\"conn_state\":\"SF\",\"orig_pkts\":1}"
/* How HTTP/2 begins: nothing that sip.log would not have. */
#define PRI  "{\"ts\":1.5,\"trans_depth\":1,\"method\":\"PRI\",\"uri\":\"*\",\"request_body_len\":0}"
#define LOSS "{\"ts\":1.5,\"ts_delta\":900.0,\"peer\":\"zeek\",\"gaps\":0,\"acks\":7}"

static void
several_logs_may_come_through_one_pipe(void **state)
{
	static const struct {
		const char *line, *log;
	} rows[] = { { CONN, "conn" }, { HTTP, "http" }, { HTTP, "http" }, { DNS, "dns" },
		{ CONN, "conn" }, { DNS, "dns" }, { PRI, "http" } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct input_rig *r = *state;

		assert_int_equal(input_rig_line(r, rows[i].line), 1);
		assert_string_equal(r->s.log, rows[i].log);
	}
}

static void
a_line_may_say_its_log(void **state)
{
	struct input_rig *r = *state;

	/* By its keys it is of http.log, or of sip.log. */
	assert_int_equal(
		input_rig_line(r, "{\"_path\":\"sip\",\"ts\":1.5,\"method\":\"INVITE\"}"), 1);
	assert_string_equal(r->s.log, "sip");
	assert_int_equal(
		input_rig_line(r, "{\"ts\":1.5,\"method\":\"GET\",\"_path\":\"http\"}"), 1);
	assert_string_equal(r->s.log, "http");
	assert_int_equal(input_rig_line(r, "{\"_path\":\"open_conn\",\"ts\":1.5,"
					   "\"conn_state\":\"SF\",\"orig_pkts\":1}"),
		0);
	assert_int_equal(r->s.skipped, 1);
	assert_int_equal(input_rig_line(r, CONN), 1);
}

static void
what_nobody_follows_is_skipped(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, LOSS), 0);
	assert_int_equal(input_rig_line(r, LOSS), 0);
	assert_int_equal(r->s.skipped, 2);
	assert_int_equal(r->s.unknown, 1);
	assert_int_equal(input_rig_line(r, CONN), 1);
	assert_int_equal(input_rig_line(r, LOSS), 0);
	assert_int_equal(r->s.skipped, 3);
	assert_int_equal(r->s.unknown, 2);
}

static void
keys_may_be_missing_and_stand_anywhere(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, HTTP), 1);
	assert_int_equal(
		input_rig_line(
			r, "{\"ts\":2.5,\"method\":\"PUT\",\"host\":\"i\",\"status_code\":200}"),
		1);
	assert_null(r->s.items[0].o.http->uri);
	assert_string_equal(r->s.items[0].o.http->host, "i");
	assert_int_equal(r->s.items[0].o.http->status_code, 200);
	assert_int_equal(
		input_rig_line(r, "{\"host\":\"j\",\"uri\":\"/b\",\"method\":\"GET\",\"ts\":3.5}"),
		1);
	assert_string_equal(r->s.items[0].o.http->host, "j");
	assert_string_equal(r->s.items[0].o.http->uri, "/b");
	assert_int_equal(r->s.items[0].o.http->status_code, TRANSACTION_UNSET);
}

static void
lists_and_escapes_are_read(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r, "{\"ts\":1.5,\"method\":\"GET\",\"uri\":\"/\\u00e9\\t\\\"\","
				  "\"resp_fuids\":[\"a\",\"b\\/\"],\"orig_fuids\":[],"
				  "\"proxied\":[\"c\"],\"host\":null}"),
		1);
	const struct obs_http *h = r->s.items[0].o.http;
	assert_string_equal(h->uri, "/\xc3\xa9\t\"");
	assert_int_equal(h->resp_fuids.count, 2);
	assert_string_equal(h->resp_fuids.at[1], "b/");
	assert_int_equal(h->orig_fuids.count, 0);
	assert_int_equal(h->proxied.count, 1);
	assert_null(h->host);
}

static void
times_may_be_dates(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r, "{\"ts\":\"2022-10-05T17:18:32.481000Z\",\"method\":\"GET\","
				  "\"uri\":\"/\"}"),
		1);
	assert_int_equal(r->s.items[0].o.ts_ns, UINT64_C(1664990312481000000));
}

static void
times_may_be_milliseconds(void **state)
{
	static const struct {
		const char *ts;
		uint64_t ns;
	} rows[] = { { "1664990312481", UINT64_C(1664990312481000000) },
		{ "1664990312481.25", UINT64_C(1664990312481250000) }, { "1664990312481.", 0 },
		{ "1664990312481x", 0 },
		{ "166499031248", 0 }, /* seconds of the year 7245: no time here */
		{ "1664990312.481", UINT64_C(1664990312481000000) } };
	struct input_rig *r = *state;
	char line[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(line, sizeof(line),
			"{\"_path\":\"http\",\"ts\":%s,\"method\":\"GET\"}", rows[i].ts);
		int told = input_rig_line(r, line);
		assert_int_equal(told, rows[i].ns == 0 ? -EBADMSG : 1);
		if (told == 1)
			assert_int_equal(r->s.items[0].o.ts_ns, rows[i].ns);
	}
}

static void
what_is_no_json_is_bad(void **state)
{
	static const char and_more[] = CONN "x";
	const char *const lines[] = { "{", "{}", "{\"ts\":1.5", and_more,
		"{\"ts\":1.5,\"conn_state\":\"SF\",\"orig_pkts\":1", "{\"ts\":}" };
	struct input_rig *r = *state;

	for (int turn = 0; turn < 2; turn++) {
		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			int told = input_rig_line(r, lines[i]);

			/* Nothing is said in an empty object. */
			assert_int_equal(told, i == 1 && turn == 0 ? 0 : -EBADMSG);
		}
		assert_int_equal(input_rig_line(r, CONN), 1);
	}
}

static void
a_text_without_room_is_cut_and_counted(void **state)
{
	struct input_rig *r = *state;
	static char line[INPUT_TEXT_MAX + 1024];
	size_t at =
		(size_t)snprintf(line, sizeof(line), "{\"ts\":1.5,\"method\":\"GET\",\"uri\":\"");

	memset(line + at, 'a', INPUT_TEXT_MAX);
	(void)snprintf(line + at + INPUT_TEXT_MAX, 4, "\"}");
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.cut_texts, 1);
	assert_int_equal(input_rig_line(r, HTTP), 1);
	assert_int_equal(r->s.cut_texts, 1);
}

static void
more_keys_than_are_remembered_are_passed_over(void **state)
{
	struct input_rig *r = *state;
	char line[8192] = "{\"_path\":\"http\",\"ts\":1.5,\"method\":\"GET\",\"uri\":\"/a\"";
	size_t at = strlen(line);

	for (int i = 0; i < 300; i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, ",\"key_%d\":%d", i, i);
	(void)snprintf(line + at, sizeof(line) - at, ",\"host\":\"late\"}");
	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(input_rig_line(r, line), 1);
		assert_string_equal(r->s.items[0].o.http->uri, "/a");
		assert_null(r->s.items[0].o.http->host);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(several_logs_may_come_through_one_pipe),
		TEST(a_line_may_say_its_log),
		TEST(what_nobody_follows_is_skipped),
		TEST(keys_may_be_missing_and_stand_anywhere),
		TEST(lists_and_escapes_are_read),
		TEST(times_may_be_dates),
		TEST(times_may_be_milliseconds),
		TEST(what_is_no_json_is_bad),
		TEST(a_text_without_room_is_cut_and_counted),
		TEST(more_keys_than_are_remembered_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
