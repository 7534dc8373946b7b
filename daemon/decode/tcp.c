/*
 * tcp.c -- the TCP header (RFC 9293 section 3.1).
 *
 * A data offset that cannot be makes every stack drop the segment. Ports and flags are kept, as
 * somebody did knock, but there is no payload to speak of.
 */
#include "daemon/decode/layers.h"

enum { HEADER_MIN = 20, FLAGS_MASK = 0x3f };

void
tcp_decode(struct part *rest, struct packet *p)
{
	uint32_t segment_bytes = part_bytes(rest);
	struct cursor header = cursor_sub(&rest->bytes, HEADER_MIN);

	if (header.short_read) {
		packet_note(p, ANOMALY_TRANSPORT_SHORT);
		return;
	}
	p->src_port = cursor_be16(&header);
	p->dst_port = cursor_be16(&header);
	p->tcp_seq = cursor_be32(&header);
	p->tcp_ack = cursor_be32(&header);
	uint32_t header_bytes = (uint32_t)(cursor_u8(&header) >> 4) * 4;
	p->tcp_flags = cursor_u8(&header) & FLAGS_MASK;
	p->tcp_window = cursor_be16(&header);
	p->has_ports = true;
	p->payload = (struct cursor){ 0 };
	p->payload_bytes = 0;

	if (header_bytes < HEADER_MIN || header_bytes > segment_bytes) {
		packet_note(p, ANOMALY_TCP_OFFSET);
		return;
	}
	p->payload_bytes = segment_bytes - header_bytes;
	cursor_take(&rest->bytes, header_bytes - HEADER_MIN);
	if (rest->bytes.short_read)
		packet_note(p, ANOMALY_TRANSPORT_SHORT);
	else
		p->payload = part_view(rest);
}
