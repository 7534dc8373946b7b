/*
 * ssdp.c -- SSDP (UPnP device architecture 1.1, section 1): what a device calls itself.
 *
 * Its messages are HTTP in one datagram, whatever the ports: a search, a notice, or an answer. A device has no
 * name in them (that is in a document which nobody may have fetched), but its header SERVER says what it
 * is: "Linux/4.4 UPnP/1.0 Sonos/57.3". That is told as its name, out of a conversation's first message; the
 * others repeat it.
 */
#include "daemon/observation.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/name.h"

#include <netinet/in.h>
#include <strings.h>

enum { SERVER_MAX = 128 };

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

/* What is before the next line end; `message` moves past it. */
static struct cursor
take_line(struct cursor *message)
{
	const uint8_t *end = memchr(message->at, '\n', cursor_left(message));

	if (end == NULL)
		return cursor_sub(message, cursor_left(message));
	struct cursor line = cursor_sub(message, (size_t)(end - message->at));
	(void)cursor_u8(message);
	return line;
}

static struct cursor
trim(struct cursor c)
{
	while (cursor_left(&c) > 0 && *c.at <= ' ')
		(void)cursor_u8(&c);
	while (cursor_left(&c) > 0 && cursor_last(&c) <= ' ')
		cursor_drop_last(&c);
	return c;
}

/* The value of SERVER; nothing when there is none. */
static struct cursor
server_of(struct cursor message)
{
	static const char name[] = "SERVER:";

	while (cursor_left(&message) > 0) {
		struct cursor line = take_line(&message);
		const uint8_t *at = cursor_take(&line, sizeof(name) - 1);
		if (at != NULL && strncasecmp((const char *)at, name, sizeof(name) - 1) == 0)
			return trim(line);
	}
	return message;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	char server[SERVER_MAX];

	if (wire_text(server, sizeof(server), server_of(bytes)) > 0) {
		const struct obs_name said = {
			.addr = call->src, .sender = call->src, .name = server, .by = "ssdp"
		};
		call->emit(call->context, &(struct observation){ .kind = OBS_NAME,
						  .ts_ns = call->ts_ns,
						  .interface = call->interface,
						  .name = &said });
	}
	return PROTO_DONE;
}

const struct protocol protocol_ssdp = {
	.name = "ssdp",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 'H', 'H' }, { 'M', 'N' }),
	.looks_like = looks_like,
	.parse = parse,
};
