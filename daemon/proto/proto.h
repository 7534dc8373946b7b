/*
 * proto.h -- payload to observation: the one shape of every protocol parser.
 *
 * A parser is asked whether the first bytes of a flow are its own, is fed while it wants more, and
 * emits observations. It knows neither the flow table nor the detectors.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/decode/packet.h"
#include "daemon/observation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum proto_verdict {
	PROTO_MORE,     /* keep feeding me */
	PROTO_DONE,     /* I have seen all I want of this flow */
	PROTO_NOT_MINE, /* the first bytes lied; try the next parser */
};

/* What a parser is handed for one call. */
struct proto_call {
	const struct packet *packet;
	bool from_orig; /* who sent these bytes */
	void (*emit)(void *context, const struct observation *o);
	void *context;
};

struct protocol {
	const char *name; /* the flow's service */
	uint8_t ip_proto; /* IPPROTO_UDP or IPPROTO_TCP */
	/* Could these first bytes be ours? Cheap; the port is only a hint. */
	bool (*looks_like)(const struct packet *p, struct cursor first_bytes);
	/* One message (UDP), or the next bytes of the stream (TCP). */
	enum proto_verdict (*parse)(struct proto_call *c, struct cursor bytes);
};

extern const struct protocol *const protocols[];
extern const size_t protocol_count;
