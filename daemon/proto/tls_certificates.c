#include "daemon/proto/tls_certificates.h"

#include "daemon/proto/x509_cache.h"

#include <assert.h>
#include <string.h>

enum { LENGTH_HIGH_BITS = 16 };

static struct cursor
list24(struct cursor *c)
{
	size_t high = cursor_u8(c);

	return cursor_sub(c, high << LENGTH_HIGH_BITS | cursor_be16(c));
}

/* As much of a list as is there: its end may be missing. */
static struct cursor
certificates_of(struct cursor body)
{
	struct cursor whole = body;
	struct cursor list = list24(&whole);

	if (!list.short_read)
		return list;
	(void)cursor_take(&body, 3);
	return body;
}

static void
host_keep(struct tls_session *s, const struct x509_facts *f, bool is_for_name)
{
	struct tls_host_certificate *h = &s->host;

	h->is_known = true;
	h->is_for_name = is_for_name;
	h->not_before_ns = f->said.not_before_ns;
	h->not_after_ns = f->said.not_after_ns;
	static_assert(
		sizeof(h->subject) == sizeof(f->subject) && sizeof(h->serial) == sizeof(f->serial),
		"texts are copied whole");
	memcpy(h->subject, f->said.subject != NULL ? f->subject : "", sizeof(h->subject));
	memcpy(h->issuer, f->said.issuer != NULL ? f->issuer : "", sizeof(h->issuer));
	memcpy(h->serial, f->serial, sizeof(h->serial));
	memcpy(h->sha1, f->sha1, sizeof(h->sha1));
}

/* Is it the server's own, and was the server called by a name? */
static bool
is_asked_for(const struct proto_call *call, const struct tls_session *s)
{
	return !call->from_orig && s->chains[false].count == 0 && s->client.sni[0] != '\0';
}

static void
tell(struct proto_call *call, struct tls_session *s, const struct x509_facts *facts,
	bool is_for_name)
{
	struct tls_chain *chain = &s->chains[call->from_orig];
	struct obs_x509 said = facts->said;
	bool is_own = chain->count == 0;

	memcpy(chain->fingerprints[chain->count++], facts->fingerprint_bytes, SHA256_DIGEST_LENGTH);
	said.is_host = is_own ? TRUTH_YES : TRUTH_NO;
	said.is_client = call->from_orig ? TRUTH_YES : TRUTH_NO;
	if (is_own && !call->from_orig)
		host_keep(s, facts, is_for_name);
	call->emit(call->context, &(struct observation){ .kind = OBS_X509,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .x509 = &said });
}

/* The certificate in `der`, told: out of the cache if there is one, else the caller's to close. NULL if it is none. */
static X509 *
certificate_of(struct proto_call *call, struct tls_session *s, struct cursor der)
{
	if (call->certificates != NULL) {
		const struct x509_known *known = x509_cache_get(call->certificates, der);
		if (known == NULL)
			return NULL;
		bool is_for_name = is_asked_for(call, s) &&
				   x509_cache_is_for(call->certificates, known, s->client.sni);
		tell(call, s, &known->facts, is_for_name);
		return known->certificate;
	}
	struct x509_facts facts;
	X509 *certificate = x509_open(der);
	if (certificate == NULL)
		return NULL;
	x509_read(certificate, der, &facts);
	tell(call, s, &facts, is_asked_for(call, s) && x509_is_for(certificate, s->client.sni));
	return certificate;
}

static const char *
validate(const struct proto_call *call, const struct tls_session *s, X509 *const *chain,
	size_t count)
{
	if (call->certificates == NULL)
		return x509_validate(call->trust, chain, count, call->ts_ns).status;
	return x509_cache_validate(call->certificates, call->trust, chain,
		s->chains[0].fingerprints[0], count, call->ts_ns);
}

/* A whole certificate, of a length that is read, and still none. */
static void
refuse(const struct proto_call *call, struct tls_session *s, const struct cursor *der)
{
	if (s->is_odd || der->short_read || cursor_left(der) > X509_BYTES_MAX)
		return;
	s->is_odd = true;
	call->weird(call->context, WEIRD_TLS_CERTIFICATE);
}

void
tls_certificates_read(struct proto_call *call, struct tls_session *s, struct cursor body)
{
	struct cursor list = certificates_of(body);
	X509 *chain[TLS_CHAIN_MAX];
	size_t count = 0;

	if (s->chains[call->from_orig].count > 0)
		return;
	while (cursor_left(&list) > 0 && count < TLS_CHAIN_MAX) {
		struct cursor der = list24(&list);
		chain[count] = certificate_of(call, s, der);
		if (chain[count] == NULL) {
			refuse(call, s, &der);
			break;
		}
		count++;
	}
	if (count > 0 && !call->from_orig && call->trust != NULL)
		s->host.validation = validate(call, s, chain, count);
	while (call->certificates == NULL && count > 0)
		x509_close(chain[--count]);
}
