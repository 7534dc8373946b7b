/*
 * ssl2.h -- SSL 2.0's ClientHello, by which later versions were offered as well (RFC 5246 appendix E.2).
 *
 * Only that a hello is one, and the version in it: nobody speaks the rest any more.
 */
#pragma once

#include "daemon/proto/tls_session.h"

enum { SSL2_HEADER = 11, SSL2_HEADER_BIT = 0x80 };

struct ssl2_hello {
	uint16_t version; /* the newest that is offered */
	size_t size;      /* bytes of all of it, SSL2_HEADER included */
};

/* Do the first bytes of a side look like one? */
enum proto_guess ssl2_looks_like(struct cursor first_bytes);
/* Read its first SSL2_HEADER bytes. returns false when they are none */
bool ssl2_hello_read(struct cursor header, struct ssl2_hello *ret);

/* A client offered, a server answered in SSL 2.0. */
void ssl2_offer(struct proto_call *call, struct tls_session *s, const struct ssl2_hello *hello);
void ssl2_answer(struct proto_call *call, struct tls_session *s);
