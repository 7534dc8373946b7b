/* pkinit.h -- certificates by which hosts log in to Kerberos (RFC 4556): each is told. */
#pragma once

#include "daemon/proto/proto.h"

enum { PKINIT_CERTIFICATES_MAX = 10 /* of a message that are read */ };

/*
 * Tell the certificates in the pre-authentication data of an AS request or reply: a client's, or a server's.
 *
 * message  of Kerberos, from its application tag on; of what is cut the certificates that are there as a whole
 * cost     a tag or two where there are none; allocates by libcrypto (x509.h) where there are, and gives it back
 */
void pkinit_read(const struct proto_call *call, struct cursor message);
