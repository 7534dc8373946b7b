/*
 * The keys are fixed and public: names must be the same in every run, and nothing is found by them,
 * so nobody gains by making them collide. Bytes are put together in one order on all machines.
 */
#include "daemon/flow/flow_uid.h"

enum { DIGITS = 17, BASE = 62, DIGITS_PER_WORD = 9, ID_BITS = 53 };

static const struct hash_key keys[2] = {
	{ { UINT64_C(0x6e61696164207569), UINT64_C(0x64206f662061666c) } },
	{ { UINT64_C(0x6f773a207468652f), UINT64_C(0x6f746865722068ff) } },
};

static uint64_t
word_of(const uint8_t *bytes)
{
	uint64_t word = 0;

	for (unsigned i = 0; i < 8; i++)
		word |= (uint64_t)bytes[i] << 8 * i;
	return word;
}

void
flow_uid_make_of(const uint64_t *words, size_t count, uint64_t *ret_id, struct flow_uid *ret_uid)
{
	static const char digits[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	uint64_t hash[2];

	for (unsigned i = 0; i < 2; i++)
		hash[i] = hash_words(&keys[i], words, count);
	*ret_id = hash[0] >> (64 - ID_BITS);

	ret_uid->text[0] = 'C';
	for (unsigned i = 0; i < DIGITS; i++) {
		uint64_t *word = &hash[i / DIGITS_PER_WORD];
		ret_uid->text[1 + i] = digits[*word % BASE];
		*word /= BASE;
	}
	ret_uid->text[1 + DIGITS] = '\0';
}

uint64_t
flow_uid_id_of(const uint64_t *words, size_t count)
{
	return hash_words(&keys[0], words, count) >> (64 - ID_BITS);
}

void
flow_uid_make(const struct flow_key *key, uint64_t start_ns, unsigned serial, uint64_t *ret_id,
	struct flow_uid *ret_uid)
{
	const uint64_t words[] = {
		word_of(key->low.byte),
		word_of(key->low.byte + 8),
		word_of(key->high.byte),
		word_of(key->high.byte + 8),
		key->low_port | (uint64_t)key->high_port << 16 | (uint64_t)key->ip_proto << 32 |
			(uint64_t)serial << 40,
		start_ns,
	};

	flow_uid_make_of(words, sizeof(words) / sizeof(*words), ret_id, ret_uid);
}
