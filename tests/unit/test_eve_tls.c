/* test_eve_tls.c -- a handshake in Suricata's words. */
#include "daemon/transactions/tls.h"
#include "exporters/eve_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NS UINT64_C(1000000000)

static const char *
written(const struct obs_tls *tls)
{
	static char text[4096];
	struct strbuf out;
	struct json j;

	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_TLS)->write(&j, &(struct observation){ .kind = OBS_TLS, .tls = tls });
	json_object_end(&j);
	return text;
}

static void
all_that_is_known_is_written(void **state)
{
	static const char *const offered[] = { "h2", "http/1.1" };
	const struct obs_tls tls = {
		.version = "TLSv12",
		.server_name = "www.example.org",
		.resumed = TRUTH_YES,
		.next_protocol = "h2",
		.ja3 = "aa",
		.ja3s = "bb",
		.ja4 = "cc",
		.offered_protocols = { offered, 2 },
		.subject = "CN=www.example.org,O=Example\\, Inc.,C=CZ",
		.issuer = "CN=Naiad Root",
		.serial = "0A0B0",
		.sha1 = "44607869",
		.not_before_ns = 1672531200 * NS,
		.not_after_ns = 2303683199 * NS,
	};

	(void)state;
	assert_string_equal(written(&tls),
		"{\"subject\":\"C=CZ, O=Example\\\\, Inc., CN=www.example.org\","
		"\"issuerdn\":\"CN=Naiad Root\",\"serial\":\"0A:0B:0\",\"fingerprint\":\"44:60:78:69\","
		"\"sni\":\"www.example.org\",\"version\":\"TLS 1.2\","
		"\"notbefore\":\"2023-01-01T00:00:00\",\"notafter\":\"2042-12-31T23:59:59\","
		"\"session_resumed\":true,\"ja3\":{\"hash\":\"aa\"},\"ja3s\":{\"hash\":\"bb\"},"
		"\"ja4\":\"cc\",\"client_alpns\":[\"h2\",\"http/1.1\"],\"server_alpns\":[\"h2\"]}");
}

static void
what_is_not_known_is_left_out(void **state)
{
	const struct obs_tls tls = { .resumed = TRUTH_NO };

	(void)state;
	assert_string_equal(written(&tls), "{\"version\":\"UNDETERMINED\"}");
}

static void
the_verdict_over_a_chain_is_our_own(void **state)
{
	char text[64];
	struct strbuf out;
	struct json j;

	(void)state;
	strbuf_init(&out, text, sizeof(text));
	json_init(&j, &out);
	json_object_begin(&j);
	eve_event_of(OBS_TLS)->write_own(&j,
		&(struct observation){ .kind = OBS_TLS,
			.tls = &(struct obs_tls){ .validation = "ok", .name_matches = TRUTH_NO } });
	json_object_end(&j);
	assert_string_equal(text, "{\"validation_status\":\"ok\",\"sni_matches_cert\":false}");
}

static void
versions_are_suricatas(void **state)
{
	static const char *const names[][2] = {
		{ "TLSv10", "TLSv1" },
		{ "TLSv11", "TLS 1.1" },
		{ "TLSv13", "TLS 1.3" },
		{ "SSLv3", "SSLv3" },
		{ "DTLSv12", "DTLSv12" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct obs_tls tls = { .version = names[i][0] };
		assert_non_null(strstr(written(&tls), names[i][1]));
	}
}

static void
names_of_one_part_or_none_stay(void **state)
{
	(void)state;
	assert_non_null(strstr(written(&(struct obs_tls){ .subject = "" }), "\"subject\":\"\""));
	assert_non_null(strstr(written(&(struct obs_tls){ .subject = "O=a\\\\,CN=b" }),
		"\"subject\":\"CN=b, O=a\\\\\\\\\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_known_is_written),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(the_verdict_over_a_chain_is_our_own),
		cmocka_unit_test(versions_are_suricatas),
		cmocka_unit_test(names_of_one_part_or_none_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
