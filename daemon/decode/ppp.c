/*
 * ppp.c -- PPP and PPPoE sessions: what a router's own uplink looks like.
 *
 * Only the data of a session matters here, IPv4, IPv6 and MPLS in it; LCP, authentication and the
 * like are PACKET_OTHER. Protocol numbers may come in one byte (RFC 1661 section 6.5), and address
 * and control (ff 03, RFC 1662) may be there or not, whatever was negotiated before we listened.
 *
 * Sources: RFC 1661, RFC 1662, RFC 2516.
 */
#include "daemon/decode/layers.h"

enum {
	PPP_ADDRESS = 0xff, /* never the first byte of a protocol number */
	PPP_IP4 = 0x0021,
	PPP_IP6 = 0x0057,
	PPP_MPLS = 0x0281,
	PPPOE_SESSION_DATA = 0x1100, /* version 1, type 1, code 0 */
};

void
ppp_decode(struct part *rest, struct packet *p)
{
	struct cursor look = rest->bytes;

	if (cursor_u8(&look) == PPP_ADDRESS)
		cursor_be16(&rest->bytes);
	uint16_t protocol = cursor_u8(&rest->bytes);
	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cursor_u8(&rest->bytes));
	if (rest->bytes.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	switch (protocol) {
	case PPP_IP4:
	case PPP_IP6:
		ip_decode(rest, p);
		break;
	case PPP_MPLS:
		ether_type_decode(ETHER_MPLS, rest, p);
		break;
	default:
		break;
	}
}

void
pppoe_decode(struct part *rest, struct packet *p)
{
	uint16_t kind = cursor_be16(&rest->bytes);
	cursor_be16(&rest->bytes); /* session */
	uint16_t length = cursor_be16(&rest->bytes);

	if (rest->bytes.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	if (kind != PPPOE_SESSION_DATA)
		return;
	part_bound(rest, length);
	ppp_decode(rest, p);
}
