#include "daemon/proto/ssl2.h"

enum {
	SIZE_MASK = 0x7fff,
	SIZE_BYTES = 2,
	SIZE_HIGH_MOST = SSL2_HEADER_BIT | 0x0f, /* a hello is below 4 KiB */
	CIPHER_BYTES = 3,
	SESSION_BYTES = 16,
	CHALLENGE_LEAST = 16,
	CHALLENGE_MOST = 32,
	MAJOR_VERSION = 3,
};

bool
ssl2_hello_read(struct cursor header, struct ssl2_hello *ret)
{
	uint16_t head = cursor_be16(&header);
	uint8_t type = cursor_u8(&header);
	uint16_t version = cursor_be16(&header);
	uint16_t ciphers = cursor_be16(&header);
	uint16_t session = cursor_be16(&header);
	uint16_t challenge = cursor_be16(&header);

	if (header.short_read || head >> 8 < SSL2_HEADER_BIT || head >> 8 > SIZE_HIGH_MOST ||
		type != TLS_CLIENT_HELLO)
		return false;
	if (version != TLS_VERSION_SSL2 && version >> 8 != MAJOR_VERSION)
		return false;
	if (ciphers == 0 || ciphers % CIPHER_BYTES != 0 ||
		(session != 0 && session != SESSION_BYTES) || challenge < CHALLENGE_LEAST ||
		challenge > CHALLENGE_MOST)
		return false;
	ret->version = version;
	ret->size = SIZE_BYTES + (size_t)(head & SIZE_MASK);
	return ret->size == SSL2_HEADER + (size_t)ciphers + session + challenge;
}

enum proto_guess
ssl2_looks_like(struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	struct ssl2_hello hello;

	if (cursor_left(&c) >= SSL2_HEADER)
		return ssl2_hello_read(first_bytes, &hello) ? PROTO_YES : PROTO_NO;
	uint8_t high = cursor_u8(&c);
	if (!c.short_read && (high < SSL2_HEADER_BIT || high > SIZE_HIGH_MOST))
		return PROTO_NO;
	(void)cursor_u8(&c);
	uint8_t type = cursor_u8(&c);
	return c.short_read || type == TLS_CLIENT_HELLO ? PROTO_PERHAPS : PROTO_NO;
}

void
ssl2_offer(struct proto_call *call, struct tls_session *s, const struct ssl2_hello *hello)
{
	call->weird(call->context, WEIRD_TLS_SSL2);
	tls_session_begin(call, s, TLS_CLIENT_HELLO);
	s->has_client = true;
	s->client.legacy_version = hello->version;
	s->client.version = hello->version;
}

void
ssl2_answer(struct proto_call *call, struct tls_session *s)
{
	tls_session_begin(call, s, TLS_SERVER_HELLO);
	s->has_server = true;
	s->server.legacy_version = TLS_VERSION_SSL2;
	s->server.version = TLS_VERSION_SSL2;
}
