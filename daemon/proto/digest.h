/*
 * digest.h -- MD5, SHA-1 and SHA-256 over bytes as they come, in memory that the caller has.
 *
 * libcrypto's EVP interface allocates for each digest, and the packet path does not. Its older
 * functions work in plain structs; OpenSSL 3 calls them deprecated, and has them. Only digest.c calls
 * them. MD5 and SHA-1 prove nothing here: they are names by which the world knows files and hellos.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

/* Of texts in lower-case hexadecimal. */
enum {
	DIGEST_MD5_TEXT = 2 * MD5_DIGEST_LENGTH + 1,
	DIGEST_SHA1_TEXT = 2 * SHA_DIGEST_LENGTH + 1,
	DIGEST_SHA256_TEXT = 2 * SHA256_DIGEST_LENGTH + 1,
};

enum { DIGEST_HMAC_KEY_MAX = SHA256_CBLOCK };

/* ---- all three of the same bytes, as files have them ---- */

struct digest {
	MD5_CTX md5;
	SHA_CTX sha1;
	SHA256_CTX sha256;
};

struct digest_texts {
	char md5[DIGEST_MD5_TEXT];
	char sha1[DIGEST_SHA1_TEXT];
	char sha256[DIGEST_SHA256_TEXT];
};

void digest_init(struct digest *d);
/* cost  2.4 ns a byte where the processor knows SHA, 4 where it does not (measured in pieces of 1460 bytes) */
void digest_add(struct digest *d, struct cursor bytes);
/* Nothing may be added afterwards. */
void digest_texts(struct digest *d, struct digest_texts *ret_texts);

/* ---- one alone, as fingerprints have it ---- */

struct digest_md5 {
	MD5_CTX inside;
};

struct digest_sha256 {
	SHA256_CTX inside;
};

void digest_md5_begin(struct digest_md5 *d);
void digest_md5_add(struct digest_md5 *d, const void *bytes, size_t size);
void digest_md5_end(struct digest_md5 *d, char ret_text[DIGEST_MD5_TEXT]);

void digest_sha256_begin(struct digest_sha256 *d);
void digest_sha256_add(struct digest_sha256 *d, const void *bytes, size_t size);
void digest_sha256_end(struct digest_sha256 *d, char ret_text[DIGEST_SHA256_TEXT]);
/*
 * HMAC with SHA-256 (RFC 2104), which EVP looks up by its name each time: 20 us.
 *
 * key_size  at most DIGEST_HMAC_KEY_MAX
 */
void digest_sha256_hmac(const void *key, size_t key_size, struct cursor bytes,
	uint8_t ret_digest[SHA256_DIGEST_LENGTH]);
/* The digest of bytes that are all there. */
void digest_sha256_whole(const void *bytes, size_t size, uint8_t ret_digest[SHA256_DIGEST_LENGTH]);
