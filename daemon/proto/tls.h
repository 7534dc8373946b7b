/*
 * tls.h -- TLS over a byte stream, also for a parser whose hosts begin it half-way (STARTTLS, CONNECT).
 *
 * A parser that sees both sides agree to go on in TLS zeroes TLS_STATE_BYTES at its state, which is to be that large at
 * least, and hands over every later call: tls_parse(), tls_gap() and tls_end() with the same `call`. What it
 * still has to say itself it says before. From the first verdict other than PROTO_MORE on there is nothing more.
 */
#pragma once

#include "daemon/proto/proto.h"

enum { TLS_STATE_BYTES = 16 * 1024 };

/*
 * The next bytes of one side.
 *
 * returns  PROTO_DONE when the handshake was told; PROTO_NOT_MINE when a hello is none
 */
enum proto_verdict tls_parse(struct proto_call *call, struct cursor bytes);
/* `missing` bytes of a side were lost. */
enum proto_verdict tls_gap(struct proto_call *call, uint32_t missing);
/* The flow ended: a handshake that did not get to its end is told as far as it went. */
void tls_end(struct proto_call *call);
