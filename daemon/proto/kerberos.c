/*
 * kerberos.c -- Kerberos 5 over UDP (RFC 4120 section 7.2.1): who asks for which ticket, and gets it.
 *
 * Read is what is in clear text of requests (AS, TGS), replies and errors. Recognised by the message's
 * outer tags and version, on any port; its length must be that of the datagram. One request a
 * conversation waits for its answer.
 */
#include "daemon/proto/ber.h"
#include "daemon/proto/kerberos_exchange.h"
#include "daemon/proto/proto.h"

#include <netinet/in.h>

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	return cursor_left(&first_bytes) > 0 &&
			       kerberos_message_size(first_bytes) == cursor_left(&first_bytes)
		       ? PROTO_YES
		       : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	kerberos_exchange_message(call->state, call, bytes);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	kerberos_exchange_end(call->state, call);
}

const struct protocol protocol_kerberos = {
	.name = "krb",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct kerberos_exchange),
	.begins = PROTO_BEGINS(
		{ BER_APPLICATION + KERBEROS_AS_REQ, BER_APPLICATION + KERBEROS_ERROR }),
	.looks_like = looks_like,
	.parse = parse,
	.end = end,
};
