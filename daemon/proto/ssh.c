/*
 * ssh.c -- an SSH session up to the log-in (RFC 4253): banners, what was agreed on, who was let in.
 *
 * Recognised by the banner of either side, on any port. The packets of a key exchange are in the clear and
 * read until each side's NEWKEYS; of those only KEXINIT is kept, SSH_KEXINIT_MAX bytes a side, and of the
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
#include "daemon/proto/proto.h"
#include "daemon/proto/ssh_session.h"
#include "daemon/proto/ssh_tell.h"

#include <netinet/in.h>
#include <string.h>

enum {
	LINES_MAX = 32,
	PACKET_MAX = 256 << 10,

	MSG_KEXINIT = 20,
	MSG_NEWKEYS = 21,
	MSG_KEX_INIT = 30,
	MSG_KEX_REPLY = 31,
	MSG_GEX_REPLY = 33, /* of a group exchange (RFC 4419), where 31 is the group */
	MSG_GEX_REQUEST = 34,
};

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

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Take bytes of a banner, and of lines before it. returns true when it has ended */
static bool
banner_take(struct ssh_side *s, struct cursor *bytes)
{
	while (cursor_left(bytes) > 0) {
		uint8_t byte = cursor_u8(bytes);
		if (byte == '\n') {
			if (s->banner_bytes > 0 && s->banner[s->banner_bytes - 1] == '\r')
				s->banner_bytes--;
			s->stage = SSH_STAGE_PACKETS;
		} else if (s->banner_bytes == SSH_BANNER_MAX) {
			s->stage = SSH_STAGE_LOST;
		} else {
			s->banner[s->banner_bytes++] = byte;
			continue;
		}
		if (ssh_banner_begins(s, "SSH-"))
			return true;
		s->banner_bytes = 0;
		if (s->stage == SSH_STAGE_LOST || s->lines++ == LINES_MAX) {
			s->stage = SSH_STAGE_LOST;
			return false;
		}
		s->stage = SSH_STAGE_BANNER;
	}
	return false;
}

/* Does a message of the server begin with its key? */
static bool
has_host_key(const struct ssh_session *s, uint8_t message)
{
	struct ssh_kex client;
	struct ssh_kex server;
	char name[SSH_ALG_MAX];

	if ((message != MSG_KEX_REPLY && message != MSG_GEX_REPLY) ||
		!ssh_offer(ssh_client(s), &client) || !ssh_offer(ssh_server(s), &server))
		return false;
	ssh_kex_agree(&client, &server, SSH_LIST_KEX, name);
	bool is_exchange = strncmp(name, "diffie-hellman-group-exchange-", 30) == 0;
	return message == (is_exchange ? MSG_GEX_REPLY : MSG_KEX_REPLY);
}

/* The head of a packet is there. */
static void
packet_begin(struct ssh_session *state, struct ssh_side *s)
{
	struct cursor head = cursor_over(s->head, SSH_HEAD_BYTES);
	uint32_t length = cursor_be32(&head);
	uint8_t padding = cursor_u8(&head);
	uint8_t message = cursor_u8(&head);

	if (length < 2U + padding || length > PACKET_MAX) {
		s->stage = SSH_STAGE_LOST;
		return;
	}
	s->left = length - 2;
	s->is_kept = message == MSG_KEXINIT && !s->has_kex && s->kex_bytes == 0;
	if (message == MSG_KEX_INIT || message == MSG_GEX_REQUEST)
		state->is_reversed = s == &state->sides[0];
	if (s == ssh_server(state) && !state->key.is_told && has_host_key(state, message)) {
		state->key = (struct ssh_host_key){ .is_coming = true };
		digest_md5_begin(&state->key.md5);
	}
}

/* The last byte of a packet was seen. */
static void
packet_end(struct ssh_session *state, struct ssh_side *s)
{
	s->head_bytes = 0;
	s->has_kex |= s->is_kept;
	s->is_kept = false;
	if (s->head[SSH_HEAD_BYTES - 1] == MSG_NEWKEYS)
		s->stage = SSH_STAGE_ENCRYPTED;
	if (s == ssh_server(state))
		state->key.is_coming = false;
}

/* Take the server's key out of a message that begins with it. */
static void
host_key_take(struct ssh_host_key *key, struct cursor bytes)
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
	digest_md5_add(&key->md5, cursor_take(&bytes, size), size);
	key->left -= (uint32_t)size;
	if (key->left > 0)
		return;
	digest_md5_end(&key->md5, key->text);
	key->is_told = true;
	key->is_coming = false;
}

static void
packet_take(struct ssh_session *state, struct ssh_side *s, struct cursor *bytes)
{
	while (s->head_bytes < SSH_HEAD_BYTES && cursor_left(bytes) > 0) {
		s->head[s->head_bytes++] = cursor_u8(bytes);
		if (s->head_bytes == SSH_HEAD_BYTES)
			packet_begin(state, s);
	}
	if (s->head_bytes < SSH_HEAD_BYTES || s->stage == SSH_STAGE_LOST)
		return;
	struct cursor part = cursor_sub(bytes, smaller(s->left, cursor_left(bytes)));
	size_t size = cursor_left(&part);
	s->left -= (uint32_t)size;
	if (s == ssh_server(state) && state->key.is_coming)
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
is_over(const struct ssh_session *s)
{
	const struct ssh_side *server = &s->sides[0];
	const struct ssh_side *client = &s->sides[1];

	if (server->stage == SSH_STAGE_BANNER || client->stage == SSH_STAGE_BANNER)
		return false;
	return server->stage == SSH_STAGE_LOST || client->stage == SSH_STAGE_LOST ||
	       !ssh_speaks_2(server) || !ssh_speaks_2(client) || ssh_auth_is_over(&s->auth);
}

/* Attempts to log in may have come out since there were `before`. */
static void
logins_tell(struct proto_call *call, const struct ssh_session *s, uint16_t before)
{
	if (s->auth.attempts != before)
		ssh_tell_login(call, &s->auth);
}

static void
encrypted_take(struct proto_call *call, struct ssh_session *state, bool is_client, uint32_t bytes)
{
	uint16_t before = state->auth.attempts;

	if (is_client)
		ssh_auth_client(&state->auth);
	else
		ssh_auth_server(&state->auth, bytes);
	logins_tell(call, state, before);
}

static void
take(struct proto_call *call, struct ssh_session *state, struct ssh_side *s, struct cursor *bytes)
{
	switch ((enum ssh_stage)s->stage) {
	case SSH_STAGE_BANNER:
		if (banner_take(s, bytes))
			ssh_tell_software(call, s);
		break;
	case SSH_STAGE_PACKETS:
		packet_take(state, s, bytes);
		break;
	case SSH_STAGE_ENCRYPTED:
		encrypted_take(call, state, s == ssh_client(state), (uint32_t)cursor_left(bytes));
		(void)cursor_take(bytes, cursor_left(bytes));
		break;
	case SSH_STAGE_LOST:
		(void)cursor_take(bytes, cursor_left(bytes));
		break;
	}
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct ssh_session *state = call->state;
	struct ssh_side *s = &state->sides[call->from_orig];

	if (state->began_ns == 0)
		state->began_ns = call->ts_ns;
	while (cursor_left(&bytes) > 0) {
		take(call, state, s, &bytes);
		if (is_over(state)) {
			ssh_tell(call, state);
			return PROTO_DONE;
		}
	}
	return PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct ssh_session *state = call->state;
	struct ssh_side *s = &state->sides[call->from_orig];

	if (s->stage == SSH_STAGE_PACKETS && s->head_bytes == SSH_HEAD_BYTES && missing < s->left &&
		!s->is_kept) {
		s->left -= missing;
		state->key.is_coming &= s != ssh_server(state);
		return PROTO_MORE;
	}
	if (s->stage == SSH_STAGE_BANNER)
		s->banner_bytes = 0;
	ssh_auth_gap(&state->auth);
	s->stage = SSH_STAGE_LOST;
	if (!is_over(state))
		return PROTO_MORE;
	ssh_tell(call, state);
	return PROTO_DONE;
}

static void
end(struct proto_call *call)
{
	struct ssh_session *state = call->state;
	uint16_t before = state->auth.attempts;

	ssh_auth_end(&state->auth);
	logins_tell(call, state, before);
	ssh_tell(call, state);
}

const struct protocol protocol_ssh = {
	.name = "ssh",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct ssh_session),
	.begins = PROTO_BEGINS({ 'S', 'S' }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
