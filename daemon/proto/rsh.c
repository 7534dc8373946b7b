/*
 * rsh.c -- commands by rsh: who it is, and whether he was let in (rcmd(3), rshd(8)).
 *
 * The client begins with a port for errors, its user, the server's user and the command; the server answers
 * NUL, or a byte that is not NUL and why. rexec begins in the same way, but with a password in the third
 * place: so the form counts only at rsh's port, or from a port that only root may have, which rexec does not
 * ask for. The command is not told.
 */
#include "daemon/proto/remote_user.h"
#include "daemon/proto/tell_login.h"

#include <netinet/in.h>

enum {
	PORT_REXEC = 512,
	PORT_RSH = 514,
	PORT_RESERVED_MAX = 1023,
};

struct state {
	uint64_t began_ns;
	struct remote_user names;
};

static void
tell(struct proto_call *call, enum truth success)
{
	const struct state *s = call->state;
	const struct obs_login login = {
		.protocol = "rsh",
		.user = s->names.text[2],
		.client_user = s->names.text[1],
		.success = success,
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};

	tell_login(call, &login, s->began_ns);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;

	if (s->began_ns == 0)
		s->began_ns = call->ts_ns;
	while (cursor_left(&bytes) > 0) {
		uint8_t byte = cursor_u8(&bytes);
		if (call->from_orig) {
			if (s->names.count < REMOTE_TEXTS)
				(void)remote_user_byte(&s->names, byte);
		} else if (s->names.count >= REMOTE_TEXTS - 1) {
			tell(call, byte == '\0' ? TRUTH_YES : TRUTH_NO);
			return PROTO_DONE;
		}
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	(void)call;
	(void)missing;
	return PROTO_DONE;
}

static void
end(struct proto_call *call)
{
	const struct state *s = call->state;

	if (s->names.count == REMOTE_TEXTS)
		tell(call, TRUTH_UNKNOWN);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	bool is_reserved = call->src_port > PORT_REXEC && call->src_port <= PORT_RESERVED_MAX;

	if (!call->from_orig || call->dst_port == PORT_REXEC ||
		(call->dst_port != PORT_RSH && !is_reserved))
		return PROTO_NO;
	return remote_user_guess(first_bytes, false);
}

const struct protocol protocol_rsh = {
	.name = "rsh",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ 0, 0 }, { '0', '9' }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
