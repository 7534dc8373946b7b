/*
 * quic_frames.h -- what the frames of an Initial packet carry of the handshake, put in order.
 *
 * CRYPTO frames bring the bytes of TLS from any offset, in any order, over several packets (RFC 9000
 * section 19.6); browsers shuffle them on purpose. The first QUIC_HELLO_MAX bytes are put together; which
 * of them are there is a bit each, so the number of frames does not matter. Of bytes that come twice the
 * first are kept.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { QUIC_HELLO_MAX = 3072 }; /* the longest of today, with post-quantum keys, have 2200 */

/* All zero is the beginning. */
struct quic_gather {
	uint16_t whole; /* bytes from the first one on without a hole */
	uint8_t there[QUIC_HELLO_MAX / 8];
	uint8_t bytes[QUIC_HELLO_MAX];
};

/*
 * Read the frames of an Initial packet, up to the first that is malformed or must not be there.
 *
 * is_closed  set to true when the connection is closed by one
 */
void quic_frames_read(struct cursor frames, struct quic_gather *g, bool *is_closed);

/*
 * The first message of the handshake.
 *
 * ret_body  its bytes, without its type and length; those of a message that is too long are cut
 * returns   its type; -1 when it is not all there
 */
int quic_gather_message(const struct quic_gather *g, struct cursor *ret_body);
