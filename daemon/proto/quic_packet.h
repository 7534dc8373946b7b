/*
 * quic_packet.h -- the packets of a QUIC datagram, as far as they are in the clear.
 *
 * A datagram carries one packet after another (RFC 9000 section 12.2); each begins with a header that
 * anybody can read, up to its number. Views lie in the datagram; nothing is copied.
 *
 * Sources: RFC 8999, RFC 9000 section 17, RFC 9369 section 3.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	QUIC_FIXED_BIT = 0x40,      /* of the first byte: set in all packets, as far as one knows */
	QUIC_ID_MAX = 20,           /* bytes of a connection's id */
	QUIC_SALT_BYTES = 20,       /* for the keys of Initial packets */
	QUIC_VERSION_NAME_MAX = 24, /* "draft-29", "unknown-10010000" */
};

enum quic_type {
	QUIC_INITIAL,
	QUIC_ZERO_RTT,
	QUIC_HANDSHAKE,
	QUIC_RETRY,
	QUIC_NEGOTIATION, /* the server names the versions that it speaks */
	QUIC_UNKNOWN,     /* of a version that nobody here can read */
	QUIC_SHORT,       /* what comes after the handshake */
};

/* What makes a version's Initial packets readable. */
struct quic_version {
	uint32_t first, last; /* as the wire has them */
	bool is_2;            /* other numbers for the types, other labels for the keys */
	uint8_t salt[QUIC_SALT_BYTES];
};

struct quic_packet {
	enum quic_type type;
	uint32_t version;                 /* 0 of a QUIC_SHORT */
	const struct quic_version *known; /* NULL: not one that can be read */
	struct cursor dcid, scid;         /* at most QUIC_ID_MAX bytes; none of a QUIC_SHORT */
	struct cursor whole;              /* from its first byte to its last */
	size_t number_at; /* offset of its number, in `whole`; of the types that have one there */
};

/* A number of 1, 2, 4 or 8 bytes (RFC 9000 section 16). */
uint64_t quic_varint(struct cursor *c);

/*
 * Take the next packet out of a datagram.
 *
 * returns  false when there is none, or it breaks off: then nothing follows
 */
bool quic_packet_next(struct cursor *datagram, struct quic_packet *ret);

/* returns what is known of a version, or NULL */
const struct quic_version *quic_version_of(uint32_t version);

/* Is it one that has been in use: ours, drafts, Google's and Facebook's own? */
bool quic_version_is_used(uint32_t version);

/*
 * As Zeek has it: "1", "quicv2", "draft-29", "mvfst (faceb002)", else "unknown-" and eight digits; but
 * Google's have their own: "Q046".
 */
void quic_version_name(uint32_t version, char ret_name[QUIC_VERSION_NAME_MAX]);

/*
 * Does a datagram begin as those of Google's QUIC before version 46 did, which had another header?
 *
 * ret_version  written when it does
 */
bool quic_is_old(struct cursor datagram, uint32_t *ret_version);
