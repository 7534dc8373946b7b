/*
 * http_line.c -- reading them as servers do rather than as the RFC does: bare LF, several spaces between
 * the words, words missing, none of which hosts refuse.
 */
#include "daemon/proto/http_line.h"

enum { METHOD_MAX = 32 };

bool
http_list_has(struct cursor list, const char *item)
{
	while (cursor_left(&list) > 0) {
		struct cursor one = http_split(&list, ',');
		if (http_is(http_trim(http_split(&one, ';')), item))
			return true;
	}
	return false;
}

bool
http_number(struct cursor c, uint64_t *ret_number)
{
	uint64_t number = 0;

	if (cursor_left(&c) == 0)
		return false;
	while (cursor_left(&c) > 0) {
		uint8_t digit = (uint8_t)(cursor_u8(&c) - '0');
		if (digit > 9 || number > UINT64_C(1) << 58)
			return false;
		number = number * 10 + digit;
	}
	*ret_number = number;
	return true;
}

bool
http_parameter(struct cursor value, const char *name, struct cursor *ret_value)
{
	while (cursor_left(&value) > 0) {
		struct cursor one = http_split(&value, ';');
		struct cursor key = http_split(&one, '=');
		if (!http_is(http_trim(key), name))
			continue;
		one = http_trim(one);
		if (http_begins(one, "\"")) {
			(void)cursor_take(&one, 1);
			one = http_split(&one, '"');
		}
		*ret_value = one;
		return true;
	}
	return false;
}

/* "HTTP/1.1"; hosts read no further, though there may be more: "HTTP/1.10" */
static bool
version_read(struct cursor c, struct http_version *ret_version)
{
	if (!http_begins(c, "HTTP/"))
		return false;
	(void)cursor_take(&c, 5);
	uint8_t major = (uint8_t)(cursor_u8(&c) - '0');
	uint8_t dot = cursor_u8(&c);
	uint8_t minor = (uint8_t)(cursor_u8(&c) - '0');
	if (c.short_read || dot != '.' || major > 9 || minor > 9)
		return false;
	*ret_version = (struct http_version){ major, minor };
	return true;
}

/* What a method is made of: RFC 9110 section 5.6.2, as far as anybody uses it. */
static bool
is_method(struct cursor c)
{
	size_t size = cursor_left(&c);

	if (size == 0 || size > METHOD_MAX)
		return false;
	while (cursor_left(&c) > 0) {
		uint8_t b = cursor_u8(&c);
		bool is_letter = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z');
		if (!is_letter && b != '_' && b != '-')
			return false;
	}
	return true;
}

/* Take the last word off a line. */
static struct cursor
last_word(struct cursor *line)
{
	size_t at = cursor_left(line);
	struct cursor word = *line;

	while (at > 0 && !http_is_blank(line->at[at - 1]))
		at--;
	(void)cursor_take(&word, at);
	*line = http_trim(cursor_sub(line, at));
	return word;
}

bool
http_request_line(struct cursor line, struct http_request_line *ret_line)
{
	struct cursor rest = http_trim(line);
	struct cursor method = http_split(&rest, ' ');
	struct http_version version = { 0, 9 };

	rest = http_trim(rest);
	if (!is_method(method) || cursor_left(&rest) == 0)
		return false;
	struct cursor target = rest;
	struct cursor last = last_word(&target);
	if (http_begins(last, "HTTP/")) {
		rest = target;
		if (!version_read(last, &version))
			version =
				(struct http_version){ 1, 0 }; /* servers answer it all the same */
	} else if (!http_begins(rest, "/")) {
		return false; /* in HTTP/0.9 nothing but a path was asked for */
	}
	ret_line->method = method;
	ret_line->target = rest;
	ret_line->version = version;
	return true;
}

bool
http_status_line(struct cursor line, struct http_status_line *ret_line)
{
	struct cursor rest = http_trim(line);
	uint64_t code;

	if (!version_read(http_split(&rest, ' '), &ret_line->version))
		return false;
	rest = http_trim(rest);
	if (!http_number(http_split(&rest, ' '), &code) || code > 999)
		return false;
	ret_line->code = (uint16_t)code;
	ret_line->reason = http_trim(rest);
	return true;
}

bool
http_header_line(struct cursor line, struct cursor *ret_name, struct cursor *ret_value)
{
	struct cursor rest = line;
	struct cursor name = http_split(&rest, ':');

	if (cursor_left(&name) == cursor_left(&line) || cursor_left(&name) == 0)
		return false;
	*ret_name = http_trim(name);
	*ret_value = http_trim(rest);
	return true;
}

bool
http_method_is_known(struct cursor method)
{
	static const char *const known[] = {
		/* RFC 9110, 5789, and the QUERY that is on its way to be one */
		"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
		"QUERY",
		/* RFC 9113 section 3.4: how HTTP/2 begins */
		"PRI",
		/* WebDAV: RFC 4918, 3253, 3648, 3744, 4437, 4791, 5323, 5842 */
		"PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK",
		"VERSION-CONTROL", "REPORT", "CHECKOUT", "CHECKIN", "UNCHECKOUT", "MKWORKSPACE",
		"UPDATE", "LABEL", "MERGE", "BASELINE-CONTROL", "MKACTIVITY", "ORDERPATCH", "ACL",
		"MKREDIRECTREF", "UPDATEREDIRECTREF", "MKCALENDAR", "SEARCH", "BIND", "REBIND",
		"UNBIND", "LINK", "UNLINK",
		/* Exchange's WebDAV, RPC over HTTP (MS-RPCH), BITS (MC-BUP), UPnP's events, Icecast */
		"POLL", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "BCOPY", "BDELETE", "BMOVE",
		"BPROPFIND", "BPROPPATCH", "X-MS-ENUMATTS", "RPC_IN_DATA", "RPC_OUT_DATA",
		"RPC_CONNECT", "BITS_POST", "M-SEARCH", "CCM_POST", "SOURCE", "PURGE"
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (http_is(method, known[i]))
			return true;
	return false;
}
