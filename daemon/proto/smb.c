/*
 * smb.c -- shares and files of other hosts: SMB 1 (smb1.c), 2 and 3 (smb2.c), in NetBIOS sessions
 * (RFC 1002 section 4.3) or without them.
 *
 * Read are the dialect, log-ins by NTLM, shares that are connected, files that are opened, renamed and
 * deleted, and calls through pipes of version 2. What else is read and written is not. That a log-in is
 * Kerberos' is known, no more of it.
 * Once messages are encrypted, the flow is done.
 *
 * Recognised by the first message, on any port. Of a message MESSAGE_KEPT bytes are kept; tables of
 * requests, shares and files are bounded (smb_session.h). After a gap, messages are looked for where
 * pieces begin.
 */
#include "daemon/proto/framed.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/smb1.h"
#include "daemon/proto/smb2.h"

#include <netinet/in.h>

enum {
	SESSION_MESSAGE = 0x00, /* types of NetBIOS */
	SESSION_REQUEST = 0x81,
	SESSION_POSITIVE = 0x82,
	SESSION_NEGATIVE = 0x83,
	SESSION_RETARGET = 0x84,
	SESSION_KEEPALIVE = 0x85,
	HEAD_BYTES = 4,
	REQUEST_BYTES = 68, /* two encoded names */
	MESSAGE_KEPT = 2048,
	MAGIC = 0x534d42, /* "SMB" */
	VERSION_1 = 0xff,
	VERSION_2 = 0xfe,
	ENCRYPTED = 0xfd,
	COMPRESSED = 0xfc,
};

struct state {
	struct framed framed[2];
	struct smb_session session;
	uint8_t bytes[2][MESSAGE_KEPT];
};

static uint64_t
size_of(struct cursor head)
{
	uint8_t type = cursor_u8(&head);
	uint32_t high = cursor_u8(&head);
	uint32_t size = high << 16 | cursor_be16(&head);

	if (type != SESSION_MESSAGE && (type < SESSION_REQUEST || type > SESSION_KEEPALIVE))
		return FRAMED_NONE;
	return head.short_read ? 0 : size + HEAD_BYTES;
}

/* returns VERSION_1 ... COMPRESSED, 0 when it is not SMB's; moves `c` past the head of NetBIOS */
static uint8_t
version_of(struct cursor *c)
{
	(void)cursor_take(c, HEAD_BYTES);
	struct cursor inside = *c;
	uint8_t version = cursor_u8(&inside);
	uint32_t high = cursor_u8(&inside);

	return (high << 16 | cursor_be16(&inside)) == MAGIC && version >= COMPRESSED ? version : 0;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	uint64_t size = size_of(first_bytes);

	(void)call;
	if (size == FRAMED_NONE)
		return PROTO_NO;
	uint8_t type = cursor_u8(&c);
	if (type == SESSION_REQUEST) {
		if (size == 0 || cursor_left(&c) < HEAD_BYTES)
			return PROTO_PERHAPS;
		(void)cursor_take(&c, HEAD_BYTES - 1);
		return size == REQUEST_BYTES + HEAD_BYTES && cursor_u8(&c) == 32 ? PROTO_YES
										 : PROTO_NO;
	}
	if (type != SESSION_MESSAGE)
		return PROTO_NO;
	if (cursor_left(&first_bytes) < HEAD_BYTES + HEAD_BYTES) {
		/* Refuse by what there is. */
		(void)cursor_take(&c, HEAD_BYTES - 1);
		uint8_t version = cursor_u8(&c);
		return c.short_read || version >= COMPRESSED ? PROTO_PERHAPS : PROTO_NO;
	}
	return version_of(&first_bytes) != 0 ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
message_read(const struct proto_call *call, struct state *s, struct cursor message)
{
	struct cursor c = message;
	uint8_t type = cursor_u8(&c);

	if (type == SESSION_NEGATIVE || type == SESSION_RETARGET)
		return PROTO_DONE;
	if (type != SESSION_MESSAGE)
		return PROTO_MORE;
	switch (version_of(&message)) {
	case VERSION_1:
		smb1_message(&s->session, call, message);
		return PROTO_MORE;
	case VERSION_2:
		smb2_message(&s->session, call, message);
		return PROTO_MORE;
	case ENCRYPTED:
		return PROTO_DONE;
	default:
		return PROTO_MORE;
	}
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	smb_pipes_end(&s->session.pipes, call);
	ntlmssp_tell(&s->session.ntlm, call, "smb", TRUTH_UNKNOWN);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	unsigned side = call->from_orig ? 0 : 1;
	struct framed *f = &s->framed[side];
	enum framed_verdict v;
	struct cursor message;

	if (f->is_lost && looks_like(call, bytes) != PROTO_YES)
		return PROTO_MORE;
	f->is_lost = false;
	while ((v = framed_next(f, s->bytes[side], MESSAGE_KEPT, size_of, &bytes, &message)) ==
		FRAMED_MESSAGE)
		if (message_read(call, s, message) != PROTO_MORE)
			break;
	if (v == FRAMED_MORE)
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	(void)framed_gap(&s->framed[call->from_orig ? 0 : 1], missing);
	return PROTO_MORE;
}

const struct protocol protocol_smb = {
	.name = "smb",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.state_zeroed = offsetof(struct state, bytes),
	.begins = PROTO_BEGINS(
		{ SESSION_MESSAGE, SESSION_MESSAGE }, { SESSION_REQUEST, SESSION_KEEPALIVE }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
