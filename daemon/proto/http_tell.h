/* http_tell.h -- from what is remembered to observations. */
#pragma once

#include <stdbool.h>

struct http_request;
struct http_response;
struct http_state;
struct proto_call;

/*
 * Emit a request and a response, and forget both.
 *
 * request, response  of `s`; one of them may be NULL
 */
void http_tell(struct proto_call *call, struct http_state *s, struct http_request *request,
	struct http_response *response);
/* Emit all that wait, the oldest with the response as far as it came, and forget them. */
void http_tell_rest(struct proto_call *call, struct http_state *s);
/* The body of a side's message is over: emit it as a file, if it had bytes, and note its name and type. */
void http_tell_body(struct proto_call *call, struct http_state *s, bool from_orig);
