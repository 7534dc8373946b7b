#include "daemon/input/zeek_certificates.h"

#include <string.h>

enum { SETS = ZEEK_CERTIFICATES / ZEEK_CERTIFICATE_WAYS };

/* FNV-1a: whoever makes names collide makes room for nothing but his own. */
static size_t
set_of(const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *name != '\0'; name++)
		hash = (hash ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
	return (size_t)(hash ^ hash >> 32) % SETS * ZEEK_CERTIFICATE_WAYS;
}

static const struct zeek_certificate *
find(const struct zeek_certificates *known, const char *name)
{
	const struct zeek_certificate *set = &known->at[set_of(name)];

	for (size_t i = 0; i < ZEEK_CERTIFICATE_WAYS; i++)
		if (set[i].remembered != 0 && strcmp(set[i].name, name) == 0)
			return &set[i];
	return NULL;
}

/* Its place, or else the oldest's of those that it may take, made empty. returns NULL: it is no name */
static struct zeek_certificate *
place(struct zeek_certificates *known, const char *name)
{
	if (name[0] == '\0' || strlen(name) > ZEEK_CERTIFICATE_NAME_MAX)
		return NULL;
	struct zeek_certificate *set = &known->at[set_of(name)];
	struct zeek_certificate *oldest = set;

	for (size_t i = 0; i < ZEEK_CERTIFICATE_WAYS; i++) {
		if (set[i].remembered != 0 && strcmp(set[i].name, name) == 0)
			return &set[i];
		if (set[i].remembered < oldest->remembered)
			oldest = &set[i];
	}
	*oldest = (struct zeek_certificate){ .remembered = ++known->count };
	memcpy(oldest->name, name, strlen(name) + 1);
	return oldest;
}

static void
keep(char *to, size_t most, const char *text)
{
	size_t length = text == NULL ? 0 : strnlen(text, most);

	if (length == 0)
		return;
	memcpy(to, text, length);
	to[length] = '\0';
}

void
zeek_certificates_add(struct zeek_certificates *known, const struct obs_x509 *x)
{
	struct zeek_certificate *c = x->fingerprint == NULL ? NULL : place(known, x->fingerprint);

	if (c == NULL)
		return;
	c->not_before_ns = x->not_before_ns;
	c->not_after_ns = x->not_after_ns;
	keep(c->subject, ZEEK_CERTIFICATE_TEXT_MAX, x->subject);
	keep(c->issuer, ZEEK_CERTIFICATE_TEXT_MAX, x->issuer);
	keep(c->serial, ZEEK_SERIAL_MAX, x->serial);
	keep(c->sha1, ZEEK_SHA1_MAX, x->sha1);
}

void
zeek_certificates_sha1(struct zeek_certificates *known, const char *fuid, const char *sha1)
{
	struct zeek_certificate *c = place(known, fuid);

	if (c != NULL)
		keep(c->sha1, ZEEK_SHA1_MAX, sha1);
}

static void
fill(const char **text, const char *known)
{
	if (*text == NULL && known[0] != '\0')
		*text = known;
}

void
zeek_certificates_join(const struct zeek_certificates *known, struct obs_tls *tls)
{
	const struct zeek_certificate *c =
		tls->server_chain.count == 0 ? NULL : find(known, tls->server_chain.at[0]);

	if (c == NULL)
		return;
	fill(&tls->subject, c->subject);
	fill(&tls->issuer, c->issuer);
	fill(&tls->serial, c->serial);
	fill(&tls->sha1, c->sha1);
	if (tls->not_before_ns == 0)
		tls->not_before_ns = c->not_before_ns;
	if (tls->not_after_ns == 0)
		tls->not_after_ns = c->not_after_ns;
}
