/*
 * x509_trust.h -- whom we trust to sign certificates, and whether they signed a chain.
 *
 * Passively: nothing is fetched, no revocation is asked for. The bytes of the store come from whoever may open
 * files; one store serves all flows.
 */
#pragma once

#include "daemon/proto/x509.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct x509_trust;

/*
 * An empty store: nobody is trusted.
 *
 * returns  NULL when memory is out
 * owns     the caller; x509_trust_free() frees it
 */
struct x509_trust *x509_trust_new(void);
void x509_trust_free(struct x509_trust *t);

/*
 * Trust the certificates of a text in PEM, as /etc/ssl/certs/ca-certificates.crt is one. What is no certificate
 * in it is passed over. It is read to its first certificate now, and to its end when the first chain is verified:
 * many captures show none.
 *
 * pem      copied
 * returns  whether there is a certificate
 */
bool x509_trust_add(struct x509_trust *t, const char *pem, size_t size);

/*
 * Read now what was left for later, where the first chain must not wait for it.
 *
 * cost  some 0.1 ms and 7 KiB a certificate
 */
void x509_trust_settle(struct x509_trust *t);

/* What became of a chain, and when it would be the same: from_ns <= time < until_ns. */
struct x509_verdict {
	const char *
		status; /* "ok", or libcrypto's words for what is wrong ("self-signed certificate"): a
			       constant. NULL: there was no memory to find out */
	uint64_t from_ns, until_ns;
};

/*
 * Did somebody trusted sign this chain, at that time, for a server?
 *
 * chain    the server's own certificate, then others in any order; borrowed
 * count    > 0
 * at_ns    when it was shown
 * cost     a few public-key operations, 100 us or more; allocates while it runs
 */
struct x509_verdict x509_validate(
	struct x509_trust *t, X509 *const *chain, size_t count, uint64_t at_ns);
