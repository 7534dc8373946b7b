/* http_header.h -- the headers that are kept, and what they say of the body. */
#pragma once

#include "daemon/proto/proto.h"

struct http_state;

/* Does anybody hear more of messages than the names of hosts: what else their headers say, or of their bodies? */
static inline bool
http_is_heard(const struct proto_call *call)
{
	return proto_is_heard(call, OBS_BIT(OBS_HTTP) | OBS_BIT(OBS_FILE));
}

/* Take in one header line of the message that this side is sending. */
void http_header(struct proto_call *call, struct http_state *s, struct cursor line);
/* Tell of something odd, once a conversation. */
void http_weird(struct proto_call *call, struct http_state *s, unsigned weird);
/* The target of the newest request, its %XX put back to bytes. */
void http_header_uri(struct http_state *s, struct cursor target);
