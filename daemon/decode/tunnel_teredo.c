/*
 * tunnel_teredo.c -- IPv6 through a NAT (RFC 4380), on any port its peers agree on.
 *
 * Authentication, then origin, may stand before the packet, in that order. It is recognised by what it
 * is: an IPv6 header that says exactly how long the datagram is. Without anything before it one of the
 * addresses must be Teredo's (2001::/32), unless it is the servers' port. A bubble keeps a NAT open
 * and has nothing in it.
 */
#include "daemon/decode/tunnel_inside.h"

enum {
	SERVER_PORT = 3544,
	ORIGIN = 0x0000,
	AUTHENTICATION = 0x0001,
	ORIGIN_REST = 6,         /* port and address, obfuscated */
	AUTHENTICATION_REST = 9, /* nonce and confirmation */
	IP6_HEADER = 40,
	SRC_AT = 8,
	DST_AT = 24,
};

/* Step over what may stand before the packet. returns whether anything did */
static bool
headers_skip(struct cursor *bytes)
{
	struct cursor look = *bytes;
	bool any = false;

	if (cursor_be16(&look) == AUTHENTICATION) {
		uint32_t client = cursor_u8(&look);
		uint32_t value = cursor_u8(&look);
		cursor_take(&look, client + value + AUTHENTICATION_REST);
		*bytes = look;
		any = true;
	}
	look = *bytes;
	if (cursor_be16(&look) == ORIGIN && !look.short_read) {
		cursor_take(&look, ORIGIN_REST);
		*bytes = look;
		any = true;
	}
	return any;
}

static bool
is_teredo_address(const uint8_t *address)
{
	static const uint8_t prefix[4] = { 0x20, 0x01, 0x00, 0x00 };

	return memcmp(address, prefix, sizeof(prefix)) == 0;
}

static bool
is_ip6(const struct part *rest)
{
	return part_version(rest) == 6 && tunnel_is_ip(rest, /* padded= */ false);
}

bool
tunnel_teredo_fits(const struct packet *p)
{
	struct part rest = part_of_payload(p);
	unsigned first = part_version(&rest);

	if ((first != 6 && first != 0) || p->payload_bytes < IP6_HEADER)
		return false;
	bool any = headers_skip(&rest.bytes);
	if (!is_ip6(&rest))
		return false;
	if (any || p->dst_port == SERVER_PORT || p->src_port == SERVER_PORT)
		return true;
	return cursor_left(&rest.bytes) >= IP6_HEADER &&
	       (is_teredo_address(rest.bytes.at + SRC_AT) ||
		       is_teredo_address(rest.bytes.at + DST_AT));
}

enum tunnel_verdict
tunnel_teredo_open(const struct packet *outer, struct tunnel_inside *in)
{
	(void)outer;
	(void)headers_skip(&in->rest.bytes);
	if (!is_ip6(&in->rest))
		return TUNNEL_NOTHING;
	struct cursor look = in->rest.bytes;
	cursor_take(&look, 6); /* version, class, flow label, length */
	in->content = INSIDE_IP;
	return cursor_u8(&look) == IP_PROTO_NONE ? TUNNEL_NOTHING : TUNNEL_CARRIES;
}
