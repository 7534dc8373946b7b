/*
 * tls_digest.h -- MD5 and SHA-256 over bytes as they come, without an allocation.
 *
 * libcrypto's EVP interface takes memory for each digest; on the path of a packet its older one, whose
 * contexts are plain structs, is used instead. MD5 is here because JA3 is one; it protects nothing.
 */
#pragma once

#include <openssl/md5.h>
#include <openssl/sha.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TLS_MD5_TEXT = 2 * MD5_DIGEST_LENGTH + 1,
	TLS_SHA256_TEXT = 2 * SHA256_DIGEST_LENGTH + 1,
};

struct tls_md5 {
	MD5_CTX inside;
};

struct tls_sha256 {
	SHA256_CTX inside;
};

void tls_md5_begin(struct tls_md5 *d);
void tls_md5_add(struct tls_md5 *d, const void *bytes, size_t size);
/* ret_text  32 lower-case hexadecimal digits */
void tls_md5_end(struct tls_md5 *d, char ret_text[TLS_MD5_TEXT]);

void tls_sha256_begin(struct tls_sha256 *d);
void tls_sha256_add(struct tls_sha256 *d, const void *bytes, size_t size);
/* The digest of bytes that are all there. */
void tls_sha256_whole(const void *bytes, size_t size, uint8_t ret_digest[SHA256_DIGEST_LENGTH]);
/* ret_text  64 lower-case hexadecimal digits */
void tls_sha256_end(struct tls_sha256 *d, char ret_text[TLS_SHA256_TEXT]);
