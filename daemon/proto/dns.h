/* dns.h -- a DNS message, whatever carried it. */
#pragma once

#include "daemon/proto/proto.h"

/* Could this be the beginning of a DNS message? PROTO_PERHAPS when it is cut before it can be told. */
enum proto_guess dns_looks_like(struct cursor message);

/* Read a message, and emit what it answers; of a cut one, what is there. */
void dns_message(struct proto_call *call, struct cursor message);
