#define DETECTOR_UNDER_TEST detector_cn_incompatible
#include "tests/support/handshake_rig.h"

#include "daemon/base/domain.h"
#include "daemon/knowledge/geo.h"
#include "daemon/transactions/dns.h"
#include "tests/support/mmdb_build.h"
#include "tests/support/scratch.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* DNS names a server. */
static void
name_it(struct rig *r, struct addr server, const char *name)
{
	const struct dns_answer answer = { .addr = server };
	const struct obs_dns dns = {
		.client = r->host, .query = name, .answers = &answer, .answer_count = 1
	};

	rig_learn(r, &(struct observation){ .kind = OBS_DNS, .ts_ns = r->now_ns, .dns = &dns });
}

static void
names_by_dns_accuse_and_clear(void **state)
{
	const struct obs_tls tls = { .validation = "unable to get local issuer certificate",
		.subject = "CN=www.google.com" };
	struct rig *r = *state;

	name_it(r, outside(1), "evil.net");
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 1);
	name_it(r, outside(2), "evil.net");
	name_it(r, outside(2), "mail.google.com");
	assert_int_equal(handshake(r, outside(2), ROLE_CLIENT, &tls), 0);
}

static void
as_many_names_as_are_known_accuse(void **state)
{
	const struct obs_tls tls = { .validation = "unable to get local issuer certificate",
		.subject = "CN=www.google.com" };
	struct rig *r = *state;
	char name[] = "a.net";

	for (unsigned i = 0; i < SITE_NAMES_OF_ADDRESS; i++, name[0]++)
		name_it(r, outside(1), name);
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 1);
}

static void
what_a_client_called_its_server_clears_nobody(void **state)
{
	const struct obs_tls tls = { .validation = "unable to get local issuer certificate",
		.subject = "CN=www.google.com" };
	const struct obs_tls before = { .server_name = "mail.google.com" };
	struct rig *r = *state;

	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &before), 0);
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 0); /* nor accuses it */
	name_it(r, outside(1), "evil.net");
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 1);
}

/* The site knows the autonomous systems of 9.9.9.0/25, Google's, and of 9.9.9.128/25, nobody's of the five. */
static struct geo *
know_systems(struct rig *r, const struct scratch *scratch)
{
	struct geo *geo = geo_new();
	struct mmdb_build m;
	char path[96];
	MMDB_s db;

	(void)snprintf(path, sizeof(path), "%s/a.mmdb", scratch->directory);
	mmdb_begin(&m);
	size_t google = m.bytes;
	mmdb_map(&m, 1);
	mmdb_pair(&m, "asn", "AS15169");
	size_t other = m.bytes;
	mmdb_map(&m, 1);
	mmdb_pair(&m, "asn", "AS64496");
	mmdb_network(&m, addr_v4(9, 9, 9, 0), 121, google);
	mmdb_network(&m, addr_v4(9, 9, 9, 128), 121, other);
	mmdb_write(&m, path);
	assert_int_equal(MMDB_open(path, MMDB_MODE_MMAP, &db), MMDB_SUCCESS);
	assert_null(geo_add(geo, &db));
	site_free(r->site);
	r->site = site_new(&(struct site_plan){ .names = 4, .macs = 4, .geo = geo }, &r->hash_key);
	r->call.site = r->site;
	return geo;
}

static void
the_autonomous_system_accuses_and_clears(void **state)
{
	const struct obs_tls unnamed = { .validation = "unable to get local issuer certificate",
		.subject = "CN=www.google.com" };
	const struct obs_tls named = { .validation = "unable to get local issuer certificate",
		.server_name = "www.evil.net",
		.subject = "CN=www.google.com" };
	struct rig *r = *state;
	struct scratch *scratch = scratch_new();
	struct geo *geo = know_systems(r, scratch);

	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &unnamed), 0);
	assert_int_equal(handshake(r, outside(2), ROLE_CLIENT, &named), 0);
	assert_int_equal(handshake(r, outside(129), ROLE_CLIENT, &unnamed), 1);
	assert_int_equal(handshake(r, outside(130), ROLE_CLIENT, &named), 1);
	/* Of whose system nobody knows, the name still tells. */
	assert_int_equal(handshake(r, addr_v4(9, 9, 8, 1), ROLE_CLIENT, &unnamed), 0);
	assert_int_equal(handshake(r, addr_v4(9, 9, 8, 1), ROLE_CLIENT, &named), 1);
	site_free(r->site);
	r->site = NULL;
	geo_free(geo);
	scratch_free(scratch);
}

static void
the_longest_name_is_read_to_its_end(void **state)
{
	char subject[sizeof("CN=") + DOMAIN_TEXT_MAX] = "CN=";
	const struct obs_tls tls = {
		.validation = "x", .server_name = "evil.net", .subject = subject
	};
	static const char end[] = ".google.com";
	struct rig *r = *state;

	memset(subject + 3, 'x', DOMAIN_TEXT_MAX);
	memcpy(subject + sizeof(subject) - sizeof(end), end, sizeof(end));
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 1);
}

static void
a_claim_that_nothing_bears_out_is_told_once_a_server(void **state)
{
	const struct obs_tls tls = { .validation = "unable to get local issuer certificate",
		.server_name = "www.evil.net",
		.subject = "CN=*.Google.com,O=X" };
	struct rig *r = *state;

	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "INCOMPATIBLE_CN");
	assert_string_equal(e->kind->technique, "T1036");
	assert_int_equal(e->kind->signature_id, 5200253);
	assert_int_equal(e->kind->aspect, ASPECT_CERT);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.9, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	assert_int_equal(e->port, 4443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "9.9.9.1");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"was shown a certificate that claims to be of google by 9.9.9.1 port 4443, which is "
		"not theirs: \"CN=*.Google.com,O=X\"");
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 0);
	assert_int_equal(handshake(r, outside(2), ROLE_CLIENT, &tls), 1);
	assert_int_equal(rig_last(r)->observed, 2);
}

static void
what_is_unknown_good_or_borne_out_is_silent(void **state)
{
	static const char own[] = "self-signed certificate";
	static const char old[] = "self signed certificate";
	static const char lost[] = "unable to get local issuer certificate";
	static const struct {
		const char *validation, *name, *subject;
		enum truth matches;
		size_t findings;
	} rows[] = {
		{ lost, "evil.net", "CN=www.microsoft.com", TRUTH_NO, 1 },
		{ own, "evil.net", "CN=evil.net,O=Microsoft Corporation", TRUTH_YES, 1 },
		{ old, "evil.net", "CN=evil.net,O=Microsoft Corporation", TRUTH_YES, 1 },
		{ own, "www.google.com", "CN=www.microsoft.com", TRUTH_NO, 1 },
		{ lost, "evil.net", "CN=*.waze.test,O=Google LLC", TRUTH_NO, 0 },
		{ lost, "s1.cdn.test", "CN=www.google.com", TRUTH_YES, 0 },
		{ lost, "mail.google.com", "CN=www.google.com", TRUTH_NO, 0 },
		{ lost, NULL, "CN=www.google.com", TRUTH_UNKNOWN, 0 },
		{ "ok", "evil.net", "CN=www.google.com", TRUTH_NO, 0 },
		{ NULL, "evil.net", "CN=www.google.com", TRUTH_NO, 0 },
		{ own, "evil.net", "CN=netflix.com,O=Netflix", TRUTH_NO, 0 },
		{ own, "evil.net", "L=nowhere", TRUTH_NO, 0 },
		{ own, "evil.net", NULL, TRUTH_NO, 0 },
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
hostile_text_is_cut_and_made_safe(void **state)
{
	char subject[600] = "CN=www.google.com,O=";
	const struct obs_tls tls = {
		.validation = "x", .server_name = "a.com", .subject = subject
	};
	struct rig *r = *state;

	memset(subject + 20, '\x1b', sizeof(subject) - 21);
	assert_int_equal(handshake(r, outside(1), ROLE_CLIENT, &tls), 1);
	assert_null(strchr(rig_last(r)->text, '\x1b'));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_by_dns_accuse_and_clear),
		TEST(as_many_names_as_are_known_accuse),
		TEST(what_a_client_called_its_server_clears_nobody),
		TEST(the_autonomous_system_accuses_and_clears),
		TEST(the_longest_name_is_read_to_its_end),
		TEST(a_claim_that_nothing_bears_out_is_told_once_a_server),
		TEST(what_is_unknown_good_or_borne_out_is_silent),
		TEST(hostile_text_is_cut_and_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
