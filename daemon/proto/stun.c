/*
 * stun.c -- STUN (RFC 8489): as whom the outside sees a host.
 *
 * Recognised by its cookie and a length that fits, on any port and of any method; messages of RFC 3489, which have none, are
 * not. The first answer that maps an address ends it, and so does the first datagram that is no STUN: what
 * follows in the conversation is a call's media, and for nobody to read, or the DTLS by which its keys are
 * agreed (RFC 8827): it is handed on.
 */
#include "daemon/transactions/stun.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"

#include <netinet/in.h>

enum {
	COOKIE = 0x2112a442,
	COOKIE_BYTES = 4,
	TRANSACTION_BYTES = 12,
	CLASS_BITS = 0x0110,
	CLASS_SUCCESS = 0x0100,
	METHOD_BITS = 0x3fff, /* the others are zero */
	FAMILY_4 = 1,
	FAMILY_6 = 2,
};

enum attribute { MAPPED = 0x0001, XOR_MAPPED = 0x0020, SOFTWARE = 0x8022 };

/* Read the header. returns false when it is not STUN's */
static bool
read_header(struct cursor *c, uint16_t *ret_type, struct cursor *ret_key)
{
	uint16_t type = cursor_be16(c);
	uint16_t size = cursor_be16(c);
	struct cursor whole = *c;
	uint32_t cookie = cursor_be32(c);
	struct cursor key = cursor_sub(&whole, COOKIE_BYTES + TRANSACTION_BYTES);

	(void)cursor_take(c, TRANSACTION_BYTES);
	*ret_type = type;
	*ret_key = key;
	return !c->short_read && (type & ~METHOD_BITS) == 0 && cookie == COOKIE &&
	       size == cursor_left(c);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	uint16_t type;
	struct cursor key;

	(void)call;
	return read_header(&first_bytes, &type, &key) ? PROTO_YES : PROTO_NO;
}

/* An address, combined with the cookie and the transaction's number if there is a key. */
static void
read_address(struct cursor value, const struct cursor *key, struct obs_stun *stun)
{
	uint16_t family = cursor_be16(&value); /* behind a byte of nothing */
	uint16_t port = cursor_be16(&value);
	uint8_t bytes[16] = { 0 };
	size_t size = family == FAMILY_4 ? 4 : sizeof(bytes);

	if ((family != FAMILY_4 && family != FAMILY_6) || cursor_left(&value) != size)
		return;
	cursor_bytes(&value, bytes, size);
	for (size_t i = 0; key != NULL && i < size; i++)
		bytes[i] ^= key->at[i];
	stun->mapped = family == FAMILY_4 ? addr_from_v4(bytes) : addr_from_v6(bytes);
	stun->mapped_port = key != NULL ? port ^ (uint16_t)(COOKIE >> 16) : port;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct cursor c = bytes;
	struct cursor key;
	uint16_t type;
	char software[STUN_TEXT_MAX];
	struct obs_stun stun = { 0 };

	if (!read_header(&c, &type, &key))
		return PROTO_HANDOVER;
	if ((type & CLASS_BITS) != CLASS_SUCCESS)
		return PROTO_MORE;
	while (cursor_left(&c) > 0) {
		uint16_t attribute = cursor_be16(&c);
		uint16_t size = cursor_be16(&c);
		struct cursor value = cursor_sub(&c, size);
		(void)cursor_take(&c, -size & 3U);
		if (attribute == XOR_MAPPED) {
			read_address(value, &key, &stun);
		} else if (attribute == MAPPED && stun.mapped_port == 0) {
			read_address(value, NULL, &stun);
		} else if (attribute == SOFTWARE && !value.short_read) {
			(void)wire_text(software, sizeof(software), value);
			stun.software = software;
		}
	}
	if (stun.mapped_port == 0)
		return PROTO_MORE;
	call->emit(call->context, &(struct observation){ .kind = OBS_STUN,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .stun = &stun });
	return PROTO_HANDOVER;
}

const struct protocol protocol_stun = {
	.name = "stun",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 0, METHOD_BITS >> 8 }),
	.looks_like = looks_like,
	.parse = parse,
};
