/*
 * ssdp.c -- SSDP (UPnP device architecture, section 1) is recognised, and no more.
 *
 * Its messages are HTTP in one datagram, whatever the ports: a search, a notice, or an answer.
 */
#include "daemon/proto/proto.h"

#include <netinet/in.h>

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	static const char *const lines[] = { "M-SEARCH * HTTP/1.", "NOTIFY * HTTP/1.",
		"HTTP/1.1 200 OK\r\n" };

	(void)call;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct cursor c = first_bytes;
		size_t size = strlen(lines[i]);
		const uint8_t *at = cursor_take(&c, size);
		if (at != NULL && memcmp(at, lines[i], size) == 0)
			return PROTO_YES;
	}
	return PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	(void)call;
	(void)bytes;
	return PROTO_DONE;
}

const struct protocol protocol_ssdp = {
	.name = "ssdp",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 'H', 'H' }, { 'M', 'N' }),
	.looks_like = looks_like,
	.parse = parse,
};
