/* test_x509.c -- what a certificate says, and bytes that are none. */
#include "daemon/proto/x509.h"
#include "tests/support/x509_sample.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct cursor
leaf(void)
{
	return cursor_over(x509_sample_leaf, sizeof(x509_sample_leaf));
}

static void
a_certificate_is_read(void **state)
{
	X509 *certificate = x509_open(leaf());
	struct x509_facts f;

	(void)state;
	assert_non_null(certificate);
	x509_read(certificate, leaf(), &f);
	assert_string_equal(f.said.fingerprint, X509_SAMPLE_LEAF_SHA256);
	assert_string_equal(f.said.sha1, "446078696994ca151b5b571ff308e46e1f87846c");
	assert_int_equal(f.said.version, 3);
	assert_string_equal(f.said.serial, "0A0B0D");
	assert_string_equal(f.said.subject, "CN=www.example.org,O=Example,C=CZ");
	assert_string_equal(f.said.issuer, "CN=Naiad Root,O=Example\\, Inc.,C=CZ");
	assert_int_equal(f.said.not_before_ns, UINT64_C(1672531200) * 1000000000);
	assert_int_equal(f.said.not_after_ns, UINT64_C(2303683200) * 1000000000);
	assert_string_equal(f.said.key_algorithm, "rsaEncryption");
	assert_string_equal(f.said.signature_algorithm, "ecdsa-with-SHA256");
	assert_string_equal(f.said.key_type, "rsa");
	assert_int_equal(f.said.key_bits, 1024);
	assert_string_equal(f.said.exponent, "65537");
	assert_null(f.said.curve);
	assert_int_equal(f.said.names.count, 2);
	assert_string_equal(f.said.names.at[0], "www.example.org");
	assert_string_equal(f.said.names.at[1], "*.example.net");
	assert_int_equal(f.said.uris.count, 1);
	assert_string_equal(f.said.uris.at[0], "https://example.org/");
	assert_int_equal(f.said.emails.count, 1);
	assert_string_equal(f.said.emails.at[0], "root@example.org");
	assert_int_equal(f.said.addresses.count, 2);
	assert_string_equal(f.said.addresses.at[0], "192.0.2.1");
	assert_string_equal(f.said.addresses.at[1], "2001:db8::1");
	assert_int_equal(f.said.is_authority, TRUTH_NO);
	assert_int_equal(f.said.path_length, TRANSACTION_UNSET);
	x509_close(certificate);
}

static void
an_authority_and_its_curve_are_read(void **state)
{
	struct cursor der = cursor_over(x509_sample_root, sizeof(x509_sample_root));
	X509 *certificate = x509_open(der);
	struct x509_facts f;

	(void)state;
	assert_non_null(certificate);
	x509_read(certificate, der, &f);
	assert_string_equal(f.said.fingerprint, X509_SAMPLE_ROOT_SHA256);
	assert_int_equal(f.said.is_authority, TRUTH_YES);
	assert_int_equal(f.said.path_length, 3);
	assert_string_equal(f.said.key_algorithm, "id-ecPublicKey");
	assert_string_equal(f.said.key_type, "ecdsa");
	assert_int_equal(f.said.key_bits, 256);
	assert_string_equal(f.said.curve, "prime256v1");
	assert_null(f.said.exponent);
	assert_int_equal(f.said.names.count, 0);
	x509_close(certificate);
}

static void
a_certificate_is_for_its_names_and_wild_cards(void **state)
{
	X509 *certificate = x509_open(leaf());

	(void)state;
	assert_true(x509_is_for(certificate, "www.example.org"));
	assert_true(x509_is_for(certificate, "WWW.EXAMPLE.ORG"));
	assert_true(x509_is_for(certificate, "a.example.net"));
	assert_false(x509_is_for(certificate, "example.net"));
	assert_false(x509_is_for(certificate, "a.b.example.net"));
	assert_false(x509_is_for(certificate, ""));
	x509_close(certificate);
}

static void
what_is_cut_or_longer_is_no_certificate(void **state)
{
	uint8_t longer[sizeof(x509_sample_leaf) + 1] = { 0 };

	(void)state;
	for (size_t size = 0; size < sizeof(x509_sample_leaf); size++) {
		uint8_t *exact = malloc(size > 0 ? size : 1);
		assert_non_null(exact);
		memcpy(exact, x509_sample_leaf, size);
		assert_null(x509_open(cursor_over(exact, size)));
		free(exact);
	}
	memcpy(longer, x509_sample_leaf, sizeof(x509_sample_leaf));
	assert_null(x509_open(cursor_over(longer, sizeof(longer))));
	assert_null(x509_open((struct cursor){ .short_read = true }));
}

/* A certificate is made here, since none so strange lies about. */
static X509 *
made(const char *name, int size, const char *before, const char *after)
{
	X509 *certificate = X509_new();

	assert_non_null(certificate);
	X509_NAME *subject = X509_get_subject_name(certificate);
	assert_true(X509_NAME_add_entry_by_txt(
		subject, "OU", MBSTRING_ASC, (const unsigned char *)name, size, -1, 0));
	assert_true(ASN1_TIME_set_string(X509_getm_notBefore(certificate), before));
	assert_true(ASN1_TIME_set_string(X509_getm_notAfter(certificate), after));
	return certificate;
}

static void
a_frame_is_three_parts_that_fill_it(void **state)
{
	uint8_t copy[sizeof(x509_sample_leaf) + 1];

	(void)state;
	memcpy(copy, x509_sample_leaf, sizeof(x509_sample_leaf));
	assert_true(x509_is_framed(cursor_over(copy, sizeof(x509_sample_leaf))));
	assert_true(x509_is_framed(cursor_over(x509_sample_root, sizeof(x509_sample_root))));
	for (size_t size = 0; size <= sizeof(copy); size++)
		assert_int_equal(
			x509_is_framed(cursor_over(copy, size)), size == sizeof(x509_sample_leaf));
	copy[4] ^= 1; /* behind the outer header: the tag of the first part */
	assert_false(x509_is_framed(cursor_over(copy, sizeof(x509_sample_leaf))));
	copy[4] ^= 1;
	copy[7]--; /* and its length: what is behind it is no second part */
	assert_false(x509_is_framed(cursor_over(copy, sizeof(x509_sample_leaf))));
}

static void
names_are_cut_at_their_cap_and_have_no_control_bytes(void **state)
{
	char text[64];
	struct x509_facts f;

	(void)state;
	X509 *odd = made("a\0b\n\xff", 5, "20230101000000Z", "20430101000000Z");
	x509_read(odd, leaf(), &f);
	assert_string_equal(f.said.subject, "OU=a\\00b\\0A\\C3\\BF");
	assert_string_equal(f.said.serial, "00"); /* it has none */
	X509_free(odd);
	/* Each entry is 5 characters with its comma: 639 of them fit, which is 127 and 4 more. */
	memset(text, 'x', sizeof(text));
	X509 *long_one = made("x", 1, "20230101000000Z", "20430101000000Z");
	for (int i = 1; i < 126; i++)
		assert_true(X509_NAME_add_entry_by_txt(X509_get_subject_name(long_one), "OU",
			MBSTRING_ASC, (const unsigned char *)"x", 1, -1, 0));
	for (size_t more = 1; more <= 3; more++) {
		assert_true(X509_NAME_add_entry_by_txt(X509_get_subject_name(long_one), "OU",
			MBSTRING_ASC, (const unsigned char *)"x", 1, -1, 0));
		x509_read(long_one, leaf(), &f);
		size_t want = (126 + more) * 5 - 1;
		assert_int_equal(
			strlen(f.subject), want < X509_NAME_TEXT - 1 ? want : X509_NAME_TEXT - 1);
	}
	X509_free(long_one);
}

static void
times_that_64_bits_do_not_hold_are_bounded(void **state)
{
	struct x509_facts f;
	X509 *odd = made("x", 1, "19500101000000Z", "99991231235959Z");

	(void)state;
	x509_read(odd, leaf(), &f);
	assert_int_equal(f.said.not_before_ns, 0);
	assert_true(f.said.not_after_ns == UINT64_MAX);
	X509_free(odd);
}

/* A certificate with `count` alternative names of `size` letters, and an address behind them. */
static X509 *
with_others(int count, size_t size)
{
	static const unsigned char address[4] = { 192, 0, 2, 1 };
	X509 *certificate = made("x", 1, "20230101000000Z", "20430101000000Z");
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	char text[256];

	assert_true(size < sizeof(text));
	memset(text, 'n', size);
	for (int i = 0; i <= count; i++) {
		GENERAL_NAME *name = GENERAL_NAME_new();
		ASN1_STRING *value = i < count ? ASN1_IA5STRING_new() : ASN1_OCTET_STRING_new();
		assert_true(i < count ? ASN1_STRING_set(value, text, (int)size)
				      : ASN1_STRING_set(value, address, sizeof(address)));
		GENERAL_NAME_set0_value(name, i < count ? GEN_DNS : GEN_IPADD, value);
		assert_true(sk_GENERAL_NAME_push(names, name) > 0);
	}
	assert_true(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1);
	GENERAL_NAMES_free(names);
	return certificate;
}

static void
alternative_names_are_read_up_to_their_caps(void **state)
{
	struct x509_facts f;

	(void)state;
	for (int count = X509_OTHERS_MAX - 1; count <= X509_OTHERS_MAX + 1; count++) {
		X509 *many = with_others(count, 2);
		x509_read(many, leaf(), &f);
		assert_int_equal(
			f.said.names.count, count < X509_OTHERS_MAX ? count : X509_OTHERS_MAX);
		assert_int_equal(f.said.addresses.count, count < X509_OTHERS_MAX);
		assert_string_equal(f.said.names.at[1], "nn");
		X509_free(many);
	}
	/* Twelve of 255 and their NULs are all that there is room for, less one byte; 192.0.2.1 takes ten. */
	X509 *long_ones = with_others(12, 255);
	x509_read(long_ones, leaf(), &f);
	assert_int_equal(f.said.names.count, 11);
	X509_free(long_ones);
	X509 *shorter = with_others(12, 254);
	x509_read(shorter, leaf(), &f);
	assert_int_equal(f.said.names.count, 12);
	assert_int_equal(strlen(f.said.names.at[11]), 254);
	assert_int_equal(f.said.addresses.count, 1);
	assert_string_equal(f.said.addresses.at[0], "192.0.2.1");
	X509_free(shorter);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_read),
		cmocka_unit_test(an_authority_and_its_curve_are_read),
		cmocka_unit_test(a_certificate_is_for_its_names_and_wild_cards),
		cmocka_unit_test(what_is_cut_or_longer_is_no_certificate),
		cmocka_unit_test(a_frame_is_three_parts_that_fill_it),
		cmocka_unit_test(names_are_cut_at_their_cap_and_have_no_control_bytes),
		cmocka_unit_test(alternative_names_are_read_up_to_their_caps),
		cmocka_unit_test(times_that_64_bits_do_not_hold_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
