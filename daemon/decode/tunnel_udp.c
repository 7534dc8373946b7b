/*
 * tunnel_udp.c -- tunnels with a UDP port: VXLAN, Geneve, GTP-U, L2TP, AYIYA.
 *
 * A port proves nothing, so each must have its form: versions, flags that are always set or never, and
 * where IP is announced, IP. Reserved bits that senders are known to set are not looked at.
 */
#include "daemon/decode/tunnel_inside.h"

/* VXLAN-GPE says what is inside; VXLAN always carries Ethernet. */
enum tunnel_verdict
tunnel_vxlan_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum { VNI_VALID = 0x08, GPE_HAS_NEXT = 0x04, GPE_VERSION = 0x30, GPE_PORT = 4790 };
	enum { GPE_IP4 = 1, GPE_IP6 = 2, GPE_ETHERNET = 3 };
	struct cursor *bytes = &in->rest.bytes;
	uint8_t flags = cursor_u8(bytes);

	cursor_be16(bytes);
	uint8_t next = cursor_u8(bytes);
	in->id = cursor_be32(bytes) >> 8;
	in->content = INSIDE_ETHERNET;
	if (bytes->short_read || (flags & VNI_VALID) == 0)
		return TUNNEL_NOTHING;
	if (outer->dst_port != GPE_PORT || (flags & GPE_HAS_NEXT) == 0)
		return TUNNEL_CARRIES;
	if ((flags & GPE_VERSION) != 0)
		return TUNNEL_NOTHING;
	if (next == GPE_IP4 || next == GPE_IP6)
		in->content = INSIDE_IP;
	return next >= GPE_IP4 && next <= GPE_ETHERNET ? TUNNEL_CARRIES : TUNNEL_NOTHING;
}

enum tunnel_verdict
tunnel_geneve_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum { VERSION = 0xc0, OPTIONS = 0x3f, CONTROL = 0x80, BRIDGE = 0x6558 };
	struct cursor *bytes = &in->rest.bytes;
	uint8_t first = cursor_u8(bytes);
	uint8_t flags = cursor_u8(bytes);

	(void)outer;
	in->ether_type = cursor_be16(bytes);
	in->id = cursor_be32(bytes) >> 8;
	cursor_take(bytes, (size_t)(first & OPTIONS) * 4);
	in->content = in->ether_type == BRIDGE ? INSIDE_ETHERNET : INSIDE_TYPE;
	if (bytes->short_read || (first & VERSION) != 0 || (flags & CONTROL) != 0)
		return TUNNEL_NOTHING;
	if (in->ether_type != BRIDGE && in->ether_type != ETHER_IP4 && in->ether_type != ETHER_IP6)
		return TUNNEL_NOTHING;
	return part_bytes(&in->rest) > 0 ? TUNNEL_CARRIES : TUNNEL_NOTHING;
}

/* Extension headers (TS 29.281 section 5.2): length in words, contents, type of the next. */
static void
gtp_extensions(struct cursor *bytes, uint8_t next)
{
	while (next != 0 && !bytes->short_read) {
		uint32_t length = cursor_u8(bytes) * 4U;
		if (length == 0)
			bytes->short_read = true; /* would never end */
		else
			cursor_take(bytes, length - 2);
		next = cursor_u8(bytes);
	}
}

/* Version 1 and no GTP' (a bit tells them apart), of all messages only user data: G-PDU. */
enum tunnel_verdict
tunnel_gtp_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum {
		VERSION_1 = 0x30,
		VERSION_MASK = 0xf0,
		OPTIONAL = 0x07,
		HAS_NEXT = 0x04,
		G_PDU = 255
	};
	enum { LENGTH_COUNTS_FROM = 8 };
	struct cursor *bytes = &in->rest.bytes;
	uint8_t flags = cursor_u8(bytes);
	uint8_t message = cursor_u8(bytes);
	uint16_t length = cursor_be16(bytes);

	(void)outer;
	in->id = cursor_be32(bytes);
	in->content = INSIDE_IP;
	if (bytes->short_read || (flags & VERSION_MASK) != VERSION_1 || message != G_PDU ||
		length > part_bytes(&in->rest))
		return TUNNEL_NOTHING;
	part_bound(&in->rest, length);
	if ((flags & OPTIONAL) != 0) {
		cursor_take(bytes, 3); /* sequence and N-PDU numbers */
		uint8_t next = cursor_u8(bytes);
		gtp_extensions(bytes, (flags & HAS_NEXT) != 0 ? next : 0);
	}
	return tunnel_is_ip(&in->rest, /* padded= */ true) ? TUNNEL_CARRIES : TUNNEL_NOTHING;
}

/* RFC 2661 section 3.1, data messages only. */
enum tunnel_verdict
tunnel_l2tp_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum { CONTROL = 0x8000, HAS_LENGTH = 0x4000, NUMBERED = 0x0800, HAS_OFFSET = 0x0200 };
	enum { RESERVED = 0x34f0, VERSION = 0x000f, PPP_ADDRESS_CONTROL = 0xff03 };
	struct cursor *bytes = &in->rest.bytes;
	uint16_t flags = cursor_be16(bytes);
	uint32_t whole = part_bytes(&in->rest) + 2;

	(void)outer;
	if ((flags & (CONTROL | RESERVED | VERSION)) != 2)
		return TUNNEL_NOTHING;
	uint32_t length = (flags & HAS_LENGTH) != 0 ? cursor_be16(bytes) : whole;
	in->id = cursor_be32(bytes); /* tunnel and session */
	if ((flags & NUMBERED) != 0)
		cursor_be32(bytes);
	if ((flags & HAS_OFFSET) != 0)
		cursor_take(bytes, cursor_be16(bytes));
	uint32_t header = whole - part_bytes(&in->rest);
	if (bytes->short_read || length > whole || length <= header)
		return TUNNEL_NOTHING;
	part_bound(&in->rest, length - header);
	in->content = INSIDE_PPP;
	return TUNNEL_CARRIES;
}

/* Lengths of identity (a power of two) and signature (words) are in the header's first two bytes. */
enum tunnel_verdict
tunnel_ayiya_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum { FORWARD = 1, EPOCH = 4 };
	struct cursor *bytes = &in->rest.bytes;
	uint32_t identity = UINT32_C(1) << (cursor_u8(bytes) >> 4);
	uint32_t signature = (uint32_t)(cursor_u8(bytes) >> 4) * 4;
	uint8_t operation = cursor_u8(bytes) & 0xf;
	uint8_t next = cursor_u8(bytes);

	(void)outer;
	cursor_take(bytes, EPOCH + identity + signature);
	in->content = INSIDE_IP;
	if (bytes->short_read || operation != FORWARD ||
		(next != IP_PROTO_IP6 && next != IP_PROTO_IPIP))
		return TUNNEL_NOTHING;
	return tunnel_is_ip(&in->rest, /* padded= */ false) ? TUNNEL_CARRIES : TUNNEL_NOTHING;
}
