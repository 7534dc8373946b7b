/*
 * tftp.c -- TFTP (RFC 1350) is recognised, and no more.
 *
 * A request names a file and one of three modes. What answers it comes from another port: that conversation
 * is not recognised.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>

#include <strings.h>

enum { READ_REQUEST = 1, WRITE_REQUEST = 2 };

/* Step over a text and its NUL. returns its length, 0 when it has no end */
static size_t
skip_text(struct cursor *c)
{
	const uint8_t *end = memchr(c->at, 0, cursor_left(c));
	size_t size = end != NULL ? (size_t)(end - c->at) : 0;

	(void)cursor_take(c, size + 1);
	return end != NULL ? size : 0;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	static const char *const modes[] = { "octet", "netascii", "mail" };
	struct cursor c = first_bytes;
	uint16_t operation = cursor_be16(&c);

	(void)call;
	if ((operation != READ_REQUEST && operation != WRITE_REQUEST) || skip_text(&c) == 0)
		return PROTO_NO;
	const char *mode = (const char *)c.at;
	size_t size = skip_text(&c);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (size == strlen(modes[i]) && strncasecmp(mode, modes[i], size) == 0)
			return PROTO_YES;
	return PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_tftp = {
	.name = "tftp",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 0, 0 }),
	.looks_like = looks_like,
	.parse = parse,
};
