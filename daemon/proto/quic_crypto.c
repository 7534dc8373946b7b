#include "daemon/proto/quic_crypto.h"

#include "daemon/proto/digest.h"

#include <openssl/evp.h>
#include <string.h>

enum {
	SECRET_BYTES = 32,
	SAMPLE_BYTES = 16,
	SAMPLE_BEHIND = 4, /* the sample lies where it would if the number had 4 bytes */
	NUMBER_MAX = 4,
	TAG_BYTES = 16,
	LABEL_MAX = 32,
	LONG_HEADER_MASK = 0x0f, /* of the first byte, what is hidden */
};

/*
 * HKDF-Expand-Label of RFC 8446 section 7.1, without a context. All that is asked for here fits the first
 * block of its output.
 */
static void
expand(const uint8_t secret[SECRET_BYTES], const char *label, uint8_t *ret_bytes, size_t size)
{
	uint8_t info[2 + 1 + 6 + LABEL_MAX + 2] = { 0, (uint8_t)size };
	uint8_t block[SECRET_BYTES];
	size_t length = strlen(label);
	size_t at = 2;

	info[at++] = (uint8_t)(6 + length);
	memcpy(info + at, "tls13 ", 6);
	memcpy(info + at + 6, label, length);
	at += 6 + length;
	info[at++] = 0; /* no context */
	info[at++] = 1; /* the first block */
	digest_sha256_hmac(secret, SECRET_BYTES, cursor_over(info, at), block);
	memcpy(ret_bytes, block, size);
}

void
quic_keys_derive(const struct quic_version *version, struct cursor dcid, bool of_client,
	struct quic_keys *ret)
{
	static const char *const labels[2][3] = {
		{ "quic key", "quic iv", "quic hp" },
		{ "quicv2 key", "quicv2 iv", "quicv2 hp" },
	};
	const char *const *label = labels[version->is_2];
	uint8_t initial[SECRET_BYTES];
	uint8_t secret[SECRET_BYTES];

	digest_sha256_hmac(version->salt, QUIC_SALT_BYTES, dcid, initial);
	expand(initial, of_client ? "client in" : "server in", secret, sizeof(secret));
	expand(secret, label[0], ret->key, sizeof(ret->key));
	expand(secret, label[1], ret->iv, sizeof(ret->iv));
	expand(secret, label[2], ret->header, sizeof(ret->header));
}

/* What the hidden part of a header was added to. */
static bool
header_mask(EVP_CIPHER_CTX *context, const struct quic_keys *keys, const uint8_t *sample,
	uint8_t ret_mask[SAMPLE_BYTES])
{
	int size = 0;

	return EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), NULL, keys->header, NULL) == 1 &&
	       EVP_CIPHER_CTX_set_padding(context, 0) == 1 &&
	       EVP_EncryptUpdate(context, ret_mask, &size, sample, SAMPLE_BYTES) == 1 &&
	       size == SAMPLE_BYTES;
}

/* A header without its mask: first byte, what is between, number. */
struct header {
	uint8_t first;
	uint8_t number[NUMBER_MAX];
	size_t number_bytes;
	const uint8_t *between;
	size_t between_bytes;
};

static void
header_unmask(
	const struct quic_packet *packet, const uint8_t mask[SAMPLE_BYTES], struct header *ret)
{
	const uint8_t *at = packet->whole.at;

	ret->first = at[0] ^ (mask[0] & LONG_HEADER_MASK);
	ret->number_bytes = 1U + (ret->first & 3);
	ret->between = at + 1;
	ret->between_bytes = packet->number_at - 1;
	for (size_t i = 0; i < ret->number_bytes; i++)
		ret->number[i] = at[packet->number_at + i] ^ mask[1 + i];
}

/* The number is added to the end of the IV: in the first packets it is as small as it looks. */
static void
nonce_make(const struct quic_keys *keys, const struct header *h, uint8_t ret_nonce[QUIC_IV_BYTES])
{
	memcpy(ret_nonce, keys->iv, QUIC_IV_BYTES);
	for (size_t i = 0; i < h->number_bytes; i++)
		ret_nonce[QUIC_IV_BYTES - h->number_bytes + i] ^= h->number[i];
}

/* `sealed` has at least a tag, and room for the rest is at ret_plain. */
static bool
payload_open(EVP_CIPHER_CTX *context, const struct quic_keys *keys, const struct header *h,
	struct cursor sealed, uint8_t *ret_plain)
{
	uint8_t nonce[QUIC_IV_BYTES];
	uint8_t tag[TAG_BYTES];
	int size = 0;
	int plain = (int)(cursor_left(&sealed) - TAG_BYTES);
	const uint8_t *bytes = cursor_take(&sealed, (size_t)plain);

	cursor_bytes(&sealed, tag, sizeof(tag));
	nonce_make(keys, h, nonce);
	return EVP_DecryptInit_ex(context, EVP_aes_128_gcm(), NULL, keys->key, nonce) == 1 &&
	       EVP_DecryptUpdate(context, NULL, &size, &h->first, 1) == 1 &&
	       EVP_DecryptUpdate(context, NULL, &size, h->between, (int)h->between_bytes) == 1 &&
	       EVP_DecryptUpdate(context, NULL, &size, h->number, (int)h->number_bytes) == 1 &&
	       EVP_DecryptUpdate(context, ret_plain, &size, bytes, plain) == 1 &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) == 1 &&
	       EVP_DecryptFinal_ex(context, ret_plain + plain, &size) == 1;
}

struct cursor
quic_open(const struct quic_keys *keys, const struct quic_packet *packet,
	uint8_t ret_plain[QUIC_PLAIN_MAX])
{
	const struct cursor none = { .short_read = true };
	struct cursor behind = packet->whole;
	uint8_t mask[SAMPLE_BYTES];
	struct header header;

	(void)cursor_take(&behind, packet->number_at);
	struct cursor sealed = behind;
	(void)cursor_take(&behind, SAMPLE_BEHIND);
	const uint8_t *sample = cursor_take(&behind, SAMPLE_BYTES);
	EVP_CIPHER_CTX *context = sample == NULL ? NULL : EVP_CIPHER_CTX_new();
	if (context == NULL)
		return none;
	bool is_open = header_mask(context, keys, sample, mask);
	size_t plain = 0;
	if (is_open) {
		header_unmask(packet, mask, &header);
		(void)cursor_take(&sealed, header.number_bytes);
		/* There were 20 bytes: a number of 4 at most leaves a tag. */
		plain = cursor_left(&sealed) - TAG_BYTES;
		is_open = plain <= QUIC_PLAIN_MAX &&
			  payload_open(context, keys, &header, sealed, ret_plain);
	}
	EVP_CIPHER_CTX_free(context);
	return is_open ? cursor_over(ret_plain, plain) : none;
}
