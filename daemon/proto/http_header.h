/* http_header.h -- the headers that are kept, and what they say of the body. */
#pragma once

struct cursor;
struct http_state;
struct proto_call;

/* Take in one header line of the message that this side is sending. */
void http_header(struct proto_call *call, struct http_state *s, struct cursor line);
/* Tell of something odd, once a conversation. */
void http_weird(struct proto_call *call, struct http_state *s, unsigned weird);
/* The target of the newest request, its %XX put back to bytes. */
void http_header_uri(struct http_state *s, struct cursor target);
