/*
 * link_carrier.c -- headers that a provider, a fabric or a service chain puts around other people's
 * frames: provider backbone bridges, FabricPath, VN-Tag, E-TAG, TrustSec, NSH.
 *
 * Where they lead is all that matters here: to a whole frame, whose addresses are the hosts', or to
 * Ethernet's type. Stacks of them are capped, as each may hold the next.
 *
 * Sources: IEEE 802.1ah (I-TAG), 802.1BR (E-TAG), RFC 8300 (NSH); Cisco publishes no layout of the
 * rest: VN-Tag as proposed to 802.1Qbh, FabricPath and TrustSec's metadata as Wireshark reads them.
 */
#include "daemon/decode/layers.h"

#include <stddef.h>

static const struct carrier {
	uint16_t ether_type;
	uint8_t bytes;    /* after the type that announces it */
	bool holds_frame; /* a whole frame comes next; else another type */
} carriers[] = {
	{ ETHER_BACKBONE, 4, true },   /* priority, flags, 24 bits of service */
	{ ETHER_FABRICPATH, 2, true }, /* tree and TTL */
	{ ETHER_METADATA, 6, false },  /* version, length, option, security group */
	{ ETHER_VN_TAG, 4, false },    /* destination and source port of the virtual switch */
	{ ETHER_E_TAG, 6, false },     /* the same for port extenders */
};

enum {
	NSH_WORDS_MIN = 2, /* base and service path */
	NSH_VERSION = 0xc000,
	NSH_OAM = 0x2000,
	NSH_IP4 = 1,
	NSH_IP6 = 2,
	NSH_ETHERNET = 3,
	NSH_NSH = 4,
	NSH_MPLS = 5,
};

static void
carried_decode(const struct carrier *c, struct part *rest, struct packet *p)
{
	cursor_take(&rest->bytes, c->bytes);
	uint16_t next = c->holds_frame ? 0 : cursor_be16(&rest->bytes);

	if (rest->bytes.short_read)
		packet_note(p, ANOMALY_LINK_SHORT);
	else if (c->holds_frame)
		ethernet_decode(rest, p);
	else
		ether_type_decode(next, rest, p);
}

void
carrier_decode(uint16_t ether_type, struct part *rest, struct packet *p)
{
	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
		if (carriers[i].ether_type == ether_type && link_deeper(p))
			carried_decode(&carriers[i], rest, p);
}

void
nsh_decode(struct part *rest, struct packet *p)
{
	struct cursor look = rest->bytes;
	uint16_t base = cursor_be16(&look);
	cursor_u8(&look); /* type of the metadata */
	uint8_t next = cursor_u8(&look);
	unsigned words = base & 0x3fU;

	cursor_take(&rest->bytes, (size_t)words * 4);
	if (look.short_read || rest->bytes.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	if ((base & (NSH_VERSION | NSH_OAM)) != 0 || words < NSH_WORDS_MIN || !link_deeper(p))
		return;
	switch (next) {
	case NSH_IP4:
	case NSH_IP6:
		ip_decode(rest, p);
		break;
	case NSH_ETHERNET:
		ethernet_decode(rest, p);
		break;
	case NSH_NSH:
		nsh_decode(rest, p);
		break;
	case NSH_MPLS:
		mpls_decode(rest, p);
		break;
	default:
		break;
	}
}
