/*
 * sip_tcp.c -- SIP over TCP (RFC 3261 section 18): sip.c's messages, one after the other.
 *
 * A message's headers are gathered line by line, its body is passed over by its length. Nothing is read
 * any more when a line that must begin a message does not, or when bytes of headers are lost.
 *
 * Bounds: a line's first LINE_MAX bytes are read.
 */
#include "daemon/proto/sip.h"

#include <assert.h>
#include <netinet/in.h>

enum { LINE_MAX = 512 };

/* What one side is in the middle of. */
struct side {
	bool in_headers;
	uint16_t length; /* of the line so far */
	uint32_t body_left;
	char line[LINE_MAX];
	struct sip_message message;
};

struct state {
	struct side side[2]; /* the originator's first */
	struct sip_dialog dialog;
};

static_assert(sizeof(struct state) <= 8192, "half of what a stream may remember");

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	return sip_looks_like(first_bytes);
}

/* returns false when it cannot be SIP */
static bool
read_line(struct proto_call *call, struct side *side)
{
	struct state *s = call->state;
	struct cursor line = cursor_over(side->line, side->length);
	bool is_empty = side->length == 0 || (side->length == 1 && side->line[0] == '\r');

	side->length = 0;
	if (!side->in_headers) {
		if (is_empty) /* keeps the way open */
			return true;
		side->message = (struct sip_message){ .began_ns = call->ts_ns };
		side->in_headers = true;
		return sip_first_line(&side->message, line);
	}
	if (!is_empty) {
		sip_header(&side->message, line);
		return true;
	}
	side->in_headers = false;
	side->body_left = side->message.body_bytes;
	sip_message_done(call, &s->dialog, &side->message);
	return true;
}

/* Take a line, or what there is of it. returns whether its end is here */
static bool
gather(struct side *side, struct cursor *bytes)
{
	const uint8_t *end = memchr(bytes->at, '\n', cursor_left(bytes));
	size_t size = end != NULL ? (size_t)(end - bytes->at) : cursor_left(bytes);
	size_t room = (size_t)LINE_MAX - side->length;
	size_t kept = size < room ? size : room;

	memcpy(side->line + side->length, bytes->at, kept);
	side->length = (uint16_t)(side->length + kept);
	(void)cursor_take(bytes, end != NULL ? size + 1 : size);
	return end != NULL;
}

static enum proto_verdict
stop(struct proto_call *call)
{
	struct state *s = call->state;

	sip_dialog_end(call, &s->dialog);
	return PROTO_DONE;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct side *side = &s->side[!call->from_orig];

	while (cursor_left(&bytes) > 0) {
		if (side->body_left > 0) {
			size_t left = cursor_left(&bytes);
			uint32_t size = left < side->body_left ? (uint32_t)left : side->body_left;
			(void)cursor_take(&bytes, size);
			side->body_left -= size;
		} else if (gather(side, &bytes) && !read_line(call, side)) {
			return stop(call);
		}
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;
	struct side *side = &s->side[!call->from_orig];

	if (missing > side->body_left)
		return stop(call);
	side->body_left -= missing;
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	(void)stop(call);
}

const struct protocol protocol_sip_tcp = {
	.name = "sip",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ 'A', 'Z' }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
