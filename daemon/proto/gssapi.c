#include "daemon/proto/gssapi.h"

#include <string.h>

enum {
	TOKEN_FIRST = 0x60, /* of the client: the mechanism's name, and what it says */
	TOKEN_NEXT = 0xa1,  /* of SPNEGO: what comes back, and goes on */
};

/* 1.2.840.113554.1.2.2 as an OID, and the type of the Kerberos message that follows it (RFC 4121 section 4.1). */
static const uint8_t kerberos[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02,
	0x02 };

enum { AP_REQ = 0x0100, AP_REP = 0x0200, AP_ERROR = 0x0300 };

static bool
has_kerberos(struct cursor blob)
{
	while (cursor_left(&blob) >= sizeof(kerberos)) {
		const uint8_t *at = memchr(blob.at, kerberos[0], cursor_left(&blob));
		if (at == NULL)
			return false;
		(void)cursor_take(&blob, (size_t)(at - blob.at));
		struct cursor there = blob;
		const uint8_t *bytes = cursor_take(&there, sizeof(kerberos));
		if (bytes != NULL && memcmp(bytes, kerberos, sizeof(kerberos)) == 0) {
			uint16_t type = cursor_be16(&there);
			if (type == AP_REQ || type == AP_REP || type == AP_ERROR)
				return true;
		}
		(void)cursor_u8(&blob);
	}
	return false;
}

void
gssapi_read(struct ntlmssp *n, const struct proto_call *call, struct cursor blob)
{
	struct cursor c = blob;
	uint8_t first = cursor_u8(&c);

	if (first == TOKEN_FIRST || first == TOKEN_NEXT)
		call->also(call->context, "gssapi");
	if (ntlmssp_read(n, call, blob))
		call->also(call->context, "ntlm");
	else if (has_kerberos(blob))
		call->also(call->context, "krb");
}
