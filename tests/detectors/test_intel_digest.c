#define DETECTOR_UNDER_TEST detector_intel_digest
#include "tests/support/intel_rig.h"

#include "daemon/transactions/file.h"
#include "daemon/transactions/x509.h"

#define MD5    "44d88612fea8a8f36de82e1278abb02f"
#define SHA1   "3395856ce81f2b7382dee72602f798b642f14140"
#define SHA256 "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"

static const struct addr server = { .byte = { [10] = 0xff, 0xff, 198, 51, 100, 3 } };

static void
certificate(struct lists_rig *t, const struct obs_x509 *x)
{
	const struct obs_talk talk = talk_between(t->r.host, server);

	said(t, OBS_X509, ROLE_CLIENT, &talk, x);
}

static void
file(struct lists_rig *t, enum obs_role role, const struct obs_file *f)
{
	const struct obs_talk talk = talk_between(t->r.host, server);

	said(t, OBS_FILE, role, &talk, f);
}

static struct obs_file
download(const struct lists_rig *t)
{
	return (struct obs_file){ .sender = server, .receiver = t->r.host };
}

static void
a_listed_certificate_is_told_on_both_sides_once(void **state)
{
	struct lists_rig *t = *state;

	certificate(t, &(struct obs_x509){ .sha1 = SHA1 });
	know_one(t, intel_digest(INTEL_SHA1, SHA1, THREAT_HIGH));
	certificate(t, &(struct obs_x509){ .fingerprint = SHA256 });
	assert_int_equal(t->r.raised_count, 0);
	certificate(t, &(struct obs_x509){ .sha1 = SHA1 });
	certificate(t, &(struct obs_x509){ .sha1 = SHA1 });
	assert_int_equal(t->r.raised_count, 2);
	const struct raised *a = &t->r.raised[0];
	assert_string_equal(a->kind->name, "MALICIOUS_SSL_CERT");
	assert_string_equal(
		a->text, "was shown a certificate from 198.51.100.3, which first.txt lists (high)");
	assert_int_equal(a->threat, THREAT_HIGH);
	assert_string_equal(a->object, SHA1);
	assert_true(addr_equal(&a->about, &server) && !a->decisive);
	assert_int_equal(a->uid_count, 1);
	assert_true(t->r.raised[1].twin && addr_equal(&t->r.raised[1].host, &server));
	assert_string_equal(t->r.raised[1].text,
		"showed a certificate to 10.0.0.1, which first.txt lists (high)");
}

static void
a_certificate_is_known_by_sha256_and_a_clients_is_the_clients(void **state)
{
	struct lists_rig *t = *state;

	know_one(t, intel_digest(INTEL_SHA256, SHA256, THREAT_LOW));
	certificate(t, &(struct obs_x509){ .fingerprint = SHA256, .is_client = TRUTH_YES });
	assert_int_equal(t->r.raised_count, 0); /* ours showed it; the server is told */
	certificate(t, &(struct obs_x509){ .fingerprint = SHA256 });
	assert_int_equal(t->r.raised_count, 2);
}

static void
a_listed_file_is_told_by_any_of_its_digests(void **state)
{
	static const struct {
		enum intel_digest kind;
		const char *text;
	} digests[] = { { INTEL_MD5, MD5 }, { INTEL_SHA1, SHA1 }, { INTEL_SHA256, SHA256 } };
	struct lists_rig *t = *state;

	for (size_t i = 0; i < 3; i++) {
		struct obs_file f = download(t);

		f.md5 = MD5;
		f.sha1 = SHA1;
		f.sha256 = SHA256;
		know_one(t, intel_digest(digests[i].kind, digests[i].text, THREAT_CRITICAL));
		file(t, ROLE_SERVER, &f);
		file(t, ROLE_CLIENT, &f);
		assert_int_equal(t->r.raised_count, 2 * (i + 1));
		assert_string_equal(t->r.raised[2 * i].kind->name, "MALICIOUS_DOWNLOADED_FILE");
		assert_string_equal(t->r.raised[2 * i].object, digests[i].text);
	}
	assert_string_equal(t->r.raised[0].text,
		"took a file from 198.51.100.3, which first.txt lists (critical)");
	assert_string_equal(
		t->r.raised[1].text, "sent a file to 10.0.0.1, which first.txt lists (critical)");
}

static void
a_file_that_is_known_to_be_good_is_not_told(void **state)
{
	struct lists_rig *t = *state;
	const struct intel_indicator what[] = { intel_digest(INTEL_SHA256, SHA256, THREAT_HIGH),
		intel_digest(INTEL_MD5, MD5, THREAT_INFO) };
	struct obs_file f = download(t);

	know(t, what, (const unsigned[]){ LIST_FIRST, LIST_GOOD_FILES }, 2);
	f.md5 = MD5;
	f.sha256 = SHA256;
	file(t, ROLE_CLIENT, &f);
	assert_int_equal(t->r.raised_count, 0);
	f.md5 = NULL;
	file(t, ROLE_CLIENT, &f);
	assert_int_equal(t->r.raised_count, 2);
}

static void
who_sends_a_listed_file_is_told_where_it_arrives(void **state)
{
	struct lists_rig *t = *state;
	struct obs_file f = { .sender = t->r.host, .receiver = server, .md5 = MD5 };

	know_one(t, intel_digest(INTEL_MD5, MD5, THREAT_HIGH));
	file(t, ROLE_CLIENT, &f);
	assert_int_equal(t->r.raised_count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_listed_certificate_is_told_on_both_sides_once),
		TEST(a_certificate_is_known_by_sha256_and_a_clients_is_the_clients),
		TEST(a_listed_file_is_told_by_any_of_its_digests),
		TEST(a_file_that_is_known_to_be_good_is_not_told),
		TEST(who_sends_a_listed_file_is_told_where_it_arrives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
