#define DETECTOR_UNDER_TEST detector_self_signed
#include "tests/support/handshake_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
a_certificate_that_signs_itself_is_told_once_a_server(void **state)
{
	const struct obs_tls tls = { .validation = "self-signed certificate",
		.server_name = "karantino.xyz",
		.subject = "CN=www.a.com,O=A" };
	struct rig *r = *state;

	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 2);
	const struct raised *e = &r->raised[0];
	assert_string_equal(e->kind->name, "SELF_SIGNED_CERTIFICATE");
	assert_string_equal(e->kind->technique, "T1587.003");
	assert_int_equal(e->kind->signature_id, 5200251);
	assert_int_equal(e->kind->aspect, ASPECT_CERT);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive || e->kind->may_convict || e->twin);
	assert_true(e->has_about);
	assert_int_equal(e->port, 4443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "9.9.9.1");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"was shown a certificate that signs itself by 9.9.9.1 port 4443: "
		"\"CN=www.a.com,O=A\"");
	e = rig_last(r);
	assert_true(e->twin);
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_string_equal(e->object, "");
	assert_string_equal(e->text,
		"showed a certificate that signs itself on port 4443: \"CN=www.a.com,O=A\"");
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 0);
	assert_int_equal(handshake(r, outside(2), ROLE_CLIENT, &tls), 2);
	assert_int_equal(rig_last(r)->observed, 2);
	rig_window_next(r);
	r->peers = (struct window_peers){ 0 };
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 2);
}

static void
the_fourth_server_of_a_window_is_information(void **state)
{
	const struct obs_tls tls = { .validation = "self signed certificate", .subject = "" };
	struct rig *r = *state;

	for (size_t i = 1; i <= 5; i++) {
		assert_int_equal(handshake(r, outside((uint8_t)i), ROLE_CLIENT, &tls), 2);
		assert_int_equal(r->raised[(i - 1) * 2].threat, i <= 3 ? THREAT_LOW : THREAT_INFO);
	}
}

static void
an_unknown_issuer_counts_for_what_is_no_host_and_was_not_named(void **state)
{
	static const struct {
		const char *validation, *name, *subject;
		size_t findings;
	} rows[] = {
		{ "unable to get local issuer certificate", NULL, "CN=DcRat", 2 },
		{ "unable to get issuer certificate", NULL, "O=A", 2 },
		{ "unable to verify the first certificate", NULL, "CN=a", 2 },
		{ "self-signed certificate in certificate chain", NULL, "CN=AnyNet Relay,O=p.h",
			2 },
		{ "self signed certificate in certificate chain", NULL, "CN=Dr. No", 2 },
		{ "unable to get local issuer certificate", NULL, "CN=*.kakao.com,O=K", 0 },
		{ "unable to get local issuer certificate", "a.com", "CN=DcRat", 0 },
		{ "self-signed certificate in certificate chain", "a.com", "CN=a.com", 0 },
		{ "certificate has expired", NULL, "CN=DcRat", 0 },
		{ "ok", NULL, "CN=DcRat", 0 },
		{ NULL, NULL, "CN=DcRat", 0 },
		{ "self-signed certificate", NULL, NULL, 0 },
	};
	struct rig *r = *state;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct obs_tls tls = { .validation = rows[i].validation,
			.server_name = rows[i].name,
			.subject = rows[i].subject };
		assert_int_equal(handshake(r, outside(i + 1), ROLE_CLIENT, &tls), rows[i].findings);
	}
	assert_non_null(
		strstr(r->raised[0].text, "a certificate of an unknown issuer for no host by"));
}

static void
only_clients_of_servers_of_the_internet_are_told(void **state)
{
	const struct obs_tls tls = { .validation = "self-signed certificate", .subject = "CN=a" };
	struct rig *r = *state;

	assert_int_equal(handshake(r, addr_v4(192, 168, 1, 1), ROLE_CLIENT, &tls), 0);
	assert_int_equal(handshake(r, outside(1), ROLE_SERVER, &tls), 0);
}

static void
hostile_text_is_cut_and_made_safe(void **state)
{
	char subject[600];
	const struct obs_tls tls = { .validation = "self-signed certificate", .subject = subject };
	struct rig *r = *state;

	memset(subject, '\x1b', sizeof(subject) - 1);
	subject[sizeof(subject) - 1] = '\0';
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 2);
	assert_null(strchr(r->raised[0].text, '\x1b'));
	assert_null(strchr(r->raised[1].text, '\x1b'));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_certificate_that_signs_itself_is_told_once_a_server),
		TEST(the_fourth_server_of_a_window_is_information),
		TEST(an_unknown_issuer_counts_for_what_is_no_host_and_was_not_named),
		TEST(only_clients_of_servers_of_the_internet_are_told),
		TEST(hostile_text_is_cut_and_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
