/*
 * link_mpls.c -- MPLS label stacks (RFC 3032), and what they carry.
 *
 * What is below a stack is nowhere written: IP shows by its first four bits (RFC 4928). Zeros there
 * begin a pseudowire's control word (RFC 4385); the one of Ethernet is all zero but for its number
 * (RFC 4448 section 4.6), and its frame is followed. Pseudowires without a control word look like
 * anything, and those of other links are not ours: both are PACKET_OTHER.
 */
#include "daemon/decode/layers.h"

enum { CONTROL_NIBBLE = 0, ETHERNET_CONTROL = 0 };

/* Step over the labels. returns false, and notes why, when what they carry is out of reach */
static bool
labels_decode(struct part *rest, struct packet *p)
{
	bool bottom = false;

	for (unsigned depth = 0; !bottom; depth++) {
		if (depth == MPLS_DEPTH_MAX) {
			packet_note(p, ANOMALY_VLAN_DEPTH);
			return false;
		}
		bottom = (cursor_be32(&rest->bytes) >> 8 & 1) != 0;
		if (rest->bytes.short_read) {
			packet_note(p, ANOMALY_LINK_SHORT);
			return false;
		}
	}
	return true;
}

static void
pseudowire_decode(struct part *rest, struct packet *p)
{
	uint16_t control = cursor_be16(&rest->bytes);

	cursor_be16(&rest->bytes); /* sequence number */
	if (rest->bytes.short_read)
		packet_note(p, ANOMALY_LINK_SHORT);
	else if (control == ETHERNET_CONTROL && link_deeper(p))
		ethernet_decode(rest, p);
}

void
mpls_decode(struct part *rest, struct packet *p)
{
	if (!labels_decode(rest, p))
		return;
	struct cursor look = rest->bytes;
	unsigned nibble = cursor_u8(&look) >> 4;
	if (look.short_read)
		packet_note(p, ANOMALY_LINK_SHORT);
	else if (nibble == 4 || nibble == 6)
		ip_decode(rest, p);
	else if (nibble == CONTROL_NIBBLE)
		pseudowire_decode(rest, p);
}
