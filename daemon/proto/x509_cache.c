#include "daemon/proto/x509_cache.h"

#include <assert.h>
#include <string.h>

int
x509_cache_init(struct x509_cache *c, const struct hash_key *hash_key)
{
	*c = (struct x509_cache){ 0 };
	TAILQ_INIT(&c->by_age);
	return table_init(&c->table, sizeof(struct x509_known), SHA256_DIGEST_LENGTH,
		X509_CACHE_ENTRIES, hash_key);
}

static void
forget_oldest(struct x509_cache *c)
{
	struct x509_known *oldest = TAILQ_FIRST(&c->by_age);

	TAILQ_REMOVE(&c->by_age, oldest, age);
	c->bytes -= oldest->size;
	x509_close(oldest->certificate);
	table_remove(&c->table, oldest, table_hash(&c->table, oldest));
}

void
x509_cache_done(struct x509_cache *c)
{
	while (table_count(&c->table) > 0)
		forget_oldest(c);
	table_done(&c->table);
}

struct x509_known *
x509_cache_get(struct x509_cache *c, struct cursor der)
{
	uint8_t sha256[SHA256_DIGEST_LENGTH];
	size_t size = cursor_left(&der);

	if (size == 0 || size > X509_BYTES_MAX)
		return NULL;
	digest_sha256_whole(der.at, size, sha256);
	uint64_t hash = table_hash(&c->table, sha256);
	struct x509_known *known = table_find(&c->table, sha256, hash);
	if (known != NULL) {
		TAILQ_REMOVE(&c->by_age, known, age);
		TAILQ_INSERT_TAIL(&c->by_age, known, age);
		return known;
	}
	X509 *certificate = x509_open(der);
	if (certificate == NULL)
		return NULL;
	while (table_count(&c->table) == X509_CACHE_ENTRIES || c->bytes + size > X509_CACHE_BYTES)
		forget_oldest(c);
	known = table_add(&c->table, sha256, hash);
	known->certificate = certificate;
	known->size = size;
	c->bytes += size;
	x509_read(certificate, der, &known->facts);
	TAILQ_INSERT_TAIL(&c->by_age, known, age);
	return known;
}

static struct x509_known *
known_by(struct x509_cache *c, const uint8_t *sha256)
{
	return table_find(&c->table, sha256, table_hash(&c->table, sha256));
}

bool
x509_cache_is_for(struct x509_known *known, const char *host)
{
	if (strlen(host) >= X509_CACHE_HOST)
		return x509_is_for(known->certificate, host);
	if (known->host[0] == '\0' || strcmp(known->host, host) != 0) {
		memcpy(known->host, host, strlen(host) + 1);
		known->is_for_host = x509_is_for(known->certificate, host);
	}
	return known->is_for_host;
}

static bool
is_decided(const struct x509_known *host, const uint8_t *fingerprints, size_t count, uint64_t at_ns)
{
	const struct x509_verdict *v = &host->verdict;

	return v->status != NULL && host->chain_count == count &&
	       memcmp(host->chain, fingerprints, count * SHA256_DIGEST_LENGTH) == 0 &&
	       v->from_ns <= at_ns && at_ns < v->until_ns;
}

const char *
x509_cache_validate(struct x509_cache *c, struct x509_trust *t, const uint8_t *fingerprints,
	size_t count, uint64_t at_ns)
{
	struct x509_known *host = known_by(c, fingerprints);
	X509 *chain[X509_CACHE_CHAIN];

	assert(count > 0 && count <= X509_CACHE_CHAIN);
	if (host == NULL)
		return NULL;
	if (is_decided(host, fingerprints, count, at_ns))
		return host->verdict.status;
	for (size_t i = 0; i < count; i++) {
		const struct x509_known *known =
			known_by(c, fingerprints + i * SHA256_DIGEST_LENGTH);
		if (known == NULL)
			return NULL;
		chain[i] = known->certificate;
	}
	host->verdict = x509_validate(t, chain, count, at_ns);
	host->chain_count = count;
	memcpy(host->chain, fingerprints, count * SHA256_DIGEST_LENGTH);
	return host->verdict.status;
}
