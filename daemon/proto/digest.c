/* The older functions are what works without allocating: digest.h says more. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "daemon/proto/digest.h"

#include <assert.h>
#include <string.h>

enum { INNER_PAD = 0x36, OUTER_PAD = 0x5c };

void
digest_init(struct digest *d)
{
	(void)MD5_Init(&d->md5);
	(void)SHA1_Init(&d->sha1);
	(void)SHA256_Init(&d->sha256);
}

void
digest_add(struct digest *d, struct cursor bytes)
{
	size_t size = cursor_left(&bytes);
	const uint8_t *at = cursor_take(&bytes, size);

	if (size == 0)
		return;
	(void)MD5_Update(&d->md5, at, size);
	(void)SHA1_Update(&d->sha1, at, size);
	(void)SHA256_Update(&d->sha256, at, size);
}

static void
hex(const uint8_t *bytes, size_t size, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		ret_text[2 * i] = digits[bytes[i] >> 4];
		ret_text[2 * i + 1] = digits[bytes[i] & 15];
	}
	ret_text[2 * size] = '\0';
}

void
digest_texts(struct digest *d, struct digest_texts *ret_texts)
{
	uint8_t bytes[SHA256_DIGEST_LENGTH];

	(void)MD5_Final(bytes, &d->md5);
	hex(bytes, MD5_DIGEST_LENGTH, ret_texts->md5);
	(void)SHA1_Final(bytes, &d->sha1);
	hex(bytes, SHA_DIGEST_LENGTH, ret_texts->sha1);
	(void)SHA256_Final(bytes, &d->sha256);
	hex(bytes, SHA256_DIGEST_LENGTH, ret_texts->sha256);
}

void
digest_md5_begin(struct digest_md5 *d)
{
	(void)MD5_Init(&d->inside);
}

void
digest_md5_add(struct digest_md5 *d, const void *bytes, size_t size)
{
	(void)MD5_Update(&d->inside, bytes, size);
}

void
digest_md5_end(struct digest_md5 *d, char ret_text[DIGEST_MD5_TEXT])
{
	uint8_t bytes[MD5_DIGEST_LENGTH];

	(void)MD5_Final(bytes, &d->inside);
	hex(bytes, sizeof(bytes), ret_text);
}

void
digest_sha256_begin(struct digest_sha256 *d)
{
	(void)SHA256_Init(&d->inside);
}

void
digest_sha256_add(struct digest_sha256 *d, const void *bytes, size_t size)
{
	(void)SHA256_Update(&d->inside, bytes, size);
}

void
digest_sha256_end(struct digest_sha256 *d, char ret_text[DIGEST_SHA256_TEXT])
{
	uint8_t bytes[SHA256_DIGEST_LENGTH];

	(void)SHA256_Final(bytes, &d->inside);
	hex(bytes, sizeof(bytes), ret_text);
}

/* The digest of a block of the key, each byte changed by `pad`, and of what is behind it. */
static void
padded(const uint8_t key[DIGEST_HMAC_KEY_MAX], uint8_t pad, const uint8_t *bytes, size_t size,
	uint8_t ret_digest[SHA256_DIGEST_LENGTH])
{
	uint8_t block[DIGEST_HMAC_KEY_MAX];
	SHA256_CTX inside;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = key[i] ^ pad;
	(void)SHA256_Init(&inside);
	(void)SHA256_Update(&inside, block, sizeof(block));
	(void)SHA256_Update(&inside, bytes, size);
	(void)SHA256_Final(ret_digest, &inside);
}

void
digest_sha256_hmac(const void *key, size_t key_size, struct cursor bytes,
	uint8_t ret_digest[SHA256_DIGEST_LENGTH])
{
	uint8_t block[DIGEST_HMAC_KEY_MAX] = { 0 };
	uint8_t inner[SHA256_DIGEST_LENGTH];

	assert(key_size <= sizeof(block));
	memcpy(block, key, key_size);
	padded(block, INNER_PAD, bytes.at, cursor_left(&bytes), inner);
	padded(block, OUTER_PAD, inner, sizeof(inner), ret_digest);
}

void
digest_sha256_whole(const void *bytes, size_t size, uint8_t ret_digest[SHA256_DIGEST_LENGTH])
{
	SHA256_CTX inside;

	(void)SHA256_Init(&inside);
	(void)SHA256_Update(&inside, bytes, size);
	(void)SHA256_Final(ret_digest, &inside);
}
