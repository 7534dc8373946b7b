/*
 * dce_rpc.c -- remote calls over TCP (C706 chapter 12, MS-RPCE section 2.2): which interface, which operation, how it went.
 *
 * Not read are what is passed, and calls over UDP. Log-ins by NTLM are. Recognised by the header of a message
 * of either side, on any port: services other than the endpoint mapper have ports that change.
 *
 * Of a message MESSAGE_KEPT bytes are kept. After a gap, messages are looked for where pieces begin.
 */
#include "daemon/proto/dce_rpc_calls.h"
#include "daemon/proto/framed.h"
#include "daemon/proto/gssapi.h"

#include <netinet/in.h>

enum { MESSAGE_KEPT = 1024 };

struct state {
	struct framed framed[2];
	struct dce_rpc_calls calls;
	struct ntlmssp ntlm;
	uint8_t bytes[2][MESSAGE_KEPT];
};

static uint64_t
size_of(struct cursor head)
{
	uint32_t size = dce_rpc_size(head);

	return size == UINT32_MAX ? FRAMED_NONE : size;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	if (dce_rpc_size(first_bytes) == UINT32_MAX)
		return PROTO_NO;
	return cursor_left(&first_bytes) < DCE_RPC_HEAD ? PROTO_PERHAPS : PROTO_YES;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	dce_rpc_calls_end(&s->calls, call);
	ntlmssp_tell(&s->ntlm, call, "dce_rpc", TRUTH_UNKNOWN);
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
		gssapi_read(&s->ntlm, call, dce_rpc_message(&s->calls, call, message));
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

/* Between messages there is no need for room for them. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	if (framed_holds(&s->framed[0]) || framed_holds(&s->framed[1]))
		return sizeof(*s);
	return offsetof(struct state, bytes);
}

const struct protocol protocol_dce_rpc = {
	.name = "dce_rpc",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.state_zeroed = offsetof(struct state, bytes),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
