/*
 * link_nflog.c -- packets that netfilter's NFLOG target hands to user space (DLT_NFLOG).
 *
 * Attributes (length, type, value, padding to 4) lead to one that holds the packet from its IP header
 * on. They are in the order of the machine that captured, which the first one shows: types are below
 * 256. How the kernel names the protocol counts for families that are not IP, as on a bridge.
 *
 * Sources: the page LINKTYPE_NFLOG of tcpdump.org; linux/netfilter/nfnetlink_log.h.
 */
#include "daemon/decode/layers.h"

enum {
	HEADER = 4, /* family, version, resource */
	ATTRIBUTE_HEADER = 4,
	ATTRIBUTES_MAX = 32, /* the kernel knows some twenty, and sends each once */
	ATTRIBUTE_TYPE_MASK = 0x3fff,
	NFULA_PACKET_HDR = 1,
	NFULA_HWADDR = 8,
	NFULA_PAYLOAD = 9,
	FAMILY_IP4 = 2,
	FAMILY_IP6 = 10,
};

struct attribute {
	uint16_t type;
	uint16_t bytes; /* of the value */
};

/* Read an attribute's head. returns false when there is none, or none that can be */
static bool
attribute_head(struct cursor *c, bool big_endian, struct attribute *ret_attribute)
{
	uint16_t length = big_endian ? cursor_be16(c) : cursor_le16(c);
	uint16_t type = big_endian ? cursor_be16(c) : cursor_le16(c);

	if (c->short_read || length < ATTRIBUTE_HEADER)
		return false;
	ret_attribute->type = type & ATTRIBUTE_TYPE_MASK;
	ret_attribute->bytes = (uint16_t)(length - ATTRIBUTE_HEADER);
	return true;
}

static bool
is_big_endian(struct cursor first)
{
	cursor_be16(&first); /* length */
	return cursor_u8(&first) == 0;
}

/* The sender's address: its length, padding, and room for 8 bytes. */
static void
sender_decode(struct cursor value, struct packet *p)
{
	uint16_t bytes = cursor_be16(&value);

	cursor_be16(&value);
	const uint8_t *address = cursor_take(&value, MAC_BYTES);
	if (bytes != MAC_BYTES || address == NULL)
		return;
	p->src_mac = mac_from(address);
	p->has_mac = true;
}

static void
payload_decode(uint8_t family, uint16_t protocol, struct part *rest, struct packet *p)
{
	if (family == FAMILY_IP4 || family == FAMILY_IP6)
		ip_decode(rest, p);
	else if (protocol >= ETHER_TYPE_MIN)
		ether_type_decode(protocol, rest, p);
}

void
nflog_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, HEADER);
	uint8_t family = cursor_u8(&header);
	uint8_t version = cursor_u8(&header);
	bool big_endian = is_big_endian(rest->bytes);
	uint16_t protocol = 0;
	struct attribute a;

	for (unsigned i = 0; version == 0 && i < ATTRIBUTES_MAX; i++) {
		if (!attribute_head(&rest->bytes, big_endian, &a))
			break;
		if (a.type == NFULA_PAYLOAD) {
			part_bound(rest, a.bytes);
			payload_decode(family, protocol, rest, p);
			return;
		}
		struct cursor value = cursor_sub(&rest->bytes, (a.bytes + 3U) & ~3U);
		if (a.type == NFULA_PACKET_HDR)
			protocol = cursor_be16(&value);
		else if (a.type == NFULA_HWADDR)
			sender_decode(value, p);
	}
	if (version == 0)
		packet_note(p, ANOMALY_LINK_SHORT);
}
