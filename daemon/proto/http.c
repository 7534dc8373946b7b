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
#include "daemon/proto/http_guess.h"
#include "daemon/proto/http_header.h"
#include "daemon/proto/http_message.h"
#include "daemon/proto/http_state.h"
#include "daemon/proto/http_tell.h"
#include "daemon/proto/proto.h"

#include <assert.h>
#include <netinet/in.h>

static_assert(
	sizeof(struct http_state) <= 8192, "a block of streams' memory, not the next larger one");

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

/* returns the file that the body of this side's message is; begun now, if it has not yet */
static struct carried *
file_of(struct proto_call *call, struct http_state *s, struct http_side *side)
{
	struct carried *file = &s->files[call->from_orig];
	uint64_t total =
		side->body.framing == HTTP_FRAMING_LENGTH ? side->length : TRANSACTION_UNSET;

	if (side->has_file)
		return file;
	side->has_file = true;
	carried_begin(file, call, total, s->file_count++);
	if (side->is_packed || side->is_part)
		carried_is_altered(file);
	return file;
}

static void
body_data(struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor data)
{
	if (http_is_heard(call))
		carried_bytes(file_of(call, s, side), call, data);
	if (call->from_orig && side->is_text && !side->is_packed)
		http_request_text(call, s, HTTP_PART_BODY, data);
	body_count(call, s, cursor_left(&data));
}

static void
body_lost(struct proto_call *call, struct http_state *s, struct http_side *side, uint64_t size)
{
	if (size == 0)
		return;
	if (http_is_heard(call))
		carried_gap(file_of(call, s, side), size);
	if (call->from_orig)
		http_location_break(&s->location);
	body_count(call, s, size);
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
	http_message_end(call, s);
	if (is_broken)
		s->stages[call->from_orig] = HTTP_LOST;
}

static enum proto_verdict
take_start(struct proto_call *call, struct http_state *s, struct cursor line)
{
	struct http_request_line request;
	struct http_status_line status;
	bool is_lost = s->stages[call->from_orig] == HTTP_LOST;

	if (cursor_left(&line) == 0)
		return PROTO_MORE;
	if (call->from_orig && http_request_line(line, &request) &&
		(request.version.major > 0 || (!is_lost && http_method_is_known(request.method))))
		return http_request_begin(call, s, &request);
	if (!call->from_orig && http_status_line(line, &status)) {
		http_response_status(call, s, &status);
		return PROTO_MORE;
	}
	if (call->from_orig && !is_lost && s->depth == 0)
		return PROTO_NOT_MINE;
	if (!is_lost)
		http_weird(call, s, call->from_orig ? WEIRD_HTTP_REQUEST : WEIRD_HTTP_ANSWER);
	s->stages[call->from_orig] = HTTP_LOST;
	return PROTO_MORE;
}

/* A whole line is there. */
static enum proto_verdict
take_line(struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor line)
{
	line = http_trim(line);
	side->line_size = 0;
	if (s->stages[call->from_orig] != HTTP_HEADERS)
		return take_start(call, s, line);
	if (cursor_left(&line) > 0) {
		http_header(call, s, line);
		return PROTO_MORE;
	}
	return http_headers_end(call, s);
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
	bool is_first = !call->from_orig && s->stages[call->from_orig] == HTTP_START &&
			s->depth > 0 && s->depth == s->requests.count && !s->response.is_begun;

	uint8_t *kept = s->lines[call->from_orig];

	while (is_first && side->line_size < HTTP_PREFIX && cursor_left(bytes) > 0) {
		kept[side->line_size++] = cursor_u8(bytes);
		struct cursor line = cursor_over(kept, side->line_size);
		if (side->line_size == 1 && (kept[0] == '\r' || kept[0] == '\n')) {
			side->line_size = 0; /* an empty line is in nobody's way */
		} else if (!http_may_be_status(line)) {
			http_response_bare(call, s);
			body_data(call, s, side, line);
			return true;
		}
	}
	return false;
}

/* Bytes of a line: what is not all there yet is kept, as much as fits. */
static enum proto_verdict
take_lines(
	struct proto_call *call, struct http_state *s, struct http_side *side, struct cursor *bytes)
{
	size_t before = cursor_left(bytes);
	struct cursor part = http_split(bytes, '\n');
	size_t size = cursor_left(&part);
	uint8_t *kept = s->lines[call->from_orig];
	size_t room = sizeof(s->lines[0]) - side->line_size;
	bool is_whole = size + cursor_left(bytes) < before;

	if (size > room)
		http_weird(call, s, WEIRD_HTTP_LINE);
	size = size < room ? size : room;
	if (is_whole && side->line_size == 0)
		return take_line(call, s, side, cursor_sub(&part, size));
	cursor_bytes(&part, &kept[side->line_size], size);
	side->line_size = (uint16_t)(side->line_size + size);
	return is_whole ? take_line(call, s, side, cursor_over(kept, side->line_size)) : PROTO_MORE;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct http_state *s = call->state;
	struct http_side *side = &s->sides[call->from_orig];
	enum proto_verdict verdict = PROTO_MORE;

	while (cursor_left(&bytes) > 0 && verdict == PROTO_MORE) {
		if (s->stages[call->from_orig] == HTTP_BODY)
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
	if (s->stages[call->from_orig] == HTTP_BODY) {
		counted = http_body_gap(&side->body, missing);
		body_lost(call, s, side, counted);
		if (side->body.is_over)
			http_message_end(call, s);
	} else if (s->stages[call->from_orig] == HTTP_HEADERS) {
		http_message_end(call, s);
	}
	if (counted < missing) {
		s->stages[call->from_orig] = HTTP_LOST;
		side->line_size = 0;
	}
	return PROTO_MORE;
}

static void
end(struct proto_call *call)
{
	struct http_state *s = call->state;

	for (unsigned i = 0; i < 2; i++)
		http_tell_body(call, s, i != 0);
	http_tell_rest(call, s);
}

/* While no message is coming there are only the requests that wait: most connections that are open are that. */
static size_t
keeps(const void *state)
{
	const struct http_state *s = state;

	if (s->response.is_begun)
		return sizeof(*s);
	for (unsigned i = 0; i < 2; i++)
		if (s->stages[i] == HTTP_HEADERS || s->stages[i] == HTTP_BODY ||
			s->sides[i].line_size > 0 || s->sides[i].has_file)
			return sizeof(*s);
	return offsetof(struct http_state, requests.texts) + s->requests.texts_size;
}

const struct protocol protocol_http = {
	.name = "http",
	.ip_proto = IPPROTO_TCP,
	.state_size = sizeof(struct http_state),
	.state_zeroed = offsetof(struct http_state, requests.texts),
	.begins = PROTO_BEGINS({ '\t', '\n' }, { '\r', '\r' }, { ' ', ' ' }, { '-', '-' },
		{ 'A', 'Z' }, { '_', '_' }, { 'a', 'z' }),
	.looks_like = http_looks_like,
	.parse = parse,
	.gap = gap,
	.keeps = keeps,
	.end = end,
};
