/*
 * tls_session.c -- one handshake: who offered what, what was chosen, and when both sides spoke encrypted.
 *
 * Up to TLS 1.2 a side is encrypted from its ChangeCipherSpec on, and the handshake is done when something encrypted
 * comes while both are. In TLS 1.3 that message means nothing (RFC 8446 appendix D.4), and application data
 * of both sides is the sign.
 *
 * History letters are Zeek's (docs.zeek.org, base/protocols/ssl, `ssl_history`).
 */
#include "daemon/proto/tls_session.h"

#include "daemon/proto/tls_certificates.h"
#include "daemon/proto/tls_names.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/tls.h"

#include <string.h>

enum {
	MESSAGE_TYPES = 25, /* from 0 on; above it are few */
	MESSAGE_HASH = 254,
	CURVE_NAMED = 3, /* RFC 8422 section 5.4 */
	GROUP_NONE = 0,
};

static void
history_add(struct tls_session *s, bool from_orig, char letter)
{
	if (s->history_size == TLS_HISTORY_MAX)
		return;
	if (!from_orig)
		letter = (char)(letter - 'A' + 'a');
	s->history[s->history_size++] = letter;
}

static char
message_letter(uint8_t type)
{
	static const char letters[MESSAGE_TYPES + 1] = "HCSVTEJZOZZXKRNYGZZZFWUAP";

	if (type == MESSAGE_HASH)
		return 'M';
	if (type < MESSAGE_TYPES)
		return letters[type];
	return 'Z';
}

static void
begin(const struct proto_call *call, struct tls_session *s)
{
	if (s->began_ns == 0)
		s->began_ns = call->ts_ns;
}

/* Is the handshake one whose end nobody can read? Until the server has said so: is it offered? */
static bool
hides(const struct tls_session *s)
{
	return tls_version_hides(s->has_server ? s->server.version : s->client.version);
}

/* Does anybody hear more of the handshake than whom the client wanted to talk to? */
static bool
is_heard(const struct proto_call *call)
{
	return proto_is_heard(call, OBS_BIT(OBS_TLS));
}

/* ---- messages ---- */

static bool
client_hello(
	const struct proto_call *call, struct tls_session *s, struct cursor body, char transport)
{
	struct tls_client_hello hello;

	if (!tls_client_hello_read(body, transport, is_heard(call), &hello))
		return false;
	/* A second one answers a retry and says the same; what it leaves out was told before. */
	if (!s->has_client)
		s->client = hello;
	s->has_client = true;
	return true;
}

/* RFC 5246 section 7.3: the server takes a session up again by repeating its number. */
static bool
is_same_session(const struct tls_session *s)
{
	const struct tls_session_id *a = &s->client.session_id;
	const struct tls_session_id *b = &s->server.session_id;

	return a->size > 0 && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

static bool
server_hello(const struct proto_call *call, struct tls_session *s, struct cursor body)
{
	struct tls_server_hello hello;

	if (!tls_server_hello_read(body, is_heard(call), &hello))
		return false;
	s->server = hello;
	s->has_server = true;
	s->group = hello.group;
	s->is_resumed = hides(s) ? hello.has_psk : is_same_session(s);
	return true;
}

/* The curve is at the front of what an elliptic key exchange says; other exchanges have other things there. */
static void
server_key(struct tls_session *s, struct cursor body)
{
	char memory[TLS_NAME_MAX];
	const char *cipher = tls_cipher_text(s->server.cipher, memory);

	if (strncmp(cipher, "TLS_ECDH", strlen("TLS_ECDH")) != 0 || cursor_u8(&body) != CURVE_NAMED)
		return;
	s->group = cursor_be16(&body);
}

void
tls_session_begin(const struct proto_call *call, struct tls_session *s, uint8_t type)
{
	begin(call, s);
	history_add(s, call->from_orig, message_letter(type));
}

bool
tls_session_wants(uint8_t type)
{
	return type == TLS_CLIENT_HELLO || type == TLS_SERVER_HELLO || type == TLS_CERTIFICATE ||
	       type == TLS_SERVER_KEY;
}

bool
tls_session_message(struct proto_call *call, struct tls_session *s, uint8_t type,
	struct cursor body, char transport)
{
	bool is_read = true;
	char letter = message_letter(type);

	begin(call, s);
	if (s->is_changed[call->from_orig] && type != TLS_CLIENT_HELLO && type != TLS_SERVER_HELLO)
		return true;
	switch (type) {
	case TLS_CLIENT_HELLO:
		is_read = client_hello(call, s, body, transport);
		break;
	case TLS_SERVER_HELLO:
		is_read = server_hello(call, s, body);
		if (is_read && s->server.is_retry)
			letter = 'J';
		break;
	case TLS_CERTIFICATE:
		tls_certificates_take(call, s, &body);
		tls_certificates_end(call, s);
		break;
	case TLS_SERVER_KEY:
		server_key(s, body);
		break;
	default:
		break;
	}
	if (is_read)
		history_add(s, call->from_orig, letter);
	return is_read;
}

void
tls_session_certificates(struct proto_call *call, struct tls_session *s, struct cursor *bytes)
{
	if (s->is_changed[call->from_orig])
		(void)cursor_take(bytes, cursor_left(bytes));
	else
		tls_certificates_take(call, s, bytes);
}

void
tls_session_torn(struct tls_session *s, bool from_orig)
{
	s->coming[from_orig] = (struct tls_certificates){ 0 };
}

/* ---- records ---- */

static void
cipher_changed(struct proto_call *call, struct tls_session *s)
{
	history_add(s, call->from_orig, 'I');
	s->is_changed[call->from_orig] = true;
	if (hides(s))
		return;
	s->is_encrypted[call->from_orig] = true;
	/* By a ticket: no certificate was needed, and nobody numbered the session (RFC 5077 section 3.4). */
	if (!call->from_orig && s->has_server && s->client.has_ticket && s->chain_counts[0] == 0 &&
		strpbrk(s->history, "xkn") == NULL)
		s->is_resumed = true;
}

bool
tls_session_is_encrypted(const struct tls_session *s, bool from_orig)
{
	return s->is_encrypted[from_orig];
}

void
tls_session_hidden(struct proto_call *call, struct tls_session *s)
{
	s->is_encrypted[call->from_orig] = true;
	s->is_established |= s->has_server && s->is_encrypted[!call->from_orig];
}

void
tls_session_record(struct proto_call *call, struct tls_session *s, uint8_t type, uint8_t alert)
{
	bool from_orig = call->from_orig;

	begin(call, s);
	if (s->is_encrypted[from_orig] || (type == TLS_RECORD_DATA && hides(s))) {
		tls_session_hidden(call, s);
		return;
	}
	switch (type) {
	case TLS_RECORD_CIPHER:
		cipher_changed(call, s);
		break;
	case TLS_RECORD_ALERT:
		history_add(s, from_orig, 'L');
		s->has_alert = true;
		s->alert = alert;
		break;
	case TLS_RECORD_DATA:
		history_add(s, from_orig, 'D');
		break;
	case TLS_RECORD_HEARTBEAT:
		history_add(s, from_orig, 'B');
		break;
	default:
		break;
	}
}

/* ---- the end ---- */

/* Of numbers that have no name. */
struct number_texts {
	char version[TLS_NAME_MAX], cipher[TLS_NAME_MAX], group[TLS_NAME_MAX], alert[TLS_NAME_MAX];
};

struct chain_text {
	char fingerprints[TLS_CHAIN_MAX][DIGEST_SHA256_TEXT];
	const char *at[TLS_CHAIN_MAX];
};

static struct text_list
chain_list(const struct tls_session *s, unsigned side, struct chain_text *memory)
{
	static const char digits[] = "0123456789abcdef";
	const struct tls_chain *chain = &s->chains[side];

	for (size_t i = 0; i < s->chain_counts[side]; i++) {
		char *out = memory->fingerprints[i];
		for (size_t b = 0; b < SHA256_DIGEST_LENGTH; b++) {
			*out++ = digits[chain->fingerprints[i][b] >> 4];
			*out++ = digits[chain->fingerprints[i][b] & 15];
		}
		*out = '\0';
		memory->at[i] = memory->fingerprints[i];
	}
	return (struct text_list){ .at = memory->at, .count = s->chain_counts[side] };
}

static enum truth
truth_of(bool is_true)
{
	return is_true ? TRUTH_YES : TRUTH_NO;
}

static void
host_write(const struct tls_session *s, struct obs_tls *tls)
{
	const struct tls_host_certificate *h = &s->host;

	if (!s->has_host)
		return;
	if (s->client.sni[0] != '\0')
		tls->name_matches = truth_of(h->is_for_name);
	tls->validation = h->validation;
	tls->subject = h->subject;
	tls->issuer = h->issuer;
	tls->serial = h->serial;
	tls->sha1 = h->sha1;
	tls->not_before_ns = h->not_before_ns;
	tls->not_after_ns = h->not_after_ns;
}

void
tls_session_tell(struct proto_call *call, struct tls_session *s)
{
	struct number_texts numbers;
	struct chain_text server_chain;
	struct chain_text client_chain;
	const char *offered[TLS_ALPN_COUNT];
	struct obs_tls tls = {
		.server_name = wire_text_or_null(s->client.sni),
		.resumed = truth_of(s->is_resumed),
		.established = truth_of(s->is_established),
		.history = wire_text_or_null(s->history),
		.server_chain = chain_list(s, 0, &server_chain),
		.client_chain = chain_list(s, 1, &client_chain),
		.ja3 = wire_text_or_null(s->client.ja3),
		.ja4 = wire_text_or_null(s->client.ja4),
		.ja3s = wire_text_or_null(s->server.ja3s),
		.offered_protocols = { .at = offered, .count = s->client.alpn.count },
	};

	if (s->is_told || s->began_ns == 0)
		return;
	s->is_told = true;
	for (size_t i = 0; i < s->client.alpn.count; i++)
		offered[i] = s->client.alpn.names[i];
	if (s->has_server) {
		tls.version = tls_version_text(s->server.version, numbers.version);
		if (s->server.version != TLS_VERSION_SSL2)
			tls.cipher = tls_cipher_text(s->server.cipher, numbers.cipher);
		tls.next_protocol = wire_text_or_null(s->server.protocol);
	}
	if (s->group != GROUP_NONE)
		tls.curve = tls_group_text(s->group, numbers.group);
	if (s->has_alert)
		tls.last_alert = tls_alert_text(s->alert, numbers.alert);
	host_write(s, &tls);
	call->emit(call->context, &(struct observation){ .kind = OBS_TLS,
					  .ts_ns = call->ts_ns,
					  .began_ns = s->began_ns,
					  .interface = call->interface,
					  .tls = &tls });
}
