/* transport.c -- whose header comes after IP's; SCTP, and those that have no ports. */
#include "daemon/decode/layers.h"

enum { SCTP_HEADER = 12 };

/* The common header (RFC 9260 section 3.1); chunks are the payload. */
static void
sctp_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, SCTP_HEADER);

	if (header.short_read) {
		packet_note(p, ANOMALY_TRANSPORT_SHORT);
		return;
	}
	p->src_port = cursor_be16(&header);
	p->dst_port = cursor_be16(&header);
	p->has_ports = true;
	p->payload = part_view(rest);
	p->payload_bytes = part_bytes(rest);
}

void
transport_decode(struct part *rest, struct packet *p)
{
	p->payload = part_view(rest);
	p->payload_bytes = part_bytes(rest);
	if ((p->anomalies & ANOMALY_BIT(ANOMALY_FRAGMENT_LATER)) != 0)
		return;
	p->transport = part_view(rest);
	switch (p->ip_proto) {
	case IP_PROTO_TCP:
		tcp_decode(rest, p);
		break;
	case IP_PROTO_UDP:
		udp_decode(rest, p);
		break;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMP6:
		icmp_decode(rest, p);
		break;
	case IP_PROTO_SCTP:
		sctp_decode(rest, p);
		break;
	default:
		break;
	}
}
