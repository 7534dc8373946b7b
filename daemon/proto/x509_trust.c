#include "daemon/proto/x509_trust.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

enum { NS_PER_S = 1000000000, CHAIN_DEPTH_MAX = 10 };

struct x509_trust {
	X509_STORE *store;
	BIO *unread; /* text of certificates that no chain has needed yet; may be NULL */
};

struct x509_trust *
x509_trust_new(void)
{
	struct x509_trust *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->store = X509_STORE_new();
	if (t->store != NULL)
		return t;
	free(t);
	return NULL;
}

void
x509_trust_free(struct x509_trust *t)
{
	if (t == NULL)
		return;
	BIO_free(t->unread);
	X509_STORE_free(t->store);
	free(t);
}

/* Read until there are `most` certificates more. returns how many there are */
static size_t
read_certificates(struct x509_trust *t, size_t most)
{
	size_t left = BIO_ctrl_pending(t->unread);
	size_t added = 0;

	/* Without memory the library reads nothing, and says it as it says that there is no certificate. */
	for (size_t before = left + 1; added < most && left > 0 && left < before;
		left = BIO_ctrl_pending(t->unread)) {
		X509 *certificate = PEM_read_bio_X509(t->unread, NULL, NULL, NULL);
		before = left;
		if (certificate == NULL)
			continue;
		added += X509_STORE_add_cert(t->store, certificate) == 1;
		X509_free(certificate);
	}
	ERR_clear_error();
	return added;
}

bool
x509_trust_add(struct x509_trust *t, const char *pem, size_t size)
{
	x509_trust_settle(t);
	t->unread = size <= INT_MAX ? BIO_new(BIO_s_mem()) : NULL;
	if (t->unread == NULL || BIO_write(t->unread, pem, (int)size) != (int)size)
		return false;
	return read_certificates(t, 1) == 1;
}

void
x509_trust_settle(struct x509_trust *t)
{
	if (t->unread == NULL)
		return;
	(void)read_certificates(t, SIZE_MAX);
	BIO_free(t->unread);
	t->unread = NULL;
}

/* ---- a chain ---- */

static void
narrow(struct x509_verdict *v, uint64_t border_ns, uint64_t at_ns)
{
	if (border_ns > at_ns && border_ns < v->until_ns)
		v->until_ns = border_ns;
	if (border_ns <= at_ns && border_ns > v->from_ns)
		v->from_ns = border_ns;
}

/* From the second of either border on it is another certificate. */
static void
narrow_by(struct x509_verdict *v, const X509 *certificate, uint64_t at_ns)
{
	narrow(v, x509_time_ns(X509_get0_notBefore(certificate)), at_ns);
	narrow(v, x509_time_ns(X509_get0_notAfter(certificate)), at_ns);
}

static void
verify(X509_STORE_CTX *context, const struct x509_trust *t, X509 *host, STACK_OF(X509) * others,
	uint64_t at_ns, struct x509_verdict *ret)
{
	if (X509_STORE_CTX_init(context, t->store, host, others) != 1)
		return;
	X509_VERIFY_PARAM *how = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_time(how, (time_t)(at_ns / NS_PER_S));
	X509_VERIFY_PARAM_set_depth(how, CHAIN_DEPTH_MAX);
	(void)X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
	(void)X509_verify_cert(context);
	int error = X509_STORE_CTX_get_error(context);
	if (error == X509_V_ERR_OUT_OF_MEM)
		return;
	ret->status = X509_verify_cert_error_string(error);
	const STACK_OF(X509) *built = X509_STORE_CTX_get0_chain(context);
	for (int i = 0; i < sk_X509_num(built); i++)
		narrow_by(ret, sk_X509_value(built, i), at_ns);
}

struct x509_verdict
x509_validate(struct x509_trust *t, X509 *const *chain, size_t count, uint64_t at_ns)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	struct x509_verdict verdict = { .until_ns = UINT64_MAX };

	x509_trust_settle(t);
	for (size_t i = 0; i < count; i++)
		narrow_by(&verdict, chain[i], at_ns);
	for (size_t i = 1; others != NULL && i < count; i++)
		(void)sk_X509_push(others, chain[i]);
	if (context != NULL && others != NULL)
		verify(context, t, chain[0], others, at_ns, &verdict);
	sk_X509_free(others);
	X509_STORE_CTX_free(context);
	ERR_clear_error();
	return verdict;
}
