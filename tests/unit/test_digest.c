/* Digests of known texts, in one piece and in many (RFC 1321 A.5, FIPS 180-4's examples). */
#include "daemon/proto/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void
digest_of(const char *text, size_t part, struct digest_texts *ret_texts)
{
	struct cursor c = cursor_over(text, strlen(text));
	struct digest d;

	digest_init(&d);
	while (cursor_left(&c) > 0)
		digest_add(&d, cursor_sub(&c, part < cursor_left(&c) ? part : cursor_left(&c)));
	digest_texts(&d, ret_texts);
}

static void
known_texts_have_their_known_digests(void **state)
{
	struct digest_texts t;

	(void)state;
	digest_of("abc", 3, &t);
	assert_string_equal(t.md5, "900150983cd24fb0d6963f7d28e17f72");
	assert_string_equal(t.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_string_equal(
		t.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void
nothing_has_digests_as_well(void **state)
{
	struct digest_texts t;

	(void)state;
	digest_of("", 1, &t);
	assert_string_equal(t.md5, "d41d8cd98f00b204e9800998ecf8427e");
	assert_string_equal(t.sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	assert_string_equal(
		t.sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 4231, test cases 1 and 2; and a key as long as a block, which libcrypto answers for. */
static void
known_keys_have_their_known_codes(void **state)
{
	static const uint8_t first[] = { 0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8,
		0xaf, 0xce, 0xaf, 0x0b, 0xf1, 0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7,
		0x26, 0xe9, 0x37, 0x6c, 0x2e, 0x32, 0xcf, 0xf7 };
	static const uint8_t second[] = { 0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e, 0x6a,
		0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xc7, 0x5a, 0x00, 0x3f, 0x08, 0x9d, 0x27, 0x39,
		0x83, 0x9d, 0xec, 0x58, 0xb9, 0x64, 0xec, 0x38, 0x43 };
	uint8_t code[SHA256_DIGEST_LENGTH];
	uint8_t oracle[SHA256_DIGEST_LENGTH];
	uint8_t key[DIGEST_HMAC_KEY_MAX];

	(void)state;
	memset(key, 0x0b, sizeof(key));
	digest_sha256_hmac(key, 20, cursor_over("Hi There", 8), code);
	assert_memory_equal(code, first, sizeof(first));
	digest_sha256_hmac("Jefe", 4, cursor_over("what do ya want for nothing?", 28), code);
	assert_memory_equal(code, second, sizeof(second));
	digest_sha256_hmac(key, sizeof(key), cursor_over("", 0), code);
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), code, 0, oracle, NULL));
	assert_memory_equal(code, oracle, sizeof(oracle));
}

static void
how_it_was_cut_does_not_matter(void **state)
{
	static const char text[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
				   "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	struct digest_texts whole;
	struct digest_texts cut;

	(void)state;
	digest_of(text, sizeof(text), &whole);
	for (size_t part = 1; part < sizeof(text); part++) {
		digest_of(text, part, &cut);
		assert_memory_equal(&whole, &cut, sizeof(whole));
	}
}

static void
one_alone_is_the_same_as_all_together(void **state)
{
	static const char text[] = "a name, and another";
	struct digest_texts want;
	struct digest_md5 md5;
	struct digest_sha256 sha256;
	char md5_text[DIGEST_MD5_TEXT];
	char sha256_text[DIGEST_SHA256_TEXT];
	uint8_t whole[SHA256_DIGEST_LENGTH];

	(void)state;
	digest_of(text, sizeof(text), &want);
	for (size_t cut = 0; cut <= strlen(text); cut++) {
		digest_md5_begin(&md5);
		digest_md5_add(&md5, text, cut);
		digest_md5_add(&md5, text + cut, strlen(text) - cut);
		digest_md5_end(&md5, md5_text);
		assert_string_equal(md5_text, want.md5);
		digest_sha256_begin(&sha256);
		digest_sha256_add(&sha256, text, cut);
		digest_sha256_add(&sha256, text + cut, strlen(text) - cut);
		digest_sha256_end(&sha256, sha256_text);
		assert_string_equal(sha256_text, want.sha256);
	}
	digest_sha256_whole("abc", 3, whole);
	assert_memory_equal(whole, "\xba\x78\x16\xbf", 4);
	assert_memory_equal(whole + SHA256_DIGEST_LENGTH - 4, "\xf2\x00\x15\xad", 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_texts_have_their_known_digests),
		cmocka_unit_test(nothing_has_digests_as_well),
		cmocka_unit_test(known_keys_have_their_known_codes),
		cmocka_unit_test(how_it_was_cut_does_not_matter),
		cmocka_unit_test(one_alone_is_the_same_as_all_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
