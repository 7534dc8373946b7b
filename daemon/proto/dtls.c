/*
 * dtls.c -- DTLS 1.0 to 1.3: the handshake, as far as it can be read.
 *
 * Recognised by content, on any port: a record of a ClientHello, ServerHello or HelloVerifyRequest in epoch 0. Each
 * datagram has whole records, each record whole messages or fragments of them. A fragment is taken when
 * it continues what is there of its message; what comes out of order, again, or with holes is left for
 * the retransmission that fills them. Of a message MESSAGE_KEPT bytes are kept. A record of a later epoch is
 * encrypted; so is one with the header of DTLS 1.3. When both sides speak so all is told, and the flow costs nothing more.
 *
 * Sources: RFC 6347 sections 4.1 and 4.2, RFC 9147 sections 4 and 5.
 */
#include "daemon/base/buddy.h"
#include "daemon/proto/tls_session.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

enum {
	MAJOR_VERSION = 0xfe,
	RECORD_MAX = 16384 + 2048,
	RECORDS_MAX = 32, /* of a datagram that are looked at */
	MESSAGE_MAX = 1 << 18,
	MESSAGE_KEPT = 6000,
	HELLO_VERIFY = 3,
	HEADER_13_MASK = 0xe0, /* RFC 9147 section 4: the unified header of what is encrypted */
	HEADER_13 = 0x20,
};

/* The handshake message of a side that is coming. */
struct message {
	uint16_t number; /* the next to be read */
	uint32_t got;    /* bytes of it that came, those past MESSAGE_KEPT as well */
	uint8_t bytes[MESSAGE_KEPT];
};

struct state {
	struct tls_session session;
	struct message messages[2]; /* by whether it is the originator's */
};

static_assert((int)sizeof(struct state) <= (int)BUDDY_MAX_BYTES, "a state is one block");

struct record {
	uint8_t type;
	uint16_t epoch;
	struct cursor body;
};

/* A message, or the fragment of one. */
struct part {
	uint8_t type;
	uint32_t size; /* of the message */
	uint16_t number;
	uint32_t at;
	struct cursor bytes;
};

static bool
record_read(struct cursor *c, struct record *ret)
{
	ret->type = cursor_u8(c);
	uint8_t major = cursor_u8(c);
	(void)cursor_u8(c);
	ret->epoch = cursor_be16(c);
	(void)cursor_take(c, 6);
	uint16_t size = cursor_be16(c);
	ret->body = cursor_sub(c, size);
	return !c->short_read && major == MAJOR_VERSION && ret->type >= TLS_RECORD_CIPHER &&
	       ret->type <= TLS_RECORD_HEARTBEAT && size <= RECORD_MAX;
}

static uint32_t
be24(struct cursor *c)
{
	uint32_t high = cursor_u8(c);

	return high << 16 | cursor_be16(c);
}

static bool
part_read(struct cursor *c, struct part *ret)
{
	ret->type = cursor_u8(c);
	ret->size = be24(c);
	ret->number = cursor_be16(c);
	ret->at = be24(c);
	uint32_t size = be24(c);
	ret->bytes = cursor_sub(c, size);
	return !c->short_read && ret->size <= MESSAGE_MAX && ret->at + size <= ret->size;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct record r;
	struct part f;

	(void)call;
	if (!record_read(&first_bytes, &r) || r.epoch != 0 || r.type != TLS_RECORD_HANDSHAKE ||
		!part_read(&r.body, &f))
		return PROTO_NO;
	return f.type == TLS_CLIENT_HELLO || f.type == TLS_SERVER_HELLO || f.type == HELLO_VERIFY
		       ? PROTO_YES
		       : PROTO_NO;
}

/* Keep what continues the message. */
static void
keep(struct message *m, const struct part *f)
{
	struct cursor c = f->bytes;
	size_t size = cursor_left(&c);

	if (f->at != m->got)
		return;
	m->got += (uint32_t)size;
	if (f->at >= sizeof(m->bytes))
		return;
	size_t room = sizeof(m->bytes) - f->at;
	cursor_bytes(&c, m->bytes + f->at, size < room ? size : room);
}

/* returns false when a hello is none */
static bool
take(struct proto_call *call, struct state *s, const struct part *f)
{
	struct message *m = &s->messages[call->from_orig];

	/* A second hello, or a flow that is joined late, begins where it begins. */
	if (f->at == 0 && f->number > m->number) {
		m->number = f->number;
		m->got = 0;
	}
	if (f->number != m->number)
		return true;
	keep(m, f);
	if (m->got < f->size)
		return true;
	size_t kept = m->got < sizeof(m->bytes) ? m->got : sizeof(m->bytes);
	m->number++;
	m->got = 0;
	if (tls_session_message(call, &s->session, f->type, cursor_over(m->bytes, kept), 'd'))
		return true;
	if (s->session.history_size > 0)
		call->weird(call->context, WEIRD_TLS_HELLO);
	return false;
}

static bool
handshake(struct proto_call *call, struct state *s, struct cursor body)
{
	struct part f;

	while (cursor_left(&body) > 0) {
		if (!part_read(&body, &f))
			return true;
		if (!take(call, s, &f))
			return false;
	}
	return true;
}

static bool
record(struct proto_call *call, struct state *s, struct record *r)
{
	if (r->epoch != 0) {
		tls_session_hidden(call, &s->session);
		return true;
	}
	if (r->type == TLS_RECORD_HANDSHAKE)
		return handshake(call, s, r->body);
	(void)cursor_u8(&r->body);
	tls_session_record(call, &s->session, r->type, cursor_u8(&r->body));
	return true;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct record r;

	for (unsigned n = 0; cursor_left(&bytes) > 0 && n < RECORDS_MAX; n++) {
		struct cursor first = bytes;
		if ((cursor_u8(&first) & HEADER_13_MASK) == HEADER_13) {
			tls_session_hidden(call, &s->session);
			break;
		}
		if (!record_read(&bytes, &r))
			break;
		if (!record(call, s, &r))
			return PROTO_NOT_MINE;
	}
	if (!s->session.is_established)
		return PROTO_MORE;
	tls_session_tell(call, &s->session);
	return PROTO_DONE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	tls_session_tell(call, &s->session);
}

const struct protocol protocol_dtls = {
	.name = "dtls",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ TLS_RECORD_HANDSHAKE, TLS_RECORD_HANDSHAKE }),
	.looks_like = looks_like,
	.parse = parse,
	.end = end,
};
