/*
 * fuzz_decode.c -- any bytes, as a frame of any link type we follow, and what travels inside it.
 *
 * Byte 0 chooses the link type, byte 1 how much longer the frame was on the wire than captured; the
 * rest is the frame. What must hold of every packet is checked, not only that nothing crashes.
 */
#include "daemon/decode/tunnel.h"
#include "tests/support/decode_rig.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const uint16_t links[] = { 1, 101, 0, 108, 113, 276, 9, 51, 228, 229, 12, 14, 50,
		999 };
	struct cursor c = cursor_over(bytes, len);
	uint8_t link = cursor_u8(&c);
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
		.link = links[link % (sizeof(links) / sizeof(links[0]))],
	};

	decode(&f, &p);
	rig_check(&f, &p);
	for (enum tunnel_kind kind; (kind = tunnel_of(&p)) != TUNNEL_NONE;) {
		struct packet inner;
		if (!tunnel_decode(&p, kind, &inner))
			break;
		rig_check(&f, &inner);
		assert(inner.tunnel_depth == p.tunnel_depth + 1);
		p = inner;
	}
	return 0;
}
