/*
 * websocket.c -- WebSocket (RFC 6455): what goes through it is read as if it went over TCP itself.
 *
 * Behind HTTP's 101 (http.c hands on), or from wherever a capture begins: the first frame of a side is one of data, masked
 * if and only if its sender opened the connection, and what it holds looks like a protocol that is read over
 * TCP. That one is fed the payload of all data frames, unmasked, until it wants no more.
 *
 * Not read: compressed frames (RFC 7692), protocols with a state of more than INSIDE_BYTES (TLS, SMB), control
 * frames but for the one that closes. Bytes lost in a frame are the inner protocol's loss; where it is not known
 * where the next frame begins, it ends.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>
#include <stdalign.h>
#include <string.h>

extern const struct protocol protocol_websocket;

enum {
	FIN = 0x80,
	OPCODE = 0x0f, /* the bits between it and FIN are extensions' */
	OPCODE_DATA_MAX = 2,
	OPCODE_CLOSE = 8,
	OPCODE_MAX = 10,
	OPCODE_CONTROL = 8, /* the bit that all control frames have */
	MASKED = 0x80,
	LENGTH = 0x7f,
	LENGTH_16 = 126,
	LENGTH_64 = 127,
	HEADER_MIN = 2,
	HEADER_MAX = 14,
	KEY_BYTES = 4,
	FIRST_MAX = 64, /* of a side's payload by which the protocol inside is found out */
	PIECE = 512,    /* bytes that are unmasked at a time */
	INSIDE_BYTES = 8192,
};

struct frame_side {
	uint8_t header[HEADER_MAX], header_got;
	uint64_t left; /* payload of the frame to come */
	uint32_t at;   /* bytes of it that came, as far as the key's turn goes */
	uint8_t first[FIRST_MAX], first_got;
};

struct state {
	uint8_t inside; /* index into protocols[] + 1; 0: not known yet */
	struct frame_side sides[2];
	alignas(max_align_t) uint8_t memory[INSIDE_BYTES]; /* the inner protocol's state */
};

/* ---- frames ---- */

static size_t
header_size(const uint8_t *header)
{
	size_t size = HEADER_MIN + ((header[1] & MASKED) != 0 ? KEY_BYTES : 0U);

	if ((header[1] & LENGTH) == LENGTH_16)
		return size + sizeof(uint16_t);
	return (header[1] & LENGTH) == LENGTH_64 ? size + sizeof(uint64_t) : size;
}

static bool
is_control(const uint8_t *header)
{
	return (header[0] & OPCODE_CONTROL) != 0;
}

/* Do these two bytes begin a frame of that side? */
static bool
is_frame(const uint8_t *header, bool from_orig)
{
	uint8_t opcode = header[0] & OPCODE;
	bool is_known =
		opcode <= OPCODE_DATA_MAX || (opcode >= OPCODE_CLOSE && opcode <= OPCODE_MAX);

	return (header[0] & ~(FIN | OPCODE)) == 0 && is_known &&
	       ((header[1] & MASKED) != 0) == from_orig;
}

static uint64_t
payload_size(const uint8_t *header)
{
	struct cursor c = cursor_over(header + HEADER_MIN, HEADER_MAX - HEADER_MIN);
	uint8_t size = header[1] & LENGTH;

	if (size == LENGTH_16)
		return cursor_be16(&c);
	return size == LENGTH_64 ? cursor_be64(&c) : size;
}

/* Payload from the place `at` in its frame on, as it was before it was masked. returns its bytes */
static size_t
unmask(const uint8_t *header, uint32_t at, struct cursor bytes, uint8_t *ret_bytes)
{
	static const uint8_t nothing[KEY_BYTES];
	bool is_masked = (header[1] & MASKED) != 0;
	const uint8_t *key = is_masked ? header + header_size(header) - KEY_BYTES : nothing;

	uint32_t i = 0;
	for (; cursor_left(&bytes) > 0; i++)
		ret_bytes[i] = cursor_u8(&bytes) ^ key[(at + i) % KEY_BYTES];
	return i;
}

/* ---- what is inside ---- */

static enum proto_guess
ask(const struct proto_call *call, struct cursor first, size_t *ret_protocol)
{
	enum proto_guess best = PROTO_NO;

	for (size_t i = 0; i < protocol_count; i++) {
		const struct protocol *p = protocols[i];
		if (p == &protocol_websocket || p->ip_proto != IPPROTO_TCP ||
			p->looks_like == NULL || p->state_size > INSIDE_BYTES)
			continue;
		enum proto_guess answer = p->looks_like(call, first);
		*ret_protocol = i;
		if (answer == PROTO_YES)
			return PROTO_YES;
		if (answer == PROTO_PERHAPS)
			best = PROTO_PERHAPS;
	}
	return best;
}

static enum proto_verdict
feed(const struct proto_call *call, struct state *s, struct cursor bytes)
{
	struct proto_call inner = *call;

	inner.state = s->memory;
	if (cursor_left(&bytes) == 0)
		return PROTO_MORE;
	return protocols[s->inside - 1]->parse(&inner, bytes) == PROTO_MORE ? PROTO_MORE
									    : PROTO_DONE;
}

/* What the other side has said goes first: who is inside is known by this one. */
static enum proto_verdict
feed_first(const struct proto_call *call, struct state *s)
{
	const struct frame_side *mine = &s->sides[call->from_orig];
	const struct frame_side *other = &s->sides[!call->from_orig];
	struct proto_call back = *call;

	back.src = call->dst;
	back.dst = call->src;
	back.src_port = call->dst_port;
	back.dst_port = call->src_port;
	back.from_orig = !call->from_orig;
	if (feed(&back, s, cursor_over(other->first, other->first_got)) != PROTO_MORE)
		return PROTO_DONE;
	return feed(call, s, cursor_over(mine->first, mine->first_got));
}

/* Who is it? Asked when the first bytes are all there, or a frame ends, so that it does not matter how they were cut. */
static enum proto_verdict
find_out(const struct proto_call *call, struct state *s, const struct frame_side *side)
{
	size_t protocol;

	switch (ask(call, cursor_over(side->first, side->first_got), &protocol)) {
	case PROTO_YES:
		s->inside = (uint8_t)(protocol + 1);
		call->also(call->context, protocols[protocol]->name);
		return feed_first(call, s);
	case PROTO_PERHAPS:
		if (side->first_got < FIRST_MAX)
			return PROTO_MORE;
		break;
	case PROTO_NO:
		break;
	}
	return PROTO_NOT_MINE;
}

/* The next payload of a side. */
static enum proto_verdict
payload(const struct proto_call *call, struct state *s, struct frame_side *side,
	struct cursor bytes)
{
	while (s->inside == 0 && side->first_got < FIRST_MAX && cursor_left(&bytes) > 0)
		side->first[side->first_got++] = cursor_u8(&bytes);
	if (s->inside == 0 && side->first_got == FIRST_MAX) {
		enum proto_verdict verdict = find_out(call, s, side);
		if (verdict != PROTO_MORE)
			return verdict;
	}
	return s->inside != 0 ? feed(call, s, bytes) : PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;
	struct proto_call inner = *call;

	inner.state = s->memory;
	if (s->inside != 0 && protocols[s->inside - 1]->end != NULL)
		protocols[s->inside - 1]->end(&inner);
}

static enum proto_verdict
close_it(struct proto_call *call, struct state *s)
{
	end(call);
	return s->inside != 0 ? PROTO_DONE : PROTO_NOT_MINE;
}

/* ---- both ---- */

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	uint8_t header[HEADER_MAX] = { 0 };
	uint8_t first[FIRST_MAX];
	size_t protocol;

	if (cursor_left(&first_bytes) < HEADER_MIN)
		return PROTO_PERHAPS;
	cursor_bytes(&first_bytes, header, HEADER_MIN);
	if (!is_frame(header, call->from_orig) || is_control(header) || (header[0] & OPCODE) == 0)
		return PROTO_NO;
	size_t rest = header_size(header) - HEADER_MIN;
	if (cursor_left(&first_bytes) < rest)
		return PROTO_PERHAPS;
	cursor_bytes(&first_bytes, header + HEADER_MIN, rest);
	uint64_t size = payload_size(header);
	size = size < FIRST_MAX ? size : FIRST_MAX;
	size = size < cursor_left(&first_bytes) ? size : cursor_left(&first_bytes);
	unmask(header, 0, cursor_sub(&first_bytes, size), first);
	enum proto_guess answer = ask(call, cursor_over(first, size), &protocol);
	return answer == PROTO_PERHAPS && size == FIRST_MAX ? PROTO_NO : answer;
}

/* A frame is at its end. */
static enum proto_verdict
frame_end(struct proto_call *call, struct state *s, struct frame_side *side)
{
	bool is_close = (side->header[0] & OPCODE) == OPCODE_CLOSE;

	side->header_got = 0;
	side->at = 0;
	if (is_close)
		return close_it(call, s);
	return s->inside == 0 && side->first_got > 0 ? find_out(call, s, side) : PROTO_MORE;
}

/* The next bytes of a header. */
static enum proto_verdict
header_take(struct proto_call *call, struct state *s, struct frame_side *side, struct cursor *bytes)
{
	side->header[side->header_got++] = cursor_u8(bytes);
	if (side->header_got < HEADER_MIN)
		return PROTO_MORE;
	if (!is_frame(side->header, call->from_orig))
		return close_it(call, s);
	if (side->header_got < header_size(side->header))
		return PROTO_MORE;
	side->left = payload_size(side->header);
	return side->left == 0 ? frame_end(call, s, side) : PROTO_MORE;
}

static enum proto_verdict
payload_take(
	struct proto_call *call, struct state *s, struct frame_side *side, struct cursor *bytes)
{
	uint8_t piece[PIECE];
	size_t size = cursor_left(bytes) < PIECE ? cursor_left(bytes) : PIECE;
	enum proto_verdict verdict = PROTO_MORE;

	size = side->left < size ? (size_t)side->left : size;
	size = unmask(side->header, side->at, cursor_sub(bytes, size), piece);
	side->at = (side->at + (uint32_t)size) % KEY_BYTES;
	side->left -= size;
	if (!is_control(side->header))
		verdict = payload(call, s, side, cursor_over(piece, size));
	return verdict == PROTO_MORE && side->left == 0 ? frame_end(call, s, side) : verdict;
}

/* Is its header there, and payload due? */
static bool
is_inside_frame(const struct frame_side *side)
{
	return side->header_got >= HEADER_MIN && side->header_got == header_size(side->header);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct frame_side *side = &s->sides[call->from_orig];
	enum proto_verdict verdict = PROTO_MORE;

	while (cursor_left(&bytes) > 0 && verdict == PROTO_MORE)
		verdict = is_inside_frame(side) ? payload_take(call, s, side, &bytes)
						: header_take(call, s, side, &bytes);
	return verdict;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;
	struct frame_side *side = &s->sides[call->from_orig];

	if (s->inside == 0 || !is_inside_frame(side) || missing > side->left)
		return close_it(call, s);
	side->left -= missing;
	side->at = (side->at + missing) % KEY_BYTES;
	if (!is_control(side->header)) {
		const struct protocol *p = protocols[s->inside - 1];
		struct proto_call inner = *call;
		inner.state = s->memory;
		if (p->gap != NULL && p->gap(&inner, missing) != PROTO_MORE)
			return PROTO_DONE;
	}
	return side->left == 0 ? frame_end(call, s, side) : PROTO_MORE;
}

const struct protocol protocol_websocket = {
	.name = "websocket",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
