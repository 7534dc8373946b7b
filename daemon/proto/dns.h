/* dns.h -- DNS transactions of a flow, whatever carries their messages. */
#pragma once

#include "daemon/proto/dns_pending.h"
#include "daemon/proto/proto.h"

#include <assert.h>

/* What is remembered of a flow. Zeroed: nothing. */
struct dns_talk {
	struct dns_pending pending;
	uint64_t weirds; /* that were told: bit of enum weird */
};

static_assert(sizeof(struct dns_talk) <= 512, "a block of 512 bytes holds it");

/*
 * Read a message: a question waits, an answer is told with its question. Of a cut one, what is there. What a host
 * says of its own name is told, too (transactions/name.h); and once a flow each thing that is wrong.
 *
 * proto  "udp" or "tcp"
 */
void dns_message(
	struct proto_call *call, struct dns_talk *talk, const char *proto, struct cursor message);

/* The flow is over: tell the questions that nobody answered. */
void dns_over(struct proto_call *call, struct dns_talk *talk, const char *proto);
