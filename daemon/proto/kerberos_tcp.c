/*
 * kerberos_tcp.c -- Kerberos 5 over TCP: each message after four bytes of its length (RFC 4120 section 7.2.2).
 *
 * Of a message MESSAGE_KEPT bytes are kept. A request for a service's ticket carries another ticket
 * before what is asked for: where that one is longer, the request is told without it.
 */
#include "daemon/proto/framed.h"
#include "daemon/proto/kerberos_exchange.h"
#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum {
	LENGTH_BYTES = 4,
	LENGTH_MAX = 1 << 20,
	MESSAGE_KEPT = 6 * 1024,
};

struct state {
	struct framed framed[2];
	struct kerberos_exchange exchange;
	uint8_t bytes[2][MESSAGE_KEPT];
};

static uint64_t
size_of(struct cursor head)
{
	uint32_t size = cursor_be32(&head);

	if (head.short_read)
		return 0;
	return size > LENGTH_MAX ? FRAMED_NONE : (uint64_t)size + LENGTH_BYTES;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	bool is_large = cursor_left(&first_bytes) > 0 && *first_bytes.at > LENGTH_MAX >> 24;
	uint32_t length = cursor_be32(&first_bytes);

	(void)call;
	if (first_bytes.short_read)
		return is_large ? PROTO_NO : PROTO_PERHAPS;
	if (length > LENGTH_MAX)
		return PROTO_NO;
	uint32_t size = kerberos_message_size(first_bytes);
	if (size == 0)
		return PROTO_PERHAPS;
	return size == length ? PROTO_YES : PROTO_NO;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	kerberos_exchange_end(&s->exchange, call);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	unsigned side = call->from_orig ? 0 : 1;
	enum framed_verdict v;
	struct cursor message;

	while ((v = framed_next(&s->framed[side], s->bytes[side], MESSAGE_KEPT, size_of, &bytes,
			&message)) == FRAMED_MESSAGE) {
		(void)cursor_take(&message, LENGTH_BYTES);
		kerberos_exchange_message(&s->exchange, call, message);
	}
	if (v == FRAMED_MORE)
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	if (framed_gap(&s->framed[call->from_orig ? 0 : 1], missing))
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

const struct protocol protocol_kerberos_tcp = {
	.name = "krb_tcp",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ 0, LENGTH_MAX >> 24 }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
