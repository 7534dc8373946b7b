/*
 * fuzz_x509.c -- any bytes as a certificate: what is read of it ends where it must, and all is given back.
 */
#include "daemon/proto/x509.h"
#include "daemon/proto/x509_trust.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_list(const struct text_list *list)
{
	assert(list->count <= X509_OTHERS_MAX);
	for (size_t i = 0; i < list->count; i++)
		assert(strnlen(list->at[i], X509_OTHERS_TEXT) < X509_OTHERS_TEXT);
}

static void
check(const struct x509_facts *f)
{
	const struct obs_x509 *x = &f->said;

	assert(strlen(x->fingerprint) == DIGEST_SHA256_TEXT - 1);
	assert(x->subject == NULL || strnlen(x->subject, X509_NAME_TEXT) < X509_NAME_TEXT);
	assert(x->issuer == NULL || strnlen(x->issuer, X509_NAME_TEXT) < X509_NAME_TEXT);
	assert(strnlen(x->serial, X509_SERIAL_TEXT) < X509_SERIAL_TEXT);
	check_list(&x->names);
	check_list(&x->uris);
	check_list(&x->emails);
	check_list(&x->addresses);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor der = cursor_over(data, size);
	struct x509_facts facts;

	X509 *certificate = x509_open(der);
	if (certificate == NULL)
		return 0;
	x509_read(certificate, der, &facts);
	check(&facts);
	(void)x509_is_for(certificate, "www.example.org");
	struct x509_trust *trust = x509_trust_new();
	if (trust != NULL)
		assert(x509_validate(trust, &certificate, 1, UINT64_C(1700000000000000000))
				.status != NULL);
	x509_trust_free(trust);
	x509_close(certificate);
	return 0;
}
