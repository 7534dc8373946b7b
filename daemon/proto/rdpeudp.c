/*
 * rdpeudp.c -- RDP over UDP is recognised by the client's first datagram, and no more: what follows is encrypted.
 *
 * That datagram acknowledges nothing (-1), says SYN, how much either side may send at a time, and is filled up
 * with zeros to that size, so that the path is known to carry it. The port is any.
 *
 * Source: MS-RDPEUDP sections 2.2.2.1, 2.2.2.5 and 3.1.5.1.1.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum {
	FLAG_SYN = 0x0001,
	FLAG_LOSSY = 0x0200,
	FLAG_CORRELATION_ID = 0x0800,
	FLAG_EXTENDED = 0x1000,
	MTU_MIN = 1132,
	MTU_MAX = 1232,
};

static bool
is_mtu(uint16_t mtu)
{
	return mtu >= MTU_MIN && mtu <= MTU_MAX;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	size_t size = cursor_left(&first_bytes);
	uint32_t acknowledged = cursor_be32(&first_bytes);
	uint16_t window = cursor_be16(&first_bytes);
	uint16_t flags = cursor_be16(&first_bytes);

	(void)call;
	(void)cursor_be32(&first_bytes); /* the first number */
	uint16_t up = cursor_be16(&first_bytes);
	uint16_t down = cursor_be16(&first_bytes);
	bool is_syn = (flags & FLAG_SYN) != 0 &&
		      (flags & ~(FLAG_SYN | FLAG_LOSSY | FLAG_CORRELATION_ID | FLAG_EXTENDED)) == 0;
	bool is_full = size >= MTU_MIN && size <= MTU_MAX;
	return acknowledged == UINT32_MAX && window > 0 && is_syn && is_mtu(up) && is_mtu(down) &&
			       is_full
		       ? PROTO_YES
		       : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_rdpeudp = {
	.name = "rdpeudp",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 0xff, 0xff }),
	.looks_like = looks_like,
	.parse = parse,
};
