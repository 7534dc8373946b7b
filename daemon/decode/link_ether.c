/*
 * link_ether.c -- Ethernet II with VLAN stacks, 802.3 with LLC and SNAP.
 *
 * Everything else (STP, LLDP, IS-IS, MACsec, ...) is PACKET_OTHER and no anomaly: it is well formed,
 * only not for us. Tags are capped; a deeper stack is noted and not followed, since nobody builds one
 * but to hide what is below it. Of a frame inside a frame the inner addresses are kept, which are the
 * hosts'; tags of both.
 *
 * Sources: IEEE 802.1Q, 802.1ad, 802.3, RFC 1042.
 */
#include "daemon/decode/layers.h"

enum {
	SNAP_HEADER = 8,
	VLAN_ID_MASK = 0x0fff,
};

void
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
	case ETHER_BACKBONE:
	case ETHER_FABRICPATH:
	case ETHER_METADATA:
	case ETHER_VN_TAG:
	case ETHER_E_TAG:
		carrier_decode(type, rest, p);
		break;
	case ETHER_NSH:
		nsh_decode(rest, p);
		break;
	default:
		if (type < ETHER_TYPE_MIN) {
			part_bound(rest, type); /* what follows is Ethernet's padding */
			llc_decode(rest, p);
		}
		break;
	}
}
