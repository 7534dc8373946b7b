#include "daemon/proto/quic_frames.h"

#include "daemon/proto/quic_packet.h"

enum {
	FRAME_PADDING = 0x00,
	FRAME_PING = 0x01,
	FRAME_ACK = 0x02,
	FRAME_ACK_ECN = 0x03,
	FRAME_CRYPTO = 0x06,
	FRAME_CLOSE = 0x1c,
	MESSAGE_HEAD = 4, /* type, and length in three bytes */
};

static bool
is_there(const struct quic_gather *g, size_t at)
{
	return (g->there[at / 8] >> at % 8 & 1) != 0;
}

static void
gather(struct quic_gather *g, uint64_t offset, struct cursor data)
{
	for (; cursor_left(&data) > 0 && offset < QUIC_HELLO_MAX; offset++) {
		uint8_t byte = cursor_u8(&data);
		if (is_there(g, offset))
			continue;
		g->bytes[offset] = byte;
		g->there[offset / 8] |= (uint8_t)(1U << offset % 8);
	}
	while (g->whole < QUIC_HELLO_MAX && is_there(g, g->whole))
		g->whole++;
}

/* Step over the ranges of an acknowledgement. Each has at least two bytes: a packet ends it. */
static void
ack_skip(struct cursor *c, bool has_ecn)
{
	(void)quic_varint(c);
	(void)quic_varint(c);
	uint64_t ranges = quic_varint(c);
	(void)quic_varint(c);
	for (uint64_t i = 0; i < ranges && !c->short_read; i++) {
		(void)quic_varint(c);
		(void)quic_varint(c);
	}
	for (unsigned i = 0; has_ecn && i < 3; i++)
		(void)quic_varint(c);
}

void
quic_frames_read(struct cursor frames, struct quic_gather *g, bool *is_closed)
{
	while (cursor_left(&frames) > 0) {
		uint8_t type = cursor_u8(&frames);
		uint64_t offset;
		uint64_t size;
		switch (type) {
		case FRAME_PADDING:
		case FRAME_PING:
			break;
		case FRAME_ACK:
		case FRAME_ACK_ECN:
			ack_skip(&frames, type == FRAME_ACK_ECN);
			break;
		case FRAME_CRYPTO:
			offset = quic_varint(&frames);
			size = quic_varint(&frames);
			if (size > cursor_left(&frames))
				return;
			gather(g, offset, cursor_sub(&frames, (size_t)size));
			break;
		case FRAME_CLOSE:
			*is_closed = true;
			return;
		default:
			return;
		}
	}
}

int
quic_gather_message(const struct quic_gather *g, struct cursor *ret_body)
{
	struct cursor c = cursor_over(g->bytes, g->whole);
	uint8_t type = cursor_u8(&c);
	size_t size = (size_t)cursor_u8(&c) << 16;
	size |= cursor_be16(&c);

	if (size > QUIC_HELLO_MAX - MESSAGE_HEAD)
		size = QUIC_HELLO_MAX - MESSAGE_HEAD;
	*ret_body = cursor_sub(&c, size);
	return ret_body->short_read ? -1 : type;
}
