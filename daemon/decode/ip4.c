/*
 * ip4.c -- the IPv4 header (RFC 791).
 *
 * Where the packet ends is IP's word and not the frame's: Ethernet pads short frames, and what it
 * pads with is nobody's payload. A total length of 0 is what a host sees of its own packets when
 * the card does the segmentation; the frame's length is the truth then. A length beyond the frame is
 * noted and cut to what was there, so that nobody can be charged with bytes that were never sent.
 *
 * A header that every stack throws away (too short for itself, or longer than its packet) is not
 * counted as a packet between two hosts; one that only the capture cut short is, by what is left.
 */
#include "daemon/decode/checksum.h"
#include "daemon/decode/layers.h"

enum { HEADER_MIN = 20, OFFSET_MASK = 0x1fff, MORE_FRAGMENTS = 0x2000, OFFSET_UNIT = 8 };

/* A checksum of 0 that is wrong was left to the card: seen on the sending host, and no anomaly. */
static bool
header_sums_up(struct cursor header, struct cursor options, uint16_t sent)
{
	uint64_t sum = cursor_be32(&header);

	sum += cursor_be32(&header);
	sum += cursor_be32(&header);
	sum += cursor_be32(&header);
	sum += cursor_be32(&header);
	while (cursor_left(&options) > 0)
		sum += cursor_be32(&options);
	return sent == 0 || checksum_fold(sum) == 0xffff;
}

/* What follows is part of a datagram: say which, and where it belongs. `rest` is its data. */
static void
fragment_decode(uint16_t id, uint16_t flags_offset, struct cursor header, const struct part *rest,
	struct packet *p)
{
	packet_note(p, ANOMALY_FRAGMENT);
	if ((flags_offset & OFFSET_MASK) != 0)
		packet_note(p, ANOMALY_FRAGMENT_LATER);
	p->fragment = (struct fragment){
		.id = id,
		.offset = (uint16_t)((flags_offset & OFFSET_MASK) * OFFSET_UNIT),
		.more = (flags_offset & MORE_FRAGMENTS) != 0,
		.ip_version = 4,
		.ip_proto = p->ip_proto,
		.data_bytes = part_bytes(rest),
		.header = header,
		.data = part_view(rest),
	};
}

void
ip4_decode(struct part *rest, struct packet *p)
{
	uint32_t on_wire = part_bytes(rest);
	struct cursor header = cursor_sub(&rest->bytes, HEADER_MIN);
	struct cursor fields = header;

	if (header.short_read) {
		packet_note(p, ANOMALY_IP_SHORT);
		return;
	}
	uint32_t header_bytes = (cursor_u8(&fields) & 0xfU) * 4;
	cursor_u8(&fields); /* type of service */
	uint32_t total_bytes = cursor_be16(&fields);
	uint16_t id = cursor_be16(&fields);
	uint16_t flags_offset = cursor_be16(&fields);
	uint8_t ttl = cursor_u8(&fields);
	uint8_t proto = cursor_u8(&fields);
	uint16_t checksum = cursor_be16(&fields);

	if (total_bytes == 0)
		total_bytes = on_wire;
	if (header_bytes < HEADER_MIN || total_bytes < header_bytes) {
		packet_note(p, ANOMALY_IP_HEADER);
		return;
	}
	p->src = addr_from_v4(cursor_take(&fields, 4));
	p->dst = addr_from_v4(cursor_take(&fields, 4));
	p->ttl = ttl;
	p->ip_proto = proto;
	p->kind = PACKET_IP;
	if (total_bytes > on_wire) {
		packet_note(p, ANOMALY_IP_LENGTH);
		total_bytes = on_wire;
	}
	p->ip_bytes = total_bytes;
	bool is_fragment = (flags_offset & (OFFSET_MASK | MORE_FRAGMENTS)) != 0;

	struct cursor options = cursor_sub(&rest->bytes, header_bytes - HEADER_MIN);
	if (options.short_read) {
		packet_note(p, ANOMALY_IP_SHORT);
		p->payload_bytes = total_bytes > header_bytes ? total_bytes - header_bytes : 0;
		if (is_fragment) {
			struct part none = { cursor_over(rest->bytes.at, 0), p->payload_bytes };
			fragment_decode(id, flags_offset, header, &none, p);
		}
		return;
	}
	if (!header_sums_up(header, options, checksum))
		packet_note(p, ANOMALY_IP_CHECKSUM);
	part_bound(rest, total_bytes - header_bytes);
	if (is_fragment)
		fragment_decode(id, flags_offset, cursor_over(header.at, header_bytes), rest, p);
	transport_decode(rest, p);
}
