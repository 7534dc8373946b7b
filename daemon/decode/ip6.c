/*
 * ip6.c -- the IPv6 header and its chain of extension headers (RFC 8200).
 *
 * The chain is walked to the transport, EXTENSIONS_MAX headers and no more: a long chain is a way to
 * keep a sensor busy and to push the ports out of sight (RFC 7045, RFC 7112). Mobility, HIP and
 * shim6 are walked alike: all have the common form. An atomic fragment, the first and the last of
 * one packet, is no fragment (RFC 6946).
 *
 * A payload length of 0 stands for a jumbogram (RFC 2675) or for a packet that the card has yet to
 * segment. Either way the frame says how long it is, so the jumbo option is not looked for. With no
 * next header 0 means 0, and what follows is padding.
 */
#include "daemon/decode/layers.h"

enum { HEADER_BYTES = 40, EXTENSION_MIN = 8, FRAGMENT_OFFSET_MASK = 0xfff8, FRAGMENT_MORE = 1 };

static bool
is_extension(uint8_t type)
{
	switch (type) {
	case IP_PROTO_HOP_BY_HOP:
	case IP_PROTO_ROUTING:
	case IP_PROTO_FRAGMENT:
	case IP_PROTO_AH:
	case IP_PROTO_DESTINATION:
	case IP_PROTO_MOBILITY:
	case IP_PROTO_HIP:
	case IP_PROTO_SHIM6:
		return true;
	default:
		return false;
	}
}

/* Size of an extension header, whose length field counts in the type's own units. */
static uint32_t
extension_bytes(uint8_t type, uint8_t length)
{
	switch (type) {
	case IP_PROTO_FRAGMENT:
		return EXTENSION_MIN;
	case IP_PROTO_AH: /* 4-byte units less two: RFC 4302 section 2.2 */
		return (length + 2U) * 4;
	default:
		return (length + 1U) * 8;
	}
}

/* Step over the extension header that p->ip_proto names. returns false when the chain ends here */
static bool
extension_decode(struct part *rest, struct packet *p)
{
	struct cursor fields = rest->bytes;
	uint8_t next = cursor_u8(&fields);
	uint8_t length = cursor_u8(&fields);
	uint16_t offset = cursor_be16(&fields);
	uint32_t size = extension_bytes(p->ip_proto, length);
	bool is_later = false;

	if (cursor_left(&rest->bytes) < size) {
		packet_note(p, part_bytes(rest) < size ? ANOMALY_IP_HEADER : ANOMALY_IP_SHORT);
		return false;
	}
	if (p->ip_proto == IP_PROTO_FRAGMENT) {
		is_later = (offset & FRAGMENT_OFFSET_MASK) != 0;
		if (is_later)
			packet_note(p, ANOMALY_FRAGMENT_LATER);
		if (is_later || (offset & FRAGMENT_MORE) != 0)
			packet_note(p, ANOMALY_FRAGMENT);
	}
	struct cursor header = cursor_sub(&rest->bytes, size);
	if (p->ip_proto == IP_PROTO_ROUTING)
		ip6_routing_decode(header, p);
	if (p->ip_proto == IP_PROTO_DESTINATION)
		ip6_options_decode(header, p);
	p->ip_proto = next;
	return !is_later;
}

/* Walk to the transport. Where the chain breaks, the extension's type stays the packet's protocol. */
static void
chain_decode(struct part *rest, struct packet *p)
{
	bool goes_on = true;

	for (unsigned count = 0; goes_on && is_extension(p->ip_proto); count++) {
		if (count == EXTENSIONS_MAX) {
			packet_note(p, ANOMALY_IP_EXTENSIONS);
			return;
		}
		goes_on = extension_decode(rest, p);
	}
}

void
ip6_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, HEADER_BYTES);

	if (header.short_read) {
		packet_note(p, ANOMALY_IP_SHORT);
		return;
	}
	uint32_t on_wire = part_bytes(rest);
	cursor_be32(&header); /* version, traffic class, flow label */
	uint32_t length = cursor_be16(&header);
	p->ip_proto = cursor_u8(&header);
	p->ttl = cursor_u8(&header);
	p->src = addr_from_v6(cursor_take(&header, sizeof(p->src.byte)));
	p->dst = addr_from_v6(cursor_take(&header, sizeof(p->dst.byte)));
	p->kind = PACKET_IP;
	if (length == 0 && p->ip_proto != IP_PROTO_NONE)
		length = on_wire;
	if (length > on_wire) {
		packet_note(p, ANOMALY_IP_LENGTH);
		length = on_wire;
	}
	p->ip_bytes = HEADER_BYTES + length;
	part_bound(rest, length);
	chain_decode(rest, p);
	transport_decode(rest, p);
}
