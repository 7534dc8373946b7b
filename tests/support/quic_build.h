/* quic_build.h -- QUIC packets as tests want them; Initial packets are sealed with their real keys. */
#pragma once

#include "daemon/proto/quic_crypto.h"

#include <assert.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { QUIC_BUILD_MAX = 8192 };

/* A datagram. */
struct quic_build {
	size_t size;
	uint8_t bytes[QUIC_BUILD_MAX];
};

static inline void
quic_build_bytes(struct quic_build *b, const void *bytes, size_t size)
{
	assert(size <= sizeof(b->bytes) - b->size);
	if (size > 0)
		memcpy(b->bytes + b->size, bytes, size);
	b->size += size;
}

static inline void
quic_build_u8(struct quic_build *b, unsigned value)
{
	quic_build_bytes(b, &(uint8_t){ (uint8_t)value }, 1);
}

/* A varint of two bytes. */
static inline void
quic_build_length(struct quic_build *b, size_t value)
{
	assert(value < 1U << 14);
	quic_build_u8(b, (unsigned)(0x40 | value >> 8));
	quic_build_u8(b, value & 0xff);
}

static inline void
quic_build_id(struct quic_build *b, const char *id)
{
	quic_build_u8(b, (unsigned)strlen(id));
	quic_build_bytes(b, id, strlen(id));
}

/* A CRYPTO frame. */
static inline void
quic_build_crypto(struct quic_build *b, size_t offset, const void *bytes, size_t size)
{
	quic_build_u8(b, 0x06);
	quic_build_length(b, offset);
	quic_build_length(b, size);
	quic_build_bytes(b, bytes, size);
}

/* What all long headers begin with. `type` as version 1 has it. */
static inline void
quic_build_long(
	struct quic_build *b, uint32_t version, unsigned type, const char *dcid, const char *scid)
{
	const struct quic_version *known = quic_version_of(version);

	if (known != NULL && known->is_2)
		type = (type + 1) & 3;
	quic_build_u8(b, 0xc0 | type << 4);
	for (unsigned shift = 32; shift > 0; shift -= 8)
		quic_build_u8(b, version >> (shift - 8) & 0xff);
	quic_build_id(b, dcid);
	quic_build_id(b, scid);
}

/* A packet of which nobody looks at what is in it: 2 Handshake, 1 Zero-RTT. */
static inline void
quic_build_packet(
	struct quic_build *b, uint32_t version, unsigned type, const char *dcid, const char *scid)
{
	quic_build_long(b, version, type, dcid, scid);
	quic_build_length(b, 20);
	quic_build_bytes(b, "sealed, for nobody's", 20);
}

/* An ordinary packet. */
static inline void
quic_build_short(struct quic_build *b)
{
	quic_build_bytes(b, "\x40 nobody can read it", 21);
}

struct quic_build_initial {
	uint32_t version;
	bool is_client;
	const char *key_id; /* what the keys are made of */
	const char *dcid, *scid;
	const char *token;
	const struct quic_build *frames;
	unsigned number;
};

/* An Initial packet with a number of one byte. */
static inline void
quic_build_initial(struct quic_build *b, const struct quic_build_initial *i)
{
	const struct quic_version *known = quic_version_of(i->version);
	size_t begin = b->size;
	size_t plain = i->frames->size;
	struct quic_keys keys;
	uint8_t nonce[QUIC_IV_BYTES];
	uint8_t mask[16];
	int size;

	quic_keys_derive(known, cursor_over(i->key_id, strlen(i->key_id)), i->is_client, &keys);
	quic_build_long(b, i->version, 0, i->dcid, i->scid);
	quic_build_length(b, i->token == NULL ? 0 : strlen(i->token));
	if (i->token != NULL)
		quic_build_bytes(b, i->token, strlen(i->token));
	quic_build_length(b, 1 + plain + 16);
	size_t number_at = b->size;
	quic_build_u8(b, i->number);
	size_t body = b->size;
	assert(plain + 16 <= sizeof(b->bytes) - body);
	memcpy(nonce, keys.iv, sizeof(nonce));
	nonce[QUIC_IV_BYTES - 1] ^= (uint8_t)i->number;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	bool ok = c != NULL && EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), NULL, keys.key, nonce) == 1;
	ok = ok && EVP_EncryptUpdate(c, NULL, &size, b->bytes + begin, (int)(body - begin)) == 1;
	ok = ok && EVP_EncryptUpdate(c, b->bytes + body, &size, i->frames->bytes, (int)plain) == 1;
	ok = ok && EVP_EncryptFinal_ex(c, b->bytes + body + plain, &size) == 1;
	ok = ok && EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, b->bytes + body + plain) == 1;
	ok = ok && EVP_EncryptInit_ex(c, EVP_aes_128_ecb(), NULL, keys.header, NULL) == 1;
	ok = ok && EVP_EncryptUpdate(c, mask, &size, b->bytes + number_at + 4, 16) == 1;
	assert(ok);
	EVP_CIPHER_CTX_free(c);
	b->size += plain + 16;
	b->bytes[begin] ^= mask[0] & 0x0f;
	b->bytes[number_at] ^= mask[1];
}
