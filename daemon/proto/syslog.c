/*
 * syslog.c -- syslog (RFC 3164, RFC 5424) is recognised, and no more.
 *
 * A message begins with its priority, a number up to 191 in angle brackets, and goes on in printable text.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum { PRIORITY_MAX = 191, DIGITS_MAX = 3 };

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	unsigned priority = 0;
	unsigned digits = 0;
	uint8_t b;

	(void)call;
	if (cursor_u8(&c) != '<')
		return PROTO_NO;
	for (b = cursor_u8(&c); b >= '0' && b <= '9' && digits < DIGITS_MAX; b = cursor_u8(&c)) {
		priority = priority * 10 + (b - '0');
		digits++;
	}
	uint8_t text = cursor_u8(&c);
	bool is_ours =
		digits > 0 && b == '>' && priority <= PRIORITY_MAX && text >= ' ' && text < 0x7f;
	return is_ours ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_syslog = {
	.name = "syslog",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ '<', '<' }),
	.looks_like = looks_like,
	.parse = parse,
};
