/*
 * udp.c -- the UDP header (RFC 768).
 *
 * UDP repeats the length that IP knows. A smaller one leaves bytes that belong to nobody; one past
 * the packet is an error, except in the first fragment, where it is the whole datagram's, and where
 * IP's length was beyond the frame already: one fault is counted once. 0 goes with segmentation by
 * the card and with jumbograms (RFC 2675), and means IP's.
 */
#include "daemon/decode/layers.h"

enum { HEADER_BYTES = 8 };

static const uint32_t cut_bits = ANOMALY_BIT(ANOMALY_FRAGMENT) | ANOMALY_BIT(ANOMALY_IP_LENGTH);

void
udp_decode(struct part *rest, struct packet *p)
{
	uint32_t available = part_bytes(rest);
	struct cursor header = cursor_sub(&rest->bytes, HEADER_BYTES);
	bool is_cut = (p->anomalies & cut_bits) != 0;

	if (header.short_read) {
		packet_note(p, ANOMALY_TRANSPORT_SHORT);
		return;
	}
	p->src_port = cursor_be16(&header);
	p->dst_port = cursor_be16(&header);
	uint32_t length = cursor_be16(&header);
	p->has_ports = true;
	if (length == 0)
		length = available;
	if (length < HEADER_BYTES) {
		packet_note(p, ANOMALY_UDP_LENGTH);
		length = HEADER_BYTES;
	}
	if (length > available && !is_cut)
		packet_note(p, ANOMALY_UDP_LENGTH);
	if (length < available) {
		struct part datagram = { p->transport, rest->cut };

		part_bound(rest, length - HEADER_BYTES);
		part_bound(&datagram, length);
		p->transport = part_view(&datagram);
	}
	p->payload = part_view(rest);
	p->payload_bytes = part_bytes(rest);
}
