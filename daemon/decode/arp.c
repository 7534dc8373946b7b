/* arp.c -- ARP between Ethernet and IPv4 (RFC 826), which is all that is ever seen of it. */
#include "daemon/decode/layers.h"

#include <string.h>

enum { ARP_HEADER = 8, ARP_ADDRESSES = 20, ARP_ETHERNET = 1, ARP_SIZES = 0x0604 };

/* `c` holds both sides, so that there is nothing to ask. */
static void
arp_side(struct cursor *c, struct mac *ret_mac, struct addr *ret_addr)
{
	memcpy(ret_mac->byte, cursor_take(c, sizeof(ret_mac->byte)), sizeof(ret_mac->byte));
	*ret_addr = addr_from_v4(cursor_take(c, 4));
}

void
arp_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, ARP_HEADER);
	uint16_t hardware = cursor_be16(&header);
	uint16_t protocol = cursor_be16(&header);
	uint16_t sizes = cursor_be16(&header);
	uint16_t operation = cursor_be16(&header);

	if (header.short_read) {
		packet_note(p, ANOMALY_ARP_SHORT);
		return;
	}
	if (hardware != ARP_ETHERNET || protocol != ETHER_IP4 || sizes != ARP_SIZES) {
		packet_note(p, ANOMALY_ARP_FORM);
		return;
	}
	struct cursor addresses = cursor_sub(&rest->bytes, ARP_ADDRESSES);
	if (addresses.short_read) {
		packet_note(p, ANOMALY_ARP_SHORT);
		return;
	}
	p->arp.operation = operation;
	arp_side(&addresses, &p->arp.sender_mac, &p->arp.sender);
	arp_side(&addresses, &p->arp.target_mac, &p->arp.target);
	p->kind = PACKET_ARP;
}
