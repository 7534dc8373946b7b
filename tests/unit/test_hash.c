#include "daemon/base/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { WORDS_MAX = 255 };

/* The words as a little-endian machine has them in memory, which is how SipHash reads. */
static void
words_to_bytes(const uint64_t *words, size_t count, uint8_t *ret_bytes)
{
	for (size_t i = 0; i < count * 8; i++)
		ret_bytes[i] = (uint8_t)(words[i / 8] >> (i % 8 * 8));
}

/* SipHash-1-3 by OpenSSL. */
static uint64_t
oracle(const struct hash_key *key, const uint64_t *words, size_t count)
{
	unsigned rounds[] = { 1, 3 };
	size_t size = 8;
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_C_ROUNDS, &rounds[0]),
		OSSL_PARAM_construct_uint(OSSL_MAC_PARAM_D_ROUNDS, &rounds[1]),
		OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
		OSSL_PARAM_construct_end(),
	};
	uint8_t key_bytes[16];
	static uint8_t bytes[WORDS_MAX * 8];
	uint8_t out[8] = { 0 };
	uint64_t value = 0;

	EVP_MAC *mac = EVP_MAC_fetch(NULL, "SIPHASH", NULL);
	EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac);
	words_to_bytes(key->word, 2, key_bytes);
	words_to_bytes(words, count, bytes);
	assert_int_equal(EVP_MAC_init(context, key_bytes, sizeof(key_bytes), params), 1);
	assert_int_equal(EVP_MAC_update(context, bytes, count * 8), 1);
	assert_int_equal(EVP_MAC_final(context, out, &size, sizeof(out)), 1);
	assert_int_equal(size, 8);
	EVP_MAC_CTX_free(context);
	EVP_MAC_free(mac);
	for (unsigned i = 8; i > 0; i--)
		value = value << 8 | out[i - 1];
	return value;
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *seed ^ *seed >> 29;
}

static void
it_is_siphash_1_3_at_every_length(void **state)
{
	uint64_t seed = 0x51b;
	uint64_t words[WORDS_MAX];

	(void)state;
	for (size_t count = 0; count <= WORDS_MAX; count++) {
		struct hash_key key = { { next_random(&seed), next_random(&seed) } };
		for (size_t i = 0; i < count; i++)
			words[i] = next_random(&seed);
		assert_true(hash_words(&key, words, count) == oracle(&key, words, count));
	}
}

static void
words_may_lie_anywhere(void **state)
{
	const struct hash_key key = { { 3, 5 } };
	const uint64_t words[3] = { UINT64_C(0x1122334455667788), 0, UINT64_MAX };
	uint8_t bytes[sizeof(words) + 8];

	(void)state;
	for (size_t shift = 0; shift < 8; shift++) {
		memcpy(bytes + shift, words, sizeof(words));
		assert_true(hash_words(&key, bytes + shift, 3) == oracle(&key, words, 3));
	}
}

static void
zeros_of_different_lengths_differ(void **state)
{
	const struct hash_key key = { { 0, 0 } };
	const uint64_t words[3] = { 0 };

	(void)state;
	assert_true(hash_words(&key, words, 1) != hash_words(&key, words, 2));
	assert_true(hash_words(&key, words, 2) != hash_words(&key, words, 3));
	assert_true(hash_words(&key, NULL, 0) == oracle(&key, words, 0));
}

static void
both_halves_of_the_key_count(void **state)
{
	const uint64_t word = 42;
	const struct hash_key keys[] = { { { 1, 2 } }, { { 0, 2 } }, { { 1, 0 } } };

	(void)state;
	for (size_t i = 1; i < 3; i++)
		assert_true(hash_words(&keys[0], &word, 1) != hash_words(&keys[i], &word, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_siphash_1_3_at_every_length),
		cmocka_unit_test(words_may_lie_anywhere),
		cmocka_unit_test(zeros_of_different_lengths_differ),
		cmocka_unit_test(both_halves_of_the_key_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
