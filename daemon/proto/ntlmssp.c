#include "daemon/proto/ntlmssp.h"

#include "daemon/proto/wire_text.h"
#include "daemon/transactions/login.h"

#include <string.h>

static const char signature[8] = "NTLMSSP";

enum {
	CHALLENGE = 2,
	AUTHENTICATE = 3,
	NEGOTIATE_UNICODE = 1,
	AV_NB_COMPUTER = 1,
	AV_DNS_COMPUTER = 3,
	AV_DNS_TREE = 5,
	AV_END = 0,
};

/* Move `c` to the signature. returns false when there is none */
static bool
find_signature(struct cursor *c)
{
	while (cursor_left(c) >= sizeof(signature)) {
		const uint8_t *n = memchr(c->at, signature[0], cursor_left(c));
		if (n == NULL)
			return false;
		(void)cursor_take(c, (size_t)(n - c->at));
		struct cursor there = *c;
		const uint8_t *bytes = cursor_take(&there, sizeof(signature));
		if (bytes != NULL && memcmp(bytes, signature, sizeof(signature)) == 0)
			return true;
		(void)cursor_u8(c);
	}
	return false;
}

/* What the fields at `c` (size, room, offset in the message) point to. */
static struct cursor
payload_read(struct cursor message, struct cursor *c)
{
	uint16_t size = cursor_le16(c);

	(void)cursor_le16(c);
	(void)cursor_take(&message, cursor_le32(c));
	return cursor_sub(&message, size);
}

static void
challenge_read(struct ntlmssp *n, struct cursor message, struct cursor c)
{
	(void)payload_read(message, &c);  /* the target's name */
	(void)cursor_take(&c, 4 + 8 + 8); /* flags, challenge, reserved */
	struct cursor info = payload_read(message, &c);
	while (cursor_left(&info) > 0) {
		uint16_t id = cursor_le16(&info);
		struct cursor value = cursor_sub(&info, cursor_le16(&info));
		if (id == AV_END)
			break;
		if (id == AV_NB_COMPUTER)
			(void)wire_text_utf16(n->server_nb_name, NTLM_TEXT_MAX, value);
		else if (id == AV_DNS_COMPUTER)
			(void)wire_text_utf16(n->server_dns_name, NTLM_TEXT_MAX, value);
		else if (id == AV_DNS_TREE)
			(void)wire_text_utf16(n->server_tree_name, NTLM_TEXT_MAX, value);
	}
}

static void
authenticate_read(struct ntlmssp *n, struct cursor message, struct cursor c)
{
	(void)payload_read(message, &c); /* two responses */
	(void)payload_read(message, &c);
	struct cursor domain = payload_read(message, &c);
	struct cursor user = payload_read(message, &c);
	struct cursor host = payload_read(message, &c);
	(void)payload_read(message, &c); /* session key */
	bool is_unicode = (cursor_le32(&c) & NEGOTIATE_UNICODE) != 0;
	size_t (*text)(char *, size_t, struct cursor) = is_unicode ? wire_text_utf16 : wire_text;

	(void)text(n->domain, NTLM_TEXT_MAX, domain);
	(void)text(n->user, NTLM_TEXT_MAX, user);
	(void)text(n->host, NTLM_TEXT_MAX, host);
	n->is_pending = true;
}

bool
ntlmssp_read(struct ntlmssp *n, const struct proto_call *call, struct cursor blob)
{
	if (!find_signature(&blob))
		return false;
	struct cursor c = blob;
	(void)cursor_take(&c, sizeof(signature));
	uint32_t type = cursor_le32(&c);
	if (type == CHALLENGE) {
		*n = (struct ntlmssp){ .began_ns = call->ts_ns };
		challenge_read(n, blob, c);
	} else if (type == AUTHENTICATE) {
		authenticate_read(n, blob, c);
	}
	return true;
}

void
ntlmssp_tell(
	struct ntlmssp *n, const struct proto_call *call, const char *protocol, enum truth success)
{
	const struct obs_ntlm ntlm = {
		.user = wire_text_or_null(n->user),
		.host = wire_text_or_null(n->host),
		.domain = wire_text_or_null(n->domain),
		.server_nb_name = wire_text_or_null(n->server_nb_name),
		.server_dns_name = wire_text_or_null(n->server_dns_name),
		.server_tree_name = wire_text_or_null(n->server_tree_name),
		.success = success,
	};
	const struct obs_login login = {
		.protocol = protocol,
		.user = ntlm.user,
		.success = success,
		.method = "NTLM",
		.known_by = success == TRUTH_UNKNOWN ? NULL : LOGIN_BY_REPLY,
	};
	struct observation o = {
		.kind = OBS_NTLM,
		.ts_ns = call->ts_ns,
		.began_ns = n->began_ns,
		.interface = call->interface,
		.ntlm = &ntlm,
	};

	if (!n->is_pending)
		return;
	call->emit(call->context, &o);
	if (login.user != NULL) {
		o.kind = OBS_LOGIN;
		o.login = &login;
		call->emit(call->context, &o);
	}
	*n = (struct ntlmssp){ 0 };
}
