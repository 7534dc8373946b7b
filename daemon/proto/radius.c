/*
 * radius.c -- RADIUS (RFC 2865, RFC 2866, RFC 5176) is recognised, and no more.
 *
 * A message has a code that is in use, is as long as it says, and is filled with attributes to its end.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum { HEADER_BYTES = 20, ATTRIBUTE_LEAST = 2 };

static bool
is_code(uint8_t code)
{
	return (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	size_t size = cursor_left(&c);
	uint8_t code = cursor_u8(&c);
	(void)cursor_u8(&c); /* number */
	uint16_t said = cursor_be16(&c);
	(void)cursor_take(&c, HEADER_BYTES - 4);

	(void)call;
	if (!is_code(code) || said != size || cursor_left(&c) == 0)
		return PROTO_NO;
	while (cursor_left(&c) > 0) {
		(void)cursor_u8(&c); /* type */
		uint8_t bytes = cursor_u8(&c);
		if (bytes < ATTRIBUTE_LEAST)
			return PROTO_NO;
		(void)cursor_take(&c, bytes - ATTRIBUTE_LEAST);
	}
	return c.short_read ? PROTO_NO : PROTO_YES;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_radius = {
	.name = "radius",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 1, 5 }, { 11, 13 }, { 40, 45 }),
	.looks_like = looks_like,
	.parse = parse,
};
