/*
 * x509_cache.h -- certificates that were shown lately, parsed.
 *
 * Few certificates are shown by many servers, again and again, and parsing one costs some 100 us: libcrypto
 * looks for a decoder of its key. Kept by their SHA-256; the one shown longest ago makes room. What libcrypto
 * holds for one is some ten times its bytes, so the bytes of all together are bounded as well.
 */
#pragma once

#include "daemon/base/table.h"
#include "daemon/proto/x509_trust.h"

#include <sys/queue.h>

enum {
	X509_CACHE_ENTRIES = 256,
	X509_CACHE_BYTES =
		512 * 1024,    /* of certificates; as many as a chain can have fit in any case */
	X509_CACHE_CHAIN = 10, /* certificates of one */
	X509_CACHE_HOST = 256, /* a name's text; longer ones are asked about each time */
};

struct x509_known {
	uint8_t sha256[SHA256_DIGEST_LENGTH]; /* the key */
	TAILQ_ENTRY(x509_known) age;
	size_t size; /* of its bytes */
	X509 *certificate;
	struct x509_facts facts;
	char host
		[X509_CACHE_HOST]; /* the name that was asked about last, and the answer; "": none was */
	bool is_for_host;
	/* Of the chain that it was shown with last, and that chain; no status: it was not asked for. */
	struct x509_verdict verdict;
	size_t chain_count;
	uint8_t chain[X509_CACHE_CHAIN][SHA256_DIGEST_LENGTH];
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
struct x509_known *x509_cache_get(struct x509_cache *c, struct cursor der);

/*
 * As x509_is_for(): the library reads the names anew each time, and who shows a certificate is nearly always
 * called the same.
 *
 * known  out of the cache
 */
bool x509_cache_is_for(struct x509_known *known, const char *host);

/*
 * What x509_validate() says of a chain, asked once for each chain and each time that makes a difference.
 *
 * fingerprints  SHA-256 of each of the chain, one behind the other; the server's own first
 * count         1 .. X509_CACHE_CHAIN
 * returns       as struct x509_verdict has it; NULL also when one of them is known no more
 */
const char *x509_cache_validate(struct x509_cache *c, struct x509_trust *t,
	const uint8_t *fingerprints, size_t count, uint64_t at_ns);
