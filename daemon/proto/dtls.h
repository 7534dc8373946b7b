/*
 * dtls.h -- DTLS over datagrams, also for a parser whose hosts begin it after something else (STUN, TURN).
 *
 * Such a parser asks dtls_looks_like() of each datagram that is not its own; from the first that is, it zeroes
 * DTLS_STATE_BYTES at its state, which is to be that large at least, and hands over this call and all later ones.
 */
#pragma once

#include "daemon/proto/proto.h"

enum { DTLS_STATE_BYTES = 16 * 1024 };

enum proto_guess dtls_looks_like(const struct proto_call *call, struct cursor first_bytes);
/* One datagram. returns PROTO_DONE when the handshake was told; PROTO_NOT_MINE when a hello is none */
enum proto_verdict dtls_parse(struct proto_call *call, struct cursor bytes);
/* The flow ended: a handshake that did not get to its end is told as far as it went. */
void dtls_end(struct proto_call *call);
