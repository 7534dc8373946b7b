/*
 * http_line.h -- lines of HTTP/1: requests, statuses, headers (RFC 9112 sections 3 to 5).
 *
 * A line is a cursor without its end of line. Parts are views into it.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stdint.h>
#include <strings.h>

struct http_version {
	uint8_t major, minor; /* 0.9: the line had none */
};

struct http_request_line {
	struct cursor method, target;
	struct http_version version;
};

struct http_status_line {
	struct http_version version;
	uint16_t code;
	struct cursor reason; /* may be empty */
};

/* returns false when it is none */
bool http_request_line(struct cursor line, struct http_request_line *ret_line);
bool http_status_line(struct cursor line, struct http_status_line *ret_line);
/* A header's name and its value without the white space around it. returns false when it is none */
bool http_header_line(struct cursor line, struct cursor *ret_name, struct cursor *ret_value);

/* Is it a method that some RFC or well-known service defines? */
bool http_method_is_known(struct cursor method);

/*
 * Every line comes by here several times: inline, that is a few instructions each, and the lengths of most texts
 * are known while it is built.
 */

static inline bool
http_is_blank(uint8_t b)
{
	return b == ' ' || b == '\t';
}

/* Without the white space around it. */
static inline struct cursor
http_trim(struct cursor c)
{
	const uint8_t *at = c.at;
	const uint8_t *end = at + cursor_left(&c);

	while (at < end && http_is_blank(*at))
		at++;
	while (at < end && (http_is_blank(end[-1]) || end[-1] == '\r'))
		end--;
	return cursor_over(at, (size_t)(end - at));
}

/* What stands in front of `mark`, all if it is not there; `c` moves behind it. */
static inline struct cursor
http_split(struct cursor *c, char mark)
{
	size_t size = cursor_left(c);
	const uint8_t *at = size > 0 ? memchr(c->at, mark, size) : NULL;
	struct cursor front = cursor_sub(c, at != NULL ? (size_t)(at - c->at) : size);

	(void)cursor_take(c, at != NULL);
	return front;
}

/* Does it begin like this, in any case? */
static inline bool
http_begins(struct cursor c, const char *text)
{
	size_t size = strlen(text);

	return cursor_left(&c) >= size && strncasecmp((const char *)c.at, text, size) == 0;
}

/* Is it this text, in any case? */
static inline bool
http_is(struct cursor c, const char *text)
{
	return cursor_left(&c) == strlen(text) && http_begins(c, text);
}

/* Has a list with commas this item, in any case? Parameters behind ';' do not count. */
bool http_list_has(struct cursor list, const char *item);
/* A decimal number and nothing else. returns false when it is none, or beyond 2^62 */
bool http_number(struct cursor c, uint64_t *ret_number);
/*
 * The value of a parameter in `value`: of "attachment; filename=a.zip" and "filename" it is "a.zip".
 *
 * returns  false when there is none
 */
bool http_parameter(struct cursor value, const char *name, struct cursor *ret_value);
