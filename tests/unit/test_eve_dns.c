#include "daemon/transactions/dns.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static char text[2048];

static const char *
event_of(const struct obs_dns *dns)
{
	struct observation o = { .kind = OBS_DNS, .dns = dns };
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_DNS)->write(&j, &o);
	json_object_end(&j);
	assert_false(out.truncated);
	return text;
}

static void
a_question_without_an_answer_is_a_request(void **state)
{
	const struct obs_dns dns = { .query = "a.example",
		.trans_id = 7,
		.type_name = "AAAA",
		.rcode = TRANSACTION_UNSET,
		.z = 2,
		.recursion_desired = TRUTH_YES };

	(void)state;
	assert_string_equal(event_of(&dns),
		"{\"version\":3,\"type\":\"request\",\"id\":7,\"flags\":\"120\",\"rd\":true,"
		"\"opcode\":0,"
		"\"queries\":[{\"rrname\":\"a.example\",\"rrtype\":\"AAAA\"}]}");
}

static void
an_answer_has_its_records(void **state)
{
	static const char *const texts[] = { "b.example", "10.0.0.1", "TXT 2 hi TXT 1 x", "TXT x",
		"MX", "HTTPS 1 ." };
	static const char *const types[] = { "CNAME", "A", "TXT", "TXT", "MX", "HTTPS" };
	static const uint64_t ttls[] = { 5000000000, 60000000000, 0, 0, 0, 0 };
	const struct obs_dns dns = { .query = "a.example",
		.trans_id = 7,
		.type_name = "A",
		.rcode = 3,
		.rcode_name = "NXDOMAIN",
		.z = 4,
		.authoritative = TRUTH_YES,
		.truncated = TRUTH_YES,
		.recursion_desired = TRUTH_NO,
		.recursion_available = TRUTH_YES,
		.texts = { texts, 6 },
		.types = { types, 6 },
		.ttls = { ttls, 6 } };

	(void)state;
	assert_string_equal(event_of(&dns),
		"{\"version\":3,\"type\":\"response\",\"id\":7,\"flags\":\"86c3\",\"qr\":true,"
		"\"aa\":true,\"tc\":true,\"ra\":true,\"z\":true,\"opcode\":0,\"rcode\":\"NXDOMAIN\","
		"\"queries\":[{\"rrname\":\"a.example\",\"rrtype\":\"A\"}],\"answers\":["
		"{\"rrtype\":\"CNAME\",\"ttl\":5,\"rdata\":\"b.example\"},"
		"{\"rrtype\":\"A\",\"ttl\":60,\"rdata\":\"10.0.0.1\"},"
		"{\"rrtype\":\"TXT\",\"ttl\":0,\"rdata\":\"hi TXT 1 x\"},"
		"{\"rrtype\":\"TXT\",\"ttl\":0,\"rdata\":\"x\"},"
		"{\"rrtype\":\"MX\",\"ttl\":0,\"rdata\":\"MX\"},"
		"{\"rrtype\":\"HTTPS\",\"ttl\":0,\"rdata\":\"1 .\"}]}");
}

static void
what_is_not_known_is_left_out(void **state)
{
	const struct obs_dns dns = { .rcode = 0, .rcode_name = "NOERROR" };

	(void)state;
	assert_string_equal(event_of(&dns),
		"{\"version\":3,\"type\":\"response\",\"id\":0,\"flags\":\"8000\",\"qr\":true,"
		"\"opcode\":0,\"rcode\":\"NOERROR\"}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_without_an_answer_is_a_request),
		cmocka_unit_test(an_answer_has_its_records),
		cmocka_unit_test(what_is_not_known_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
