/*
 * dns_tcp.c -- DNS over TCP: each message after two bytes of its length (RFC 1035 section 4.2.2).
 *
 * A message that comes in one piece is read where it lies. One that is cut is put together. Of either, so many
 * bytes are read as are kept: QUESTION_BYTES of a question, ANSWER_BYTES of an answer. After a gap that is
 * not within a message, the next piece that begins like one is taken for the beginning of one.
 */
#include "daemon/proto/dns.h"
#include "daemon/proto/dns_message.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

enum {
	LENGTH_BYTES = 2,
	MESSAGE_MIN = 12,
	FIRST_MAX =
		0x3fff, /* of a message that others are recognised by: words begin with larger numbers */
	QUESTION_BYTES = 512,
	ANSWER_BYTES = 3000
};

/* One side's message: its length, then as much of it as is kept. */
struct side {
	uint32_t got; /* bytes of it that came, with those of its length */
	bool is_lost; /* nobody knows where the next one begins */
	bool is_torn; /* part of it is missing: its end is awaited, no more */
};

/* Who opened the connection asks, who was asked has more to say. */
struct state {
	struct side sides[2];
	uint8_t questions[LENGTH_BYTES + QUESTION_BYTES];
	uint8_t answers[LENGTH_BYTES + ANSWER_BYTES];
	struct dns_talk talk;
};

static_assert(sizeof(struct state) <= 4096, "a block of 4 KiB holds it");

/* Where one side's message is put together. */
struct room {
	uint8_t *bytes;
	size_t size;
};

static struct room
room_of(const struct proto_call *call)
{
	struct state *s = call->state;

	if (call->from_orig)
		return (struct room){ s->questions, sizeof(s->questions) };
	return (struct room){ s->answers, sizeof(s->answers) };
}

static struct side *
side_of(const struct proto_call *call)
{
	struct state *s = call->state;

	return &s->sides[call->from_orig];
}

/* All bytes of the message that is coming, its length included; known once that is there. */
static uint32_t
size_of(const struct room *room)
{
	struct cursor c = cursor_over(room->bytes, LENGTH_BYTES);

	return LENGTH_BYTES + (uint32_t)cursor_be16(&c);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	bool is_word = cursor_left(&first_bytes) > 0 && *first_bytes.at > FIRST_MAX >> 8;
	uint16_t size = cursor_be16(&first_bytes);

	if (is_word)
		return PROTO_NO;
	if (first_bytes.short_read)
		return PROTO_PERHAPS;
	if (size < MESSAGE_MIN)
		return PROTO_NO;
	size_t there = cursor_left(&first_bytes);
	if (there < size)
		return dns_looks_like(call, first_bytes);
	return dns_looks_like(call, cursor_sub(&first_bytes, size)) == PROTO_YES ? PROTO_YES
										 : PROTO_NO;
}

/* What is there of a message of `whole` bytes. */
static void
read_message(struct proto_call *call, struct cursor message, size_t whole)
{
	struct state *s = call->state;
	size_t kept = room_of(call).size - LENGTH_BYTES;
	size_t size = cursor_left(&message);

	call->is_cut = whole > kept;
	dns_message(call, &s->talk, "tcp", cursor_sub(&message, size < kept ? size : kept));
}

/* returns true when a whole message lay there and was read */
static bool
read_in_place(struct proto_call *call, struct cursor *bytes)
{
	struct cursor c = *bytes;
	struct cursor message = cursor_sub(&c, cursor_be16(&c));

	if (message.short_read)
		return false;
	read_message(call, message, cursor_left(&message));
	*bytes = c;
	return true;
}

static uint32_t
smaller(size_t a, uint32_t b)
{
	return a < b ? (uint32_t)a : b;
}

/* Take the next `size` bytes of the message that is coming; those for which there is no room are not kept. */
static void
gather(struct side *s, const struct room *room, struct cursor *bytes, uint32_t size)
{
	const uint8_t *from = cursor_take(bytes, size);

	if (s->got < room->size)
		memcpy(&room->bytes[s->got], from, smaller(room->size - s->got, size));
	s->got += size;
}

/* The end of the message was reached. */
static void
finish(struct proto_call *call, struct side *s, const struct room *room)
{
	struct cursor message = cursor_over(room->bytes, smaller(room->size, s->got));

	(void)cursor_take(&message, LENGTH_BYTES);
	if (!s->is_torn)
		read_message(call, message, s->got - LENGTH_BYTES);
	s->got = 0;
	s->is_torn = false;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct side *s = side_of(call);
	struct room room = room_of(call);

	if (s->is_lost && looks_like(call, bytes) != PROTO_YES)
		return PROTO_MORE;
	s->is_lost = false;
	while (cursor_left(&bytes) > 0) {
		if (s->got == 0 && read_in_place(call, &bytes))
			continue;
		if (s->got < LENGTH_BYTES) {
			gather(s, &room, &bytes,
				smaller(cursor_left(&bytes), LENGTH_BYTES - s->got));
			if (s->got < LENGTH_BYTES)
				break;
		}
		gather(s, &room, &bytes, smaller(cursor_left(&bytes), size_of(&room) - s->got));
		if (s->got == size_of(&room))
			finish(call, s, &room);
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct side *s = side_of(call);
	struct room room = room_of(call);

	if (s->got >= LENGTH_BYTES && missing < size_of(&room) - s->got) {
		s->is_torn = true;
		s->got += missing;
		return PROTO_MORE;
	}
	s->is_lost = s->got < LENGTH_BYTES || missing > size_of(&room) - s->got;
	s->got = 0;
	s->is_torn = false;
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	dns_over(call, &s->talk, "tcp");
}

const struct protocol protocol_dns_tcp = {
	.name = "dns",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ 0, FIRST_MAX >> 8 }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
