/* test_timeline_text.c -- a timeline's entry in the words of the first Kalipso. */
#include "exporters/timeline_text.h"

#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/tls.h"
#include "tests/support/timeline_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define AT "2019/10/22 22:45:16.123456 "

static const char *
text_of(const struct record_timeline *t)
{
	static char text[16 * 1024];
	struct strbuf out;

	strbuf_init(&out, text, sizeof(text));
	timeline_text(&out, t);
	return text;
}

static void
what_was_asked_to_whom(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	assert_string_equal(text_of(&s.record),
		AT "- https asked to 216.58.201.106 443/tcp, Sent: 966, Recv: 957, Tot: 1.88Kb\n");
	s.flow.resp_port = 5228;
	assert_string_equal(text_of(&s.record), AT
		"- Google Playstore or Google Talk or Google Chrome Sync asked to 216.58.201.106 "
		"5228/tcp, Sent: 966, Recv: 957, Tot: 1.88Kb\n");
}

static void
what_the_other_end_is_called_is_behind_a_bar(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.record.names[0] = "www.example";
	s.record.names[1] = "other.example";
	s.record.name_count = 2;
	assert_string_equal(text_of(&s.record),
		AT "- https asked to 216.58.201.106 443/tcp, Sent: 966, Recv: 957, Tot: 1.88Kb | "
		   "name='www.example'\n");
}

static void
the_other_end_was_asked(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	timeline_sample_turn(&s);
	assert_string_equal(text_of(&s.record),
		AT "- https/tcp asked from 10.0.0.5, Sent: 957, Recv: 966, Tot: 1.88Kb\n");
}

static void
what_did_not_come_about_says_so(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.established = false;
	assert_string_equal(text_of(&s.record),
		AT "- NOT Established https asked to 216.58.201.106 443/tcp, Sent: 966, Recv: 957, "
		   "Tot: 1.88Kb\n");
	s.flow.ip_proto = IPPROTO_UDP;
	s.flow.resp_total.payload_bytes = 0;
	assert_string_equal(text_of(&s.record),
		AT "- Not answered quic asked to 216.58.201.106 443/udp, Sent: 966, Recv: 0, Tot: "
		   "966.00b\n");
}

static void
what_is_established_and_empty_is_a_warning(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.orig_total.payload_bytes = s.flow.resp_total.payload_bytes = 0;
	assert_string_equal(text_of(&s.record),
		AT "- https asked to 216.58.201.106 443/tcp, Be careful! Established but empty! "
		   "Sent: 0, Recv: 0, Tot: 0.00b\n");
}

static void
a_port_that_nobody_knows(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.resp_port = 64999;
	assert_string_equal(text_of(&s.record),
		AT "- Not recognized Established flow from 10.0.0.5 to 216.58.201.106 dport "
		   "64999/tcp, Sent: 966, Recv: 957, Tot: 1.88Kb\n");
	s.flow.established = false;
	timeline_sample_turn(&s);
	assert_string_equal(text_of(&s.record),
		AT "- Not recognized NotEstablished flow from 10.0.0.5 to 64999/tcp, Sent: 957, "
		   "Recv: 966, Tot: 1.88Kb\n");
}

#define ATTENTION \
	"\t[!] Attention. We know this port number, but we couldn't identify the protocol. Check UID Cabc\n"

static void
a_known_port_with_unknown_words_is_a_second_line(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.service = "";
	assert_non_null(strstr(text_of(&s.record), "1.88Kb\n" AT ATTENTION));
	s.flow.resp_port = 23;
	assert_null(strstr(text_of(&s.record), ATTENTION));
	s.flow.resp_port = 443;
	s.flow.established = false;
	assert_null(strstr(text_of(&s.record), ATTENTION));
}

/* What was said, in the second line. */
static const char *
second_line(const void *said, enum obs_kind kind)
{
	struct timeline_sample s;
	struct observation o = { .kind = kind, .said = said };

	timeline_sample_init(&s);
	s.record.said = &o;
	const char *text = strchr(text_of(&s.record), '\n') + 1;
	assert_int_equal(strncmp(text, AT "\t", strlen(AT "\t")), 0);
	return text + strlen(AT "\t");
}

static void
what_was_asked_of_a_name_server(void **state)
{
	static const char *const answers[] = { "1.2.3.4", "cname.example" };
	const struct obs_dns dns = { .query = "www.example",
		.class_name = "C_INTERNET",
		.type_name = "A",
		.rcode_name = "NOERROR",
		.texts = { answers, 2 } };

	(void)state;
	assert_string_equal(second_line(&dns, OBS_DNS),
		"- Query: www.example, Query Class: C_INTERNET, Type: A, Response Code: NOERROR, "
		"Answers: ['1.2.3.4', 'cname.example']\n");
}

static void
what_was_requested_and_answered(void **state)
{
	static const char *const mime[] = { "text/html" };
	const struct obs_http http = { .method = "GET",
		.host = "www.example",
		.uri = "/a?b",
		.version = "1.1",
		.status_code = 200,
		.status_msg = "OK",
		.request_body_len = 0,
		.response_body_len = 1256,
		.user_agent = "curl\x1b[2J",
		.resp_mime_types = { mime, 1 } };

	(void)state;
	assert_string_equal(second_line(&http, OBS_HTTP),
		"- GET http://www.example/a?b HTTP/1.1 200/OK  MIME:text/html Sent:0b, Recv:1256b "
		"UA:curl\\x1b[2J \n");
}

static void
what_a_handshake_showed(void **state)
{
	struct obs_tls tls = { .server_name = "mobilenetworkscoring-pa.googleapis.com",
		.version = "TLSv12",
		.resumed = TRUTH_YES };

	(void)state;
	assert_string_equal(second_line(&tls, OBS_TLS),
		"- mobilenetworkscoring-pa.googleapis.com. Issuer: . Trust Cert: ?? (Resumed). "
		"Subject: . Version: TLSv12. Resumed: True \n");
	tls.resumed = TRUTH_NO;
	tls.validation = "ok";
	tls.subject = "CN=a";
	tls.issuer = "CN=b";
	assert_non_null(strstr(second_line(&tls, OBS_TLS),
		"Issuer: CN=b. Trust Cert: Yes. Subject: CN=a. Version: TLSv12. Resumed: False "));
	tls.validation = "certificate has expired";
	assert_non_null(strstr(second_line(&tls, OBS_TLS), "Trust Cert: No."));
}

static void
messages_have_a_size(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.ip_proto = IPPROTO_ICMP;
	s.flow.orig_port = 8;
	assert_string_equal(
		text_of(&s.record), AT "- PING echo sent to 216.58.201.106, Size: 1.88Kb\n");
	s.flow.orig_port = 11;
	timeline_sample_turn(&s);
	assert_string_equal(text_of(&s.record),
		AT "- ICMP Time Exceeded in Transit sent from 10.0.0.5, Size: 1.88Kb\n");
	s.flow.orig_port = 3;
	s.flow.resp_port = 0;
	assert_non_null(strstr(text_of(&s.record), "- ICMP Destination Net Unreachable sent"));
	s.flow.resp_port = 1;
	assert_non_null(strstr(text_of(&s.record), "- ICMP Host Unreachable sent"));
	s.flow.resp_port = 3;
	assert_non_null(strstr(text_of(&s.record), "- ICMP Port Unreachable sent"));
	s.flow.orig_port = 42;
	assert_string_equal(text_of(&s.record),
		AT "- ICMP Unknown type sent from 10.0.0.5, Type: 0x002a, Size: 1.88Kb\n");
	s.flow.ip_proto = IPPROTO_ICMPV6;
	s.flow.orig_port = 128;
	assert_non_null(strstr(text_of(&s.record), "- PING echo sent from"));
	s.flow.orig_port = 1;
	s.flow.resp_port = 4;
	assert_non_null(strstr(text_of(&s.record), "- ICMP Port Unreachable sent from"));
	s.flow.ip_proto = IPPROTO_IGMP;
	assert_non_null(strstr(text_of(&s.record), "- IGMP sent from"));
}

static void
other_protocols_are_not_told(void **state)
{
	struct timeline_sample s;

	(void)state;
	timeline_sample_init(&s);
	s.flow.ip_proto = IPPROTO_GRE;
	assert_string_equal(text_of(&s.record), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_asked_to_whom),
		cmocka_unit_test(what_the_other_end_is_called_is_behind_a_bar),
		cmocka_unit_test(the_other_end_was_asked),
		cmocka_unit_test(what_did_not_come_about_says_so),
		cmocka_unit_test(what_is_established_and_empty_is_a_warning),
		cmocka_unit_test(a_port_that_nobody_knows),
		cmocka_unit_test(a_known_port_with_unknown_words_is_a_second_line),
		cmocka_unit_test(what_was_asked_of_a_name_server),
		cmocka_unit_test(what_was_requested_and_answered),
		cmocka_unit_test(what_a_handshake_showed),
		cmocka_unit_test(messages_have_a_size),
		cmocka_unit_test(other_protocols_are_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
