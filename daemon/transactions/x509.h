/* x509.h -- a certificate that a host showed. */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_x509 {
	const char *fingerprint;              /* SHA-256 of it, hexadecimal */
	uint64_t version;                     /* 3, nearly always */
	const char *serial;                   /* upper-case hexadecimal */
	const char *subject, *issuer;         /* RFC 2253: the most particular first */
	uint64_t not_before_ns, not_after_ns; /* 0 when before 1970; at most what 64 bits hold */
	const char *key_algorithm, *signature_algorithm;
	const char *key_type; /* "rsa", "dsa", "ecdsa", or NULL */
	uint64_t key_bits;
	const char *exponent; /* RSA's, decimal */
	const char *curve;
	struct text_list names, uris, emails, addresses; /* that it is for as well */
	enum truth is_authority;                         /* basic constraints: it may sign others */
	uint64_t path_length;
	enum truth is_host;   /* of the host that showed it, not one of those above it */
	enum truth is_client; /* the client showed it */
	const char *sha1;     /* what lists of bad certificates have */
};
