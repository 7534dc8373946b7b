/*
 * icmp.c -- ICMP (RFC 792) and ICMPv6 (RFC 4443): type, code, and what follows eight bytes.
 *
 * Every message in use has four bytes of its own after type, code and checksum, and Zeek counts
 * payload from behind them; so do we.
 */
#include "daemon/decode/layers.h"

enum { HEADER_BYTES = 8 };

void
icmp_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, HEADER_BYTES);

	if (header.short_read) {
		packet_note(p, ANOMALY_TRANSPORT_SHORT);
		return;
	}
	p->icmp_type = cursor_u8(&header);
	p->icmp_code = cursor_u8(&header);
	p->has_ports = true;
	p->payload = part_view(rest);
	p->payload_bytes = part_bytes(rest);
}
