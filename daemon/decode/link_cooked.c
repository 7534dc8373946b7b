/*
 * link_cooked.c -- what the capturing kernel puts in place of a link's header: Linux cooked
 * captures, which know the sender's address only, and BSD loopback.
 *
 * Sources: the pages LINKTYPE_LINUX_SLL, LINUX_SLL2, NULL and LOOP of tcpdump.org.
 */
#include "daemon/decode/layers.h"

enum {
	SLL_HEADER = 16,
	SLL2_HEADER = 20,
	SLL_ADDRESS = 8,
	SLL_PROTOCOL_LLC = 4,
};

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

void
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

void
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
void
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
