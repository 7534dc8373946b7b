/*
 * http_guess.c -- a line tells: whole, it must be a request's or a status's; of a long request with a known
 * method the beginning of its target is enough.
 */
#include "daemon/proto/http_guess.h"

#include "daemon/proto/http_line.h"

enum {
	TARGET_ENOUGH = 200, /* bytes; from there on nobody waits for the line's end */
	METHOD_SEEN = 20,    /* letters of a first word that is waited for */
};

static enum proto_guess
looks_like_response(struct cursor first)
{
	struct http_status_line status;
	size_t size = cursor_left(&first);
	struct cursor line = http_split(&first, '\n');

	if (cursor_left(&line) == size)
		return PROTO_PERHAPS;
	return http_status_line(line, &status) ? PROTO_YES : PROTO_NO;
}

bool
http_may_be_status(struct cursor first)
{
	static const char prefix[] = "HTTP/";
	size_t size = cursor_left(&first);

	return memcmp(first.at, prefix, size < HTTP_PREFIX ? size : HTTP_PREFIX) == 0;
}

static bool
is_target(struct cursor c)
{
	return http_begins(c, "/") || http_begins(c, "http://") || http_begins(c, "https://");
}

/* Could a request's first word begin like this? */
static bool
may_be_method(struct cursor word)
{
	size_t size = cursor_left(&word);

	while (cursor_left(&word) > 0) {
		uint8_t b = cursor_u8(&word);
		if ((b < 'A' || b > 'Z') && b != '_' && b != '-')
			return false;
	}
	return size <= METHOD_SEEN;
}

static enum proto_guess
looks_like_request(struct cursor first)
{
	struct http_request_line request;
	struct cursor rest = first;
	struct cursor words = first;
	size_t size = cursor_left(&first);
	struct cursor line = http_split(&rest, '\n');

	if (cursor_left(&line) < size) {
		if (!http_request_line(line, &request))
			return PROTO_NO;
		return request.version.major > 0 || http_method_is_known(request.method) ? PROTO_YES
											 : PROTO_NO;
	}
	struct cursor method = http_split(&words, ' ');
	if (!may_be_method(method))
		return PROTO_NO;
	if (size > TARGET_ENOUGH)
		return http_method_is_known(method) && is_target(http_trim(words)) ? PROTO_YES
										   : PROTO_NO;
	return PROTO_PERHAPS;
}

enum proto_guess
http_looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	while (cursor_left(&first_bytes) > 0 &&
		(first_bytes.at[0] == '\r' || first_bytes.at[0] == '\n'))
		(void)cursor_take(&first_bytes, 1);
	if (cursor_left(&first_bytes) == 0)
		return PROTO_PERHAPS;
	return http_may_be_status(first_bytes) ? looks_like_response(first_bytes)
					       : looks_like_request(first_bytes);
}
