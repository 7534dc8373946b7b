/*
 * rlogin.c -- log-ins by rlogin (RFC 1282).
 *
 * Recognised by what the client begins with: who somebody is here, who he wants to be there, and his
 * terminal. The server trusts that, or asks for a password: a dialogue (dialogue.h). Window sizes that the
 * client sends within it are taken out. Nothing is read after somebody was let in.
 */
#include "daemon/proto/dialogue.h"
#include "daemon/proto/remote_user.h"

#include <netinet/in.h>
#include <string.h>

enum {
	PORT_RSH = 514,
	WINDOW_MARK = 0xff, /* twice, then "ss" (RFC 1282 "Window Size Change") */
	WINDOW_BYTES = 10,  /* behind the marks */
};

struct state {
	uint8_t marks;       /* of a window's size */
	uint8_t window_left; /* bytes of it that are still to come */
	struct remote_user names;
	struct dialogue dialogue;
};

/* Who it is has been told. */
static void
begin(struct proto_call *call)
{
	struct state *s = call->state;
	struct dialogue *d = &s->dialogue;

	memcpy(d->client_user, s->names.text[1], sizeof(d->client_user));
	memcpy(d->user, s->names.text[2], sizeof(d->user));
	dialogue_begin(d, call);
}

/* returns true when the byte is part of a window's size */
static bool
is_window(struct state *s, uint8_t byte)
{
	if (s->window_left > 0) {
		s->window_left--;
		return true;
	}
	s->marks = byte == WINDOW_MARK ? s->marks + 1U : 0;
	if (s->marks == 2) {
		s->marks = 0;
		s->window_left = WINDOW_BYTES;
	}
	return byte == WINDOW_MARK;
}

static bool
client_byte(struct proto_call *call, uint8_t byte)
{
	struct state *s = call->state;

	if (s->names.count == REMOTE_TEXTS)
		return !is_window(s, byte) && dialogue_client(&s->dialogue, call, byte);
	if (remote_user_byte(&s->names, byte))
		begin(call);
	return false;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;

	s->dialogue.protocol = "rlogin";
	while (cursor_left(&bytes) > 0) {
		uint8_t byte = cursor_u8(&bytes);
		if (call->from_orig ? client_byte(call, byte)
				    : dialogue_server(&s->dialogue, call, byte))
			return PROTO_DONE;
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	(void)missing;
	if (s->names.count < REMOTE_TEXTS)
		return PROTO_DONE;
	s->window_left = s->marks = 0;
	dialogue_gap(&s->dialogue);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	dialogue_end(&s->dialogue, call);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	if (!call->from_orig || call->dst_port == PORT_RSH)
		return PROTO_NO;
	return remote_user_guess(first_bytes, true);
}

const struct protocol protocol_rlogin = {
	.name = "rlogin",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ 0, 0 }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
