/* dns.h -- DNS transactions of a flow, whatever carries their messages. */
#pragma once

#include "daemon/proto/dns_pending.h"
#include "daemon/proto/proto.h"

/*
 * Read a message: a question waits in `pending`, an answer is told with its question. Of a cut one, what is
 * there. What a host says of its own name is told, too (transactions/name.h).
 *
 * proto  "udp" or "tcp"
 */
void dns_message(struct proto_call *call, struct dns_pending *pending, const char *proto,
	struct cursor message);

/* The flow is over: tell the questions that nobody answered. */
void dns_over(struct proto_call *call, struct dns_pending *pending, const char *proto);
