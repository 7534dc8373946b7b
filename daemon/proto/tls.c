/*
 * tls.c -- TLS 1.0 to 1.3 and SSL 3.0 over TCP: the handshake, as far as it can be read.
 *
 * Recognised by content, on any port: a record of a ClientHello or ServerHello, or SSL 2.0's ClientHello. Of each side
 * the record that is coming is followed, and in it the handshake message that is coming, which may begin and end
 * anywhere, in as many records as it likes. What is whole in the bytes at hand is read where it lies: a message, or a
 * certificate of one. What is not is kept until it is, of the server ROOM bytes, of the client HELLO_MAX; of a
 * longer message what is kept is read. When both sides speak encrypted all is told, and the flow costs nothing more.
 *
 * Lost bytes inside a message leave what came before them. After lost bytes that hide where records begin, the
 * next piece that begins like one is taken for one.
 *
 * Not read: what is encrypted. SSL 2.0 beyond its first hello. Compression.
 *
 * Sources: RFC 8446 section 5, RFC 5246 section 6.2, RFC 6101, RFC 5246 appendix E.2.
 */
#include "daemon/proto/ssl2.h"
#include "daemon/proto/tls_session.h"

#include <assert.h>
#include <netinet/in.h>
#include <string.h>

enum {
	RECORD_HEADER = 5,
	RECORD_MAX = 16384 + 2048,
	MESSAGE_HEADER = 4,
	MESSAGE_MAX = 1 << 20, /* what claims to be longer is no hello */
	MAJOR_VERSION = 3,
	MINOR_VERSION_MAX = 4,
	ALERT_BYTES = 2,
	STATE_BYTES = 8192, /* a block of memory */
	ROOM = 5000,        /* for a certificate that comes in pieces; hardly any is longer */
	HELLO_MAX = 3072,   /* of today's, with post-quantum keys, the longest have 2200 */
};

/* A side's handshake message that is coming. */
struct message {
	uint8_t header[MESSAGE_HEADER], header_got;
	bool is_torn; /* bytes of it are missing, or had no room: what came before them is what there is */
	uint32_t left;
	uint16_t kept;
};

struct side {
	bool has_begun;
	bool is_old;     /* it began with SSL 2.0 */
	bool is_lost;    /* nobody knows where the next record begins */
	bool is_deaf;    /* nor where in this record the next message begins */
	bool is_guessed; /* bytes were lost before: what is no record may be our mistake */
	uint8_t header[RECORD_HEADER], header_got;
	uint16_t left; /* bytes of the record's body to come */
	uint8_t alert[ALERT_BYTES], alert_got;
	struct message message;
};

struct state {
	struct side sides[2]; /* by whether it is the originator's */
	struct tls_session session;
	/* Of messages that are coming: the server's from the front on, the client's in the last HELLO_MAX. */
	uint8_t room[ROOM];
};

static_assert((int)sizeof(struct state) <= (int)STATE_BYTES, "a state is one block");

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ---- whose it is ---- */

static bool
is_record_header(struct cursor c)
{
	uint8_t type = cursor_u8(&c);
	uint8_t major = cursor_u8(&c);
	uint8_t minor = cursor_u8(&c);
	uint16_t size = cursor_be16(&c);

	return !c.short_read && type >= TLS_RECORD_CIPHER && type <= TLS_RECORD_HEARTBEAT &&
	       major == MAJOR_VERSION && minor <= MINOR_VERSION_MAX && size <= RECORD_MAX;
}

/* Is the byte at `c` one of low .. high, or not there yet? */
static bool
may_be(struct cursor *c, uint8_t low, uint8_t high)
{
	bool is_there = cursor_left(c) > 0;
	uint8_t byte = cursor_u8(c);

	return !is_there || (byte >= low && byte <= high);
}

static enum proto_guess
looks_like_hello(struct cursor c)
{
	struct cursor header = c;

	if (!may_be(&c, TLS_RECORD_HANDSHAKE, TLS_RECORD_HANDSHAKE) ||
		!may_be(&c, MAJOR_VERSION, MAJOR_VERSION) || !may_be(&c, 0, MINOR_VERSION_MAX))
		return PROTO_NO;
	(void)cursor_be16(&c);
	if (!c.short_read && !is_record_header(header))
		return PROTO_NO;
	if (!may_be(&c, TLS_CLIENT_HELLO, TLS_SERVER_HELLO) || !may_be(&c, 0, 0))
		return PROTO_NO;
	(void)cursor_be16(&c);
	return c.short_read ? PROTO_PERHAPS : PROTO_YES;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	enum proto_guess answer = looks_like_hello(first_bytes);

	(void)call;
	return answer != PROTO_NO ? answer : ssl2_looks_like(first_bytes);
}

/* Nothing like that belongs here. Before the first message it is another protocol's; and it ends the reading. */
static bool
refuse(const struct proto_call *call, const struct state *s, enum weird kind)
{
	if (s->session.history_size > 0 && !s->sides[call->from_orig].is_guessed)
		call->weird(call->context, kind);
	return false;
}

/* ---- messages ---- */

/*
 * Where a side's message is kept. Both sides rarely speak at once, for a server answers a whole hello; then the
 * server has what the client leaves, or a client that comes later nothing.
 */
static uint8_t *
memory_of(struct state *s, bool from_orig, size_t *ret_capacity)
{
	size_t servers = s->sides[false].message.kept;

	if (!from_orig) {
		*ret_capacity = s->sides[true].message.kept > 0 ? ROOM - HELLO_MAX : ROOM;
		return s->room;
	}
	*ret_capacity = servers <= ROOM - HELLO_MAX ? HELLO_MAX : 0;
	return s->room + ROOM - HELLO_MAX;
}

/* The message is at its end, all that is there of it in `body`. */
static bool
message_end(struct proto_call *call, struct state *s, struct message *m, struct cursor body)
{
	bool is_torn = m->is_torn;
	bool is_read = tls_session_message(call, &s->session, m->header[0], body, 't');

	memset(m, 0, sizeof(*m));
	return is_read || (!is_torn && refuse(call, s, WEIRD_TLS_HELLO));
}

static struct cursor
message_kept(struct state *s, const struct message *m, bool from_orig)
{
	size_t capacity;

	return cursor_over(memory_of(s, from_orig, &capacity), m->kept);
}

/* Keep as many of these bytes as there is room for. */
static void
message_keep(struct state *s, struct message *m, bool from_orig, struct cursor *bytes)
{
	size_t capacity;
	uint8_t *memory = memory_of(s, from_orig, &capacity);
	size_t unused = capacity > m->kept ? capacity - m->kept : 0;
	size_t size = smaller(cursor_left(bytes), unused);

	m->is_torn = unused == 0;
	memcpy(memory + m->kept, cursor_take(bytes, size), size);
	m->kept = (uint16_t)(m->kept + size);
}

/* Certificates are read one by one: each is short, and they are many. */
static void
certificates_bytes(struct proto_call *call, struct state *s, struct message *m, struct cursor bytes)
{
	size_t capacity;
	uint8_t *memory = memory_of(s, call->from_orig, &capacity);

	if (m->kept == 0)
		tls_session_certificates(call, &s->session, &bytes);
	while (cursor_left(&bytes) > 0 && !m->is_torn) {
		message_keep(s, m, call->from_orig, &bytes);
		struct cursor rest = message_kept(s, m, call->from_orig);
		tls_session_certificates(call, &s->session, &rest);
		m->kept = (uint16_t)cursor_left(&rest);
		memmove(memory, rest.at, m->kept);
	}
}

/* The next bytes of a message. returns false when it is at its end and none */
static bool
message_bytes(struct proto_call *call, struct state *s, struct message *m, struct cursor bytes)
{
	uint8_t type = m->header[0];
	bool is_whole = m->kept == 0 && !m->is_torn && cursor_left(&bytes) == m->left;

	m->left -= (uint32_t)cursor_left(&bytes);
	if (is_whole)
		return message_end(call, s, m, bytes);
	if (!m->is_torn && type == TLS_CERTIFICATE)
		certificates_bytes(call, s, m, bytes);
	while (!m->is_torn && type != TLS_CERTIFICATE && tls_session_wants(type) &&
		cursor_left(&bytes) > 0)
		message_keep(s, m, call->from_orig, &bytes);
	return m->left > 0 || message_end(call, s, m, message_kept(s, m, call->from_orig));
}

static uint32_t
message_size(const struct message *m)
{
	return (uint32_t)m->header[1] << 16 | (uint32_t)m->header[2] << 8 | m->header[3];
}

/* The next bytes of handshake messages. returns false when they are none */
static bool
handshake(struct proto_call *call, struct state *s, struct cursor bytes)
{
	struct message *m = &s->sides[call->from_orig].message;

	while (cursor_left(&bytes) > 0) {
		if (m->header_got < MESSAGE_HEADER) {
			m->header[m->header_got++] = cursor_u8(&bytes);
			if (m->header_got < MESSAGE_HEADER)
				continue;
			m->left = message_size(m);
			if (m->left > MESSAGE_MAX)
				return refuse(call, s, WEIRD_TLS_LENGTH);
		}
		size_t size = smaller(m->left, cursor_left(&bytes));
		if (!message_bytes(call, s, m, cursor_sub(&bytes, size)))
			return false;
	}
	return true;
}

/* ---- records ---- */

/* Bytes of the body of the record that is coming. returns false when they cannot be */
static bool
record_bytes(struct proto_call *call, struct state *s, struct side *side, struct cursor bytes)
{
	if (tls_session_is_encrypted(&s->session, call->from_orig) || side->is_deaf)
		return true;
	if (side->header[0] == TLS_RECORD_HANDSHAKE)
		return handshake(call, s, bytes);
	while (side->alert_got < ALERT_BYTES && cursor_left(&bytes) > 0)
		side->alert[side->alert_got++] = cursor_u8(&bytes);
	return true;
}

static void
record_end(struct proto_call *call, struct state *s, struct side *side)
{
	uint8_t type = side->header[0];

	if (type != TLS_RECORD_HANDSHAKE || tls_session_is_encrypted(&s->session, call->from_orig))
		tls_session_record(call, &s->session, type, side->alert[1]);
	side->header_got = 0;
	side->is_deaf = false;
	memset(side->alert, 0, sizeof(side->alert));
	side->alert_got = 0;
}

/* returns false when it is none */
static bool
record_header(struct side *side, struct cursor *bytes)
{
	while (side->header_got < RECORD_HEADER && cursor_left(bytes) > 0)
		side->header[side->header_got++] = cursor_u8(bytes);
	if (side->header_got < RECORD_HEADER)
		return true;
	side->left = (uint16_t)(side->header[3] << 8 | side->header[4]);
	return is_record_header(cursor_over(side->header, RECORD_HEADER));
}

/* The next record, or part of one. returns false when it is none */
static bool
record(struct proto_call *call, struct state *s, struct side *side, struct cursor *bytes)
{
	if (side->header_got < RECORD_HEADER) {
		if (!record_header(side, bytes))
			return refuse(call, s, WEIRD_TLS_RECORD);
		if (side->header_got < RECORD_HEADER)
			return true;
	}
	struct cursor body = cursor_sub(bytes, smaller(side->left, cursor_left(bytes)));
	size_t size = cursor_left(&body);
	if (!record_bytes(call, s, side, body))
		return false;
	side->left = (uint16_t)(side->left - size);
	if (side->left == 0)
		record_end(call, s, side);
	return true;
}

/* ---- SSL 2.0 ---- */

/*
 * A side that begins with SSL 2.0: of the client the hello, by which a later version may be offered; of the server
 * any answer means that it is not.
 *
 * returns  false when it is neither
 */
static bool
old_bytes(struct proto_call *call, struct state *s, struct side *side, struct cursor *bytes)
{
	struct message *m = &side->message;
	uint8_t *memory = s->room + ROOM - HELLO_MAX;
	struct ssl2_hello hello;

	if (!call->from_orig) {
		ssl2_answer(call, &s->session);
		return false;
	}
	while (m->kept < SSL2_HEADER && cursor_left(bytes) > 0) {
		memory[m->kept++] = cursor_u8(bytes);
		if (m->kept < SSL2_HEADER)
			continue;
		if (!ssl2_hello_read(cursor_over(memory, m->kept), &hello))
			return false;
		ssl2_offer(call, &s->session, &hello);
		m->left = (uint32_t)hello.size - SSL2_HEADER;
	}
	size_t size = smaller(m->left, cursor_left(bytes));
	(void)cursor_take(bytes, size);
	m->left -= (uint32_t)size;
	if (m->kept == SSL2_HEADER && m->left == 0) {
		side->is_old = false;
		memset(m, 0, sizeof(*m));
	}
	return true;
}

/* ---- both sides ---- */

static struct side *
side_of(const struct proto_call *call)
{
	struct state *s = call->state;

	return &s->sides[call->from_orig];
}

static bool
begins_old(struct cursor bytes)
{
	return (cursor_u8(&bytes) & SSL2_HEADER_BIT) != 0;
}

/* These bytes are no TLS: what came before them may have been. */
static enum proto_verdict
give_up(struct proto_call *call, struct state *s)
{
	if (s->session.history_size == 0)
		return PROTO_NOT_MINE;
	tls_session_tell(call, &s->session);
	return PROTO_DONE;
}

static enum proto_verdict
verdict_of(struct proto_call *call, struct state *s)
{
	if (!s->session.is_established)
		return PROTO_MORE;
	tls_session_tell(call, &s->session);
	return PROTO_DONE;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct side *side = side_of(call);

	if (side->is_lost) {
		if (!is_record_header(bytes))
			return PROTO_MORE;
		side->is_lost = false;
	} else if (!side->has_begun && cursor_left(&bytes) > 0) {
		side->is_old = begins_old(bytes);
	}
	side->has_begun = true;
	while (cursor_left(&bytes) > 0 && !s->session.is_established)
		if (side->is_old ? !old_bytes(call, s, side, &bytes)
				 : !record(call, s, side, &bytes))
			return give_up(call, s);
	return verdict_of(call, s);
}

/* Lost bytes that lie in the record that is coming. */
static bool
gap_in_record(struct proto_call *call, struct state *s, struct side *side, uint32_t missing)
{
	struct message *m = &side->message;
	bool is_read = true;

	side->left = (uint16_t)(side->left - missing);
	if (side->header[0] == TLS_RECORD_HANDSHAKE &&
		!tls_session_is_encrypted(&s->session, call->from_orig)) {
		if (m->header_got == MESSAGE_HEADER && missing <= m->left) {
			m->is_torn = true;
			m->left -= missing;
			is_read = m->left > 0 ||
				  message_end(call, s, m, message_kept(s, m, call->from_orig));
		} else {
			memset(m, 0, sizeof(*m));
			tls_session_torn(&s->session, call->from_orig);
			side->is_deaf = true;
		}
	}
	if (side->left == 0)
		record_end(call, s, side);
	return is_read;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *s = call->state;
	struct side *side = side_of(call);

	if (side->header_got == RECORD_HEADER && missing <= side->left)
		return gap_in_record(call, s, side, missing) ? verdict_of(call, s)
							     : give_up(call, s);
	memset(side, 0, sizeof(*side));
	tls_session_torn(&s->session, call->from_orig);
	side->is_lost = true;
	side->is_guessed = true;
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct state *s = call->state;

	tls_session_tell(call, &s->session);
}

/* Between messages there is no need for room for them, nor without certificates for what is known of them. */
static size_t
keeps(const void *state)
{
	const struct state *s = state;

	if (s->sides[true].message.kept > 0)
		return sizeof(*s);
	if (s->sides[false].message.kept > 0 || tls_session_has_certificates(&s->session))
		return offsetof(struct state, room) + s->sides[false].message.kept;
	return offsetof(struct state, session) + offsetof(struct tls_session, chains);
}

const struct protocol protocol_tls = {
	.name = "ssl",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.state_zeroed = offsetof(struct state, session.chains),
	.begins = PROTO_BEGINS({ TLS_RECORD_HANDSHAKE, TLS_RECORD_HANDSHAKE }, { 0x80, 0x8f }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
