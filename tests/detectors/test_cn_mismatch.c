#define DETECTOR_UNDER_TEST detector_cn_mismatch
#include "tests/support/handshake_rig.h"

#include "daemon/base/domain.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
a_certificate_of_somebody_else_is_told_once_a_server(void **state)
{
	const struct obs_tls tls = { .validation = "unable to get local issuer certificate",
		.name_matches = TRUTH_NO,
		.server_name = "www.a.com",
		.subject = "CN=*.b.net,O=B" };
	struct rig *r = *state;

	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 2);
	const struct raised *e = &r->raised[0];
	assert_string_equal(e->kind->name, "CN_URL_MISMATCH");
	assert_string_equal(e->kind->technique, "T1090.004");
	assert_int_equal(e->kind->signature_id, 5200252);
	assert_int_equal(e->kind->aspect, ASPECT_CERT);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && !e->twin);
	assert_int_equal(e->port, 4443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "9.9.9.1");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"asked 9.9.9.1 port 4443 for \"www.a.com\" and was shown a certificate of "
		"\"*.b.net\"");
	e = rig_last(r);
	assert_true(e->twin);
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_string_equal(e->object, "");
	assert_string_equal(e->text,
		"was asked on port 4443 for \"www.a.com\" and showed a certificate of "
		"\"*.b.net\"");
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 0);
	for (unsigned i = 2; i <= 4; i++)
		assert_int_equal(handshake(r, outside(i), ROLE_CLIENT, &tls), 2);
	assert_int_equal(r->raised[4].threat, THREAT_LOW);
	assert_int_equal(r->raised[6].threat, THREAT_INFO);
	assert_int_equal(r->raised[6].observed, 4);
}

static void
a_good_chain_one_owner_and_what_is_unknown_are_none(void **state)
{
	static const char bad[] = "self-signed certificate";
	static const struct {
		const char *validation, *name, *subject;
		enum truth matches;
		size_t findings;
	} rows[] = {
		{ bad, "www.a.com", "CN=b.com", TRUTH_NO, 2 },
		{ bad, "a.co.uk", "CN=b.co.uk", TRUTH_NO, 2 },
		{ bad, "a.com", "CN=ab.com", TRUTH_NO, 2 },
		{ "ok", "www.a.com", "CN=b.com", TRUTH_NO, 0 },
		{ NULL, "www.a.com", "CN=b.com", TRUTH_NO, 0 },
		{ bad, "www.a.com", "CN=b.com", TRUTH_YES, 0 },
		{ bad, "www.a.com", "CN=b.com", TRUTH_UNKNOWN, 0 },
		{ bad, "www.a.com", "CN=mail.A.COM", TRUTH_NO, 0 },
		{ bad, "www.a.com", "CN=localhost", TRUTH_NO, 0 },
		{ bad, "www.a.com", "O=b.com", TRUTH_NO, 0 },
		{ bad, "9.9.9.9", "CN=b.com", TRUTH_NO, 0 },
		{ bad, NULL, "CN=b.com", TRUTH_NO, 0 },
		{ bad, "www.a.com", NULL, TRUTH_NO, 0 },
	};
	struct rig *r = *state;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct obs_tls tls = { .validation = rows[i].validation,
			.server_name = rows[i].name,
			.subject = rows[i].subject,
			.name_matches = rows[i].matches };
		assert_int_equal(handshake(r, outside(i + 1), ROLE_CLIENT, &tls), rows[i].findings);
		assert_int_equal(handshake(r, outside(i + 101), ROLE_SERVER, &tls), 0);
		assert_int_equal(handshake(r, r->host, ROLE_CLIENT, &tls), 0);
	}
}

static void
the_longest_name_is_compared_to_its_end(void **state)
{
	char subject[sizeof("CN=") + DOMAIN_TEXT_MAX] = "CN=";
	const struct obs_tls tls = { .validation = "self-signed certificate",
		.name_matches = TRUTH_NO,
		.server_name = "www.b.com",
		.subject = subject };
	struct rig *r = *state;

	memset(subject + 3, 'x', DOMAIN_TEXT_MAX);
	memcpy(subject + sizeof(subject) - sizeof(".b.com"), ".b.com", sizeof(".b.com"));
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 0);
	memcpy(subject + sizeof(subject) - sizeof(".c.com"), ".c.com", sizeof(".c.com"));
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 2);
}

static void
hostile_text_is_cut_and_made_safe(void **state)
{
	char name[250] = "CN=";
	const struct obs_tls tls = { .validation = "self-signed certificate",
		.name_matches = TRUTH_NO,
		.server_name = name + 3,
		.subject = "CN=b.com" };
	const struct obs_tls other = { .validation = "self-signed certificate",
		.name_matches = TRUTH_NO,
		.server_name = "b.com",
		.subject = name };
	struct rig *r = *state;

	memset(name + 3, '\xff', sizeof(name) - 3);
	memcpy(name + 200, ".a.com", sizeof(".a.com"));
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 2);
	assert_int_equal(handshake(r, outside(2), ROLE_CLIENT, &other), 2);
	for (size_t i = 0; i < 4; i++)
		assert_null(strchr(r->raised[i].text, '\xff'));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_certificate_of_somebody_else_is_told_once_a_server),
		TEST(a_good_chain_one_owner_and_what_is_unknown_are_none),
		TEST(the_longest_name_is_compared_to_its_end),
		TEST(hostile_text_is_cut_and_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
