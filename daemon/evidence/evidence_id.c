#include "daemon/evidence/evidence_id.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

struct evidence_digest {
	EVP_MD_CTX *context;
	EVP_MD *sha256;
	char *sensor;
};

struct evidence_digest *
evidence_digest_new(const char *sensor)
{
	struct evidence_digest *d = calloc(1, sizeof(*d));

	if (d == NULL)
		return NULL;
	d->sensor = strdup(sensor);
	d->context = EVP_MD_CTX_new();
	d->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (d->sensor != NULL && d->context != NULL && d->sha256 != NULL)
		return d;
	evidence_digest_free(d);
	return NULL;
}

void
evidence_digest_free(struct evidence_digest *d)
{
	if (d == NULL)
		return;
	EVP_MD_CTX_free(d->context);
	EVP_MD_free(d->sha256);
	free(d->sensor);
	free(d);
}

/* With its end, so that "ab" "c" and "a" "bc" differ. */
static void
add_text(struct evidence_digest *d, const char *text)
{
	(void)EVP_DigestUpdate(d->context, text, strlen(text) + 1);
}

/* In network order: the id must not depend on the machine. */
static void
put_u64(uint8_t at[8], uint64_t value)
{
	for (int i = 0; i < 8; i++)
		at[i] = (uint8_t)(value >> (56 - 8 * i));
}

static void
add_u64(struct evidence_digest *d, uint64_t value)
{
	uint8_t bytes[8];

	put_u64(bytes, value);
	(void)EVP_DigestUpdate(d->context, bytes, sizeof(bytes));
}

static void
uuid_format(const uint8_t bytes[16], char ret_id[UUID_TEXT_MAX])
{
	static const char digits[] = "0123456789abcdef";
	size_t at = 0;

	for (size_t i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret_id[at++] = '-';
		ret_id[at++] = digits[bytes[i] >> 4];
		ret_id[at++] = digits[bytes[i] & 15];
	}
	ret_id[at] = '\0';
}

/* Without memory libcrypto has no digest. What follows is told apart all the same: by time and ordinal. */
static void
plain_id(const char *kind, uint64_t start_ns, uint64_t ordinal, uint8_t bytes[16])
{
	uint64_t of_kind = UINT64_C(14695981039346656037); /* FNV-1a */

	for (const char *c = kind; *c != '\0'; c++)
		of_kind = (of_kind ^ (uint8_t)*c) * UINT64_C(1099511628211);
	put_u64(bytes, start_ns ^ of_kind);
	put_u64(bytes + 8, ordinal);
}

/* returns false when libcrypto has no memory: what is not begun must not be gone on with, it would crash */
static bool
digest(struct evidence_digest *d, const char *kind, const struct addr *host, uint64_t start_ns,
	const char *object, uint64_t ordinal, uint8_t hash[EVP_MAX_MD_SIZE])
{
	if (EVP_DigestInit_ex2(d->context, d->sha256, NULL) != 1)
		return false;
	add_text(d, d->sensor);
	add_text(d, kind);
	(void)EVP_DigestUpdate(d->context, host->byte, sizeof(host->byte));
	add_u64(d, start_ns);
	add_text(d, object);
	add_u64(d, ordinal);
	return EVP_DigestFinal_ex(d->context, hash, NULL) == 1;
}

void
evidence_id(struct evidence_digest *d, const char *kind, const struct addr *host, uint64_t start_ns,
	const char *object, uint64_t ordinal, char ret_id[UUID_TEXT_MAX])
{
	uint8_t hash[EVP_MAX_MD_SIZE] = { 0 };

	if (!digest(d, kind, host, start_ns, object, ordinal, hash))
		plain_id(kind, start_ns, ordinal, hash);
	hash[6] = (uint8_t)((hash[6] & 0x0f) | 0x80); /* version 8 */
	hash[8] = (uint8_t)((hash[8] & 0x3f) | 0x80); /* variant of RFC 9562 */
	uuid_format(hash, ret_id);
}

bool
evidence_id_is_valid(const char *text)
{
	for (size_t i = 0; i < UUID_TEXT_MAX - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;
		if (text[i] == '\0' || strchr(dash ? "-" : "0123456789abcdef", text[i]) == NULL)
			return false;
	}
	return text[UUID_TEXT_MAX - 1] == '\0';
}
