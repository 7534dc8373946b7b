/* EVE's events of the web: http, tls, quic. */
#include "daemon/transactions/http.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"
#include "daemon/transactions/x509.h"
#include "tests/support/eve_lines.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* The item of a line that tells one thing. */
static const struct observation *
told(struct input_rig *r, const char *line, enum obs_kind kind)
{
	assert_int_equal(input_rig_line(r, line), 1);
	assert_int_equal(r->s.items[0].o.kind, kind);
	assert_int_equal(r->s.items[0].o.ts_ns, EVE_BEGIN_NS);
	assert_int_equal(r->s.items[0].o.talk->resp_port, 80);
	return &r->s.items[0].o;
}

static void
types_by_content_are_told_by_ours(void **state)
{
	const struct obs_http *h = told(*state,
		EVE_BEGIN("http",
			"TCP") "\"dest_port\":80,\"http\":{\"url\":\"/x\"},\"naiad\":{\"kind\":\"transaction\","
			       "\"orig_mime_types\":[\"text/plain\"],"
			       "\"resp_mime_types\":[\"text/html\",\"application/x-dosexec\"]}}",
		OBS_HTTP)
					   ->http;

	assert_int_equal(h->orig_mime_types.count, 1);
	assert_string_equal(h->orig_mime_types.at[0], "text/plain");
	assert_int_equal(h->resp_mime_types.count, 2);
	assert_string_equal(h->resp_mime_types.at[1], "application/x-dosexec");
}

static void
a_request_and_its_response(void **state)
{
	const struct addr client = addr_v4(192, 168, 1, 129);
	const struct addr server = addr_v4(192, 168, 1, 1);
	const struct obs_http *h = told(*state,
		EVE_BEGIN("http",
			"TCP") "\"dest_port\":80,\"tx_id\":2,\"http\":{\"hostname\":\"a.example\",\"http_port\":8080,\"url\":\"/x\","
			       "\"http_user_agent\":\"Mozilla\",\"http_content_type\":\"text/html\",\"http_refer\":\"http://b\","
			       "\"origin\":\"http://o\",\"http_method\":\"GET\",\"protocol\":\"HTTP/1.1\",\"status\":404,\"length\":47}}",
		OBS_HTTP)
					   ->http;

	assert_memory_equal(&h->client, &client, sizeof(client));
	assert_memory_equal(&h->server, &server, sizeof(server));
	assert_int_equal(h->trans_depth, 3);
	assert_string_equal(h->method, "GET");
	assert_string_equal(h->host, "a.example:8080");
	assert_string_equal(h->uri, "/x");
	assert_string_equal(h->referrer, "http://b");
	assert_string_equal(h->origin, "http://o");
	assert_string_equal(h->version, "1.1");
	assert_string_equal(h->user_agent, "Mozilla");
	assert_string_equal(h->response_content_type, "text/html");
	assert_int_equal(h->status_code, 404);
	assert_int_equal(h->response_body_len, 47);
	assert_int_equal(h->request_body_len, TRANSACTION_UNSET);
}

static void
a_request_without_a_response(void **state)
{
	const struct obs_http *h = told(*state,
		EVE_BEGIN("http",
			"TCP") "\"dest_port\":80,\"http\":{\"hostname\":\"a.example\",\"http_port\":80,\"url\":\"/\",\"version\":\"2\","
			       "\"http2\":{\"stream_id\":1}},\"host\":\"sensor\"}",
		OBS_HTTP)
					   ->http;

	assert_string_equal(h->host, "a.example");
	assert_string_equal(h->version, "2");
	assert_int_equal(h->status_code, TRANSACTION_UNSET);
	assert_null(h->method);
	assert_int_equal(h->trans_depth, TRANSACTION_UNSET);
}

static void
of_hosts_and_ports(void **state)
{
	static const char *const cases[][2] = {
		{ "{\"hostname\":\"a\"}}", "a" },
		{ "{\"hostname\":\"a\",\"http_port\":65536}}", "a" },
		{ "{\"hostname\":\"a\",\"http_port\":8080}" EVE_OURS "}}", "a" },
		{ "{\"hostname\":\"a:81\",\"http_port\":8080}" EVE_OURS "}}", "a:81" },
	};
	char line[1024];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(line, sizeof(line),
			EVE_BEGIN("http", "TCP") "\"dest_port\":80,\"http\":%s", cases[i][0]);
		assert_string_equal(told(*state, line, OBS_HTTP)->http->host, cases[i][1]);
	}
}

#define HANDSHAKE                                                                              \
	EVE_BEGIN("tls", "TCP")                                                                \
	"\"dest_port\":443,\"tls\":{\"subject\":\"C=CZ, O=Example, Inc., OU=a\\\\, b, "        \
	"CN=www.example.org\",\"issuerdn\":\"C=BE, O=GlobalSign nv-sa, CN=AlphaSSL\","         \
	"\"serial\":\"17:8E:1E\",\"fingerprint\":\"2d:d1:9f:80\",\"sni\":\"www.example.org\"," \
	"\"version\":\"TLS 1.2\",\"notbefore\":\"2020-03-19T09:44:08\","                       \
	"\"notafter\":\"2022-03-20T09:44:08\",\"subjectaltname\":[\"example.org\"],"           \
	"\"ja3\":{\"hash\":\"b7202231\",\"string\":\"770,51\"},"                               \
	"\"ja3s\":{\"hash\":\"ad90cab7\",\"string\":\"770\"},\"ja4\":\"t12d\","                \
	"\"client_alpns\":[\"h2\",\"http/1.1\"],\"server_alpns\":[\"h2\"]}"

static void
a_handshake_and_the_servers_certificate(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, HANDSHAKE "}"), 2);
	assert_int_equal(r->s.items[0].o.kind, OBS_TLS);
	const struct obs_tls *t = r->s.items[0].o.tls;
	assert_string_equal(t->version, "TLSv12");
	assert_string_equal(t->subject, "CN=www.example.org,OU=a\\, b,O=Example, Inc.,C=CZ");
	assert_string_equal(t->issuer, "CN=AlphaSSL,O=GlobalSign nv-sa,C=BE");
	assert_string_equal(t->serial, "178E1E");
	assert_string_equal(t->sha1, "2dd19f80");
	assert_string_equal(t->server_name, "www.example.org");
	assert_int_equal(t->not_before_ns, UINT64_C(1584611048000000000));
	assert_int_equal(t->not_after_ns, UINT64_C(1647769448000000000));
	assert_string_equal(t->ja3, "b7202231");
	assert_string_equal(t->ja3s, "ad90cab7");
	assert_string_equal(t->ja4, "t12d");
	assert_int_equal(t->offered_protocols.count, 2);
	assert_string_equal(t->offered_protocols.at[1], "http/1.1");
	assert_string_equal(t->next_protocol, "h2");
	assert_int_equal(t->resumed, TRUTH_UNKNOWN);

	assert_int_equal(r->s.items[1].o.kind, OBS_X509);
	assert_int_equal(r->s.items[1].o.talk->id, r->s.items[0].o.talk->id);
	assert_int_equal(r->s.items[1].o.ts_ns, EVE_BEGIN_NS);
	const struct obs_x509 *x = r->s.items[1].o.x509;
	assert_string_equal(x->subject, t->subject);
	assert_string_equal(x->serial, "178E1E");
	assert_string_equal(x->sha1, "2dd19f80");
	assert_int_equal(x->not_after_ns, t->not_after_ns);
	assert_int_equal(x->names.count, 1);
	assert_string_equal(x->names.at[0], "example.org");
	assert_int_equal(x->is_host, TRUTH_YES);
	assert_null(x->fingerprint);
}

static void
versions_have_zeeks_names(void **state)
{
	static const char *const versions[][2] = { { "TLSv1", "TLSv10" }, { "TLS 1.1", "TLSv11" },
		{ "TLS 1.3", "TLSv13" }, { "SSLv3", "SSLv3" }, { "UNDETERMINED", NULL } };
	struct input_rig *r = *state;
	char line[1024];

	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		(void)snprintf(line, sizeof(line),
			EVE_BEGIN("tls",
				"TCP") "\"dest_port\":443,\"tls\":{\"version\":\"%s\",\"session_resumed\":true}" EVE_OURS
				       ",\"validation_status\":\"ok\",\"sni_matches_cert\":false}}",
			versions[i][0]);
		assert_int_equal(input_rig_line(r, line), 1);
		const struct obs_tls *t = r->s.items[0].o.tls;
		if (versions[i][1] == NULL)
			assert_null(t->version);
		else
			assert_string_equal(t->version, versions[i][1]);
		assert_int_equal(t->resumed, TRUTH_YES);
		assert_string_equal(t->validation, "ok");
		assert_int_equal(t->name_matches, TRUTH_NO);
	}
}

/* Hostile names: nothing between the commas, nothing but commas, more parts than are turned. */
static void
names_that_are_none_stay_harmless(void **state)
{
	static const char *const names[][2] = { { "", "" }, { ", , ", ", , " }, { "\\\\", "\\" },
		{ "C=a, =b, CN=", "CN=,C=a, =b" }, { "C=a, ", "C=a, " } };
	struct input_rig *r = *state;
	char line[4096];
	char text[1024] = "";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)snprintf(line, sizeof(line),
			EVE_BEGIN("tls", "TCP") "\"tls\":{\"subject\":\"%s\"}}", names[i][0]);
		assert_int_equal(input_rig_line(r, line), 2);
		assert_string_equal(r->s.items[0].o.tls->subject, names[i][1]);
	}
	for (size_t i = 0; i < 40; i++)
		strcat(text, i > 0 ? ", O=x" : "O=x");
	(void)snprintf(
		line, sizeof(line), EVE_BEGIN("tls", "TCP") "\"tls\":{\"subject\":\"%s\"}}", text);
	assert_int_equal(input_rig_line(r, line), 2);
	assert_int_equal(strlen(r->s.items[0].o.tls->subject), 32 * 4 - 1);
}

static void
a_connection_of_quic(void **state)
{
	const struct obs_quic *q = told(*state,
		EVE_BEGIN("quic",
			"UDP") "\"dest_port\":80,\"quic\":{\"version\":\"1\",\"sni\":\"a.example\",\"ua\":\"x\",\"cyu\":[{\"hash\":\"y\"}],"
			       "\"ja3\":{\"hash\":\"cd08\",\"string\":\"1\"},\"ja4\":\"q13d\",\"extensions\":[{\"name\":\"sni\"}]}}",
		OBS_QUIC)
					   ->quic;

	assert_string_equal(q->version, "1");
	assert_string_equal(q->server_name, "a.example");
	assert_string_equal(q->ja3, "cd08");
	assert_string_equal(q->ja4, "q13d");
	assert_null(q->client_protocol);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			types_by_content_are_told_by_ours, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_request_and_its_response, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_request_without_a_response, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(of_hosts_and_ports, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			a_handshake_and_the_servers_certificate, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(versions_have_zeeks_names, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			names_that_are_none_stay_harmless, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_connection_of_quic, eve_setup, eve_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
