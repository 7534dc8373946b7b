/* tls_certificates.h -- the Certificate message: each certificate is told, the server's chain is validated. */
#pragma once

#include "daemon/proto/tls_session.h"

/*
 * Read a Certificate message of TLS up to 1.2 (RFC 5246 section 7.4.2): those certificates that are there as a whole,
 * the first TLS_CHAIN_MAX of them. A second such message of the same side is not read.
 *
 * cost  allocates by libcrypto (x509.h), a chain at most; all is given back
 */
void tls_certificates_read(struct proto_call *call, struct tls_session *s, struct cursor body);
