/*
 * bittorrent.c -- the handshake of BitTorrent's peers (BEP 3): who, and for what.
 *
 * Recognised by its first 20 bytes, on any port. Each side's handshake is told; after both, or when
 * anything else comes, the flow is done. Peers that encrypt are not seen.
 */
#include "daemon/proto/bittorrent.h"

#include "daemon/transactions/bittorrent.h"

#include <netinet/in.h>
#include <string.h>

static const char magic[] = "\x13"
			    "BitTorrent protocol";

enum {
	MAGIC_BYTES = sizeof(magic) - 1,
	RESERVED_BYTES = 8,
	HANDSHAKE_BYTES = MAGIC_BYTES + RESERVED_BYTES + 2 * BITTORRENT_ID_BYTES,
	HEX_DIGITS = 2 * BITTORRENT_ID_BYTES,
	CLIENT_BYTES = 6, /* "-TR3000-": the letters and digits between the strokes */
	DONE_BOTH = 3,
};

struct side {
	uint8_t got;
	uint8_t bytes[HANDSHAKE_BYTES];
};

struct state {
	struct side sides[2];
	uint8_t done; /* bit n: side n has shaken hands */
};

/* returns a text of 40 digits at `ret_text`, or NULL when there are no bytes for it */
static const char *
hex_write(struct cursor c, char *ret_text)
{
	static const char digits[] = "0123456789abcdef";

	if (cursor_left(&c) != BITTORRENT_ID_BYTES)
		return NULL;
	for (size_t i = 0; i < BITTORRENT_ID_BYTES; i++) {
		uint8_t b = cursor_u8(&c);
		ret_text[2 * i] = digits[b >> 4];
		ret_text[2 * i + 1] = digits[b & 0xf];
	}
	ret_text[HEX_DIGITS] = '\0';
	return ret_text;
}

/* BEP 20: "-AZ2060-" */
static const char *
client_write(struct cursor peer_id, char *ret_text)
{
	if (cursor_u8(&peer_id) != '-')
		return NULL;
	for (unsigned i = 0; i < CLIENT_BYTES; i++) {
		uint8_t b = cursor_u8(&peer_id);
		if (b <= ' ' || b > '~')
			return NULL;
		ret_text[i] = (char)b;
	}
	ret_text[CLIENT_BYTES] = '\0';
	return cursor_u8(&peer_id) == '-' ? ret_text : NULL;
}

void
bittorrent_tell(const struct proto_call *call, const char *action, struct cursor info_hash,
	struct cursor peer_id)
{
	char hash[HEX_DIGITS + 1];
	char id[HEX_DIGITS + 1];
	char client[CLIENT_BYTES + 1];
	const struct obs_bittorrent bittorrent = {
		.action = action,
		.info_hash = hex_write(info_hash, hash),
		.peer_id = hex_write(peer_id, id),
		.client = client_write(peer_id, client),
	};

	call->emit(call->context, &(struct observation){ .kind = OBS_BITTORRENT,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .bittorrent = &bittorrent });
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	size_t left = cursor_left(&first_bytes);
	size_t some = left < MAGIC_BYTES ? left : MAGIC_BYTES;
	const uint8_t *bytes = cursor_take(&first_bytes, some);

	(void)call;
	if (memcmp(bytes, magic, some) != 0)
		return PROTO_NO;
	return some == MAGIC_BYTES ? PROTO_YES : PROTO_PERHAPS;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct state *s = call->state;
	unsigned number = call->from_orig ? 0 : 1;
	struct side *side = &s->sides[number];

	if ((s->done >> number & 1) != 0)
		return PROTO_MORE; /* the other side's is still to come */
	while (side->got < HANDSHAKE_BYTES && cursor_left(&bytes) > 0) {
		uint8_t b = cursor_u8(&bytes);
		if (side->got < MAGIC_BYTES && b != (uint8_t)magic[side->got])
			return PROTO_DONE;
		side->bytes[side->got++] = b;
	}
	if (side->got < HANDSHAKE_BYTES)
		return PROTO_MORE;
	struct cursor c = cursor_over(side->bytes, HANDSHAKE_BYTES);
	(void)cursor_take(&c, MAGIC_BYTES + RESERVED_BYTES);
	struct cursor info_hash = cursor_sub(&c, BITTORRENT_ID_BYTES);
	bittorrent_tell(call, "handshake", info_hash, c);
	s->done |= (uint8_t)(1U << number);
	return s->done == DONE_BOTH ? PROTO_DONE : PROTO_MORE;
}

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	const struct state *s = call->state;

	(void)missing;
	return (s->done >> (call->from_orig ? 0 : 1) & 1) != 0 ? PROTO_MORE : PROTO_DONE;
}

const struct protocol protocol_bittorrent = {
	.name = "bittorrent",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct state),
	.begins = PROTO_BEGINS({ 19, 19 }),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
};
