/*
 * ip6_ends.c -- who an IPv6 packet is from and for, where its extension headers say so.
 *
 * A packet with segments left is under way: its header holds the next stop, and the routing header
 * whom it is for; a mobile node's home address option says who it is from. TCP and UDP sum up exactly
 * those ends (RFC 8200 section 8.1, RFC 6275 section 11.3.1), the answers come from there, and Zeek
 * counts them: they are the ends of the flow. Yet whoever writes the header chooses what we see, so a
 * packet whose ends are not those of its header is noted (ANOMALY_IP_REROUTED).
 *
 * Sources: RFC 8200 section 4.4, RFC 5095 (type 0, which no host follows any more and some send), RFC
 * 6275 sections 6.3 and 6.4, RFC 8754. Types that compress addresses (RFC 6554) are not followed.
 */
#include "daemon/decode/layers.h"

enum {
	ROUTING_SOURCE = 0,
	ROUTING_MOBILE = 2,
	ROUTING_SEGMENTS = 4,
	ROUTING_FIXED = 8, /* before the addresses, in all three types */
	ADDRESS = 16,
	OPTION_PAD1 = 0,
	OPTION_HOME_ADDRESS = 0xc9,
	OPTIONS_MAX = 8, /* RFC 8504 section 5.3: as many as a host need look at */
};

static void
set_end(struct addr *end, const uint8_t *address, struct packet *p)
{
	struct addr named = addr_from_v6(address);

	if (addr_equal(end, &named))
		return;
	*end = named;
	packet_note(p, ANOMALY_IP_REROUTED);
}

void
ip6_routing_decode(struct cursor header, struct packet *p)
{
	cursor_be16(&header); /* next header, length */
	uint8_t type = cursor_u8(&header);
	uint8_t left = cursor_u8(&header);
	cursor_be32(&header); /* reserved; of segments: last entry, flags, tag */
	size_t count = cursor_left(&header) / ADDRESS;

	if (left == 0 || left > count + (type == ROUTING_SEGMENTS)) /* the first may be left out */
		return;
	if (type == ROUTING_SOURCE || type == ROUTING_MOBILE)
		cursor_take(&header, (count - 1) * ADDRESS);
	else if (type != ROUTING_SEGMENTS) /* which lists them from the last one */
		return;
	const uint8_t *address = cursor_take(&header, ADDRESS);
	if (address != NULL)
		set_end(&p->dst, address, p);
}

void
ip6_options_decode(struct cursor header, struct packet *p)
{
	cursor_be16(&header); /* next header, length */
	for (unsigned i = 0; i < OPTIONS_MAX && cursor_left(&header) > 0; i++) {
		uint8_t type = cursor_u8(&header);
		if (type == OPTION_PAD1)
			continue;
		uint8_t length = cursor_u8(&header);
		const uint8_t *value = cursor_take(&header, length);
		if (type == OPTION_HOME_ADDRESS && length == ADDRESS && value != NULL)
			set_end(&p->src, value, p);
	}
}
