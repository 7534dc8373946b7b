/*
 * gssapi.h -- the log-in inside a blob of GSS-API (RFC 2743 section 3.1, SPNEGO: RFC 4178), or NTLM as it is.
 */
#pragma once

#include "daemon/proto/ntlmssp.h"

/* Read one side's blob, whole or cut: what is in it is one more service of the flow, and NTLM is read. */
void gssapi_read(struct ntlmssp *n, const struct proto_call *call, struct cursor blob);
