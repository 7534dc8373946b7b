/* test_zeek.c -- a directory of Zeek's logs is one reading. */
#include "daemon/input/zeek_state.h"

#include "daemon/transactions/http.h"
#include "daemon/transactions/tls.h"
#include "tests/support/input_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NS UINT64_C(1000000000)

static int
files_open(void **state)
{
	*state = input_files_new();
	return 0;
}

static int
files_close(void **state)
{
	input_files_free(*state);
	return 0;
}

static struct input *
open_directory(struct input_files *files)
{
	const char *path = files->scratch->directory;
	const struct input_plan plan = { .paths = &path, .count = 1 };
	char error[INPUT_ERROR_MAX];
	struct input *in = NULL;

	if (input_open(&plan, &in, error) != 0)
		fail_msg("%s", error);
	return in;
}

static const struct observation *
next(struct input *in, uint64_t *ret_key)
{
	const struct observation *o = NULL;

	assert_int_equal(input_next(in, &o, ret_key), INPUT_ITEM);
	return o;
}

#define ENDS "\"uid\":\"C1\",\"id.orig_h\":\"10.0.0.1\",\"id.resp_h\":\"10.0.0.2\""

/* "START 1", "HTTP 3": kinds in the order of telling, with the seconds that have come */
static void
expect(struct input *in, const char *expected)
{
	static const char *const kinds[] = {
		[OBS_FLOW_START] = "START",
		[OBS_FLOW_END] = "END",
		[OBS_HTTP] = "HTTP",
	};
	const struct observation *o;
	char told[256] = "";
	size_t length = 0;
	uint64_t key;

	for (enum input_step step; (step = input_next(in, &o, &key)) != INPUT_END;)
		if (step == INPUT_ITEM)
			length += (size_t)snprintf(told + length, sizeof(told) - length,
				"%s%s %llu", length > 0 ? ", " : "", kinds[o->kind],
				(unsigned long long)(key / NS));
	assert_string_equal(told, expected);
}

static uint64_t
late(const struct input *in)
{
	struct record_loss losses[INPUT_LOSSES];

	input_losses(in, losses);
	return losses[INPUT_LOSS_LATE].count;
}

/* A conversation of 5 s, an attempt, and a conversation of 9 s. */
#define CONVERSATIONS                                                                \
	"{\"ts\":1," ENDS ",\"duration\":5,\"conn_state\":\"SF\",\"orig_pkts\":1}\n" \
	"{\"ts\":2," ENDS ",\"conn_state\":\"S0\",\"orig_pkts\":1}\n"                \
	"{\"ts\":1," ENDS ",\"duration\":9,\"conn_state\":\"SF\",\"orig_pkts\":1}\n"
#define REQUEST "{\"ts\":3," ENDS ",\"method\":\"GET\",\"uri\":\"/\",\"host\":\"h\"}\n"

static void
what_was_said_comes_between_beginning_and_end(void **state)
{
	struct input *in;

	input_files_add(*state, "conn.log", CONVERSATIONS);
	input_files_add(*state, "http.log", REQUEST);
	in = open_directory(*state);
	expect(in, "START 1, START 1, END 2, HTTP 3, END 6, END 10");
	assert_int_equal(late(in), 0);
	input_close(in);
}

static void
what_is_packed_comes_when_it_ended(void **state)
{
	struct input *in;
	uint64_t key;

	input_files_gzip(*state, "conn.log.gz", CONVERSATIONS);
	input_files_add(*state, "http.log", REQUEST);
	in = open_directory(*state);
	uint64_t id = next(in, &key)->talk->id;
	const struct observation *o = next(in, &key);
	assert_int_equal(key, 6 * NS);
	assert_int_equal(o->kind, OBS_FLOW_END);
	assert_int_equal(o->flow->id, id);
	assert_false(o->flow->begun);
	expect(in, "END 6, END 10");
	assert_int_equal(late(in), 1);
	input_close(in);
}

/* Which columns a line has is said by the header before it; what began in the time of the one before is not told late. */
static void
headers_in_a_log_are_kept_in_their_place(void **state)
{
	struct input *in;

	input_files_add(*state, "conn.log",
		"#path\tconn\n#fields\tts\tuid\tid.orig_h\tid.resp_h\tduration\n"
		"1.0\tC1\t10.0.0.1\t10.0.0.2\t5.0\n2.0\tC2\t10.0.0.1\t10.0.0.2\t1.0\n#close\n"
		"#path\tconn\n#fields\tduration\tts\tuid\tid.orig_h\tid.resp_h\n"
		"5.0\t4.0\tC3\t10.0.0.1\t10.0.0.2\n1.0\t7.0\tC4\t10.0.0.1\t10.0.0.2\n");
	in = open_directory(*state);
	expect(in, "START 1, START 2, END 3, END 6, START 7, END 8, END 9");
	assert_int_equal(late(in), 0);
	input_close(in);
}

static void
a_certificate_is_found_in_another_file(void **state)
{
	struct input *in;
	uint64_t key;

	input_files_add(*state, "ssl.log",
		"{\"ts\":2," ENDS ",\"version\":\"TLSv12\",\"cipher\":\"x\","
		"\"cert_chain_fuids\":[\"F1\"]}\n");
	input_files_gzip(*state, "x509.log.gz",
		"#path\tx509\n#fields\tts\tid\tcertificate.subject\n2.9\tF1\tCN=a\n");
	in = open_directory(*state);
	assert_int_equal(next(in, &key)->kind, OBS_X509);
	const struct observation *o = next(in, &key);
	assert_int_equal(o->kind, OBS_TLS);
	assert_string_equal(o->tls->subject, "CN=a");
	input_close(in);
}

static void
pieces_of_a_log_have_headers_of_their_own(void **state)
{
	struct input *in;
	uint64_t key;

	input_files_add(*state, "http.00:00:00-01:00:00.log",
		"#path\thttp\n#fields\tts\tmethod\turi\n1.0\tGET\t/a\n#close\tx\n");
	input_files_add(*state, "http.01:00:00-02:00:00.log",
		"#path\thttp\n#fields\tts\turi\tmethod\n2.0\t/b\tPUT\n#close\tx\n");
	in = open_directory(*state);
	assert_string_equal(next(in, &key)->http->uri, "/a");
	const struct observation *o = next(in, &key);
	assert_string_equal(o->http->uri, "/b");
	assert_string_equal(o->http->method, "PUT");
	assert_int_equal(input_next(in, &o, &key), INPUT_END);
	input_close(in);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, files_open, files_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_said_comes_between_beginning_and_end),
		TEST(what_is_packed_comes_when_it_ended),
		TEST(headers_in_a_log_are_kept_in_their_place),
		TEST(a_certificate_is_found_in_another_file),
		TEST(pieces_of_a_log_have_headers_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
