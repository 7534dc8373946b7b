/*
 * x509_cache.h -- certificates that were shown lately, parsed.
 *
 * Few certificates are shown by many servers, again and again, and parsing one costs some 100 us: libcrypto
 * looks for a decoder of its key. Kept by their SHA-256; the one shown longest ago makes room. What libcrypto
 * holds for one is some ten times its bytes, so the bytes of all together are bounded as well.
 */
#pragma once

#include "daemon/base/table.h"
#include "daemon/proto/x509.h"

#include <sys/queue.h>

enum {
	X509_CACHE_ENTRIES = 256,
	X509_CACHE_BYTES =
		512 * 1024, /* of certificates; as many as a chain can have fit in any case */
};

struct x509_known {
	uint8_t sha256[SHA256_DIGEST_LENGTH]; /* the key */
	TAILQ_ENTRY(x509_known) age;
	size_t size; /* of its bytes */
	X509 *certificate;
	struct x509_facts facts;
};

TAILQ_HEAD(x509_known_list, x509_known);

struct x509_cache {
	struct table table;
	struct x509_known_list by_age; /* shown longest ago first */
	size_t bytes;
};

/* returns 0, or -ENOMEM */
int x509_cache_init(struct x509_cache *c, const struct hash_key *hash_key);
/* Accepts a zeroed struct. */
void x509_cache_done(struct x509_cache *c);

/*
 * The certificate that is all of `der`, parsed now if it is not known.
 *
 * returns  NULL when it is none, or memory is out; valid until X509_CACHE_BYTES of others were asked for
 * cost     a digest of `der`, and on a miss about 100 us
 */
const struct x509_known *x509_cache_get(struct x509_cache *c, struct cursor der);
