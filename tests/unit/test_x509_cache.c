/* test_x509_cache.c -- certificates are parsed once, as long as there is room. */
#include "daemon/proto/x509_cache.h"
#include "tests/support/x509_sample.h"

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static int
set_up(void **state)
{
	struct x509_cache *c = calloc(1, sizeof(*c));

	*state = c;
	return c == NULL ? -1 : x509_cache_init(c, &key);
}

static int
tear_down(void **state)
{
	x509_cache_done(*state);
	free(*state);
	return 0;
}

/* The leaf with another serial number: another certificate. Nobody looks at its signature. */
static struct x509_known *
leaf_of(struct x509_cache *c, uint16_t serial)
{
	static const uint8_t before[] = { 0x02, 0x03, 0x0a, 0x0b, 0x0d };
	uint8_t der[sizeof(x509_sample_leaf)];

	memcpy(der, x509_sample_leaf, sizeof(der));
	for (size_t at = 0; at + sizeof(before) < sizeof(der); at++)
		if (memcmp(der + at, before, sizeof(before)) == 0) {
			der[at + 3] = (uint8_t)(serial >> 8);
			der[at + 4] = (uint8_t)serial;
			break;
		}
	return x509_cache_get(c, cursor_over(der, sizeof(der)));
}

static void
what_is_shown_again_is_the_same(void **state)
{
	struct x509_cache *c = *state;
	const struct x509_known *first = leaf_of(c, 1);

	assert_non_null(first);
	assert_string_equal(first->facts.said.subject, "CN=www.example.org,O=Example,C=CZ");
	assert_ptr_not_equal(leaf_of(c, 2), first);
	assert_ptr_equal(leaf_of(c, 1), first);
	assert_int_equal(table_count(&c->table), 2);
}

static void
what_is_none_is_not_kept(void **state)
{
	static const uint8_t zeros[X509_BYTES_MAX + 1];
	struct x509_cache *c = *state;

	assert_null(x509_cache_get(c, cursor_over("no certificate", 14)));
	assert_null(x509_cache_get(c, cursor_over("", 0)));
	assert_null(x509_cache_get(c, (struct cursor){ .short_read = true }));
	assert_null(x509_cache_get(c, cursor_over(zeros, sizeof(zeros))));
	assert_int_equal(table_count(&c->table), 0);
}

static void
the_one_shown_longest_ago_makes_room(void **state)
{
	struct x509_cache *c = *state;

	for (unsigned i = 0; i < X509_CACHE_ENTRIES; i++)
		assert_non_null(leaf_of(c, (uint16_t)i));
	const struct x509_known *kept = leaf_of(c, 0); /* so that 1 is the oldest */
	assert_non_null(leaf_of(c, X509_CACHE_ENTRIES));
	assert_int_equal(table_count(&c->table), X509_CACHE_ENTRIES);
	assert_ptr_equal(leaf_of(c, 0), kept);
	assert_int_equal(c->bytes, X509_CACHE_ENTRIES * sizeof(x509_sample_leaf));
}

static void
whom_a_certificate_is_for_is_asked_once(void **state)
{
	struct x509_cache *c = *state;
	struct x509_known *leaf = leaf_of(c, 1);
	char longer[X509_CACHE_HOST + 1];

	assert_true(x509_cache_is_for(leaf, "www.example.org"));
	assert_string_equal(leaf->host, "www.example.org");
	assert_false(x509_cache_is_for(leaf, "www.example.com"));
	assert_false(x509_cache_is_for(leaf, "www.example.com"));
	assert_true(x509_cache_is_for(leaf, "www.example.org"));
	for (size_t size = X509_CACHE_HOST - 1; size <= X509_CACHE_HOST; size++) {
		memset(longer, 'a', size);
		longer[size] = '\0';
		assert_false(x509_cache_is_for(leaf, longer));
		assert_int_equal(strlen(leaf->host), X509_CACHE_HOST - 1);
	}
}

/* A certificate of `comment` bytes and some more. */
static const struct x509_known *
large_of(struct x509_cache *c, EVP_PKEY *pkey, long serial, size_t comment)
{
	X509 *x = X509_new();
	char *text = calloc(1, comment + 1);
	unsigned char *der = NULL;

	memset(text, 'x', comment);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_netscape_comment, text);
	assert_non_null(extension);
	assert_true(X509_set_version(x, 2) && ASN1_INTEGER_set(X509_get_serialNumber(x), serial) &&
		    X509_gmtime_adj(X509_getm_notBefore(x), 0) != NULL &&
		    X509_gmtime_adj(X509_getm_notAfter(x), 60) != NULL &&
		    X509_set_pubkey(x, pkey) && X509_add_ext(x, extension, -1) &&
		    X509_sign(x, pkey, EVP_sha256()) > 0);
	int size = i2d_X509(x, &der);
	assert_true(size > 0);
	const struct x509_known *known = x509_cache_get(c, cursor_over(der, (size_t)size));
	X509_EXTENSION_free(extension);
	OPENSSL_free(der);
	X509_free(x);
	free(text);
	return known;
}

static void
bytes_of_all_together_are_bounded(void **state)
{
	struct x509_cache *c = *state;
	EVP_PKEY *pkey = EVP_EC_gen("P-256");

	assert_non_null(pkey);
	for (long serial = 1; serial <= 100; serial++) {
		assert_non_null(large_of(c, pkey, serial, 15000));
		assert_true(c->bytes <= X509_CACHE_BYTES);
	}
	assert_in_range(table_count(&c->table), 30, 34);
	assert_null(large_of(c, pkey, 1, X509_BYTES_MAX)); /* too long by itself */
	EVP_PKEY_free(pkey);
}

static void
a_chain_is_asked_about_once_until_time_or_chain_is_another(void **state)
{
	static const char pem[] = X509_SAMPLE_ROOT_PEM;
	static const uint64_t in_2023 = UINT64_C(1700000000000000000);
	static const uint64_t in_2050 = UINT64_C(2524608000000000000);
	struct x509_cache *c = *state;
	struct x509_trust *root = x509_trust_new();
	struct x509_trust *nobody = x509_trust_new();
	uint8_t shown[2 * SHA256_DIGEST_LENGTH];
	const struct x509_known *leaf =
		x509_cache_get(c, cursor_over(x509_sample_leaf, sizeof(x509_sample_leaf)));

	memcpy(shown, leaf->sha256, sizeof(leaf->sha256));
	memcpy(shown + sizeof(leaf->sha256), leaf->sha256, sizeof(leaf->sha256));
	assert_int_equal(x509_trust_add(root, pem, sizeof(pem) - 1), 1);
	assert_string_equal(x509_cache_validate(c, root, shown, 1, in_2023), "ok");
	/* What another store would say shows who was asked. */
	assert_string_equal(x509_cache_validate(c, nobody, shown, 1, in_2023), "ok");
	assert_string_equal(x509_cache_validate(c, nobody, shown, 2, in_2023),
		"unable to get local issuer certificate");
	assert_string_equal(x509_cache_validate(c, root, shown, 1, in_2023), "ok");
	assert_string_equal(
		x509_cache_validate(c, root, shown, 1, in_2050), "certificate has expired");
	assert_string_equal(
		x509_cache_validate(c, nobody, shown, 1, in_2050), "certificate has expired");
	assert_string_equal(x509_cache_validate(c, root, shown, 1, in_2023), "ok");
	/* A chain of as many, but others. */
	const struct x509_known *other = leaf_of(c, 1);
	uint8_t mixed[2 * SHA256_DIGEST_LENGTH];
	memcpy(mixed, shown, sizeof(mixed));
	memcpy(mixed + sizeof(leaf->sha256), other->sha256, sizeof(other->sha256));
	assert_string_equal(x509_cache_validate(c, root, shown, 2, in_2023), "ok");
	assert_string_equal(x509_cache_validate(c, nobody, mixed, 2, in_2023),
		"unable to get local issuer certificate");
	x509_trust_free(root);
	x509_trust_free(nobody);
}

static void
of_a_chain_that_is_not_known_as_a_whole_nothing_is_said(void **state)
{
	struct x509_cache *c = *state;
	struct x509_trust *nobody = x509_trust_new();
	uint8_t shown[2 * SHA256_DIGEST_LENGTH] = { 0 };

	assert_null(x509_cache_validate(c, nobody, shown, 1, 1));
	const struct x509_known *leaf = leaf_of(c, 1);
	memcpy(shown, leaf->sha256, sizeof(leaf->sha256));
	assert_null(x509_cache_validate(c, nobody, shown, 2, 1));
	assert_non_null(x509_cache_validate(c, nobody, shown, 1, 1));
	x509_trust_free(nobody);
}

#define CACHE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CACHE_TEST(what_is_shown_again_is_the_same),
		CACHE_TEST(what_is_none_is_not_kept),
		CACHE_TEST(whom_a_certificate_is_for_is_asked_once),
		CACHE_TEST(the_one_shown_longest_ago_makes_room),
		CACHE_TEST(bytes_of_all_together_are_bounded),
		CACHE_TEST(a_chain_is_asked_about_once_until_time_or_chain_is_another),
		CACHE_TEST(of_a_chain_that_is_not_known_as_a_whole_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
