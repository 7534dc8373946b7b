/*
 * openvpn_tcp.c -- OpenVPN over TCP: each packet after two bytes of its length. Recognised, and no more.
 */
#include "daemon/proto/openvpn.h"
#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum { PACKET_MAX = 1600 }; /* of a first packet */

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	bool is_large = cursor_left(&first_bytes) > 0 && *first_bytes.at > PACKET_MAX >> 8;
	uint16_t size = cursor_be16(&first_bytes);

	(void)call;
	if (first_bytes.short_read)
		return is_large ? PROTO_NO : PROTO_PERHAPS;
	if (size > PACKET_MAX)
		return PROTO_NO;
	struct cursor kind = first_bytes;
	if (cursor_left(&first_bytes) < size) {
		uint8_t first = cursor_u8(&kind);
		return kind.short_read || first == 7 << 3 || first == 8 << 3 || first == 10 << 3
			       ? PROTO_PERHAPS
			       : PROTO_NO;
	}
	return openvpn_is_reset(cursor_sub(&first_bytes, size)) ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_openvpn_tcp = {
	.name = "openvpn",
	.ip_proto = IPPROTO_TCP,
	.begins = PROTO_BEGINS({ 0, PACKET_MAX >> 8 }),
	.looks_like = looks_like,
	.parse = parse,
};
