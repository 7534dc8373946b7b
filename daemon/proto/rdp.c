/*
 * rdp.c -- how remote desktop sessions begin (MS-RDPBCGR sections 1.3.1.1 and 2.2.1).
 *
 * Read are the connection request with its cookie, the confirmation with the protocol that the server
 * chose, and, where that is RDP's own security, the result of the MCS connection (T.125) that follows.
 * Where it is TLS the rest is encrypted, and the flow is done. What the client tells of itself before
 * encryption (name, screen, keyboard, channels) is not read. A load balancer's token is no cookie.
 *
 * Recognised by the request, on any port; one without cookie and without negotiation, which other
 * users of TPKT send as well, on 3389 only. Of each side's message MESSAGE_KEPT bytes are kept.
 */
#include "daemon/transactions/rdp.h"
#include "daemon/proto/framed.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"

#include <netinet/in.h>
#include <string.h>

enum {
	TPKT_VERSION = 3,
	TPKT_BYTES = 4,
	TPKT_LEAST = 7,
	X224_REQUEST = 0xe0,
	X224_CONFIRM = 0xd0,
	X224_DATA = 0xf0,
	X224_REST = 5, /* of a request or confirmation: two references and the class */
	NEGOTIATION_BYTES = 8,
	NEGOTIATE_REQUEST = 1,
	NEGOTIATE_RESPONSE = 2,
	NEGOTIATE_FAILURE = 3,
	MCS_CONNECT_RESPONSE = 0x7f66, /* a BER tag, as are the next two */
	BER_ENUMERATED = 0x0a01,       /* of one byte */
	PORT = 3389,
	MESSAGE_KEPT = 256,
};

struct state {
	struct framed framed[2];
	uint8_t bytes[2][MESSAGE_KEPT];
	uint64_t began_ns;
	bool has_request, has_cookie, is_confirmed;
	const char *security_protocol;
	char cookie[RDP_COOKIE_MAX];
};

static uint64_t
size_of(struct cursor head)
{
	uint8_t version = cursor_u8(&head);
	uint8_t reserved = cursor_u8(&head);
	uint16_t size = cursor_be16(&head);

	if (version != TPKT_VERSION || reserved != 0)
		return FRAMED_NONE;
	if (head.short_read)
		return 0;
	return size < TPKT_LEAST ? FRAMED_NONE : size;
}

static bool
begins_with(struct cursor c, const char *text)
{
	const uint8_t *bytes = cursor_take(&c, strlen(text));

	return bytes != NULL && memcmp(bytes, text, strlen(text)) == 0;
}

/* Move `c` past the head of a request or confirmation. returns its kind, 0 when it is no such thing */
static uint8_t
connection_read(struct cursor *c)
{
	(void)cursor_be16(c);
	uint16_t size = cursor_be16(c);
	uint8_t rest = cursor_u8(c);
	uint8_t kind = cursor_u8(c);
	uint16_t reference = cursor_be16(c);

	(void)cursor_take(c, X224_REST - 2);
	if (c->short_read || rest + TPKT_BYTES + 1 != size)
		return 0;
	return kind == X224_CONFIRM || (kind == X224_REQUEST && reference == 0) ? kind : 0;
}

static bool
is_negotiation(struct cursor c, uint8_t kind)
{
	bool is_kind = cursor_u8(&c) == kind;

	(void)cursor_u8(&c); /* flags */
	return cursor_le16(&c) == NEGOTIATION_BYTES && is_kind;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	uint64_t size = size_of(first_bytes);

	if (size == FRAMED_NONE || size > UINT8_MAX + TPKT_BYTES + 1)
		return PROTO_NO;
	if (size == 0 || cursor_left(&c) < size)
		return PROTO_PERHAPS;
	c = cursor_sub(&c, size);
	if (connection_read(&c) != X224_REQUEST)
		return PROTO_NO;
	bool is_sure = begins_with(c, "Cookie: mst") || is_negotiation(c, NEGOTIATE_REQUEST);
	bool is_bare = cursor_left(&c) == 0 || begins_with(c, "\r\n");
	return is_sure || (is_bare && call->dst_port == PORT) ? PROTO_YES : PROTO_NO;
}

/* What is before the end of a line; `c` moves past it. Short when there is none. */
static struct cursor
line_read(struct cursor *c)
{
	const uint8_t *end = cursor_left(c) > 0 ? memchr(c->at, '\r', cursor_left(c)) : NULL;

	if (end == NULL)
		return (struct cursor){ .short_read = true };
	struct cursor line = cursor_sub(c, (size_t)(end - c->at));
	(void)cursor_take(c, 2);
	return line;
}

static void
request_read(struct state *s, struct cursor c)
{
	static const char name[] = "Cookie: mstshash=";

	if (connection_read(&c) != X224_REQUEST)
		return;
	s->has_request = true;
	if (begins_with(c, name)) {
		(void)cursor_take(&c, sizeof(name) - 1);
		(void)wire_text(s->cookie, sizeof(s->cookie), line_read(&c));
		s->has_cookie = true;
	} else if (begins_with(c, "Cookie:")) {
		(void)line_read(&c);
	}
	s->has_cookie |= is_negotiation(c, NEGOTIATE_REQUEST);
}

static void
tell(const struct proto_call *call, const struct state *s, const char *result)
{
	const struct obs_rdp rdp = {
		.cookie = s->has_cookie ? s->cookie : NULL,
		.result = result,
		.security_protocol = s->security_protocol,
	};

	call->emit(call->context, &(struct observation){ .kind = OBS_RDP,
					  .ts_ns = call->ts_ns,
					  .began_ns = s->began_ns,
					  .interface = call->interface,
					  .rdp = &rdp });
}

/* RDP_NEG_RSP, selectedProtocol */
static const char *
protocol_name(uint32_t protocol)
{
	switch (protocol) {
	case 0:
		return "RDP";
	case 1:
		return "SSL";
	case 2:
		return "HYBRID";
	case 4:
		return "RDSTLS";
	case 8:
		return "HYBRID_EX";
	case 16:
		return "RDSAAD";
	default:
		return NULL;
	}
}

/* RDP_NEG_FAILURE, failureCode */
static const char *
failure_name(uint32_t code)
{
	static const char *const names[] = {
		"unknown",
		"SSL_REQUIRED_BY_SERVER",
		"SSL_NOT_ALLOWED_BY_SERVER",
		"SSL_CERT_NOT_ON_SERVER",
		"INCONSISTENT_FLAGS",
		"HYBRID_REQUIRED_BY_SERVER",
		"SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER",
	};

	return names[code < sizeof(names) / sizeof(names[0]) ? code : 0];
}

static enum proto_verdict
confirm_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	if (connection_read(&c) != X224_CONFIRM)
		return PROTO_DONE;
	s->is_confirmed = true;
	bool is_failure = is_negotiation(c, NEGOTIATE_FAILURE);
	if (!is_failure && !is_negotiation(c, NEGOTIATE_RESPONSE))
		return PROTO_MORE;
	(void)cursor_be32(&c);
	uint32_t value = cursor_le32(&c);
	if (c.short_read)
		return PROTO_DONE;
	if (!is_failure)
		s->security_protocol = protocol_name(value);
	if (!is_failure && value == 0)
		return PROTO_MORE;
	tell(call, s, is_failure ? failure_name(value) : "encrypted");
	s->has_request = false;
	return is_failure ? PROTO_DONE : PROTO_HANDOVER;
}

/* Result of T.125's Connect-Response */
static const char *
result_name(uint8_t result)
{
	return result == 0 ? "Success" : "Failure";
}

static enum proto_verdict
connected_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	(void)cursor_take(&c, TPKT_BYTES + 1);
	bool is_data = cursor_u8(&c) == X224_DATA;
	(void)cursor_u8(&c);
	bool is_response = cursor_be16(&c) == MCS_CONNECT_RESPONSE;
	uint8_t length = cursor_u8(&c);
	(void)cursor_take(&c, length > 0x80 ? length - 0x80U : 0);
	bool has_result = cursor_be16(&c) == BER_ENUMERATED;
	uint8_t result = cursor_u8(&c);

	tell(call, s,
		is_data && is_response && has_result && !c.short_read ? result_name(result) : NULL);
	s->has_request = false;
	return PROTO_DONE;
}

static enum proto_verdict
message_read(const struct proto_call *call, struct state *s, struct cursor message)
{
	if (call->from_orig) {
		if (s->began_ns == 0)
			request_read(s, message);
		if (s->began_ns == 0)
			s->began_ns = call->ts_ns;
		return s->has_request ? PROTO_MORE : PROTO_DONE;
	}
	return s->is_confirmed ? connected_read(call, s, message) : confirm_read(call, s, message);
}

static void
end(struct proto_call *call)
{
	const struct state *s = call->state;

	if (s->has_request)
		tell(call, s, NULL);
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	unsigned side = call->from_orig ? 0 : 1;
	enum proto_verdict verdict;
	struct cursor message;

	for (;;) {
		switch (framed_next(&s->framed[side], s->bytes[side], MESSAGE_KEPT, size_of, &bytes,
			&message)) {
		case FRAMED_MORE:
			return PROTO_MORE;
		case FRAMED_BROKEN:
			end(call);
			return PROTO_DONE;
		case FRAMED_MESSAGE:
			verdict = message_read(call, s, message);
			if (verdict == PROTO_MORE)
				continue;
			end(call);
			return verdict;
		}
	}
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	if (framed_gap(&s->framed[call->from_orig ? 0 : 1], missing))
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

const struct protocol protocol_rdp = {
	.name = "rdp",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ TPKT_VERSION, TPKT_VERSION }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
