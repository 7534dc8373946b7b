/* kerberos_exchange.h -- a request for a ticket and its answer, whatever carried them. */
#pragma once

#include "daemon/proto/kerberos_message.h"
#include "daemon/proto/proto.h"

/* Zeroed: no request is known. */
struct kerberos_exchange {
	bool is_pending;
	uint64_t began_ns;
	struct kerberos_message request;
};

/* A message came, whole or cut: what it answers is told. */
void kerberos_exchange_message(
	struct kerberos_exchange *x, const struct proto_call *call, struct cursor message);
/* The conversation ended: a request without an answer is told. */
void kerberos_exchange_end(struct kerberos_exchange *x, const struct proto_call *call);
