/*
 * http.c -- HTTP/1 and 0.9 over TCP, on any port (RFC 9110, RFC 9112): each request with its response.
 *
 * Requests wait, oldest first, until their response is complete, and are told then; those that got none
 * when the conversation ends, or when too many wait; responses that nobody asked for as well. Bodies
 * pass by: counted, digested, their first bytes looked at (carried.h), never gathered. Header lines
 * are gathered one at a time, up to HTTP_LINE_MAX bytes of each.
 *
 * Recognised by a request's or a status's line. Ports are not asked. A gap in a body is counted through;
 * after one anywhere else the next line that starts a message is looked for. When the conversation is not HTTP/1
 * any more (CONNECT was granted, 101), it is whoever's who recognises what comes next; HTTP/2 is nobody's.
 *
 * Not read: trailers, folded headers, the parts of multipart bodies, what compressed bodies
 * hold beyond their first bytes.
 */
#include "daemon/proto/http_header.h"
#include "daemon/proto/http_state.h"
#include "daemon/proto/http_tell.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"

#include <assert.h>
#include <netinet/in.h>

enum {
	STATUS_CONTINUE = 100,
	STATUS_SWITCHING = 101,
	STATUS_OK = 200,
	STATUS_NO_CONTENT = 204,
	STATUS_REDIRECT = 300,
	STATUS_NOT_MODIFIED = 304,
	PREFIX = 5, /* of "HTTP/" */
	TARGET_ENOUGH =
		200, /* of a known method's line that goes on like this nobody need see the end */
};

static_assert(
	sizeof(struct http_state) <= 8192, "a block of streams' memory, not the next larger one");

/* ---- is it HTTP? ---- */

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

/* Could a text so short still become "HTTP/"? */
static bool
may_be_status(struct cursor first)
{
	static const char prefix[] = "HTTP/";
	size_t size = cursor_left(&first);

	return memcmp(first.at, prefix, size < PREFIX ? size : PREFIX) == 0;
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
	return size <= 20;
}

static enum proto_guess
looks_like_request(struct cursor first)
{
	struct http_request_line request;
	struct cursor rest = first, words;
	size_t size = cursor_left(&first);
	struct cursor line = http_split(&rest, '\n');

	if (cursor_left(&line) < size) {
		if (!http_request_line(line, &request))
			return PROTO_NO;
		return request.version.major > 0 || http_method_is_known(request.method) ? PROTO_YES
											 : PROTO_NO;
	}
	words = first;
	struct cursor method = http_split(&words, ' ');
	if (!may_be_method(method))
		return PROTO_NO;
	if (size > TARGET_ENOUGH)
		return http_method_is_known(method) && is_target(http_trim(words)) ? PROTO_YES
										   : PROTO_NO;
	return PROTO_PERHAPS;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	(void)call;
	while (cursor_left(&first_bytes) > 0 &&
		(first_bytes.at[0] == '\r' || first_bytes.at[0] == '\n'))
		(void)cursor_take(&first_bytes, 1);
	if (cursor_left(&first_bytes) == 0)
		return PROTO_PERHAPS;
	return may_be_status(first_bytes) ? looks_like_response(first_bytes)
					  : looks_like_request(first_bytes);
}

/* ---- a message ends ---- */

static void
side_reset(struct http_side *side)
{
	side->stage = HTTP_START;
	side->line_size = 0;
	side->has_length = side->is_chunked = side->is_packed = side->is_part = false;
	side->length = 0;
	side->mime_type = NULL;
}

/* Tell a response once its request is there to the end, too. */
static void
tell_when_complete(struct proto_call *call, struct http_state *s)
{
	struct http_request *oldest = http_requests_oldest(&s->requests);

	if (!s->response.is_complete)
		return;
	if (s->response.is_unasked)
		http_tell(call, s, NULL, &s->response);
	else if (oldest != NULL && oldest->is_complete)
		http_tell(call, s, oldest, &s->response);
}

static void
message_end(struct proto_call *call, struct http_state *s, struct http_side *side)
{
	struct http_request *newest = http_requests_newest(&s->requests);

	http_tell_body(call, s, side);
	side_reset(side);
	if (!call->from_orig)
		s->response.is_complete = true;
	else if (newest != NULL && newest->is_alone)
		http_tell(call, s, newest, NULL);
	else if (newest != NULL)
		newest->is_complete = true;
	tell_when_complete(call, s);
}

/* ---- a message begins ---- */

/*
 * Make room for a request. While too many wait, newer ones are told without their responses: those
 * will find no request when their turn comes.
 */
static struct http_request *
request_add(struct proto_call *call, struct http_state *s)
{
	bool is_alone = s->requests.count == HTTP_REQUESTS_MAX - 1 || s->unawaited > 0;
	struct http_request *r = http_requests_add(&s->requests, call->ts_ns);

	r->is_alone = is_alone;
	s->unawaited += is_alone;
	return r;
}

static enum proto_verdict
request_begin(struct proto_call *call, struct http_state *s, const struct http_request_line *line)
{
	struct http_side *side = &s->sides[true];

	/* Whoever asks anew has the answer that we lost. */
	if (s->sides[false].stage == HTTP_LOST) {
		http_tell_rest(call, s);
		s->unawaited = 0;
	}
	struct http_request *r = request_add(call, s);
	r->is_head = http_is(line->method, "HEAD");
	r->is_connect = http_is(line->method, "CONNECT");
	http_requests_text(&s->requests, HTTP_METHOD, line->method, HTTP_USERNAME_MAX);
	http_header_uri(s, line->target);
	if (!http_method_is_known(line->method))
		http_weird(call, s, WEIRD_HTTP_METHOD);
	side_reset(side);
	if (line->version.major > 1)
		return PROTO_DONE; /* the preface of HTTP/2 */
	if (line->version.major == 0)
		message_end(call, s, side);
	else
		side->stage = HTTP_HEADERS;
	return PROTO_MORE;
}

/* A response begins: whose is it? After a 1xx it goes on. */
static void
response_begin(struct proto_call *call, struct http_state *s)
{
	struct http_response *r = &s->response;
	struct http_request *oldest = http_requests_oldest(&s->requests);

	if (r->is_complete) {
		http_tell(call, s, oldest, r);
		oldest = http_requests_oldest(&s->requests);
	}
	if (r->is_begun)
		return;
	r->is_begun = true;
	if (oldest != NULL)
		return;
	r->is_unasked = true;
	r->began_ns = call->ts_ns;
	r->depth = ++s->requests.depth;
	if (s->unawaited > 0)
		s->unawaited--;
	else if (!s->has_gap)
		http_weird(call, s, WEIRD_HTTP_NO_REQUEST);
}

static void
response_status(struct proto_call *call, struct http_state *s, const struct http_status_line *line)
{
	struct http_response *r = &s->response;

	response_begin(call, s);
	side_reset(&s->sides[false]);
	s->sides[false].stage = HTTP_HEADERS;
	r->has_status = true;
	r->version = line->version;
	r->code = line->code;
	(void)wire_text(r->status_msg, sizeof(r->status_msg), line->reason);
}

static void
body_begin(struct http_side *side, enum http_framing framing, uint64_t length)
{
	side->stage = HTTP_BODY;
	http_body_begin(&side->body, framing, length);
}

/* The response has no status line: all is body (HTTP/0.9). */
static void
response_bare(struct proto_call *call, struct http_state *s)
{
	struct http_side *side = &s->sides[false];

	response_begin(call, s);
	http_weird(call, s, WEIRD_HTTP_ANSWER);
	side_reset(side);
	s->response.has_status = true;
	s->response.version = (struct http_version){ 0, 9 };
	body_begin(side, HTTP_FRAMING_CLOSE, 0);
}

/* ---- its headers end ---- */

static void
request_headers_end(struct proto_call *call, struct http_state *s, struct http_side *side)
{
	if (side->is_chunked)
		body_begin(side, HTTP_FRAMING_CHUNKED, 0);
	else if (side->length > 0)
		body_begin(side, HTTP_FRAMING_LENGTH, side->length);
	else
		message_end(call, s, side);
}

/* A 1xx is no answer yet, but for the last one. */
static enum proto_verdict
response_informs(struct proto_call *call, struct http_state *s)
{
	struct http_response *r = &s->response;

	r->info_code = r->code;
	memcpy(r->info_msg, r->status_msg, sizeof(r->info_msg));
	r->has_status = r->code == STATUS_SWITCHING;
	side_reset(&s->sides[call->from_orig]);
	return r->has_status ? PROTO_HANDOVER : PROTO_MORE;
}

/* HTTP/1.0 knows no chunks: clients take such a body as it is, others do not (RFC 9112 section 6.1). */
static bool
knows_chunks(struct proto_call *call, struct http_state *s)
{
	const struct http_version *v = &s->response.version;

	if (v->major >= 1 && v->minor >= 1)
		return true;
	http_weird(call, s, WEIRD_HTTP_LENGTH);
	return false;
}

static enum proto_verdict
response_headers_end(struct proto_call *call, struct http_state *s, struct http_side *side)
{
	const struct http_request *request = http_requests_oldest(&s->requests);
	bool is_unasked = s->response.is_unasked || request == NULL;
	uint16_t code = s->response.code;

	if (code >= STATUS_CONTINUE && code < STATUS_OK)
		return response_informs(call, s);
	if (!is_unasked && request->is_connect && code >= STATUS_OK && code < STATUS_REDIRECT)
		return PROTO_HANDOVER;
	bool is_bare = (!is_unasked && request->is_head) || code == STATUS_NO_CONTENT ||
		       code == STATUS_NOT_MODIFIED;
	if (side->is_chunked && !is_bare && knows_chunks(call, s))
		body_begin(side, HTTP_FRAMING_CHUNKED, 0);
	else if (is_bare || (side->has_length && side->length == 0))
		message_end(call, s, side);
	else
		body_begin(side, side->has_length ? HTTP_FRAMING_LENGTH : HTTP_FRAMING_CLOSE,
			side->length);
	return PROTO_MORE;
}

/* ---- bytes ---- */

static void
body_count(struct proto_call *call, struct http_state *s, uint64_t size)
{
	struct http_request *newest = http_requests_newest(&s->requests);

	if (!call->from_orig)
		s->response.body_bytes += size;
	else if (newest != NULL && !newest->is_complete)
		newest->body_bytes += size;
}

static void
file_begin(struct proto_call *call, struct http_state *s, struct http_side *side)
{
	uint64_t total =
		side->body.framing == HTTP_FRAMING_LENGTH ? side->length : TRANSACTION_UNSET;

	if (!side->file.is_open)
		carried_begin(&side->file, call, total, s->files++);
}

static void
body_data(struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor data)
{
	file_begin(call, s, side);
	carried_bytes(&side->file, call, data);
	body_count(call, s, cursor_left(&data));
}

static void
take_body(
	struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor *bytes)
{
	struct cursor data = http_body_next(&side->body, bytes);

	if (cursor_left(&data) > 0)
		body_data(call, s, side, data);
	if (side->body.is_odd || side->body.is_broken)
		http_weird(call, s, WEIRD_HTTP_CHUNK);
	if (!side->body.is_over)
		return;
	bool is_broken = side->body.is_broken;
	message_end(call, s, side);
	if (is_broken)
		side->stage = HTTP_LOST;
}

static enum proto_verdict
take_start(
	struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor line)
{
	struct http_request_line request;
	struct http_status_line status;
	bool is_lost = side->stage == HTTP_LOST;

	if (cursor_left(&line) == 0)
		return PROTO_MORE;
	if (call->from_orig && http_request_line(line, &request) &&
		(request.version.major > 0 || (!is_lost && http_method_is_known(request.method))))
		return request_begin(call, s, &request);
	if (!call->from_orig && http_status_line(line, &status)) {
		response_status(call, s, &status);
		return PROTO_MORE;
	}
	if (call->from_orig && !is_lost && s->requests.depth == 0)
		return PROTO_NOT_MINE;
	if (!is_lost)
		http_weird(call, s, call->from_orig ? WEIRD_HTTP_REQUEST : WEIRD_HTTP_ANSWER);
	side->stage = HTTP_LOST;
	return PROTO_MORE;
}

/* A whole line is there, in `side->line`. */
static enum proto_verdict
take_line(struct proto_call *call, struct http_state *s, struct http_side *side)
{
	struct cursor line = http_trim(cursor_over(side->line, side->line_size));

	side->line_size = 0;
	if (side->stage != HTTP_HEADERS)
		return take_start(call, s, side, line);
	if (cursor_left(&line) > 0) {
		http_header(call, s, line);
		return PROTO_MORE;
	}
	if (!call->from_orig)
		return response_headers_end(call, s, side);
	request_headers_end(call, s, side);
	return PROTO_MORE;
}

/*
 * Where a first response is due, what does not begin like one is a body.
 *
 * returns  true when it was, and everything is dealt with
 */
static bool
take_bare(
	struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor *bytes)
{
	bool is_first = !call->from_orig && side->stage == HTTP_START && s->requests.depth > 0 &&
			s->requests.depth == s->requests.count && !s->response.is_begun;

	while (is_first && side->line_size < PREFIX && cursor_left(bytes) > 0) {
		side->line[side->line_size++] = cursor_u8(bytes);
		struct cursor line = cursor_over(side->line, side->line_size);
		if (side->line_size == 1 && (side->line[0] == '\r' || side->line[0] == '\n')) {
			side->line_size = 0; /* an empty line is in nobody's way */
		} else if (!may_be_status(line)) {
			response_bare(call, s);
			body_data(call, s, side, line);
			return true;
		}
	}
	return false;
}

/* Bytes of a line: keep what fits. */
static enum proto_verdict
take_lines(
	struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor *bytes)
{
	size_t before = cursor_left(bytes);
	struct cursor part = http_split(bytes, '\n');
	size_t size = cursor_left(&part);
	size_t room = sizeof(side->line) - side->line_size;
	bool is_whole = size + cursor_left(bytes) < before;

	if (size > room)
		http_weird(call, s, WEIRD_HTTP_LINE);
	size = size < room ? size : room;
	cursor_bytes(&part, &side->line[side->line_size], size);
	side->line_size = (uint16_t)(side->line_size + size);
	return is_whole ? take_line(call, s, side) : PROTO_MORE;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct http_state *s = call->state;
	struct http_side *side = &s->sides[call->from_orig];
	enum proto_verdict verdict = PROTO_MORE;

	while (cursor_left(&bytes) > 0 && verdict == PROTO_MORE) {
		if (side->stage == HTTP_BODY)
			take_body(call, s, side, &bytes);
		else if (!take_bare(call, s, side, &bytes) && cursor_left(&bytes) > 0)
			verdict = take_lines(call, s, side, &bytes);
	}
	if (verdict == PROTO_DONE || verdict == PROTO_HANDOVER)
		http_tell_rest(call, s);
	return verdict;
}

/* ---- gaps and ends ---- */

static enum proto_verdict
gap(struct proto_call *call, uint32_t missing)
{
	struct http_state *s = call->state;
	struct http_side *side = &s->sides[call->from_orig];
	uint64_t counted = 0;

	s->has_gap |= call->from_orig;
	if (side->stage == HTTP_BODY) {
		file_begin(call, s, side);
		counted = http_body_gap(&side->body, missing);
		carried_gap(&side->file, counted);
		if (side->body.is_over)
			message_end(call, s, side);
	} else if (side->stage == HTTP_HEADERS) {
		message_end(call, s, side);
	}
	if (counted < missing) {
		side->stage = HTTP_LOST;
		side->line_size = 0;
	}
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct http_state *s = call->state;

	for (unsigned i = 0; i < 2; i++)
		http_tell_body(call, s, &s->sides[i]);
	http_tell_rest(call, s);
}

const struct protocol protocol_http = {
	.name = "http",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct http_state),
	.looks_like = looks_like,
	.parse = parse,
	.gap = gap,
	.end = end,
};
