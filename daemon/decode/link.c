/*
 * link.c -- from the first byte of a frame to its network layer.
 *
 * Follows Ethernet II with VLAN stacks, 802.3 with LLC and SNAP, PPPoE sessions and MPLS stacks,
 * Linux cooked captures, BSD loopback, PPP and bare IP. Everything else (STP, LLDP, IS-IS, ...) is
 * PACKET_OTHER and no anomaly: it is well formed, only not for us. Tags and labels are capped; a
 * deeper stack is noted and not followed, since nobody builds one but to hide what is below it.
 *
 * Sources: IEEE 802.1Q, 802.1ad, 802.3, RFC 1042, RFC 3032; the link type pages of tcpdump.org.
 */
#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"

#include <string.h>

enum {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_RAW_BSD = 12, /* DLT_RAW's numbers, which some programs write into files as they are */
	LINK_RAW_OPENBSD = 14,
	LINK_PPP_SERIAL = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_LINUX_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_LINUX_SLL2 = 276,
};

enum {
	ETHER_HEADER = 14,
	ETHER_TYPE_MIN = 0x0600, /* below it is a length, or one of Linux's own protocol numbers */
	SNAP_HEADER = 8,
	SLL_HEADER = 16,
	SLL2_HEADER = 20,
	SLL_ADDRESS = 8,
	SLL_PROTOCOL_LLC = 4,
	MAC_BYTES = 6,
	VLAN_ID_MASK = 0x0fff,
};

void
ip_decode(struct part *rest, struct packet *p)
{
	struct cursor look = rest->bytes;
	unsigned version = cursor_u8(&look) >> 4;

	if (look.short_read)
		packet_note(p, ANOMALY_IP_SHORT);
	else if (version == 4)
		ip4_decode(rest, p);
	else if (version == 6)
		ip6_decode(rest, p);
	else
		packet_note(p, ANOMALY_IP_VERSION);
}

/* What is below a label stack is nowhere written: by the first four bits, as RFC 4928 observes. */
static void
mpls_decode(struct part *rest, struct packet *p)
{
	bool bottom = false;

	for (unsigned depth = 0; !bottom; depth++) {
		if (depth == MPLS_DEPTH_MAX) {
			packet_note(p, ANOMALY_VLAN_DEPTH);
			return;
		}
		bottom = (cursor_be32(&rest->bytes) >> 8 & 1) != 0;
		if (rest->bytes.short_read) {
			packet_note(p, ANOMALY_LINK_SHORT);
			return;
		}
	}
	struct cursor look = rest->bytes;
	unsigned version = cursor_u8(&look) >> 4;
	if (look.short_read)
		packet_note(p, ANOMALY_LINK_SHORT);
	else if (version == 4 || version == 6) /* a pseudowire's control word begins with 0 */
		ip_decode(rest, p);
}

/* LLC, of which only SNAP with Ethernet's types (RFC 1042) is followed. */
static void
llc_decode(struct part *rest, struct packet *p)
{
	struct cursor look = rest->bytes;
	uint32_t llc = cursor_be32(&look); /* two SAPs, control, first byte of the OUI */
	uint16_t oui = cursor_be16(&look);
	uint16_t type = cursor_be16(&look);

	if (look.short_read && part_bytes(rest) >= SNAP_HEADER) /* shorter is LLC without SNAP */
		packet_note(p, ANOMALY_LINK_SHORT);
	if (llc != 0xaaaa0300 || oui != 0 || type < ETHER_TYPE_MIN)
		return;
	rest->bytes = look;
	ether_type_decode(type, rest, p);
}

static bool
is_vlan(uint16_t type)
{
	return type == ETHER_VLAN || type == ETHER_VLAN_PROVIDER || type == ETHER_VLAN_OLD;
}

/* Step over the tags that `type` announces. returns the type below them, or 0 when that is out of reach */
static uint16_t
vlan_decode(uint16_t type, struct part *rest, struct packet *p)
{
	while (is_vlan(type)) {
		if (p->vlan_count == VLAN_DEPTH_MAX) {
			packet_note(p, ANOMALY_VLAN_DEPTH);
			return 0;
		}
		uint16_t tag = cursor_be16(&rest->bytes);
		type = cursor_be16(&rest->bytes);
		if (rest->bytes.short_read) {
			packet_note(p, ANOMALY_LINK_SHORT);
			return 0;
		}
		p->vlan[p->vlan_count++] = tag & VLAN_ID_MASK;
	}
	return type;
}

void
ether_type_decode(uint16_t ether_type, struct part *rest, struct packet *p)
{
	uint16_t type = ether_type;

	if (type != ETHER_IP4 && type != ETHER_IP6)
		type = vlan_decode(type, rest, p);
	switch (type) {
	case ETHER_IP4:
	case ETHER_IP6:
		ip_decode(rest, p);
		break;
	case ETHER_ARP:
		arp_decode(rest, p);
		break;
	case ETHER_PPPOE_SESSION:
		pppoe_decode(rest, p);
		break;
	case ETHER_MPLS:
	case ETHER_MPLS_UPSTREAM:
		mpls_decode(rest, p);
		break;
	default:
		if (type < ETHER_TYPE_MIN) {
			part_bound(rest, type); /* what follows is Ethernet's padding */
			llc_decode(rest, p);
		}
		break;
	}
}

static inline struct mac
mac_from(const uint8_t bytes[MAC_BYTES])
{
	struct mac m;

	memcpy(m.byte, bytes, MAC_BYTES);
	return m;
}

static void
ethernet_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, ETHER_HEADER);

	if (header.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	p->dst_mac = mac_from(cursor_take(&header, MAC_BYTES));
	p->src_mac = mac_from(cursor_take(&header, MAC_BYTES));
	p->has_mac = true;
	ether_type_decode(cursor_be16(&header), rest, p);
}

/* The sender's address in a cooked header, whose room is 8 bytes whatever the link uses of it. */
static void
sll_sender(struct cursor *header, unsigned address_bytes, struct packet *p)
{
	const uint8_t *address = cursor_take(header, SLL_ADDRESS);

	if (address_bytes != MAC_BYTES)
		return;
	p->src_mac = mac_from(address);
	p->has_mac = true;
}

static void
sll_protocol(uint16_t protocol, struct part *rest, struct packet *p)
{
	if (protocol >= ETHER_TYPE_MIN)
		ether_type_decode(protocol, rest, p);
	else if (protocol == SLL_PROTOCOL_LLC)
		llc_decode(rest, p);
}

static void
sll_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, SLL_HEADER);

	if (header.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	cursor_be32(&header); /* direction and ARPHRD_ type */
	uint16_t address_bytes = cursor_be16(&header);
	sll_sender(&header, address_bytes, p);
	sll_protocol(cursor_be16(&header), rest, p);
}

static void
sll2_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, SLL2_HEADER);

	if (header.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	uint16_t protocol = cursor_be16(&header);
	cursor_take(&header, 9); /* reserved, interface index, ARPHRD_ type, direction */
	uint8_t address_bytes = cursor_u8(&header);
	sll_sender(&header, address_bytes, p);
	sll_protocol(protocol, rest, p);
}

/*
 * BSD loopback: the address family, in the order of the machine that captured (NULL) or of the
 * network (LOOP). Families are small, so the order shows; which systems number IPv6 how does not
 * matter, as IP says its version itself.
 */
static void
loopback_decode(struct part *rest, struct packet *p)
{
	struct cursor swapped = rest->bytes;
	uint32_t family = cursor_be32(&rest->bytes);

	if (rest->bytes.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	if (family > 0xffff)
		family = cursor_le32(&swapped);
	switch (family) {
	case 2:  /* AF_INET, everywhere */
	case 10: /* AF_INET6: Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		ip_decode(rest, p);
		break;
	default:
		break;
	}
}

void
link_decode(uint16_t link, struct part *rest, struct packet *p)
{
	switch (link) {
	case LINK_ETHERNET:
		ethernet_decode(rest, p);
		break;
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_IPV4:
	case LINK_IPV6:
		ip_decode(rest, p);
		break;
	case LINK_NULL:
	case LINK_LOOP:
		loopback_decode(rest, p);
		break;
	case LINK_LINUX_SLL:
		sll_decode(rest, p);
		break;
	case LINK_LINUX_SLL2:
		sll2_decode(rest, p);
		break;
	case LINK_PPP:
	case LINK_PPP_SERIAL:
		ppp_decode(rest, p);
		break;
	case LINK_PPP_ETHER:
		pppoe_decode(rest, p);
		break;
	default:
		packet_note(p, ANOMALY_LINK_UNKNOWN);
		break;
	}
}

const char *
decode_link_name(uint16_t link)
{
	static const struct {
		uint16_t link;
		const char *name;
	} names[] = {
		{ LINK_NULL, "NULL" },
		{ LINK_ETHERNET, "EN10MB" },
		{ LINK_PPP, "PPP" },
		{ LINK_RAW_BSD, "RAW" },
		{ LINK_RAW_OPENBSD, "RAW" },
		{ LINK_PPP_SERIAL, "PPP_SERIAL" },
		{ LINK_PPP_ETHER, "PPP_ETHER" },
		{ LINK_RAW, "RAW" },
		{ LINK_LOOP, "LOOP" },
		{ LINK_LINUX_SLL, "LINUX_SLL" },
		{ LINK_IPV4, "IPV4" },
		{ LINK_IPV6, "IPV6" },
		{ LINK_LINUX_SLL2, "LINUX_SLL2" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].link == link)
			return names[i].name;
	return NULL;
}
