/* test_zeek_tsv.c -- headers of every kind, and columns as Zeek escapes them. */
#include "daemon/input/zeek_state.h"

#include "tests/support/input_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "daemon/transactions/http.h"

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

static void
headers(struct input_rig *r, const char *const *lines)
{
	for (; *lines != NULL; lines++)
		assert_int_equal(input_rig_line(r, *lines), 0);
	assert_int_equal(r->s.skipped, 0);
}

static const struct obs_http *
http(struct input_rig *r, const char *line)
{
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].o.kind, OBS_HTTP);
	return r->s.items[0].o.http;
}

static void
columns_may_stand_in_any_order(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){
			   "#path\thttp", "#fields\turi\tnobody_knows\tmethod\tts", NULL });
	const struct obs_http *h = http(r, "/a\tx\tGET\t1.5");
	assert_string_equal(h->uri, "/a");
	assert_string_equal(h->method, "GET");
	assert_null(h->host);
	assert_int_equal(h->status_code, TRANSACTION_UNSET);
	assert_int_equal(r->s.items[0].o.ts_ns, UINT64_C(1500000000));
}

static void
unset_is_nothing_and_empty_is_empty(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){ "#path\thttp",
			   "#fields\tts\turi\thost\tstatus_code\tproxied\tresp_fuids\torig_fuids",
			   NULL });
	const struct obs_http *h = http(r, "1.5\t-\t(empty)\t-\t(empty)\t-\ta,(empty),-,b\\x2cc");
	assert_null(h->uri);
	assert_string_equal(h->host, "");
	assert_int_equal(h->status_code, TRANSACTION_UNSET);
	assert_int_equal(h->proxied.count, 0);
	assert_int_equal(h->resp_fuids.count, 0);
	assert_int_equal(h->orig_fuids.count, 4);
	assert_string_equal(h->orig_fuids.at[0], "a");
	assert_string_equal(h->orig_fuids.at[1], "");
	assert_string_equal(h->orig_fuids.at[2], "");
	assert_string_equal(h->orig_fuids.at[3], "b,c");
}

static void
escapes_are_undone(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){ "#path\thttp", "#fields\tts\turi\thost", NULL });
	const struct obs_http *h = http(r, "1.5\t\\x2d\\x09\\xE4\\\\x41\\x00\\xg0\\x4\t\\x2d");
	assert_string_equal(h->uri, "-\t\xe4\\x41\\x00\\xg0\\x4");
	assert_string_equal(h->host, "-");
	assert_string_equal(http(r, "1.5\ta\\\tb\\")->uri, "a\\");
}

static void
the_header_says_what_stands_for_what(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){ "#separator \\x7c", "#set_separator|;",
			   "#empty_field|EMPTY", "#unset_field|NONE", "#path|http",
			   "#fields|ts|uri|host|method|proxied", NULL });
	const struct obs_http *h = http(r, "1.5|NONE|EMPTY|-|a;b");
	assert_null(h->uri);
	assert_string_equal(h->host, "");
	assert_string_equal(h->method, "-");
	assert_int_equal(h->proxied.count, 2);
}

static void
a_header_may_stand_behind_a_tab_and_come_again(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){
			   "\t#separator \\x09", "#path\thttp", "#fields\tts\turi", NULL });
	assert_string_equal(http(r, "1.5\t/a")->uri, "/a");
	headers(r, (const char *const[]){ "#close\t2020-01-01-00-00-00", "#separator \\x09",
			   "#path\thttp", "#fields\turi\tts", NULL });
	assert_string_equal(http(r, "/b\t1.5")->uri, "/b");
}

static void
without_a_path_the_columns_say_which_log_it_is(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){ "#fields\tts\tuid\tmethod\turi\thost", NULL });
	assert_string_equal(r->s.log, "http");
	assert_string_equal(http(r, "1.5\tC1\tGET\t/a\th")->uri, "/a");
}

static void
a_log_that_nobody_follows_is_skipped_and_counted_once(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){ "#path\topen_conn",
			   "#fields\tts\tuid\tid.orig_h\tconn_state\torig_pkts\tresp_pkts", NULL });
	assert_int_equal(input_rig_line(r, "1.5\tC1\t10.0.0.1\tSF\t1\t1"), 0);
	assert_int_equal(input_rig_line(r, "1.5\tC1\t10.0.0.1\tSF\t1\t1"), 0);
	assert_int_equal(r->s.skipped, 2);
	assert_int_equal(r->s.unknown, 1);
}

#define HEADLESS                                                                  \
	"1517336042.090842\tCi85\t10.55.182.100\t14291\t10.233.233.5\t80\ttcp\t-" \
	"\t3.000158\t0\t0\tS0\tT\tT\t0\tS\t2\t104\t0\t0\t(empty)"

static void
without_any_header_it_may_be_conn_log(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, HEADLESS), 1);
	assert_string_equal(r->s.log, "conn");
	assert_int_equal(r->s.items[0].flow.orig_total.ip_bytes, 104);
	input_rig_begin(r, NULL);
	assert_string_equal(r->s.log, "");
	assert_int_equal(input_rig_line(r, HEADLESS "\t6"), 1);
	assert_int_equal(r->s.items[0].flow.ip_proto, 6);
}

static void
without_any_header_nothing_else_is_read(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, HEADLESS "\t6\t7"), -EBADMSG);
	assert_non_null(strstr(r->s.complaint, "header"));
	assert_int_equal(input_rig_line(r, "1517336042.090842\tCi85\t10.55.182"), -EBADMSG);
	assert_int_equal(input_rig_line(r, ""), 0);
	assert_int_equal(input_rig_line(r, "\t"), -EBADMSG);
	assert_int_equal(input_rig_line(r, "#"), 0);
	assert_int_equal(input_rig_line(r, "#fields"), 0);
	assert_int_equal(input_rig_line(r, "#separator \\x0"), 0);
}

static void
a_cut_line_is_bad(void **state)
{
	struct input_rig *r = *state;

	headers(r, (const char *const[]){ "#path\thttp", "#fields\tts\turi\thost", NULL });
	assert_int_equal(input_rig_line(r, "1.5\t/a"), -EBADMSG);
	assert_non_null(strstr(r->s.complaint, "as many columns"));
	assert_int_equal(input_rig_line(r, "1.5\t/a\tb\tc"), -EBADMSG);
	assert_int_equal(input_rig_line(r, "1.5\t/a\tb"), 1);
}

static void
more_columns_than_are_remembered_are_passed_over(void **state)
{
	struct input_rig *r = *state;
	char header[2048] = "#path\thttp";
	char line[2048] = "1.5";
	size_t at;

	assert_int_equal(input_rig_line(r, header), 0);
	at = (size_t)snprintf(header, sizeof(header), "#fields\tts");
	for (int i = 1; i < ZEEK_COLUMNS_MAX - 1; i++)
		at += (size_t)snprintf(header + at, sizeof(header) - at, "\tx");
	(void)snprintf(header + at, sizeof(header) - at, "\turi\thost\tmethod");
	assert_int_equal(input_rig_line(r, header), 0);
	at = strlen(line);
	for (int i = 1; i < ZEEK_COLUMNS_MAX - 1; i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, "\t-");
	(void)snprintf(line + at, sizeof(line) - at, "\t/last\thost\tGET");
	const struct obs_http *h = http(r, line);
	assert_string_equal(h->uri, "/last");
	assert_null(h->host);
}

static void
a_long_name_is_none_of_ours(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, "#path\thttp"), 0);
	assert_int_equal(
		input_rig_line(r,
			"#fields\tts\turi\t"
			"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
		0);
	assert_string_equal(http(r, "1.5\t/a\tb")->uri, "/a");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_open, rig_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(columns_may_stand_in_any_order),
		TEST(unset_is_nothing_and_empty_is_empty),
		TEST(escapes_are_undone),
		TEST(the_header_says_what_stands_for_what),
		TEST(a_header_may_stand_behind_a_tab_and_come_again),
		TEST(without_a_path_the_columns_say_which_log_it_is),
		TEST(a_log_that_nobody_follows_is_skipped_and_counted_once),
		TEST(without_any_header_it_may_be_conn_log),
		TEST(without_any_header_nothing_else_is_read),
		TEST(a_cut_line_is_bad),
		TEST(more_columns_than_are_remembered_are_passed_over),
		TEST(a_long_name_is_none_of_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
