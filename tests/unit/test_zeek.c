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

static void
what_was_said_comes_before_its_conversations_end(void **state)
{
	struct input *in;
	uint64_t key;

	input_files_add(*state, "conn.log",
		"{\"ts\":1," ENDS ",\"duration\":5,\"conn_state\":\"SF\",\"orig_pkts\":1}\n"
		"{\"ts\":2," ENDS ",\"conn_state\":\"S0\",\"orig_pkts\":1}\n"
		"{\"ts\":1," ENDS ",\"duration\":9,\"conn_state\":\"SF\",\"orig_pkts\":1}\n");
	input_files_add(*state, "http.log",
		"{\"ts\":3," ENDS ",\"method\":\"GET\",\"uri\":\"/\",\"host\":\"h\"}\n");
	in = open_directory(*state);
	const struct observation *o = next(in, &key);
	assert_int_equal(o->kind, OBS_HTTP);
	assert_int_equal(key, 3 * NS);
	uint64_t id = o->talk->id;
	o = next(in, &key);
	assert_int_equal(o->kind, OBS_FLOW_END);
	assert_int_equal(o->flow->id, id);
	assert_int_equal(key, 6 * NS);
	(void)next(in, &key);
	(void)next(in, &key);
	assert_int_equal(key, 10 * NS);
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
		TEST(what_was_said_comes_before_its_conversations_end),
		TEST(a_certificate_is_found_in_another_file),
		TEST(pieces_of_a_log_have_headers_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
