/* http_message.h -- where messages of HTTP/1 begin and end, and which response is whose. */
#pragma once

#include "daemon/proto/http_state.h"
#include "daemon/proto/proto.h"

/* A request, or a response, begins with this line. */
enum proto_verdict http_request_begin(
	struct proto_call *call, struct http_state *s, const struct http_request_line *line);
void http_response_status(
	struct proto_call *call, struct http_state *s, const struct http_status_line *line);
/* A response begins that has no status line: all of it is body (HTTP/0.9). */
void http_response_bare(struct proto_call *call, struct http_state *s);
/* The headers of this side's message are over: its body begins, or it ends. */
enum proto_verdict http_headers_end(struct proto_call *call, struct http_state *s);
/* A piece of the newest request's URI or body: does it give a location away? */
void http_request_text(
	struct proto_call *call, struct http_state *s, enum http_part part, struct cursor text);
/* This side's message is over, or the rest of it is lost. */
void http_message_end(struct proto_call *call, struct http_state *s);
