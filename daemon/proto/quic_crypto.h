/*
 * quic_crypto.h -- open Initial packets of QUIC: their keys are made of what everybody can see.
 *
 * HKDF with SHA-256, AES-128 in ECB for the header and in GCM for the payload (RFC 9001 section 5,
 * RFC 9369 section 3.3). To open a packet libcrypto takes memory, some hundred bytes that it gives back
 * before it returns; when there is none, a packet cannot be opened, and that is all. Each costs
 * microseconds: a flow must be allowed a few.
 */
#pragma once

#include "daemon/proto/quic_packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	QUIC_KEY_BYTES = 16,
	QUIC_IV_BYTES = 12,
	QUIC_PLAIN_MAX = 4096, /* of a packet's payload; more is not opened */
};

/* Of one side's Initial packets. */
struct quic_keys {
	uint8_t key[QUIC_KEY_BYTES];
	uint8_t iv[QUIC_IV_BYTES];
	uint8_t header[QUIC_KEY_BYTES];
};

/*
 * Make a side's keys.
 *
 * dcid  what the client's first Initial was sent to
 */
void quic_keys_derive(const struct quic_version *version, struct cursor dcid, bool of_client,
	struct quic_keys *ret);

/*
 * Open an Initial packet.
 *
 * ret_plain  QUIC_PLAIN_MAX bytes
 * returns    its frames, in ret_plain; short when the keys are others, or it is too long
 */
struct cursor quic_open(const struct quic_keys *keys, const struct quic_packet *packet,
	uint8_t ret_plain[QUIC_PLAIN_MAX]);
