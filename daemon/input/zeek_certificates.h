/*
 * zeek_certificates.h -- certificates that x509.log told, for the handshakes that showed them.
 *
 * x509.log says who a certificate is of, ssl.log which ones were shown: by fingerprint, or by the name of
 * the file (fuid) up to Zeek 4. The last few thousand are kept, so logs of any length can be read; where
 * all places that a name may take are taken, the oldest goes.
 */
#pragma once

#include "daemon/transactions/tls.h"
#include "daemon/transactions/x509.h"

enum {
	ZEEK_CERTIFICATES = 4096,
	ZEEK_CERTIFICATE_WAYS = 8, /* places that a name may take */
	ZEEK_CERTIFICATE_NAME_MAX = 64,
	ZEEK_CERTIFICATE_TEXT_MAX = 256, /* of subject and issuer; more is cut */
	ZEEK_SERIAL_MAX = 64,
	ZEEK_SHA1_MAX = 40,
};

struct zeek_certificate {
	uint64_t remembered; /* its number; 0: the place is free */
	uint64_t not_before_ns, not_after_ns;
	char name[ZEEK_CERTIFICATE_NAME_MAX + 1]; /* fingerprint or fuid */
	char subject[ZEEK_CERTIFICATE_TEXT_MAX + 1], issuer[ZEEK_CERTIFICATE_TEXT_MAX + 1];
	char serial[ZEEK_SERIAL_MAX + 1], sha1[ZEEK_SHA1_MAX + 1]; /* "": not told */
};

/* Zeroed at first. About 3 MiB, touched as certificates come. */
struct zeek_certificates {
	uint64_t count; /* that were ever remembered */
	struct zeek_certificate at[ZEEK_CERTIFICATES];
};

/* What x509.log says, its `fingerprint` is the name; one without is not remembered. */
void zeek_certificates_add(struct zeek_certificates *known, const struct obs_x509 *x);

/* files.log says the SHA-1 of a certificate that has been, or will be, told. */
void zeek_certificates_sha1(struct zeek_certificates *known, const char *fuid, const char *sha1);

/* Fill in what is unset in a handshake about the server's certificate. Its texts are then the table's. */
void zeek_certificates_join(const struct zeek_certificates *known, struct obs_tls *tls);
