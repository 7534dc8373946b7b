/*
 * http_header.c -- which headers are kept (RFC 9110, RFC 6266, RFC 7617, RFC 7239).
 *
 * Of a header that comes twice the first counts; two lengths that differ, or a length beside chunks, are
 * how requests are smuggled past proxies, and told. Of Basic credentials the user's name is kept and the
 * password is not.
 */
#include "daemon/proto/http_header.h"

#include "daemon/base/number_text.h"
#include "daemon/base/strbuf.h"
#include "daemon/proto/base64.h"
#include "daemon/proto/http_state.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"

#include <assert.h>

enum { LETTER_LOWER = 0x20 }; /* of a letter in ASCII the bit that makes it a small one */

void
http_weird(struct proto_call *call, struct http_state *s, unsigned weird)
{
	static_assert(WEIRD_COUNT <= 64, "a bit for each");
	if ((s->weirds & WEIRD_BIT(weird)) != 0)
		return;
	s->weirds |= WEIRD_BIT(weird);
	call->weird(call->context, weird);
}

void
http_header_uri(struct http_state *s, struct cursor target)
{
	uint8_t plain[HTTP_LINE_MAX];
	size_t size = 0;

	while (cursor_left(&target) > 0) {
		const uint8_t *mark = memchr(target.at, '%', cursor_left(&target));
		size_t clean = mark != NULL ? (size_t)(mark - target.at) : cursor_left(&target);
		cursor_bytes(&target, &plain[size], clean);
		size += clean;
		if (mark == NULL)
			break;
		uint8_t byte = cursor_u8(&target);
		struct cursor digits = target;
		unsigned high = number_text_hex_digit((char)cursor_u8(&digits));
		unsigned low = number_text_hex_digit((char)cursor_u8(&digits));
		if (byte == '%' && !digits.short_read && high < 16 && low < 16) {
			byte = (uint8_t)(high << 4 | low);
			target = digits;
		}
		plain[size++] = byte;
	}
	http_requests_text(&s->requests, HTTP_URI, cursor_over(plain, size), HTTP_URI_MAX);
}

/* The name in "Basic <base 64 of name:password>"; reading stops at the colon. */
static void
username(struct http_state *s, struct cursor value)
{
	uint8_t name[HTTP_USERNAME_MAX];
	size_t size = 0;
	uint32_t held = 0;
	unsigned bits = 0;

	if (!http_is(http_split(&value, ' '), "Basic"))
		return;
	value = http_trim(value);
	while (cursor_left(&value) > 0 && size < sizeof(name)) {
		unsigned digit = base64_value(cursor_u8(&value));
		if (digit > 63)
			break;
		held = held << 6 | digit;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		uint8_t byte = (uint8_t)(held >> bits);
		if (byte == ':')
			break;
		name[size++] = byte;
	}
	http_requests_text(&s->requests, HTTP_USERNAME, cursor_over(name, size), HTTP_USERNAME_MAX);
}

/* The headers that are read; of those that proxies add the name is told as it stands here. */
enum header {
	HEADER_AUTHORIZATION,
	HEADER_CONTENT_DISPOSITION,
	HEADER_CONTENT_ENCODING,
	HEADER_CONTENT_LENGTH,
	HEADER_CONTENT_RANGE,
	HEADER_CONTENT_TYPE,
	HEADER_HOST,
	HEADER_ORIGIN,
	HEADER_REFERER,
	HEADER_TRANSFER_ENCODING,
	HEADER_USER_AGENT,
	HEADER_BY_PROXY, /* this one, and all that follow */
	HEADER_OTHER = HEADER_BY_PROXY + 6,
};

/* A name's length and its first letter: hardly two that are met have both. */
#define TAG(size, letter) ((unsigned)(size) << 8 | (letter))
#define NAME(letter, text)                          \
	{                                           \
		text, TAG(sizeof(text) - 1, letter) \
	}

static const struct {
	const char *text;
	unsigned tag;
} names[HEADER_OTHER] = {
	NAME('a', "Authorization"),
	NAME('c', "Content-Disposition"),
	NAME('c', "Content-Encoding"),
	NAME('c', "Content-Length"),
	NAME('c', "Content-Range"),
	NAME('c', "Content-Type"),
	NAME('h', "Host"),
	NAME('o', "Origin"),
	NAME('r', "Referer"),
	NAME('t', "Transfer-Encoding"),
	NAME('u', "User-Agent"),
	NAME('f', "FORWARDED"),
	NAME('x', "X-FORWARDED-FOR"),
	NAME('x', "X-REAL-IP"),
	NAME('c', "CLIENT-IP"),
	NAME('v', "VIA"),
	NAME('p', "PROXY-CONNECTION"),
};

/* Every header of every message comes by here: the tag alone rules nearly all other names out. */
static enum header
header_of(struct cursor name)
{
	struct cursor first = name;
	unsigned tag = TAG(cursor_left(&name), cursor_u8(&first) | LETTER_LOWER);

	for (unsigned i = 0; i < HEADER_OTHER; i++)
		if (names[i].tag == tag && http_begins(name, names[i].text))
			return i;
	return HEADER_OTHER;
}

/* "VIA -> 1.1 proxy" */
static void
proxied(struct http_state *s, const char *name, struct cursor value)
{
	struct http_request *r = http_requests_newest(&s->requests);
	char text[HTTP_PROXIED_TEXT_MAX];
	struct strbuf out;

	if (r == NULL || r->proxied_count == HTTP_PROXIED_MAX)
		return;
	strbuf_init(&out, text, sizeof(text));
	strbuf_text(&out, name);
	strbuf_text(&out, " -> ");
	size_t size = cursor_left(&value);
	size_t room = sizeof(text) - 1 - out.length;
	struct cursor part = cursor_sub(&value, size < room ? size : room);
	strbuf_bytes(&out, (const char *)part.at, cursor_left(&part));
	http_requests_text(&s->requests, HTTP_PROXIED + r->proxied_count,
		cursor_over(text, out.length), HTTP_PROXIED_TEXT_MAX);
	r->proxied_count++;
}

static void
request_header(struct http_state *s, enum header header, struct cursor value)
{
	struct cursor filename;

	switch (header) {
	case HEADER_HOST:
		http_requests_text(&s->requests, HTTP_HOST, value, HTTP_HOST_MAX);
		break;
	case HEADER_REFERER:
		http_requests_text(&s->requests, HTTP_REFERRER, value, HTTP_REFERRER_MAX);
		break;
	case HEADER_USER_AGENT:
		http_requests_text(&s->requests, HTTP_USER_AGENT, value, HTTP_USER_AGENT_MAX);
		break;
	case HEADER_ORIGIN:
		http_requests_text(&s->requests, HTTP_ORIGIN, value, HTTP_ORIGIN_MAX);
		break;
	case HEADER_CONTENT_TYPE:
		http_requests_text(&s->requests, HTTP_CONTENT_TYPE, value, HTTP_CONTENT_TYPE_MAX);
		break;
	case HEADER_CONTENT_DISPOSITION:
		if (http_parameter(value, "filename", &filename))
			http_requests_text(
				&s->requests, HTTP_FILENAME, filename, HTTP_FILENAME_MAX);
		break;
	case HEADER_AUTHORIZATION:
		username(s, value);
		break;
	default:
		if (header >= HEADER_BY_PROXY && header < HEADER_OTHER)
			proxied(s, names[header].text, value);
		break;
	}
}

static void
response_header(struct http_state *s, enum header header, struct cursor value)
{
	struct http_response_texts *r = &s->response_texts;
	struct cursor filename;

	if (header == HEADER_CONTENT_TYPE && r->content_type[0] == '\0')
		(void)wire_text(r->content_type, sizeof(r->content_type), value);
	if (header == HEADER_CONTENT_DISPOSITION && http_parameter(value, "filename", &filename))
		(void)wire_text(r->filename, sizeof(r->filename), filename);
}

static void
content_length(
	struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor value)
{
	uint64_t length;

	do {
		if (!http_number(http_trim(http_split(&value, ',')), &length) ||
			(side->has_length && side->length != length)) {
			http_weird(call, s, WEIRD_HTTP_LENGTH);
			return;
		}
		side->length = length;
		side->has_length = true;
	} while (cursor_left(&value) > 0);
}

/* Is it a type of what people and programs write down by letters, and send without parts? */
static bool
is_text(struct cursor type)
{
	static const char *const types[] = { "text/", "application/json",
		"application/x-www-form-urlencoded", "application/xml", "application/x-ndjson",
		NULL };

	for (const char *const *t = types; *t != NULL; t++)
		if (http_begins(type, *t))
			return true;
	return false;
}

/* Where the body ends, and how it is packed. */
static void
framing_header(
	struct proto_call *call, struct http_state *s, enum header header, struct cursor value)
{
	struct http_side *side = &s->sides[call->from_orig];

	switch (header) {
	case HEADER_CONTENT_LENGTH:
		content_length(call, s, side, value);
		break;
	case HEADER_TRANSFER_ENCODING:
		side->is_chunked |= http_list_has(value, "chunked");
		break;
	case HEADER_CONTENT_ENCODING:
		side->is_packed |= http_list_has(value, "gzip") || http_list_has(value, "x-gzip") ||
				   http_list_has(value, "deflate");
		break;
	case HEADER_CONTENT_RANGE: /* "bytes 0-99/1000" */
		side->is_part = http_begins(value, "bytes ") && !http_begins(value, "bytes 0-");
		break;
	case HEADER_CONTENT_TYPE:
		if (http_is(value, "application/ocsp-response"))
			side->mime_type = "application/ocsp-response";
		else if (http_is(value, "application/ocsp-request"))
			side->mime_type = "application/ocsp-request";
		side->is_text = call->from_orig && is_text(value);
		break;
	default:
		return;
	}
	if (side->is_chunked && side->has_length)
		http_weird(call, s, WEIRD_HTTP_LENGTH);
}

void
http_header(struct proto_call *call, struct http_state *s, struct cursor line)
{
	struct cursor name;
	struct cursor value;

	if (!http_header_line(line, &name, &value)) {
		http_weird(call, s, WEIRD_HTTP_HEADER);
		return;
	}
	(void)cursor_take(&line, cursor_left(&name));
	if (cursor_u8(&line) != ':')
		http_weird(call, s, WEIRD_HTTP_HEADER);
	enum header header = header_of(name);
	if (header == HEADER_OTHER)
		return;
	framing_header(call, s, header, value);
	if (!http_is_heard(call) && header != HEADER_HOST)
		return;
	if (call->from_orig)
		request_header(s, header, value);
	else
		response_header(s, header, value);
}
