/* test_x509_trust.c -- chains that somebody trusted signed, and others. */
#include "daemon/proto/x509_trust.h"
#include "tests/support/x509_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

#define NS_PER_S UINT64_C(1000000000)

static const uint64_t in_2023 = 1700000000 * NS_PER_S;

struct fixture {
	struct x509_trust *nobody, *root;
	X509 *chain[2];
};

static int
set_up(void **state)
{
	static const char pem[] = "a comment\n" X509_SAMPLE_ROOT_PEM "and another\n";
	static struct fixture f;

	f.nobody = x509_trust_new();
	f.root = x509_trust_new();
	f.chain[0] = x509_open(cursor_over(x509_sample_leaf, sizeof(x509_sample_leaf)));
	f.chain[1] = x509_open(cursor_over(x509_sample_root, sizeof(x509_sample_root)));
	*state = &f;
	return x509_trust_add(f.root, pem, sizeof(pem) - 1) != 1;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	x509_trust_free(f->nobody);
	x509_trust_free(f->root);
	x509_close(f->chain[0]);
	x509_close(f->chain[1]);
	return 0;
}

static void
what_a_trusted_authority_signed_is_ok(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(x509_validate(f->root, f->chain, 1, in_2023).status, "ok");
	assert_string_equal(x509_validate(f->root, f->chain, 2, in_2023).status, "ok");
}

static void
what_nobody_trusted_signed_is_not(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(x509_validate(f->nobody, f->chain, 1, in_2023).status,
		"unable to get local issuer certificate");
	assert_string_equal(x509_validate(f->nobody, f->chain, 2, in_2023).status,
		"self-signed certificate in certificate chain");
	assert_string_equal(x509_validate(f->nobody, f->chain + 1, 1, in_2023).status,
		"self-signed certificate");
}

static void
the_time_is_that_of_the_packet(void **state)
{
	struct fixture *f = *state;
	const uint64_t begins = 1672531200 * NS_PER_S;
	const uint64_t ends = 2303683200 * NS_PER_S;
	const struct {
		uint64_t at_ns;
		struct x509_verdict want;
	} cases[] = {
		{ 0, { "certificate is not yet valid", 0, begins } },
		{ begins - 1, { "certificate is not yet valid", 0, begins } },
		{ begins, { "ok", begins, ends } },
		{ ends - 1, { "ok", begins, ends } },
		{ ends, { "certificate has expired", ends, UINT64_MAX } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct x509_verdict got = x509_validate(f->root, f->chain, 1, cases[i].at_ns);
		assert_string_equal(got.status, cases[i].want.status);
		assert_int_equal(got.from_ns, cases[i].want.from_ns);
		assert_int_equal(got.until_ns, cases[i].want.until_ns);
	}
}

static void
what_is_no_certificate_is_passed_over(void **state)
{
	struct fixture *f = *state;
	static const char broken[] =
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" X509_SAMPLE_ROOT_PEM;

	assert_int_equal(x509_trust_add(f->nobody, broken, sizeof(broken) - 1), 1);
	assert_int_equal(x509_trust_add(f->nobody, "", 0), 0);
	assert_string_equal(x509_validate(f->nobody, f->chain, 1, in_2023).status, "ok");
	x509_trust_free(NULL);
}

/* Trust a text of two certificates, of which only the second makes the chain good. */
static void
add_two(struct x509_trust *t, X509 *first)
{
	BIO *text = BIO_new(BIO_s_mem());
	char *pem;

	assert_int_equal(PEM_write_bio_X509(text, first), 1);
	assert_true(BIO_puts(text, X509_SAMPLE_ROOT_PEM) > 0);
	size_t size = (size_t)BIO_get_mem_data(text, &pem);
	assert_true(x509_trust_add(t, pem, size));
	BIO_free(text);
}

static void
what_follows_the_first_certificate_is_read_before_a_chain_is_judged(void **state)
{
	struct fixture *f = *state;

	add_two(f->nobody, f->chain[0]);
	assert_string_equal(x509_validate(f->nobody, f->chain, 1, in_2023).status, "ok");
	x509_trust_settle(f->nobody);
	assert_string_equal(x509_validate(f->nobody, f->chain, 1, in_2023).status, "ok");
}

static void
a_second_text_adds_to_the_first(void **state)
{
	struct fixture *f = *state;

	add_two(f->nobody, f->chain[0]);
	assert_false(x509_trust_add(f->nobody, "words", 5));
	assert_string_equal(x509_validate(f->nobody, f->chain, 1, in_2023).status, "ok");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_a_trusted_authority_signed_is_ok, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_nobody_trusted_signed_is_not, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_time_is_that_of_the_packet, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_no_certificate_is_passed_over, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_follows_the_first_certificate_is_read_before_a_chain_is_judged, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_second_text_adds_to_the_first, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
