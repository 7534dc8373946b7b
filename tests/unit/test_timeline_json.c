/* test_timeline_json.c -- entries as both generations of Kalipso read them, member by member. */
#include "daemon/transactions/http.h"
#include "daemon/transactions/tls.h"
#include "exporters/timeline_json.h"
#include "tests/support/timeline_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *
json_of(void (*form)(struct strbuf *, const struct record_timeline *),
	const struct record_timeline *t)
{
	static char text[16 * 1024];
	struct strbuf out;

	strbuf_init(&out, text, sizeof(text));
	form(&out, t);
	return text;
}

static void
of_2020_to_a_server(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	assert_string_equal(json_of(timeline_json_2020, &s.record),
		"{\"timestamp\":\"2019/10/22 22:45:16.123456\",\"dport_name\":\"HTTPS\",\"preposition\":"
		"\"to\",\"dns_resolution\":\"????\",\"daddr\":\"216.58.201.106\",\"dport/proto\":"
		"\"443/TCP\",\"state\":\"established\",\"warning\":\"\",\"Sent\":966,\"Recv\":957,"
		"\"Tot\":\"1.88Kb\",\"critical warning\":\"\",\"info\":\"No extra data from Zeek.\"}");
}

static void
of_2020_from_a_client(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	timeline_sample_turn(&s);
	s.flow.established = false;
	s.flow.orig_total.payload_bytes = s.flow.resp_total.payload_bytes = 0;
	assert_string_equal(json_of(timeline_json_2020, &s.record),
		"{\"timestamp\":\"2019/10/22 22:45:16.123456\",\"dport_name/proto\":\"HTTPS/TCP\","
		"\"preposition\":\"from\",\"saddr\":\"10.0.0.5\",\"state\":\"notestablished\",\"warning\":"
		"\"Empty!\",\"Sent\":0,\"Recv\":0,\"Tot\":\"0.00b\",\"critical warning\":\"\",\"info\":"
		"\"No extra data from Zeek.\"}");
}

static void
of_the_last_generation(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.names[0] = "www.example";
	s.record.names[1] = "other.example";
	s.record.name_count = 2;
	assert_string_equal(json_of(timeline_json_last, &s.record),
		"{\"timestamp\":\"2019/10/22 22:45:16.123456\",\"dport_name\":\"SSL\",\"preposition\":"
		"\"to\",\"dns_resolution\":[\"www.example\",\"other.example\"],\"daddr\":"
		"\"216.58.201.106\",\"dport/proto\":\"443/TCP\",\"state\":\"Established\",\"warning\":\"\","
		"\"info\":\"\",\"sent\":966,\"recv\":957,\"tot\":1923,\"duration\":1.800,"
		"\"critical warning\":\"\"}");
}

static void
one_name_is_a_list_too(void **state)
{
	static const char names[] = "\"dns_resolution\":[\"www.example\"]";
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.names[0] = "www.example";
	s.record.name_count = 1;
	assert_non_null(strstr(json_of(timeline_json_2020, &s.record), names));
	assert_non_null(strstr(json_of(timeline_json_last, &s.record), names));
}

static void
a_port_that_nobody_knows_is_a_warning(void **state)
{
	static const char warning[] =
		"\"critical warning\":\"Protocol not recognized by Slips nor Zeek.\"";
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.resp_port = 64999;
	s.flow.service = "";
	assert_non_null(strstr(json_of(timeline_json_2020, &s.record), warning));
	assert_non_null(strstr(json_of(timeline_json_last, &s.record), warning));
	assert_non_null(strstr(json_of(timeline_json_last, &s.record), "\"dport_name\":\"????\""));
}

static void
messages_have_a_size(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.ip_proto = IPPROTO_ICMP;
	s.flow.orig_port = 42;
	assert_string_equal(json_of(timeline_json_2020, &s.record),
		"{\"timestamp\":\"2019/10/22 22:45:16.123456\",\"dport_name\":\"ICMP Unknown type\","
		"\"preposition\":\"to\",\"daddr\":\"216.58.201.106\",\"Type\":\"0x002a\",\"Size\":\"1.88Kb\","
		"\"info\":\"No extra data from Zeek.\"}");
	s.flow.orig_port = 8;
	assert_string_equal(json_of(timeline_json_last, &s.record),
		"{\"timestamp\":\"2019/10/22 22:45:16.123456\",\"dport_name\":\"PING echo\","
		"\"preposition\":\"from\",\"saddr\":\"10.0.0.5\",\"size\":1923,\"duration\":1.800,"
		"\"dns_resolution\":\"\",\"daddr\":\"216.58.201.106\",\"dport/proto\":\"8/ICMP\","
		"\"state\":\"\",\"warning\":\"\",\"sent\":\"\",\"recv\":\"\",\"tot\":\"\",\"critical warning\":"
		"\"\",\"info\":\"\"}");
}

/* Points to what it is given. */
static struct observation
observed(enum obs_kind kind, const void *said)
{
	struct observation o = { .kind = kind };

	o.said = said;
	return o;
}

static void
what_http_said_is_an_entry_of_its_own_in_the_talk(void **state)
{
	const struct obs_http http = { .method = "GET",
		.host = "dl.example",
		.uri = "/a",
		.status_code = 200,
		.status_msg = "OK",
		.user_agent = "Wget/1.14" };
	const struct observation o = observed(OBS_HTTP, &http);
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.said = &o;
	assert_string_equal(json_of(timeline_json_talk_http, &s.record),
		"{\"Method\":\"GET http://dl.example/a\",\"Status Code\":\"200/OK\",\"UA\":\"Wget/1.14\"}");
	const char *line = json_of(timeline_json_talk, &s.record);
	assert_null(strstr(line, "http_data"));
	assert_null(strstr(line, "Wget"));
	assert_null(strstr(line, "No extra data"));
	assert_non_null(
		strstr(json_of(timeline_json_2020, &s.record), "\"http_data\":{\"Request\":"));
}

static void
what_others_said_has_no_entry_of_its_own_in_the_talk(void **state)
{
	const struct obs_tls tls = { .server_name = "www.example" };
	const struct observation o = observed(OBS_TLS, &tls);
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	assert_string_equal(json_of(timeline_json_talk_http, &s.record), "");
	s.record.said = &o;
	assert_string_equal(json_of(timeline_json_talk_http, &s.record), "");
}

static void
names_of_tls_outweigh_those_of_dns_since_2020(void **state)
{
	const struct obs_tls tls = { .server_name = "www.example" };
	const struct observation o = observed(OBS_TLS, &tls);
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.said = &o;
	assert_non_null(strstr(
		json_of(timeline_json_2020, &s.record), "\"dns_resolution\":\"www.example\""));
	assert_non_null(
		strstr(json_of(timeline_json_talk, &s.record), "\"dns_resolution\":\"????\""));
}

static void
other_protocols_are_not_told(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.ip_proto = IPPROTO_GRE;
	assert_string_equal(json_of(timeline_json_2020, &s.record), "");
	assert_string_equal(json_of(timeline_json_last, &s.record), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_2020_to_a_server),
		cmocka_unit_test(of_2020_from_a_client),
		cmocka_unit_test(of_the_last_generation),
		cmocka_unit_test(one_name_is_a_list_too),
		cmocka_unit_test(a_port_that_nobody_knows_is_a_warning),
		cmocka_unit_test(messages_have_a_size),
		cmocka_unit_test(what_http_said_is_an_entry_of_its_own_in_the_talk),
		cmocka_unit_test(what_others_said_has_no_entry_of_its_own_in_the_talk),
		cmocka_unit_test(names_of_tls_outweigh_those_of_dns_since_2020),
		cmocka_unit_test(other_protocols_are_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
