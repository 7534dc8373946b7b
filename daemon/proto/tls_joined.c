/*
 * tls_joined.c -- TLS that was joined in the middle is recognised, and no more: all of it is encrypted.
 *
 * Where a capture begins, or routes change, the hello is over. What is seen are records of application data, or an
 * alert that is encrypted; each says its version and its size, and that a record fits into the other is the
 * proof. A segment with one record that goes on in the next is enough if it fills the segment.
 *
 * Source: RFC 8446 section 5, RFC 5246 section 6.2.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>

enum {
	ALERT = 21,
	DATA = 23,
	MAJOR_VERSION = 3,
	MINOR_VERSION_MAX = 4,
	ENCRYPTED_MIN = 17, /* a byte at least, and what proves that it is whole */
	ENCRYPTED_MAX = 16384 + 2048,
	FILLS_MIN = 512, /* bytes of a record that goes on in the next segment */
};

/* Take a record's header. returns 0 when it is none, else the size of its body */
static size_t
header_read(struct cursor *c)
{
	uint8_t type = cursor_u8(c);
	uint8_t major = cursor_u8(c);
	uint8_t minor = cursor_u8(c);
	size_t size = cursor_be16(c);

	if (c->short_read || (type != DATA && type != ALERT) || major != MAJOR_VERSION ||
		minor > MINOR_VERSION_MAX || size < ENCRYPTED_MIN || size > ENCRYPTED_MAX)
		return 0;
	return size;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	unsigned records = 0;

	(void)call;
	for (; cursor_left(&first_bytes) > 0; records++) {
		size_t size = header_read(&first_bytes);
		size_t there = cursor_left(&first_bytes);
		if (size == 0)
			return PROTO_NO;
		if (size > there)
			return records > 0 || there >= FILLS_MIN ? PROTO_YES : PROTO_NO;
		(void)cursor_take(&first_bytes, size);
	}
	return records > 0 ? PROTO_YES : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_tls_joined = {
	.name = "ssl",
	.ip_proto = IPPROTO_TCP,
	.begins = PROTO_BEGINS({ ALERT, ALERT }, { DATA, DATA }),
	.looks_like = looks_like,
	.parse = parse,
};
