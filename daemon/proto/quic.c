/*
 * quic.c -- how a QUIC connection begins (RFC 9000, RFC 9001, RFC 9369): versions, ids, the client's hello.
 *
 * Recognised by the header of the first datagram, on any port. Initial packets are opened with the keys
 * that everybody can make (quic_crypto.h), the client's until its hello is whole, the server's until its
 * own was seen: OPENS_MAX of a flow together, since that is where libcrypto takes memory. Versions 1 and 2 and
 * drafts 23 to 34 are read; of Google's and Facebook's own ones only the version. A connection is told
 * once: when the client speaks with its own keys, after DATAGRAMS_MAX datagrams, or when it ends; and one
 * that has to begin anew (Retry) also as far as it came.
 *
 * Not read: what comes after the handshake has its keys; ids that change later; connections that were
 * not seen from their beginning.
 */
#include "daemon/transactions/quic.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/quic_crypto.h"
#include "daemon/proto/quic_frames.h"
#include "daemon/proto/quic_packet.h"
#include "daemon/proto/tls_hello.h"

#include <netinet/in.h>
#include <string.h>

enum {
	OPENS_MAX = 16,
	DATAGRAMS_MAX = 32,
	HISTORY_MAX = 31,
	ID_TEXT = 2 * QUIC_ID_MAX + 1,
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
};

struct id {
	bool is_told;
	uint8_t size;
	uint8_t bytes[QUIC_ID_MAX];
};

/* What is kept of the client's hello. */
struct hello {
	char server_name[TLS_SNI_MAX + 1];
	char protocol[TLS_ALPN_MAX + 1];
	char ja4[TLS_JA4_TEXT];
	char ja3[DIGEST_MD5_TEXT];
};

struct state {
	uint64_t began_ns;
	uint32_t version;
	uint8_t opens, datagrams; /* so far */
	bool has_keys;            /* of first_dcid and version */
	bool has_hello;           /* then `hello` is valid, until then `gather` */
	bool has_server_hello;
	bool was_retried;
	bool is_over;
	uint8_t letters;
	char history[HISTORY_MAX + 1];
	struct id first_dcid, client_scid, server_scid;
	struct quic_keys keys[2]; /* server, client */
	union {
		struct quic_gather gather;
		struct hello hello;
	};
};

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct quic_packet p;
	uint32_t version;

	(void)call;
	if (quic_is_old(first_bytes, &version))
		return PROTO_YES;
	/* RFC 9287: the bit may be turned over, but not before both sides have agreed on that. */
	if (!quic_packet_next(&first_bytes, &p) || (*p.whole.at & QUIC_FIXED_BIT) == 0)
		return PROTO_NO;
	switch (p.type) {
	case QUIC_INITIAL:
	case QUIC_ZERO_RTT:
	case QUIC_HANDSHAKE:
	case QUIC_RETRY:
		return PROTO_YES;
	case QUIC_UNKNOWN:
		return quic_version_is_used(p.version) ? PROTO_YES : PROTO_NO;
	case QUIC_NEGOTIATION:
	case QUIC_SHORT:
		break;
	}
	return PROTO_NO;
}

/* ---- what is told ---- */

/* Keep the first one that is named. */
static void
id_keep(struct id *id, struct cursor bytes)
{
	if (id->is_told || bytes.at == NULL)
		return;
	id->is_told = true;
	id->size = (uint8_t)cursor_left(&bytes);
	cursor_bytes(&bytes, id->bytes, id->size);
}

static const char *
id_text(const struct id *id, char text[ID_TEXT])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < id->size; i++) {
		text[2 * i] = digits[id->bytes[i] >> 4];
		text[2 * i + 1] = digits[id->bytes[i] & 0xf];
	}
	text[2 * (size_t)id->size] = '\0';
	return id->is_told ? text : NULL;
}

static const char *
or_null(bool is_there, const char *text)
{
	return is_there && text[0] != '\0' ? text : NULL;
}

static void
tell(struct proto_call *call, const struct state *s)
{
	char version[QUIC_VERSION_NAME_MAX];
	char dcid[ID_TEXT];
	char client[ID_TEXT];
	char server[ID_TEXT];

	if (s->letters == 0) /* nothing came after a Retry */
		return;
	quic_version_name(s->version, version);
	struct obs_quic quic = {
		.version = version,
		.client_initial_dcid = id_text(&s->first_dcid, dcid),
		.client_scid = id_text(&s->client_scid, client),
		.server_scid = id_text(&s->server_scid, server),
		.server_name = or_null(s->has_hello, s->hello.server_name),
		.client_protocol = or_null(s->has_hello, s->hello.protocol),
		.history = s->history,
		.ja4 = or_null(s->has_hello, s->hello.ja4),
		.ja3 = or_null(s->has_hello, s->hello.ja3),
	};
	call->emit(call->context, &(struct observation){ .kind = OBS_QUIC,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .began_ns = s->began_ns,
					  .quic = &quic });
}

/* Note a packet; the letter of the client's is in upper case. */
static void
letter_add(struct state *s, const struct proto_call *call, char letter)
{
	if (s->letters == HISTORY_MAX)
		return;
	s->history[s->letters++] = (char)(call->from_orig ? letter : letter - 'A' + 'a');
}

/* ---- what is read ---- */

/* Make both sides' keys, unless they are there. */
static void
keys_make(struct state *s, const struct quic_packet *p)
{
	struct cursor dcid = cursor_over(s->first_dcid.bytes, s->first_dcid.size);

	if (s->has_keys && s->version == p->version)
		return;
	s->version = p->version;
	s->has_keys = true;
	quic_keys_derive(p->known, dcid, false, &s->keys[0]);
	quic_keys_derive(p->known, dcid, true, &s->keys[1]);
}

/* Open a packet, if the flow may still have that. */
static struct cursor
packet_open(struct state *s, const struct proto_call *call, const struct quic_packet *p,
	uint8_t plain[QUIC_PLAIN_MAX])
{
	if (s->opens >= OPENS_MAX)
		return (struct cursor){ .short_read = true };
	keys_make(s, p);
	s->opens++;
	return quic_open(&s->keys[call->from_orig], p, plain);
}

/* The client's hello may be whole. */
static void
hello_read(struct state *s, const struct proto_call *call)
{
	struct tls_client_hello read;
	struct cursor body;
	struct hello hello = { .server_name = "" };

	if (quic_gather_message(&s->gather, &body) != CLIENT_HELLO ||
		!tls_client_hello_read(body, 'q', proto_is_heard(call, OBS_BIT(OBS_QUIC)), &read))
		return;
	memcpy(hello.server_name, read.sni, sizeof(hello.server_name));
	if (read.alpn.count > 0)
		memcpy(hello.protocol, read.alpn.names[0], sizeof(hello.protocol));
	memcpy(hello.ja4, read.ja4, sizeof(hello.ja4));
	memcpy(hello.ja3, read.ja3, sizeof(hello.ja3));
	s->hello = hello;
	s->has_hello = true;
	letter_add(s, call, 'S');
}

static void
client_initial(struct state *s, const struct proto_call *call, const struct quic_packet *p)
{
	uint8_t plain[QUIC_PLAIN_MAX];
	bool is_closed = false;

	letter_add(s, call, 'I');
	id_keep(&s->first_dcid, p->dcid);
	id_keep(&s->client_scid, p->scid);
	if (s->has_hello)
		return;
	struct cursor frames = packet_open(s, call, p, plain);
	/* It may have begun anew, with another version or after a Retry that was not seen. */
	if (frames.short_read && s->letters > 1 && !s->server_scid.is_told) {
		s->first_dcid.is_told = s->client_scid.is_told = s->has_keys = false;
		id_keep(&s->first_dcid, p->dcid);
		id_keep(&s->client_scid, p->scid);
		frames = packet_open(s, call, p, plain);
	}
	quic_frames_read(frames, &s->gather, &is_closed);
	if (is_closed)
		letter_add(s, call, 'C');
	hello_read(s, call);
}

static void
server_initial(struct state *s, const struct proto_call *call, const struct quic_packet *p)
{
	uint8_t plain[QUIC_PLAIN_MAX];
	struct quic_gather gather = { 0 };
	bool is_closed = false;

	letter_add(s, call, 'I');
	id_keep(&s->server_scid, p->scid);
	if (s->has_server_hello)
		return;
	quic_frames_read(packet_open(s, call, p, plain), &gather, &is_closed);
	s->has_server_hello = gather.whole > 0 && gather.bytes[0] == SERVER_HELLO;
	if (s->has_server_hello)
		letter_add(s, call, 'S');
	if (is_closed)
		letter_add(s, call, 'C');
}

/* The client has to begin anew: what came of it is told, and forgotten. Once: it may not be asked twice. */
static void
retry(struct state *s, struct proto_call *call)
{
	letter_add(s, call, 'R');
	if (s->was_retried)
		return;
	tell(call, s);
	*s = (struct state){ .began_ns = call->ts_ns,
		.version = s->version,
		.opens = s->opens,
		.datagrams = s->datagrams,
		.was_retried = true };
}

static void
packet_take(struct state *s, struct proto_call *call, const struct quic_packet *p)
{
	switch (p->type) {
	case QUIC_INITIAL:
		if (call->from_orig)
			client_initial(s, call, p);
		else
			server_initial(s, call, p);
		break;
	case QUIC_ZERO_RTT:
		letter_add(s, call, 'Z');
		break;
	case QUIC_HANDSHAKE:
		letter_add(s, call, 'H');
		break;
	case QUIC_RETRY:
		retry(s, call);
		break;
	case QUIC_UNKNOWN:
		letter_add(s, call, 'U');
		id_keep(&s->first_dcid, p->dcid);
		id_keep(&s->client_scid, p->scid);
		s->is_over = true;
		break;
	case QUIC_SHORT:
		letter_add(s, call, 'O');
		s->is_over = call->from_orig;
		break;
	case QUIC_NEGOTIATION:
		break;
	}
	if (s->version == 0)
		s->version = p->version;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	struct quic_packet p;

	uint32_t old;

	if (s->datagrams++ == 0) {
		s->began_ns = call->ts_ns;
		if (quic_is_old(bytes, &old)) {
			letter_add(s, call, 'U');
			s->version = old;
			s->is_over = true;
		}
	}
	while (!s->is_over && quic_packet_next(&bytes, &p))
		packet_take(s, call, &p);
	if (!s->is_over && s->datagrams < DATAGRAMS_MAX)
		return PROTO_MORE;
	tell(call, s);
	return PROTO_DONE;
}

static void
end(struct proto_call *call)
{
	tell(call, call->state);
}

const struct protocol protocol_quic = {
	.name = "quic",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ 0x09, 0x3f }, { 0xc0, 0xff }),
	.looks_like = looks_like,
	.parse = parse,
	.end = end,
};
