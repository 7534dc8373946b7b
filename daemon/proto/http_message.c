/*
 * http_message.c -- requests wait, oldest first, until their response is there to the end (RFC 9112 sections 6.3
 * and 9.3). A response may be over before its request is; nobody's responses are told by themselves.
 */
#include "daemon/proto/http_message.h"

#include "daemon/proto/http_header.h"
#include "daemon/proto/http_tell.h"
#include "daemon/proto/wire_text.h"

enum {
	STATUS_CONTINUE = 100,
	STATUS_SWITCHING = 101,
	STATUS_OK = 200,
	STATUS_NO_CONTENT = 204,
	STATUS_REDIRECT = 300,
	STATUS_NOT_MODIFIED = 304,
};

/* ---- a message ends ---- */

static void
side_reset(struct http_state *s, bool from_orig)
{
	struct http_side *side = &s->sides[from_orig];

	s->stages[from_orig] = HTTP_START;
	side->line_size = 0;
	side->has_length = side->is_chunked = side->is_packed = side->is_part = side->is_text =
		false;
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

void
http_message_end(struct proto_call *call, struct http_state *s)
{
	struct http_request *newest = http_requests_newest(&s->requests);

	http_tell_body(call, s, call->from_orig);
	side_reset(s, call->from_orig);
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
	struct http_request *r = http_requests_add(&s->requests, call->ts_ns, ++s->depth);

	r->is_alone = is_alone;
	s->unawaited += is_alone;
	return r;
}

void
http_request_text(
	struct proto_call *call, struct http_state *s, enum http_part part, struct cursor text)
{
	struct http_request *newest = http_requests_newest(&s->requests);

	if (newest == NULL || newest->is_complete || newest->location != HTTP_NO_PART ||
		!proto_is_heard(call, OBS_BIT(OBS_HTTP)))
		return;
	if (http_location_read(&s->location, text))
		newest->location = (uint8_t)part;
}

enum proto_verdict
http_request_begin(
	struct proto_call *call, struct http_state *s, const struct http_request_line *line)
{
	/* Whoever asks anew has the answer that we lost. */
	if (s->stages[false] == HTTP_LOST) {
		http_tell_rest(call, s);
		s->unawaited = 0;
	}
	struct http_request *r = request_add(call, s);
	r->is_head = http_is(line->method, "HEAD");
	r->is_connect = http_is(line->method, "CONNECT");
	http_requests_text(&s->requests, HTTP_METHOD, line->method, HTTP_USERNAME_MAX);
	http_header_uri(s, line->target);
	s->location = (struct http_location){ 0 };
	http_request_text(call, s, HTTP_PART_URI, line->target);
	http_location_break(&s->location);
	if (!http_method_is_known(line->method))
		http_weird(call, s, WEIRD_HTTP_METHOD);
	side_reset(s, true);
	if (line->version.major > 1)
		return PROTO_DONE; /* the preface of HTTP/2 */
	if (line->version.major == 0)
		http_message_end(call, s);
	else
		s->stages[true] = HTTP_HEADERS;
	return PROTO_MORE;
}

static void
texts_empty(struct http_response_texts *t)
{
	t->fuid[0] = t->status_msg[0] = t->info_msg[0] = t->content_type[0] = t->filename[0] = '\0';
}

/* Whose response is it that begins? After a 1xx it goes on. */
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
	texts_empty(&s->response_texts);
	if (oldest != NULL)
		return;
	r->is_unasked = true;
	r->began_ns = call->ts_ns;
	r->depth = ++s->depth;
	if (s->unawaited > 0)
		s->unawaited--;
	else if (!s->has_gap)
		http_weird(call, s, WEIRD_HTTP_NO_REQUEST);
}

void
http_response_status(
	struct proto_call *call, struct http_state *s, const struct http_status_line *line)
{
	struct http_response *r = &s->response;

	response_begin(call, s);
	side_reset(s, false);
	s->stages[false] = HTTP_HEADERS;
	r->has_status = true;
	r->version = line->version;
	r->code = line->code;
	(void)wire_text(
		s->response_texts.status_msg, sizeof(s->response_texts.status_msg), line->reason);
}

static void
body_begin(struct http_state *s, bool from_orig, enum http_framing framing, uint64_t length)
{
	s->stages[from_orig] = HTTP_BODY;
	http_body_begin(&s->sides[from_orig].body, framing, length);
}

void
http_response_bare(struct proto_call *call, struct http_state *s)
{
	response_begin(call, s);
	http_weird(call, s, WEIRD_HTTP_ANSWER);
	side_reset(s, false);
	s->response.has_status = true;
	s->response.version = (struct http_version){ 0, 9 };
	body_begin(s, false, HTTP_FRAMING_CLOSE, 0);
}

/* ---- its headers end ---- */

static void
request_headers_end(struct proto_call *call, struct http_state *s, struct http_side *side)
{
	if (side->is_chunked)
		body_begin(s, true, HTTP_FRAMING_CHUNKED, 0);
	else if (side->length > 0)
		body_begin(s, true, HTTP_FRAMING_LENGTH, side->length);
	else
		http_message_end(call, s);
}

/* A 1xx is no answer yet, but for the last one. */
static enum proto_verdict
response_informs(struct proto_call *call, struct http_state *s)
{
	struct http_response *r = &s->response;
	struct http_response_texts *t = &s->response_texts;

	r->info_code = r->code;
	memcpy(t->info_msg, t->status_msg, strlen(t->status_msg) + 1);
	r->has_status = r->code == STATUS_SWITCHING;
	side_reset(s, call->from_orig);
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
		body_begin(s, false, HTTP_FRAMING_CHUNKED, 0);
	else if (is_bare || (side->has_length && side->length == 0))
		http_message_end(call, s);
	else
		body_begin(s, false, side->has_length ? HTTP_FRAMING_LENGTH : HTTP_FRAMING_CLOSE,
			side->length);
	return PROTO_MORE;
}

enum proto_verdict
http_headers_end(struct proto_call *call, struct http_state *s)
{
	struct http_side *side = &s->sides[call->from_orig];

	if (!call->from_orig)
		return response_headers_end(call, s, side);
	request_headers_end(call, s, side);
	return PROTO_MORE;
}
