/* The older interface is deprecated for keys in hardware and the like; none of that is wanted here. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "daemon/proto/tls_digest.h"

static void
hex_write(const uint8_t *bytes, size_t size, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

void
tls_md5_begin(struct tls_md5 *d)
{
	(void)MD5_Init(&d->inside);
}

void
tls_md5_add(struct tls_md5 *d, const void *bytes, size_t size)
{
	(void)MD5_Update(&d->inside, bytes, size);
}

void
tls_md5_end(struct tls_md5 *d, char ret_text[TLS_MD5_TEXT])
{
	uint8_t bytes[MD5_DIGEST_LENGTH];

	(void)MD5_Final(bytes, &d->inside);
	hex_write(bytes, sizeof(bytes), ret_text);
}

void
tls_sha256_begin(struct tls_sha256 *d)
{
	(void)SHA256_Init(&d->inside);
}

void
tls_sha256_add(struct tls_sha256 *d, const void *bytes, size_t size)
{
	(void)SHA256_Update(&d->inside, bytes, size);
}

void
tls_sha256_end(struct tls_sha256 *d, char ret_text[TLS_SHA256_TEXT])
{
	uint8_t bytes[SHA256_DIGEST_LENGTH];

	(void)SHA256_Final(bytes, &d->inside);
	hex_write(bytes, sizeof(bytes), ret_text);
}

void
tls_sha256_whole(const void *bytes, size_t size, uint8_t ret_digest[SHA256_DIGEST_LENGTH])
{
	SHA256_CTX inside;

	(void)SHA256_Init(&inside);
	(void)SHA256_Update(&inside, bytes, size);
	(void)SHA256_Final(ret_digest, &inside);
}
