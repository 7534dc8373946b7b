/* tls_certificates.h -- the Certificate message: each certificate is told, the server's chain is validated. */
#pragma once

#include "daemon/proto/tls_session.h"

/*
 * Bytes of a Certificate message of TLS up to 1.2 (RFC 5246 section 7.4.2): those certificates that are there as a
 * whole, the first TLS_CHAIN_MAX of them, are told and taken off; the others are to come again, with what is behind
 * them. What is not read is taken off as it comes: a second such message of the same side, what is behind a
 * certificate that is none.
 *
 * cost  allocates by libcrypto (x509.h), a certificate at most; without a cache it is given back
 */
void tls_certificates_take(struct proto_call *call, struct tls_session *s, struct cursor *bytes);

/* The message is at its end: the server's chain is validated, if there is a cache and all of it is there still. */
void tls_certificates_end(struct proto_call *call, struct tls_session *s);
