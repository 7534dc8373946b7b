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
	X509_STORE_free(t->store);
	free(t);
}

size_t
x509_trust_add(struct x509_trust *t, const char *pem, size_t size)
{
	BIO *bio = size <= INT_MAX ? BIO_new_mem_buf(pem, (int)size) : NULL;
	size_t added = 0;

	if (bio == NULL)
		return 0;
	while (!BIO_eof(bio)) {
		X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		if (certificate == NULL)
			continue;
		added += X509_STORE_add_cert(t->store, certificate) == 1;
		X509_free(certificate);
	}
	ERR_clear_error();
	BIO_free(bio);
	return added;
}

static const char *
verify(X509_STORE_CTX *context, const struct x509_trust *t, X509 *host, STACK_OF(X509) * others,
	uint64_t at_ns)
{
	if (X509_STORE_CTX_init(context, t->store, host, others) != 1)
		return NULL;
	X509_VERIFY_PARAM *how = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set_time(how, (time_t)(at_ns / NS_PER_S));
	X509_VERIFY_PARAM_set_depth(how, CHAIN_DEPTH_MAX);
	(void)X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
	(void)X509_verify_cert(context);
	return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context));
}

const char *
x509_validate(const struct x509_trust *t, X509 *const *chain, size_t count, uint64_t at_ns)
{
	X509_STORE_CTX *context = X509_STORE_CTX_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	const char *status = NULL;

	for (size_t i = 1; others != NULL && i < count; i++)
		(void)sk_X509_push(others, chain[i]);
	if (context != NULL && others != NULL)
		status = verify(context, t, chain[0], others, at_ns);
	sk_X509_free(others);
	X509_STORE_CTX_free(context);
	ERR_clear_error();
	return status;
}
