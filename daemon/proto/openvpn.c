/*
 * openvpn.c -- OpenVPN is recognised, and no more: what is inside is encrypted.
 *
 * A session begins with the client's reset: its kind, its number, and then, by how the server was set up,
 * nothing, a signature and a counter (tls-auth), or a counter, a time and what is encrypted
 * (tls-crypt). Sizes are those of the digests in use. The port is any.
 *
 * Source: OpenVPN's wire protocol (openvpn-wire-protocol, IETF draft).
 */
#include "daemon/proto/openvpn.h"

#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum {
	RESET_CLIENT_V2 = 7 << 3, /* with key 0 */
	RESET_SERVER_V2 = 8 << 3,
	RESET_CLIENT_V3 = 10 << 3,
	SESSION_BYTES = 8,
	HEAD_BYTES = 1 + SESSION_BYTES,
	TAIL_BYTES = 1 + 4,    /* no acknowledgements, message 0 */
	COUNTER_BYTES = 4 + 4, /* and a time */
	CRYPT_BYTES = HEAD_BYTES + COUNTER_BYTES + 32 + TAIL_BYTES,
};

#define COUNTER_EARLY UINT32_C(0x0f000001) /* the first one of who can negotiate early */

static bool
is_digest(size_t bytes)
{
	return bytes == 16 || bytes == 20 || bytes == 28 || bytes == 32 || bytes == 48 ||
	       bytes == 64;
}

static bool
is_counter(struct cursor *c)
{
	uint32_t counter = cursor_be32(c);
	uint32_t time = cursor_be32(c);

	return (counter == 1 || counter == COUNTER_EARLY) && time != 0;
}

static bool
is_tail(struct cursor *c)
{
	uint8_t acknowledged = cursor_u8(c);
	uint32_t message = cursor_be32(c);

	return !c->short_read && cursor_left(c) == 0 && acknowledged == 0 && message == 0;
}

/* The server's, which acknowledges the client's message 0; without a signature. */
static bool
is_answer(struct cursor packet)
{
	uint8_t kind = cursor_u8(&packet);
	uint64_t session = cursor_be64(&packet);
	uint8_t acknowledged = cursor_u8(&packet);
	uint32_t number = cursor_be32(&packet);
	uint64_t client_session = cursor_be64(&packet);
	uint32_t message = cursor_be32(&packet);

	return kind == RESET_SERVER_V2 && session != 0 && acknowledged == 1 && number == 0 &&
	       client_session != 0 && message == 0 && !packet.short_read &&
	       cursor_left(&packet) == 0;
}

bool
openvpn_is_reset(struct cursor packet)
{
	struct cursor whole = packet;
	size_t size = cursor_left(&packet);
	uint8_t kind = cursor_u8(&packet);
	uint64_t session = cursor_be64(&packet);
	struct cursor crypt = packet;

	if (is_answer(whole))
		return true;

	if ((kind != RESET_CLIENT_V2 && kind != RESET_CLIENT_V3) || session == 0)
		return false;
	if (size == HEAD_BYTES + TAIL_BYTES)
		return is_tail(&packet);
	/* With version 3 a key of the client's follows. */
	if (size == CRYPT_BYTES || (kind == RESET_CLIENT_V3 && size > CRYPT_BYTES))
		if (is_counter(&crypt))
			return true;
	if (size < HEAD_BYTES + COUNTER_BYTES + TAIL_BYTES ||
		!is_digest(size - HEAD_BYTES - COUNTER_BYTES - TAIL_BYTES))
		return false;
	(void)cursor_take(&packet, size - HEAD_BYTES - COUNTER_BYTES - TAIL_BYTES);
	return is_counter(&packet) && is_tail(&packet);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	return openvpn_is_reset(first_bytes) ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_openvpn = {
	.name = "openvpn",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 7 << 3, 10 << 3 }),
	.looks_like = looks_like,
	.parse = parse,
};
