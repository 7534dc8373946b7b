/*
 * x509.h -- what a certificate says, read by libcrypto.
 *
 * The library allocates while it reads: at most some ten times the bytes of the certificate, all given back by
 * x509_close(). Nobody else's code below proto/ allocates for a certificate. A parser bounds what it hands
 * over (X509_BYTES_MAX) and holds no more than one chain at a time.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/proto/digest.h"
#include "daemon/transactions/x509.h"

#include <openssl/types.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	X509_BYTES_MAX = 16 * 1024, /* a certificate longer than that is not read */
	X509_NAME_TEXT = 640, /* of a subject or issuer, the NUL included; what is longer is cut */
	X509_SERIAL_TEXT = 2 * 64 + 2,
	X509_WORD_TEXT = 64,     /* of the name of an algorithm or curve */
	X509_EXPONENT_TEXT = 32, /* decimal; a longer one is not told */
	X509_OTHERS_MAX = 80,    /* alternative names of all kinds; those past it are left out */
	X509_OTHERS_TEXT = 3072, /* bytes of all of them; the same */
	X509_SHA1_TEXT = DIGEST_SHA1_TEXT,
};

/* Texts of one certificate and the transaction that points to them: not to be copied. */
struct x509_facts {
	struct obs_x509 said;
	char fingerprint[DIGEST_SHA256_TEXT];
	uint8_t fingerprint_bytes[SHA256_DIGEST_LENGTH];
	char sha1[X509_SHA1_TEXT];
	char serial[X509_SERIAL_TEXT];
	char subject[X509_NAME_TEXT], issuer[X509_NAME_TEXT];
	char key_algorithm[X509_WORD_TEXT], signature_algorithm[X509_WORD_TEXT];
	char curve[X509_WORD_TEXT];
	char exponent[X509_EXPONENT_TEXT];
	const char *others[X509_OTHERS_MAX];
	char others_text[X509_OTHERS_TEXT];
};

/*
 * Parse a certificate that is all of `der`.
 *
 * returns  NULL when it is none, or memory is out
 * owns     the caller; x509_close() frees it
 */
X509 *x509_open(struct cursor der);
void x509_close(X509 *certificate);

/*
 * Does `der` look like a certificate from outside: do its three parts (RFC 5280 section 4.1) fill it?
 *
 * cost  about 30 ns: for whoever is not going to read it
 */
bool x509_is_framed(struct cursor der);

/* What `certificate` says. `der` is what it was parsed from. ret->said.is_host and is_client are left to the caller. */
void x509_read(X509 *certificate, struct cursor der, struct x509_facts *ret);

/* A time of a certificate, in ns; 0 when it is before 1970, or none; at most what 64 bits hold. */
uint64_t x509_time_ns(const ASN1_TIME *at);

/* Is it for this host name? (RFC 6125: alternative names, wild cards; without any, the common name.) */
bool x509_is_for(X509 *certificate, const char *host);
