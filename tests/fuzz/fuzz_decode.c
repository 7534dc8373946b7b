/*
 * fuzz_decode.c -- any bytes, as a frame of any link type we follow, and what travels inside it.
 *
 * Bytes 0 and 1 are the link type as capture files number it; a number that is not followed stands
 * for one that is, but for the highest 256. Byte 2 is how much longer the frame was on the wire than
 * captured; the rest is the frame. What must hold of every packet is checked, and that decoding
 * allocates nothing.
 */
#include "daemon/decode/tunnel.h"
#include "tests/support/decode_rig.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { LINKS_MAX = 64, LINK_NUMBERS = 512, LINK_UNKNOWN_FROM = 0xff00 };

static uint16_t
link_of(uint16_t number)
{
	static uint16_t links[LINKS_MAX];
	static uint16_t count;

	if (count == 0)
		for (uint16_t link = 0; link < LINK_NUMBERS && count < LINKS_MAX; link++)
			if (decode_link_name(link) != NULL)
				links[count++] = link;
	if (number >= LINK_UNKNOWN_FROM || decode_link_name(number) != NULL)
		return number;
	return links[number % count];
}

/* What a conversation carries is asked of all its packets, whatever they look like. */
static void
as_every_tunnel(const struct frame *f, const struct packet *p)
{
	struct packet inner;

	for (unsigned kind = TUNNEL_NONE + 1; p->kind == PACKET_IP && kind < TUNNEL_KIND_COUNT;
		kind++)
		if (tunnel_decode(p, (enum tunnel_kind)kind, &inner))
			rig_check(f, &inner);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_over(bytes, len);
	uint16_t link = cursor_be16(&c);
	uint8_t cut = cursor_u8(&c);
	struct packet p;

	if (c.short_read)
		return 0;
	uint32_t captured = (uint32_t)cursor_left(&c);
	struct frame f = {
		.ts_ns = 1,
		.bytes = c.at,
		.captured = captured,
		.wire = cut == 0xff ? captured / 2 : captured + cut, /* a file that lies */
		.link = link_of(link),
	};

	failing_alloc_begin(1);
	decode(&f, &p);
	rig_check(&f, &p);
	as_every_tunnel(&f, &p);
	for (enum tunnel_kind kind; (kind = tunnel_of(&p)) != TUNNEL_NONE;) {
		struct packet inner;
		if (!tunnel_decode(&p, kind, &inner))
			break;
		rig_check(&f, &inner);
		assert(inner.tunnel_depth == p.tunnel_depth + 1);
		p = inner;
	}
	assert(failing_alloc_end() == 0);
	return 0;
}
