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

enum {
	HEADER_BYTES = 40,
	NEXT_HEADER_AT = 6,
	EXTENSION_MIN = 8,
	FRAGMENT_OFFSET_MASK = 0xfff8,
	FRAGMENT_MORE = 1,
};

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

/* The chain as far as it was walked. */
struct chain {
	const uint8_t *start; /* of the IP header */
	const uint8_t *named; /* the byte that names the next header */
};

/* `fields` is the fragment header, `rest` what follows it. returns false when it says "not the first" */
static bool
fragment_decode(
	const struct chain *chain, struct cursor fields, const struct part *rest, struct packet *p)
{
	const uint8_t *header = fields.at;
	uint8_t next = cursor_u8(&fields);
	(void)cursor_u8(&fields);
	uint16_t offset = cursor_be16(&fields);
	uint32_t id = cursor_be32(&fields);
	bool is_later = (offset & FRAGMENT_OFFSET_MASK) != 0;

	if (!is_later && (offset & FRAGMENT_MORE) == 0)
		return true;
	if (is_later)
		packet_note(p, ANOMALY_FRAGMENT_LATER);
	if ((p->anomalies & ANOMALY_BIT(ANOMALY_FRAGMENT)) != 0)
		return !is_later; /* inside the first part of another: that one comes first */
	packet_note(p, ANOMALY_FRAGMENT);
	p->fragment = (struct fragment){
		.id = id,
		.offset = offset & FRAGMENT_OFFSET_MASK,
		.next_at = (uint16_t)(chain->named - chain->start),
		.more = (offset & FRAGMENT_MORE) != 0,
		.ip_version = 6,
		.ip_proto = next,
		.data_bytes = part_bytes(rest),
		.header = cursor_over(chain->start, (size_t)(header - chain->start)),
		.data = part_view(rest),
	};
	return !is_later;
}

/* Step over the extension header that p->ip_proto names. returns false when the chain ends here */
static bool
extension_decode(struct chain *chain, struct part *rest, struct packet *p)
{
	struct cursor header = rest->bytes;
	struct cursor fields = header;
	uint8_t next = cursor_u8(&fields);
	uint8_t length = cursor_u8(&fields);
	uint32_t size = extension_bytes(p->ip_proto, length);
	bool goes_on = true;

	if (cursor_left(&rest->bytes) < size) {
		packet_note(p, part_bytes(rest) < size ? ANOMALY_IP_HEADER : ANOMALY_IP_SHORT);
		return false;
	}
	struct cursor extension = cursor_sub(&rest->bytes, size);
	if (p->ip_proto == IP_PROTO_FRAGMENT)
		goes_on = fragment_decode(chain, extension, rest, p);
	else if (p->ip_proto == IP_PROTO_ROUTING)
		ip6_routing_decode(extension, p);
	else if (p->ip_proto == IP_PROTO_DESTINATION)
		ip6_options_decode(extension, p);
	chain->named = header.at;
	p->ip_proto = next;
	return goes_on;
}

/* Walk to the transport. Where the chain breaks, the extension's type stays the packet's protocol. */
static void
chain_decode(const uint8_t *start, struct part *rest, struct packet *p)
{
	struct chain chain = { start, start + NEXT_HEADER_AT };
	bool goes_on = true;

	for (unsigned count = 0; goes_on && is_extension(p->ip_proto); count++) {
		if (count == EXTENSIONS_MAX) {
			packet_note(p, ANOMALY_IP_EXTENSIONS);
			return;
		}
		goes_on = extension_decode(&chain, rest, p);
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
	const uint8_t *start = header.at;
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
	chain_decode(start, rest, p);
	transport_decode(rest, p);
}
