#include "daemon/transactions/dns.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"
#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_pastebin;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_pastebin);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* What 203.0.113.`server` was asked for. */
static struct obs_http
fetched(uint8_t server)
{
	return (struct obs_http){
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(203, 0, 113, server),
		.method = "GET",
		.host = "pastebin.com",
		.uri = "/raw/x",
		.status_code = 200,
		.response_body_len = 701,
	};
}

static void
a_text_from_a_site_of_pastes_is_information(void **state)
{
	struct rig *r = *state;
	const struct obs_http http = fetched(9);

	assert_int_equal(rig_request(r, &http), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "PASTEBIN_DOWNLOAD");
	assert_string_equal(e->kind->technique, "T1102.001");
	assert_int_equal(e->kind->signature_id, 5200256);
	assert_int_equal(e->kind->aspect, ASPECT_NONE);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 1, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &http.server));
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 701);
	assert_int_equal(e->threshold, 701);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "pastebin.com");
	assert_string_equal(
		e->text, "fetched 701 bytes from pastebin.com, a site of pastes, at 203.0.113.9");
}

static void
what_is_smaller_is_none(void **state)
{
	struct rig *r = *state;
	struct obs_http http = fetched(9);

	http.response_body_len = 700;
	assert_int_equal(rig_request(r, &http), 0);
	http.response_body_len = 0;
	assert_int_equal(rig_request(r, &http), 0);
	http.response_body_len = TRANSACTION_UNSET;
	assert_int_equal(rig_request(r, &http), 0);
	rig_set_size(r, "min_bytes", 1);
	http.response_body_len = 1;
	assert_int_equal(rig_request(r, &http), 1);
}

static void
ports_case_and_names_below_are_the_same_site(void **state)
{
	static const char *const hosts[] = { "pastebin.com:8080", "PasteBin.com", "raw.paste.ee" };
	struct rig *r = *state;

	for (uint8_t i = 0; i < 3; i++) {
		struct obs_http http = fetched(i);
		http.host = hosts[i];
		assert_int_equal(rig_request(r, &http), 1);
	}
}

static void
other_sites_and_other_methods_are_nothing(void **state)
{
	static const char *const hosts[] = { "notpastebin.com", "pastebin.com.example.org", "",
		NULL };
	struct rig *r = *state;
	struct obs_http http = fetched(9);

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		http.host = hosts[i];
		assert_int_equal(rig_request(r, &http), 0);
	}
	http = fetched(9);
	http.method = "POST";
	assert_int_equal(rig_request(r, &http), 0);
	http.method = NULL;
	assert_int_equal(rig_request(r, &http), 0);
	http = fetched(9);
	assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
}

static void
a_name_of_any_length_is_looked_up_or_left(void **state)
{
	struct rig *r = *state;
	struct obs_http http = fetched(9);
	char host[300];

	memset(host, '\x1b', sizeof(host));
	memcpy(host + sizeof(host) - sizeof(".pastebin.com"), ".pastebin.com",
		sizeof(".pastebin.com"));
	http.host = host; /* 299 bytes */
	assert_int_equal(rig_request(r, &http), 0);
	http.host = host + 299 - DNS_NAME_MAX;
	assert_int_equal(rig_request(r, &http), 0);
	http.host = host + 300 - DNS_NAME_MAX;
	assert_int_equal(rig_request(r, &http), 1);
	assert_null(strpbrk(rig_last(r)->text, "\n\x1b"));
	assert_null(strpbrk(rig_last(r)->object, "\n\x1b"));
}

static void
each_server_is_told_once_a_window(void **state)
{
	struct rig *r = *state;
	const struct obs_http one = fetched(1);
	const struct obs_http two = fetched(2);

	assert_int_equal(rig_request(r, &one), 1);
	assert_int_equal(rig_request(r, &one), 0);
	assert_int_equal(rig_request(r, &two), 1);
	rig_window_next(r);
	assert_int_equal(rig_request(r, &one), 1);
}

/* ---- encrypted ---- */

static void
greet_as(struct rig *r, enum obs_kind kind, enum obs_role role, uint64_t id, const char *name)
{
	const struct obs_talk talk = { .id = id,
		.uid = rig_uid(8),
		.orig = r->host,
		.resp = addr_v4(203, 0, 113, (uint8_t)id),
		.resp_port = 443,
		.ip_proto = kind == OBS_TLS ? IPPROTO_TCP : IPPROTO_UDP };
	const struct obs_tls tls = { .server_name = name };
	const struct obs_quic quic = { .server_name = name };
	struct observation o = { .kind = kind, .role = role, .ts_ns = r->now_ns, .talk = &talk };

	if (kind == OBS_TLS)
		o.tls = &tls;
	else
		o.quic = &quic;
	rig_observe(r, &o);
}

static void
greet(struct rig *r, uint64_t id)
{
	greet_as(r, OBS_TLS, ROLE_CLIENT, id, "pastebin.com");
}

/* returns how many findings it makes that so many bytes have come */
static size_t
comes(struct rig *r, enum obs_kind kind, uint64_t id, const char *service, uint64_t bytes)
{
	const struct obs_flow f = { .id = id,
		.uid = rig_uid(7),
		.resp = addr_v4(203, 0, 113, (uint8_t)id),
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.service = service,
		.resp_total.payload_bytes = bytes };
	size_t before = r->raised_count;

	rig_flow(r, kind, &f);
	return r->raised_count - before;
}

static void
an_encrypted_conversation_is_as_good(void **state)
{
	struct rig *r = *state;

	greet(r, 5);
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(comes(r, OBS_FLOW_INTERIM, 5, "ssl", 700), 0);
	assert_int_equal(comes(r, OBS_FLOW_END, 6, "ssl", 701), 0); /* another one */
	assert_int_equal(comes(r, OBS_FLOW_END, 5, "ssl", 701), 1);
	const struct raised *e = rig_last(r);
	assert_int_equal(e->port, 443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 701);
	assert_string_equal(e->object, "pastebin.com");
	assert_string_equal(
		e->text, "fetched 701 bytes from pastebin.com, a site of pastes, at 203.0.113.5");
}

static void
quic_is_encrypted_as_well(void **state)
{
	struct rig *r = *state;

	greet_as(r, OBS_QUIC, ROLE_CLIENT, 5, "paste.ee");
	assert_int_equal(comes(r, OBS_FLOW_INTERIM, 5, "quic", 701), 1);
	assert_string_equal(rig_last(r)->object, "paste.ee");
	assert_int_equal(comes(r, OBS_FLOW_END, 5, "quic", 999), 0);
}

static void
other_conversations_are_not_waited_for(void **state)
{
	struct rig *r = *state;

	greet_as(r, OBS_TLS, ROLE_CLIENT, 1, "www.example.com");
	greet_as(r, OBS_TLS, ROLE_CLIENT, 2, NULL);
	greet_as(r, OBS_TLS, ROLE_SERVER, 3, "pastebin.com");
	greet(r, 4);
	for (uint64_t id = 0; id < 4; id++)
		assert_int_equal(comes(r, OBS_FLOW_END, id, "ssl", 701), 0);
	assert_int_equal(comes(r, OBS_FLOW_START, 4, "ssl", 701), 0);
	assert_int_equal(comes(r, OBS_FLOW_END, 4, "http", 701), 0);
	assert_int_equal(comes(r, OBS_FLOW_END, 4, "", 701), 0);
	assert_int_equal(comes(r, OBS_FLOW_END, 4, "smtp,ssl", 701), 1);
}

static void
eight_are_waited_for_and_the_oldest_goes(void **state)
{
	struct rig *r = *state;

	for (uint64_t id = 1; id <= 9; id++)
		greet(r, id);
	assert_int_equal(comes(r, OBS_FLOW_END, 1, "ssl", 701), 0);
	for (uint64_t id = 2; id <= 9; id++)
		assert_int_equal(comes(r, OBS_FLOW_END, id, "ssl", 701), 1);
}

static void
long_names_of_encrypted_sites_are_cut_in_front(void **state)
{
	struct rig *r = *state;
	char name[DNS_NAME_MAX];

	memset(name, 'x', sizeof(name));
	memcpy(name + sizeof(name) - sizeof(".paste.ee"), ".paste.ee", sizeof(".paste.ee"));
	greet_as(r, OBS_TLS, ROLE_CLIENT, 5, name);
	assert_int_equal(comes(r, OBS_FLOW_END, 5, "ssl", 701), 1);
	const char *object = rig_last(r)->object;
	assert_int_equal(strlen(object), EVIDENCE_OBJECT_MAX);
	assert_string_equal(object + strlen(object) - strlen("xxx.paste.ee"), "xxx.paste.ee");
}

static void
without_memory_nothing_is_told(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 1;
	greet(r, 5);
	assert_int_equal(comes(r, OBS_FLOW_END, 5, "ssl", 701), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_text_from_a_site_of_pastes_is_information),
		TEST(what_is_smaller_is_none),
		TEST(ports_case_and_names_below_are_the_same_site),
		TEST(other_sites_and_other_methods_are_nothing),
		TEST(a_name_of_any_length_is_looked_up_or_left),
		TEST(each_server_is_told_once_a_window),
		TEST(an_encrypted_conversation_is_as_good),
		TEST(quic_is_encrypted_as_well),
		TEST(other_conversations_are_not_waited_for),
		TEST(eight_are_waited_for_and_the_oldest_goes),
		TEST(long_names_of_encrypted_sites_are_cut_in_front),
		TEST(without_memory_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
