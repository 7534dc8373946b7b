/*
 * ftp_data.c -- what goes over a data connection of FTP (RFC 959 section 3): a file, or a list of them.
 *
 * Its bytes may be anything, so nothing is recognised by them: the control connection announces where it will
 * go (ftp.c). What looks like another protocol is read as that one, else announcing would hide it. The bytes
 * of who speaks first are the file; they are counted, digested and typed, never kept (carried.h).
 */
#include "daemon/proto/carried.h"
#include "daemon/proto/mime.h"
#include "daemon/proto/proto.h"

#include <netinet/in.h>

struct state {
	struct carried file;
};

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;

	if (!s->file.is_open)
		carried_begin(&s->file, call, TRANSACTION_UNSET, 0);
	if (call->from_orig == s->file.is_orig)
		carried_bytes(&s->file, call, bytes);
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	if (!s->file.is_open)
		carried_begin(&s->file, call, TRANSACTION_UNSET, 0);
	if (call->from_orig == s->file.is_orig)
		carried_gap(&s->file, missing);
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;
	const struct carried_about about = {
		.source = "FTP_DATA",
		.mime_type = mime_of_content(carried_head(&s->file)),
	};

	if (s->file.is_open)
		carried_end(&s->file, call, &about);
}

const struct protocol protocol_ftp_data = {
	.name = "ftp-data",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.parse = parse,
	.gap = gap,
	.end = end,
};
