/* ip.c -- which IP a packet is. */
#include "daemon/decode/layers.h"

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
