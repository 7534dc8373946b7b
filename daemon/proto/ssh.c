/*
 * ssh.c -- an SSH session up to the log-in (RFC 4253): banners, what was agreed on, who was let in.
 *
 * Recognised by the banner of either side, on any port. The packets of a key exchange are in the clear and
 * read until each side's NEWKEYS; of those only KEXINIT is kept, KEX_MAX bytes a side, and of the
 * server's key its MD5. What is encrypted is counted (ssh_auth.h). A session is told once: when the
 * client was let in, when nothing more will be known, or when it ends. Each banner is also told as software,
 * and each attempt to log in as such.
 * Who opened the connection is its client, unless the key exchange shows the opposite (a host that calls
 * back): then the banners stay where they are, and all else is told by what the two are to each other.
 *
 * Lines before a banner (RFC 4253 section 4.2) are passed, LINES_MAX of them. Not read: what SSH 1 says
 * after its banner, keys that are exchanged anew, and host keys of kinds of key exchange that send none in the
 * clear.
 */
#include "daemon/transactions/ssh.h"

#include "daemon/proto/proto.h"
#include "daemon/proto/software_version.h"
#include "daemon/proto/ssh_auth.h"
#include "daemon/proto/ssh_kex.h"
#include "daemon/proto/tls_digest.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/software.h"

#include "daemon/base/strbuf.h"

#include <netinet/in.h>
#include <string.h>

enum {
	BANNER_MAX = 255,                 /* RFC 4253 section 4.2 */
	BANNER_TEXT = 4 * BANNER_MAX + 1, /* a NUL in it takes four characters */
	LINES_MAX = 32,
	KEX_MAX = 3072, /* of a KEXINIT; the longest of today have 1600 bytes */
	PACKET_MAX = 256 << 10,
	HEAD_BYTES = 6, /* length, length of padding, number of the message */
	HOST_KEY_TEXT = TLS_MD5_TEXT + 15,

	MSG_KEXINIT = 20,
	MSG_NEWKEYS = 21,
	MSG_KEX_INIT = 30,
	MSG_KEX_REPLY = 31,
	MSG_GEX_REPLY = 33, /* of a group exchange (RFC 4419), where 31 is the group */
	MSG_GEX_REQUEST = 34,
};

enum stage {
	STAGE_BANNER,
	STAGE_PACKETS,
	STAGE_ENCRYPTED,
	STAGE_LOST, /* nobody knows where the next packet begins */
};

struct side {
	uint8_t stage;
	uint8_t banner_bytes;
	uint8_t head_bytes; /* of the packet that is coming */
	uint8_t lines;      /* before the banner */
	bool is_kept;       /* it is the first KEXINIT */
	bool has_kex;       /* that is all there */
	uint8_t banner[BANNER_MAX];
	uint8_t head[HEAD_BYTES];
	uint32_t left; /* bytes of the packet that are to come */
	uint16_t kex_bytes;
	uint8_t kex[KEX_MAX];
};

/* The server's key: its length in four bytes, then so many. */
struct host_key {
	uint8_t length_bytes;
	uint8_t length[4];
	uint32_t left;
	bool is_coming, is_told;
	struct tls_md5 md5;
	char text[TLS_MD5_TEXT];
};

struct state {
	uint64_t began_ns;
	struct ssh_auth auth;
	struct host_key key;
	bool is_reversed;     /* who opened the connection is the server of SSH in it */
	struct side sides[2]; /* responder, originator */
};

/* Sides by what they are in SSH. */
static const struct side *
client_of(const struct state *s)
{
	return &s->sides[!s->is_reversed];
}

static const struct side *
server_of(const struct state *s)
{
	return &s->sides[s->is_reversed];
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	static const char begin[] = "SSH-";
	(void)call;
	for (size_t i = 0; i < sizeof(begin) - 1 && cursor_left(&first_bytes) > 0; i++)
		if (cursor_u8(&first_bytes) != (uint8_t)begin[i])
			return PROTO_NO;
	uint8_t number = cursor_u8(&first_bytes);
	if (first_bytes.short_read)
		return PROTO_PERHAPS;
	return number == '1' || number == '2' ? PROTO_YES : PROTO_NO;
}

/* ---- what is told ---- */

static const char *
or_null(const char *text)
{
	return text[0] == '\0' ? NULL : text;
}

/* returns NULL when the side did not begin with one */
static const char *
banner_text(const struct side *s, char text[BANNER_TEXT])
{
	struct strbuf out;

	strbuf_init(&out, text, BANNER_TEXT);
	if (s->stage == STAGE_BANNER || s->banner_bytes == 0)
		return NULL;
	for (size_t i = 0; i < s->banner_bytes; i++)
		if (s->banner[i] == '\0')
			strbuf_text(&out, "\\x00");
		else
			strbuf_char(&out, (char)s->banner[i]);
	return text;
}

/* "SSH-2.0-" and "SSH-1.99-" speak version 2. */
static bool
speaks_2(const char *banner)
{
	return strncmp(banner, "SSH-2", 5) == 0 || strncmp(banner, "SSH-1.99", 8) == 0;
}

static uint64_t
version_of(const char *client, const char *server)
{
	if (client == NULL || server == NULL)
		return TRANSACTION_UNSET;
	return speaks_2(client) && speaks_2(server) ? 2 : 1;
}

/* Behind "SSH-2.0-". */
static const char *
software_of(const char *banner)
{
	const char *dash = strchr(banner + 4, '-');

	return dash == NULL ? banner : dash + 1;
}

static void
tell_software(struct proto_call *call, const struct side *s)
{
	char banner[BANNER_TEXT];
	struct software_version version;
	bool is_client = call->from_orig;
	const char *text = software_of(banner_text(s, banner));

	software_version_read(text, &version);
	struct obs_software software = {
		.host = call->src,
		.host_port = is_client ? 0 : call->src_port,
		.type = is_client ? "SSH::CLIENT" : "SSH::SERVER",
		.name = or_null(version.name),
		.addl = or_null(version.addl),
		.unparsed_version = text,
	};
	memcpy(software.version, version.numbers, sizeof(software.version));
	call->emit(call->context, &(struct observation){ .kind = OBS_SOFTWARE,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .software = &software });
}

/* Attempts to log in came out, one way or the other, since there were `before`. */
static void
tell_logins(struct proto_call *call, const struct ssh_auth *auth, uint16_t before)
{
	const struct obs_login login = {
		.protocol = "ssh", .success = auth->success, .known_by = LOGIN_BY_SIZES
	};

	if (auth->attempts != before)
		call->emit(call->context, &(struct observation){ .kind = OBS_LOGIN,
						  .ts_ns = call->ts_ns,
						  .interface = call->interface,
						  .login = &login });
}

/* Texts that an observation of a session points to. */
struct agreed {
	char cipher[SSH_BOTH_MAX], mac[SSH_BOTH_MAX], compression[SSH_BOTH_MAX];
	char kex[SSH_ALG_MAX], host_key_alg[SSH_ALG_MAX];
	char hassh[TLS_MD5_TEXT], hasshserver[TLS_MD5_TEXT];
	char host_key[HOST_KEY_TEXT];
};

static void
host_key_write(const struct host_key *key, char ret_text[HOST_KEY_TEXT])
{
	struct strbuf out;

	strbuf_init(&out, ret_text, HOST_KEY_TEXT);
	for (size_t i = 0; key->is_told && key->text[i] != '\0'; i++) {
		if (i > 0 && i % 2 == 0)
			strbuf_char(&out, ':');
		strbuf_char(&out, key->text[i]);
	}
}

/* What a side offered. returns false when it did not, or in more bytes than are kept */
static bool
offer_of(const struct side *s, struct ssh_kex *ret)
{
	return s->has_kex && ssh_kex_read(cursor_over(s->kex, s->kex_bytes), ret);
}

static void
agree(const struct state *s, struct agreed *ret)
{
	struct ssh_kex client;
	struct ssh_kex server;
	bool has_client = offer_of(client_of(s), &client);
	bool has_server = offer_of(server_of(s), &server);

	memset(ret, 0, sizeof(*ret));
	host_key_write(&s->key, ret->host_key);
	if (has_client)
		ssh_kex_hassh(&client, true, ret->hassh);
	if (has_server)
		ssh_kex_hassh(&server, false, ret->hasshserver);
	if (!has_client || !has_server)
		return;
	ssh_kex_agree(&client, &server, SSH_LIST_KEX, ret->kex);
	ssh_kex_agree(&client, &server, SSH_LIST_HOST_KEY, ret->host_key_alg);
	ssh_kex_agree_both(&client, &server, SSH_LIST_CIPHER_TO_SERVER, ret->cipher);
	ssh_kex_agree_both(&client, &server, SSH_LIST_MAC_TO_SERVER, ret->mac);
	ssh_kex_agree_both(&client, &server, SSH_LIST_COMPRESSION_TO_SERVER, ret->compression);
}

static const char *
direction_of(const struct proto_call *call)
{
	bool from_here = addr_is_private(call->from_orig ? &call->src : &call->dst);
	bool to_here = addr_is_private(call->from_orig ? &call->dst : &call->src);

	if (from_here == to_here)
		return NULL;
	return from_here ? "OUTBOUND" : "INBOUND";
}

static void
tell(struct proto_call *call, const struct state *s)
{
	char server_text[BANNER_TEXT];
	char client_text[BANNER_TEXT];
	struct agreed agreed;
	const char *server = banner_text(&s->sides[0], server_text);
	const char *client = banner_text(&s->sides[1], client_text);

	if (server == NULL && client == NULL)
		return;
	agree(s, &agreed);
	struct obs_ssh ssh = {
		.version = version_of(client, server),
		.auth_success = s->auth.success,
		.auth_attempts = s->auth.attempts,
		.direction = direction_of(call),
		.client = client,
		.server = server,
		.cipher_alg = or_null(agreed.cipher),
		.mac_alg = or_null(agreed.mac),
		.compression_alg = or_null(agreed.compression),
		.kex_alg = or_null(agreed.kex),
		.host_key_alg = or_null(agreed.host_key_alg),
		.host_key = or_null(agreed.host_key),
		.hassh = or_null(agreed.hassh),
		.hasshserver = or_null(agreed.hasshserver),
	};
	call->emit(call->context, &(struct observation){ .kind = OBS_SSH,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .began_ns = s->began_ns,
					  .ssh = &ssh });
}

/* ---- what is read ---- */

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool
is_banner(const struct side *s)
{
	return s->banner_bytes >= 4 && memcmp(s->banner, "SSH-", 4) == 0;
}

/* Take bytes of a banner, and of lines before it. returns true when it has ended */
static bool
banner_take(struct side *s, struct cursor *bytes)
{
	while (cursor_left(bytes) > 0) {
		uint8_t byte = cursor_u8(bytes);
		if (byte == '\n') {
			if (s->banner_bytes > 0 && s->banner[s->banner_bytes - 1] == '\r')
				s->banner_bytes--;
			s->stage = STAGE_PACKETS;
		} else if (s->banner_bytes == BANNER_MAX) {
			s->stage = STAGE_LOST;
		} else {
			s->banner[s->banner_bytes++] = byte;
			continue;
		}
		if (is_banner(s))
			return true;
		s->banner_bytes = 0;
		if (s->stage == STAGE_LOST || s->lines++ == LINES_MAX) {
			s->stage = STAGE_LOST;
			return false;
		}
		s->stage = STAGE_BANNER;
	}
	return false;
}

/* Does a message of the server begin with its key? */
static bool
has_host_key(const struct state *s, uint8_t message)
{
	struct ssh_kex client;
	struct ssh_kex server;
	char name[SSH_ALG_MAX];

	if ((message != MSG_KEX_REPLY && message != MSG_GEX_REPLY) ||
		!offer_of(client_of(s), &client) || !offer_of(server_of(s), &server))
		return false;
	ssh_kex_agree(&client, &server, SSH_LIST_KEX, name);
	bool is_exchange = strncmp(name, "diffie-hellman-group-exchange-", 30) == 0;
	return message == (is_exchange ? MSG_GEX_REPLY : MSG_KEX_REPLY);
}

/* The head of a packet is there. */
static void
packet_begin(struct state *state, struct side *s)
{
	struct cursor head = cursor_over(s->head, HEAD_BYTES);
	uint32_t length = cursor_be32(&head);
	uint8_t padding = cursor_u8(&head);
	uint8_t message = cursor_u8(&head);

	if (length < 2U + padding || length > PACKET_MAX) {
		s->stage = STAGE_LOST;
		return;
	}
	s->left = length - 2;
	s->is_kept = message == MSG_KEXINIT && !s->has_kex && s->kex_bytes == 0;
	if (message == MSG_KEX_INIT || message == MSG_GEX_REQUEST)
		state->is_reversed = s == &state->sides[0];
	if (s == server_of(state) && !state->key.is_told && has_host_key(state, message)) {
		state->key = (struct host_key){ .is_coming = true };
		tls_md5_begin(&state->key.md5);
	}
}

/* The last byte of a packet was seen. */
static void
packet_end(struct state *state, struct side *s)
{
	s->head_bytes = 0;
	s->has_kex |= s->is_kept;
	s->is_kept = false;
	if (s->head[HEAD_BYTES - 1] == MSG_NEWKEYS)
		s->stage = STAGE_ENCRYPTED;
	if (s == server_of(state))
		state->key.is_coming = false;
}

/* Take the server's key out of a message that begins with it. */
static void
host_key_take(struct host_key *key, struct cursor bytes)
{
	while (key->length_bytes < sizeof(key->length) && cursor_left(&bytes) > 0) {
		key->length[key->length_bytes++] = cursor_u8(&bytes);
		if (key->length_bytes == sizeof(key->length)) {
			struct cursor length = cursor_over(key->length, sizeof(key->length));
			key->left = cursor_be32(&length);
		}
	}
	size_t size = smaller(key->left, cursor_left(&bytes));
	if (size == 0)
		return;
	tls_md5_add(&key->md5, cursor_take(&bytes, size), size);
	key->left -= (uint32_t)size;
	if (key->left > 0)
		return;
	tls_md5_end(&key->md5, key->text);
	key->is_told = true;
	key->is_coming = false;
}

static void
packet_take(struct state *state, struct side *s, struct cursor *bytes)
{
	while (s->head_bytes < HEAD_BYTES && cursor_left(bytes) > 0) {
		s->head[s->head_bytes++] = cursor_u8(bytes);
		if (s->head_bytes == HEAD_BYTES)
			packet_begin(state, s);
	}
	if (s->head_bytes < HEAD_BYTES || s->stage == STAGE_LOST)
		return;
	struct cursor part = cursor_sub(bytes, smaller(s->left, cursor_left(bytes)));
	size_t size = cursor_left(&part);
	s->left -= (uint32_t)size;
	if (s == server_of(state) && state->key.is_coming)
		host_key_take(&state->key, part);
	if (s->is_kept) {
		size_t kept = smaller(size, sizeof(s->kex) - s->kex_bytes);
		cursor_bytes(&part, s->kex + s->kex_bytes, kept);
		s->kex_bytes += (uint16_t)kept;
	}
	if (s->left == 0)
		packet_end(state, s);
}

/* Will nothing more be found out? */
static bool
is_over(const struct state *s)
{
	const struct side *server = &s->sides[0];
	const struct side *client = &s->sides[1];

	if (server->stage == STAGE_BANNER || client->stage == STAGE_BANNER)
		return false;
	char server_text[BANNER_TEXT];
	char client_text[BANNER_TEXT];
	return server->stage == STAGE_LOST || client->stage == STAGE_LOST ||
	       version_of(banner_text(client, client_text), banner_text(server, server_text)) !=
		       2 ||
	       ssh_auth_is_over(&s->auth);
}

static void
encrypted_take(struct proto_call *call, struct state *state, bool is_client, uint32_t bytes)
{
	uint16_t before = state->auth.attempts;

	if (is_client)
		ssh_auth_client(&state->auth);
	else
		ssh_auth_server(&state->auth, bytes);
	tell_logins(call, &state->auth, before);
}

static void
take(struct proto_call *call, struct state *state, struct side *s, struct cursor *bytes)
{
	switch ((enum stage)s->stage) {
	case STAGE_BANNER:
		if (banner_take(s, bytes))
			tell_software(call, s);
		break;
	case STAGE_PACKETS:
		packet_take(state, s, bytes);
		break;
	case STAGE_ENCRYPTED:
		encrypted_take(call, state, s == client_of(state), (uint32_t)cursor_left(bytes));
		(void)cursor_take(bytes, cursor_left(bytes));
		break;
	case STAGE_LOST:
		(void)cursor_take(bytes, cursor_left(bytes));
		break;
	}
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *state = call->state;
	struct side *s = &state->sides[call->from_orig];

	if (state->began_ns == 0)
		state->began_ns = call->ts_ns;
	while (cursor_left(&bytes) > 0) {
		take(call, state, s, &bytes);
		if (is_over(state)) {
			tell(call, state);
			return PROTO_DONE;
		}
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct state *state = call->state;
	struct side *s = &state->sides[call->from_orig];

	if (s->stage == STAGE_PACKETS && s->head_bytes == HEAD_BYTES && missing < s->left &&
		!s->is_kept) {
		s->left -= missing;
		state->key.is_coming &= s != server_of(state);
		return PROTO_MORE;
	}
	if (s->stage == STAGE_BANNER)
		s->banner_bytes = 0;
	ssh_auth_gap(&state->auth);
	s->stage = STAGE_LOST;
	if (!is_over(state))
		return PROTO_MORE;
	tell(call, state);
	return PROTO_DONE;
}

static void
end(struct proto_call *call)
{
	struct state *state = call->state;

	uint16_t before = state->auth.attempts;

	ssh_auth_end(&state->auth);
	tell_logins(call, &state->auth, before);
	tell(call, state);
}

const struct protocol protocol_ssh = {
	.name = "ssh",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
