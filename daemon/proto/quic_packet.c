#include "daemon/proto/quic_packet.h"

#include "daemon/base/strbuf.h"

#include <string.h>

enum {
	LONG_HEADER = 0x80,
	VERSION_1 = 1,
	VERSION_2 = 0x6b3343cf,
	DRAFT = 0xff0000, /* and the draft's number in the last byte */
	DRAFT_LAST = 34,
	FACEBOOK = 0xfaceb0, /* and the revision in the last byte */
	FACEBOOK_LAST = 0x1f,
	OLD_HAS_VERSION = 0x01,
	OLD_HAS_ID = 0x08,
	OLD_ID_BYTES = 8,
};

static const struct quic_version versions[] = {
	{ VERSION_1, VERSION_1, false,
		{ 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4,
			0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a } },
	{ VERSION_2, VERSION_2, true,
		{ 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e,
			0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 } },
	{ 0xff000021, 0xff000022, false, /* drafts 33 and 34 */
		{ 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4,
			0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a } },
	{ 0xff00001d, 0xff000020, false, /* drafts 29 to 32 */
		{ 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c,
			0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 } },
	{ 0xff000017, 0xff00001c, false, /* drafts 23 to 28 */
		{ 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b,
			0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 } },
};

uint64_t
quic_varint(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	uint64_t value = first & 0x3f;

	for (unsigned more = (1U << (first >> 6)) - 1; more > 0; more--)
		value = value << 8 | cursor_u8(c);
	return c->short_read ? 0 : value;
}

const struct quic_version *
quic_version_of(uint32_t version)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (version >= versions[i].first && version <= versions[i].last)
			return &versions[i];
	return NULL;
}

/* "Q046", "T051": two letters and two digits, as text on the wire. */
static bool
is_google(uint32_t version)
{
	uint8_t letter = (uint8_t)(version >> 24);
	uint8_t tens = (uint8_t)(version >> 8);
	uint8_t ones = (uint8_t)version;

	return (letter == 'Q' || letter == 'T') && (uint8_t)(version >> 16) == '0' && tens >= '0' &&
	       tens <= '9' && ones >= '0' && ones <= '9';
}

static bool
is_draft(uint32_t version)
{
	return version >> 8 == DRAFT && (version & 0xff) >= 1 && (version & 0xff) <= DRAFT_LAST;
}

bool
quic_version_is_used(uint32_t version)
{
	return quic_version_of(version) != NULL || is_draft(version) || is_google(version) ||
	       (version >> 8 == FACEBOOK && (version & 0xff) <= FACEBOOK_LAST);
}

void
quic_version_name(uint32_t version, char ret_name[QUIC_VERSION_NAME_MAX])
{
	static const char digits[] = "0123456789abcdef";
	struct strbuf out;

	strbuf_init(&out, ret_name, QUIC_VERSION_NAME_MAX);
	if (version == VERSION_1) {
		strbuf_text(&out, "1");
	} else if (version == VERSION_2) {
		strbuf_text(&out, "quicv2");
	} else if (is_draft(version)) {
		strbuf_text(&out, "draft-");
		strbuf_u64(&out, version & 0xff);
	} else if (is_google(version)) {
		for (unsigned shift = 32; shift > 0; shift -= 8)
			strbuf_char(&out, (char)(version >> (shift - 8)));
	} else {
		bool is_used = quic_version_is_used(version);
		strbuf_text(&out, is_used ? "mvfst (" : "unknown-");
		for (unsigned shift = 32; shift > 0; shift -= 4)
			strbuf_char(&out, digits[version >> (shift - 4) & 0xf]);
		strbuf_text(&out, is_used ? ")" : "");
	}
}

bool
quic_is_old(struct cursor datagram, uint32_t *ret_version)
{
	uint8_t flags = cursor_u8(&datagram);

	(void)cursor_take(&datagram, OLD_ID_BYTES);
	*ret_version = cursor_be32(&datagram);
	return !datagram.short_read && (flags & (LONG_HEADER | QUIC_FIXED_BIT)) == 0 &&
	       (flags & OLD_HAS_VERSION) != 0 && (flags & OLD_HAS_ID) != 0 &&
	       is_google(*ret_version);
}

static enum quic_type
type_of(const struct quic_packet *p, uint8_t first)
{
	static const enum quic_type types[2][4] = {
		{ QUIC_INITIAL, QUIC_ZERO_RTT, QUIC_HANDSHAKE, QUIC_RETRY },
		{ QUIC_RETRY, QUIC_INITIAL, QUIC_ZERO_RTT, QUIC_HANDSHAKE },
	};

	if (p->version == 0)
		return QUIC_NEGOTIATION;
	if (p->known == NULL)
		return QUIC_UNKNOWN;
	return types[p->known->is_2][first >> 4 & 3];
}

/* An id behind its length. */
static bool
id_read(struct cursor *c, struct cursor *ret_id)
{
	uint8_t size = cursor_u8(c);

	*ret_id = cursor_sub(c, size);
	return !c->short_read && size <= QUIC_ID_MAX;
}

/* The rest of a long header, from its version on. returns false when it breaks off */
static bool
long_header_read(struct cursor *c, uint8_t first, struct quic_packet *ret)
{
	const uint8_t *begin = c->at - 1;

	ret->version = cursor_be32(c);
	ret->known = quic_version_of(ret->version);
	ret->type = type_of(ret, first);
	/* Google's have their ids in other places. */
	if (!is_google(ret->version) && (!id_read(c, &ret->dcid) || !id_read(c, &ret->scid)))
		return false;
	if (ret->type == QUIC_INITIAL) {
		uint64_t token = quic_varint(c);
		(void)cursor_take(c, token > cursor_left(c) ? SIZE_MAX : (size_t)token);
	}
	size_t rest = cursor_left(c);
	if (ret->type == QUIC_INITIAL || ret->type == QUIC_ZERO_RTT ||
		ret->type == QUIC_HANDSHAKE) {
		uint64_t size = quic_varint(c);
		rest = size > cursor_left(c) ? SIZE_MAX : (size_t)size;
	}
	ret->number_at = (size_t)(c->at - begin);
	return cursor_take(c, rest) != NULL;
}

bool
quic_packet_next(struct cursor *datagram, struct quic_packet *ret)
{
	struct cursor begin = *datagram;
	uint8_t first = cursor_u8(datagram);

	memset(ret, 0, sizeof(*ret));
	if ((first & LONG_HEADER) != 0) {
		if (!long_header_read(datagram, first, ret))
			return false;
	} else {
		ret->type = QUIC_SHORT;
		/* What fills up a datagram is no packet. */
		if ((first & QUIC_FIXED_BIT) == 0 ||
			cursor_take(datagram, cursor_left(datagram)) == NULL)
			return false;
	}
	ret->whole = cursor_sub(&begin, (size_t)(datagram->at - begin.at));
	return !datagram->short_read;
}
