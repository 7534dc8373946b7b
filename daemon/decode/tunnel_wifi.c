/*
 * tunnel_wifi.c -- what access points send: TZSP to who watches, CAPWAP to their controller.
 *
 * Of CAPWAP the data channel is followed as far as it is in the clear: frames as the air had them, or
 * turned into Ethernet. Fragments of its own and what DTLS protects are not.
 */
#include "daemon/decode/tunnel_inside.h"

/* Tags until one that says so, then the frame. */
static bool
tzsp_tags(struct cursor *bytes)
{
	enum { PADDING = 0, END = 1 };

	for (;;) {
		uint8_t tag = cursor_u8(bytes);
		if (bytes->short_read)
			return false;
		if (tag == END)
			return true;
		if (tag != PADDING)
			cursor_take(bytes, cursor_u8(bytes));
	}
}

enum tunnel_verdict
tunnel_tzsp_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum { VERSION = 1, RECEIVED = 0, TO_SEND = 1, ETHERNET = 1, WIFI = 18 };
	struct cursor *bytes = &in->rest.bytes;
	uint8_t version = cursor_u8(bytes);
	uint8_t type = cursor_u8(bytes);
	uint16_t frame = cursor_be16(bytes);

	(void)outer;
	in->content = frame == WIFI ? INSIDE_WIFI : INSIDE_ETHERNET;
	if (version != VERSION || (type != RECEIVED && type != TO_SEND) ||
		(frame != ETHERNET && frame != WIFI))
		return TUNNEL_NOTHING;
	return tzsp_tags(bytes) ? TUNNEL_CARRIES : TUNNEL_NOTHING;
}

/*
 * RFC 5415 section 4.3: after the preamble 24 bits with the header's length (5, in words), radio (5),
 * what the air's frames are (5) and flags (9); then fragment and offset.
 */
enum tunnel_verdict
tunnel_capwap_open(const struct packet *outer, struct tunnel_inside *in)
{
	enum { IN_THE_CLEAR = 0, HEADER_BYTES = 8, WIFI = 1, TYPE_SHIFT = 9 };
	enum { NATIVE = 0x100, FRAGMENT = 0x80, KEEP_ALIVE = 0x08 };
	struct cursor *bytes = &in->rest.bytes;
	uint32_t word = cursor_be32(bytes);
	uint32_t length = (word >> 19 & 0x1f) * 4;

	(void)outer;
	cursor_be32(bytes);
	if (bytes->short_read || word >> 24 != IN_THE_CLEAR || length < HEADER_BYTES ||
		(word & (FRAGMENT | KEEP_ALIVE)) != 0 || (word >> TYPE_SHIFT & 0x1f) != WIFI)
		return TUNNEL_NOTHING;
	cursor_take(bytes, length - HEADER_BYTES);
	in->content = (word & NATIVE) != 0 ? INSIDE_WIFI : INSIDE_ETHERNET;
	return bytes->short_read ? TUNNEL_NOTHING : TUNNEL_CARRIES;
}
