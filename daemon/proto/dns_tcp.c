/*
 * dns_tcp.c -- DNS over TCP: each message after two bytes of its length (RFC 1035 section 4.2.2).
 *
 * A message that comes in one piece is read where it lies. One that is cut is put together, up to
 * MESSAGE_MAX bytes: what is read of a message is its question and first answers. After a gap that is
 * not within a message, the next piece that begins like one is taken for the beginning of one.
 */
#include "daemon/proto/dns.h"

#include <netinet/in.h>
#include <string.h>

enum { LENGTH_BYTES = 2, MESSAGE_MIN = 17, MESSAGE_MAX = 2000 };

/* One side's message: its length, then as much of it as is kept. */
struct side {
	uint32_t got; /* bytes of it that came, with those of its length */
	bool is_lost; /* nobody knows where the next one begins */
	bool is_torn; /* part of it is missing: its end is awaited, no more */
	uint8_t bytes[LENGTH_BYTES + MESSAGE_MAX];
};

struct state {
	struct side sides[2];
};

static struct side *
side_of(const struct proto_call *call)
{
	struct state *s = call->state;

	return &s->sides[call->from_orig];
}

/* All bytes of the message that is coming, its length included; known once that is there. */
static uint32_t
size_of(const struct side *s)
{
	struct cursor c = cursor_over(s->bytes, LENGTH_BYTES);

	return LENGTH_BYTES + (uint32_t)cursor_be16(&c);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	uint16_t size = cursor_be16(&first_bytes);
	if (first_bytes.short_read)
		return PROTO_PERHAPS;
	if (size < MESSAGE_MIN)
		return PROTO_NO;
	size_t there = cursor_left(&first_bytes);
	if (there < size)
		return dns_looks_like(first_bytes);
	return dns_looks_like(cursor_sub(&first_bytes, size)) == PROTO_YES ? PROTO_YES : PROTO_NO;
}

/* returns true when a whole message lay there and was read */
static bool
read_in_place(struct proto_call *call, struct cursor *bytes)
{
	struct cursor c = *bytes;
	struct cursor message = cursor_sub(&c, cursor_be16(&c));

	if (message.short_read)
		return false;
	dns_message(call, message);
	*bytes = c;
	return true;
}

/* Take the next `size` bytes of the message that is coming; those past MESSAGE_MAX are not kept. */
static void
gather(struct side *s, struct cursor *bytes, uint32_t size)
{
	const uint8_t *from = cursor_take(bytes, size);
	size_t room = s->got < sizeof(s->bytes) ? sizeof(s->bytes) - s->got : 0;

	memcpy(&s->bytes[s->got < sizeof(s->bytes) ? s->got : 0], from, size < room ? size : room);
	s->got += size;
}

static uint32_t
smaller(size_t a, uint32_t b)
{
	return a < b ? (uint32_t)a : b;
}

/* The end of the message was reached. */
static void
finish(struct proto_call *call, struct side *s)
{
	struct cursor message = cursor_over(s->bytes, smaller(sizeof(s->bytes), s->got));

	(void)cursor_take(&message, LENGTH_BYTES);
	if (!s->is_torn)
		dns_message(call, message);
	s->got = 0;
	s->is_torn = false;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct side *s = side_of(call);

	if (s->is_lost && looks_like(call, bytes) != PROTO_YES)
		return PROTO_MORE;
	s->is_lost = false;
	while (cursor_left(&bytes) > 0) {
		if (s->got == 0 && read_in_place(call, &bytes))
			continue;
		if (s->got < LENGTH_BYTES) {
			gather(s, &bytes, smaller(cursor_left(&bytes), LENGTH_BYTES - s->got));
			if (s->got < LENGTH_BYTES)
				break;
		}
		gather(s, &bytes, smaller(cursor_left(&bytes), size_of(s) - s->got));
		if (s->got == size_of(s))
			finish(call, s);
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct side *s = side_of(call);

	if (s->got >= LENGTH_BYTES && missing < size_of(s) - s->got) {
		s->is_torn = true;
		s->got += missing;
		return PROTO_MORE;
	}
	s->is_lost = s->got < LENGTH_BYTES || missing > size_of(s) - s->got;
	s->got = 0;
	s->is_torn = false;
	return PROTO_MORE;
}

const struct protocol protocol_dns_tcp = {
	.name = "dns",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
};
