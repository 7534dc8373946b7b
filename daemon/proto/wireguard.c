/*
 * wireguard.c -- WireGuard is recognised, and no more: what is inside is encrypted.
 *
 * Its four messages begin with their type and three zero bytes. Handshakes and cookies have one length
 * each; data has a multiple of 16 with its header, and a counter that no tunnel has brought to 2^40. The
 * port is any. Only the first datagram of a conversation is looked at.
 *
 * Source: wireguard.com/protocol.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum message {
	INITIATION = 1,
	RESPONSE = 2,
	COOKIE = 3,
	DATA = 4,
};

enum {
	INITIATION_BYTES = 148,
	RESPONSE_BYTES = 92,
	COOKIE_BYTES = 64,
	DATA_LEAST = 32, /* header and authentication of nothing: a keep-alive */
	DATA_UNIT = 16,
	COUNTER_BITS = 40,
};

static bool
is_data(struct cursor rest, size_t bytes)
{
	uint32_t receiver = cursor_le32(&rest);
	uint64_t counter = cursor_le64(&rest);

	return bytes >= DATA_LEAST && bytes % DATA_UNIT == 0 && receiver != 0 &&
	       counter >> COUNTER_BITS == 0;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	size_t bytes = cursor_left(&c);
	bool is_ours = false;

	(void)call;
	switch (cursor_le32(&c)) {
	case INITIATION:
		is_ours = bytes == INITIATION_BYTES;
		break;
	case RESPONSE:
		is_ours = bytes == RESPONSE_BYTES;
		break;
	case COOKIE:
		is_ours = bytes == COOKIE_BYTES;
		break;
	case DATA:
		is_ours = is_data(c, bytes);
		break;
	default:
		break;
	}
	return is_ours ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_wireguard = {
	.name = "wireguard",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ INITIATION, DATA }),
	.looks_like = looks_like,
	.parse = parse,
};
