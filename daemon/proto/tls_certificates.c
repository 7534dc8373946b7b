#include "daemon/proto/tls_certificates.h"

#include "daemon/proto/x509_cache.h"

#include <assert.h>
#include <string.h>

enum { LENGTH_BYTES = 3, LENGTH_HIGH_BITS = 16 };

static_assert((int)TLS_CHAIN_MAX <= (int)X509_CACHE_CHAIN, "a chain can be validated");

static uint32_t
length24(struct cursor *c)
{
	uint32_t high = cursor_u8(c);

	return high << LENGTH_HIGH_BITS | cursor_be16(c);
}

static void
host_keep(struct tls_session *s, const struct x509_facts *f, bool is_for_name)
{
	struct tls_host_certificate *h = &s->host;

	s->has_host = true;
	h->is_for_name = is_for_name;
	h->validation = NULL;
	h->not_before_ns = f->said.not_before_ns;
	h->not_after_ns = f->said.not_after_ns;
	static_assert(
		sizeof(h->subject) == sizeof(f->subject) && sizeof(h->serial) == sizeof(f->serial),
		"texts are copied whole");
	memcpy(h->subject, f->subject, sizeof(h->subject));
	memcpy(h->issuer, f->issuer, sizeof(h->issuer));
	memcpy(h->serial, f->serial, sizeof(h->serial));
	memcpy(h->sha1, f->sha1, sizeof(h->sha1));
}

/* Is it the server's own, and was the server called by a name? */
static bool
is_asked_for(const struct proto_call *call, const struct tls_session *s)
{
	return !call->from_orig && s->chain_counts[false] == 0 && s->client.sni[0] != '\0';
}

static void
tell(struct proto_call *call, struct tls_session *s, const struct x509_facts *facts,
	bool is_for_name)
{
	struct tls_chain *chain = &s->chains[call->from_orig];
	uint8_t *count = &s->chain_counts[call->from_orig];
	struct obs_x509 said = facts->said;
	bool is_own = *count == 0;

	memcpy(chain->fingerprints[(*count)++], facts->fingerprint_bytes, SHA256_DIGEST_LENGTH);
	said.is_host = is_own ? TRUTH_YES : TRUTH_NO;
	said.is_client = call->from_orig ? TRUTH_YES : TRUTH_NO;
	if (is_own && !call->from_orig)
		host_keep(s, facts, is_for_name);
	call->emit(call->context, &(struct observation){ .kind = OBS_X509,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .x509 = &said });
}

/* Tell of the certificate in `der`, if anybody hears of it. returns false if it is none */
static bool
certificate_read(struct proto_call *call, struct tls_session *s, struct cursor der)
{
	if (!proto_is_heard(call, OBS_BIT(OBS_X509) | OBS_BIT(OBS_TLS)))
		return x509_is_framed(der);
	if (call->certificates != NULL) {
		struct x509_known *known = x509_cache_get(call->certificates, der);
		if (known == NULL)
			return false;
		bool is_for_name = is_asked_for(call, s) && x509_cache_is_for(known, s->client.sni);
		tell(call, s, &known->facts, is_for_name);
		return true;
	}
	struct x509_facts facts;
	X509 *certificate = x509_open(der);
	if (certificate == NULL)
		return false;
	x509_read(certificate, der, &facts);
	tell(call, s, &facts, is_asked_for(call, s) && x509_is_for(certificate, s->client.sni));
	x509_close(certificate);
	return true;
}

/* A whole certificate, of a length that is read, and still none. */
static void
refuse(const struct proto_call *call, struct tls_session *s, const struct cursor *der)
{
	if (s->is_odd || cursor_left(der) > X509_BYTES_MAX)
		return;
	s->is_odd = true;
	call->weird(call->context, WEIRD_TLS_CERTIFICATE);
}

/* returns false when it has not come yet */
static bool
begin(struct tls_certificates *coming, bool is_second, struct cursor *bytes)
{
	if (!coming->has_begun && cursor_left(bytes) >= LENGTH_BYTES)
		*coming = (struct tls_certificates){ .has_begun = true,
			.is_second = is_second,
			.is_over = is_second,
			.left = length24(bytes) };
	return coming->has_begun;
}

void
tls_certificates_take(struct proto_call *call, struct tls_session *s, struct cursor *bytes)
{
	struct tls_certificates *coming = &s->coming[call->from_orig];
	const uint8_t *count = &s->chain_counts[call->from_orig];

	if (!begin(coming, *count > 0, bytes))
		return;
	while (coming->left > 0 && !coming->is_over) {
		struct cursor next = *bytes;
		uint32_t size = length24(&next);
		struct cursor der = cursor_sub(&next, size);
		if (der.short_read || LENGTH_BYTES + size > coming->left)
			return;
		*bytes = next;
		coming->left -= LENGTH_BYTES + size;
		coming->is_over = !certificate_read(call, s, der);
		if (coming->is_over)
			refuse(call, s, &der);
		coming->is_over |= *count == TLS_CHAIN_MAX;
	}
	(void)cursor_take(bytes, cursor_left(bytes));
}

void
tls_certificates_end(struct proto_call *call, struct tls_session *s)
{
	struct tls_certificates *coming = &s->coming[call->from_orig];
	uint8_t count = s->chain_counts[call->from_orig];

	if (coming->has_begun && !coming->is_second && count > 0 && !call->from_orig &&
		call->trust != NULL && call->certificates != NULL)
		s->host.validation = x509_cache_validate(call->certificates, call->trust,
			s->chains[false].fingerprints[0], count, call->ts_ns);
	*coming = (struct tls_certificates){ 0 };
}
