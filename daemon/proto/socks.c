/*
 * socks.c -- what proxies are asked for by SOCKS 4, 4a and 5 (RFC 1928, RFC 1929; SOCKS 4 has a memo only).
 *
 * Read are the log-in with a name and a password, which is not kept, the request, and the proxy's
 * answer; after that the flow is whoever's who recognises what goes through the proxy. A log-in by
 * GSSAPI ends it.
 *
 * Recognised by the client's first message, on any port. It is short: its size must be just what its
 * fields make it, and each of them must be one that is known.
 */
#include "daemon/transactions/socks.h"
#include "daemon/proto/framed.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/login.h"

#include <netinet/in.h>
#include <string.h>

enum {
	MESSAGE_KEPT = 528, /* a whole one of the longest */
	VERSION_4 = 4,
	VERSION_5 = 5,
	LOGIN_VERSION = 1,
	CONNECT = 1,
	BIND = 2,
	METHODS_MAX = 16,
	METHOD_LAST = 9, /* that IANA has given away; private ones begin at 0x80 */
	METHOD_PRIVATE = 0x80,
	METHOD_PASSWORD = 2,
	METHOD_NONE = 0,
	ADDRESS_V4 = 1,
	ADDRESS_NAME = 3,
	ADDRESS_V6 = 4,
	REPLY_4_BYTES = 8,
	GRANTED_4 = 90,
};

/* Where a request goes, or what a proxy is bound to. */
struct place {
	struct addr host;
	uint16_t port;
	bool has_name;
	char name[SOCKS_NAME_MAX];
};

struct state {
	struct framed framed[2];
	uint8_t bytes[2][MESSAGE_KEPT];
	uint8_t version;
	bool is_greeted, has_method, is_logging_in, has_request, has_user;
	uint64_t began_ns;
	char user[SOCKS_NAME_MAX];
	struct place request;
};

/* returns the bytes up to and with a NUL, 0 when there is none */
static size_t
text_size(struct cursor c)
{
	size_t left = cursor_left(&c);
	const uint8_t *nul = left > 0 ? memchr(c.at, 0, left) : NULL;

	return nul == NULL ? 0 : (size_t)(nul - c.at) + 1;
}

/* ---- sizes ---- */

static uint64_t
size_of_request4(struct cursor head)
{
	size_t there = cursor_left(&head);

	(void)cursor_be32(&head); /* version, command, port */
	uint32_t address = cursor_be32(&head);
	size_t user = text_size(head);
	if (head.short_read || user == 0)
		return there < MESSAGE_KEPT ? 0 : FRAMED_NONE;
	(void)cursor_take(&head, user);
	if (address == 0 || address > UINT8_MAX)
		return there - cursor_left(&head);
	size_t name = text_size(head); /* 4a: the address is 0.0.0.x, a name follows */
	if (name == 0)
		return there < MESSAGE_KEPT ? 0 : FRAMED_NONE;
	return there - cursor_left(&head) + name;
}

static uint64_t
size_of_greeting(struct cursor head)
{
	uint8_t version = cursor_u8(&head);

	if (version == VERSION_4)
		return size_of_request4(cursor_over(head.at - 1, cursor_left(&head) + 1));
	uint8_t methods = cursor_u8(&head);
	if (version != VERSION_5)
		return FRAMED_NONE;
	return head.short_read ? 0 : 2U + methods;
}

/* Of a request or a reply: an address in one of three forms after three bytes. */
static uint64_t
size_with_address(struct cursor head)
{
	enum { HEAD = 4, PORT = 2 };

	(void)cursor_take(&head, HEAD - 1);
	uint8_t type = cursor_u8(&head);
	if (head.short_read)
		return 0;
	switch (type) {
	case ADDRESS_V4:
		return HEAD + 4 + PORT;
	case ADDRESS_V6:
		return HEAD + 16 + PORT;
	case ADDRESS_NAME:;
		uint8_t length = cursor_u8(&head);
		return head.short_read ? 0 : HEAD + 1U + length + PORT;
	default:
		return FRAMED_NONE;
	}
}

static uint64_t
size_of_login(struct cursor head)
{
	(void)cursor_u8(&head);
	uint8_t user = cursor_u8(&head);
	(void)cursor_take(&head, user);
	uint8_t password = cursor_u8(&head);

	return head.short_read ? 0 : 3U + user + password;
}

/* After the greeting. A client may log in, or ask at once. */
static uint64_t
size_of_client(struct cursor head)
{
	struct cursor c = head;

	switch (cursor_u8(&c)) {
	case LOGIN_VERSION:
		return size_of_login(head);
	case VERSION_5:
		return size_with_address(head);
	default:
		return FRAMED_NONE;
	}
}

static uint64_t
size_of_pair(struct cursor head)
{
	return cursor_left(&head) < 2 ? 0 : 2;
}

static uint64_t
size_of_reply4(struct cursor head)
{
	return cursor_u8(&head) == 0 ? REPLY_4_BYTES : FRAMED_NONE;
}

static framed_size *
server_size(const struct state *s)
{
	if (s->version == VERSION_4)
		return size_of_reply4;
	return !s->has_method || s->is_logging_in ? size_of_pair : size_with_address;
}

/* ---- recognition ---- */

static bool
is_greeting(struct cursor c)
{
	(void)cursor_u8(&c);
	uint8_t count = cursor_u8(&c);
	if (count == 0 || count > METHODS_MAX)
		return false;
	for (uint8_t i = 0; i < count; i++) {
		uint8_t method = cursor_u8(&c);
		if (method > METHOD_LAST && method < METHOD_PRIVATE)
			return false;
	}
	/* A hasty client goes on at once. */
	uint8_t next = cursor_u8(&c);
	return c.short_read || next == LOGIN_VERSION || next == VERSION_5;
}

static bool
is_request4(struct cursor c, uint64_t size)
{
	bool is_all = cursor_left(&c) == size;

	(void)cursor_u8(&c);
	uint8_t command = cursor_u8(&c);
	uint16_t port = cursor_be16(&c);
	(void)cursor_be32(&c);
	while (cursor_left(&c) > 0) {
		uint8_t b = cursor_u8(&c);
		if (b != 0 && (b < ' ' || b > '~'))
			return false;
	}
	return is_all && (command == CONNECT || command == BIND) && port != 0;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	uint64_t size = size_of_greeting(first_bytes);
	size_t there = cursor_left(&c);

	(void)call;
	uint8_t version = cursor_u8(&c);
	uint8_t second = cursor_u8(&c); /* of version 4 the command, else how many methods */
	if (size == FRAMED_NONE || (!c.short_read && (second == 0 || second > METHODS_MAX)) ||
		(version == VERSION_4 && second > BIND))
		return PROTO_NO;
	if (size == 0 || there < size)
		return PROTO_PERHAPS;
	bool is_ours =
		version == VERSION_4 ? is_request4(first_bytes, size) : is_greeting(first_bytes);
	return is_ours ? PROTO_YES : PROTO_NO;
}

/* ---- what is said ---- */

static const char *
status_name(uint8_t version, uint8_t code)
{
	/* RFC 1928 section 6 */
	static const char *const names[] = {
		"succeeded",
		"general SOCKS server failure",
		"connection not allowed by ruleset",
		"network unreachable",
		"host unreachable",
		"connection refused",
		"TTL expired",
		"command not supported",
		"address type not supported",
	};
	static const char *const names_4[] = {
		"succeeded",
		"request rejected or failed",
		"identd not reachable",
		"identd names another user",
	};

	if (version == VERSION_4) {
		code = (uint8_t)(code - GRANTED_4);
		return code < sizeof(names_4) / sizeof(names_4[0]) ? names_4[code] : "unknown";
	}
	return code < sizeof(names) / sizeof(names[0]) ? names[code] : "unknown";
}

/* An address and a port, after the byte that says which kind of address it is. */
static void
place_read(struct cursor *c, struct place *ret_place)
{
	uint8_t type = cursor_u8(c);

	if (type == ADDRESS_V4) {
		const uint8_t *v4 = cursor_take(c, 4);
		if (v4 != NULL)
			ret_place->host = addr_from_v4(v4);
	} else if (type == ADDRESS_V6) {
		const uint8_t *v6 = cursor_take(c, 16);
		if (v6 != NULL)
			ret_place->host = addr_from_v6(v6);
	} else {
		ret_place->has_name = true;
		(void)wire_text(
			ret_place->name, sizeof(ret_place->name), cursor_sub(c, cursor_u8(c)));
	}
	ret_place->port = cursor_be16(c);
}

static void
tell(const struct proto_call *call, struct state *s, const char *status, const struct place *bound)
{
	const struct obs_socks socks = {
		.version = s->version,
		.user = s->has_user ? s->user : NULL,
		.status = status,
		.request_host = s->request.host,
		.request_name = s->request.has_name ? s->request.name : NULL,
		.request_port = s->request.port,
		.bound_host = bound->host,
		.bound_name = bound->has_name ? bound->name : NULL,
		.bound_port = bound->port,
	};

	call->emit(call->context, &(struct observation){ .kind = OBS_SOCKS,
					  .ts_ns = call->ts_ns,
					  .began_ns = s->began_ns,
					  .interface = call->interface,
					  .socks = &socks });
	s->has_request = false;
}

static void
tell_login(const struct proto_call *call, const struct state *s, enum truth success)
{
	const struct obs_login login = {
		.protocol = "socks",
		.user = s->has_user ? s->user : NULL,
		.success = success,
		.known_by = LOGIN_BY_REPLY,
	};

	call->emit(call->context, &(struct observation){ .kind = OBS_LOGIN,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .login = &login });
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	if (s->has_request)
		tell(call, s, NULL, &(struct place){ 0 });
}

static void
request4_read(struct state *s, struct cursor c)
{
	(void)cursor_be16(&c); /* version, command */
	s->request.port = cursor_be16(&c);
	const uint8_t *address = cursor_take(&c, 4);
	size_t user = text_size(c);
	if (address == NULL || user == 0)
		return;
	s->has_user = user > 1;
	(void)wire_text(s->user, sizeof(s->user), cursor_sub(&c, user - 1));
	(void)cursor_u8(&c);
	s->request.has_name = cursor_left(&c) > 0;
	if (s->request.has_name)
		(void)wire_text(s->request.name, sizeof(s->request.name),
			cursor_sub(&c, cursor_left(&c) - 1));
	else
		s->request.host = addr_from_v4(address);
	s->has_request = true;
}

static void
client_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	if (!s->is_greeted) {
		struct cursor whole = c;
		s->is_greeted = true;
		s->began_ns = call->ts_ns;
		s->version = cursor_u8(&c);
		if (s->version == VERSION_4)
			request4_read(s, whole);
		return;
	}
	bool is_login = cursor_u8(&c) == LOGIN_VERSION;
	if (is_login) {
		(void)wire_text(s->user, sizeof(s->user), cursor_sub(&c, cursor_u8(&c)));
		s->has_user = true;
		return;
	}
	(void)cursor_be16(&c); /* command, a zero */
	place_read(&c, &s->request);
	s->has_request = true;
}

/* Whatever comes first from the proxy must follow a greeting. */
static enum proto_verdict
server_read(const struct proto_call *call, struct state *s, struct cursor c)
{
	struct place bound = { 0 };
	uint8_t version = cursor_u8(&c);
	uint8_t code = cursor_u8(&c);

	if (!s->has_method && s->version == VERSION_5) {
		s->has_method = true;
		s->is_logging_in = code == METHOD_PASSWORD;
		return version == VERSION_5 && (code == METHOD_NONE || s->is_logging_in)
			       ? PROTO_MORE
			       : PROTO_DONE;
	}
	if (s->is_logging_in) {
		s->is_logging_in = false;
		tell_login(call, s, code == 0 ? TRUTH_YES : TRUTH_NO);
		return code == 0 ? PROTO_MORE : PROTO_DONE;
	}
	if (!s->has_request)
		return PROTO_DONE;
	if (s->version == VERSION_4) {
		bound.port = cursor_be16(&c);
		const uint8_t *v4 = cursor_take(&c, 4);
		if (v4 != NULL)
			bound.host = addr_from_v4(v4);
	} else {
		(void)cursor_u8(&c); /* a zero */
		place_read(&c, &bound);
	}
	tell(call, s, status_name(s->version, code), &bound);
	bool is_granted = code == (s->version == VERSION_4 ? GRANTED_4 : 0);
	return is_granted ? PROTO_HANDOVER : PROTO_DONE;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	unsigned side = call->from_orig ? 0 : 1;
	enum framed_verdict v = FRAMED_MORE;
	enum proto_verdict verdict = PROTO_MORE;
	struct cursor message;

	/* What a client sends behind its request is for somebody else. */
	while (verdict == PROTO_MORE && (side == 1 || !s->has_request)) {
		framed_size *size_of = side == 1       ? server_size(s)
				       : s->is_greeted ? size_of_client
						       : size_of_greeting;
		v = framed_next(
			&s->framed[side], s->bytes[side], MESSAGE_KEPT, size_of, &bytes, &message);
		if (v != FRAMED_MESSAGE)
			break;
		if (side == 0)
			client_read(call, s, message);
		else
			verdict = server_read(call, s, message);
	}
	if (v != FRAMED_BROKEN && verdict == PROTO_MORE)
		return PROTO_MORE;
	end(call);
	return verdict == PROTO_HANDOVER ? PROTO_HANDOVER : PROTO_DONE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;

	(void)missing;
	if (call->from_orig && s->has_request)
		return PROTO_MORE;
	end(call);
	return PROTO_DONE;
}

const struct protocol protocol_socks = {
	.name = "socks",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ VERSION_4, VERSION_5 }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
