#include "daemon/proto/http_tell.h"

#include "daemon/proto/http_state.h"
#include "daemon/proto/inflate.h"
#include "daemon/proto/mime.h"
#include "daemon/proto/proto.h"
#include "daemon/proto/wire_text.h"
#include "daemon/transactions/http.h"

enum { UNPACKED_MAX = 1024, VERSION_TEXT_MAX = 4 };

static struct text_list
list_of(const char *const *text)
{
	return (struct text_list){ text, *text != NULL };
}

/* What the lists of one observation have: at most one body a side. */
struct texts {
	const char *fuids[2], *filenames[2], *mime_types[2]; /* [1] is the request's */
	const char *proxied[HTTP_PROXIED_MAX];
	char version[VERSION_TEXT_MAX];
};

static void
fill_request(const struct http_requests *q, const struct http_request *r, struct texts *texts,
	struct obs_http *ret_http)
{
	static const char *const parts[] = { NULL, "uri", "body" };

	ret_http->trans_depth = r->depth;
	ret_http->method = http_requests_text_of(q, r, HTTP_METHOD);
	ret_http->host = http_requests_text_of(q, r, HTTP_HOST);
	ret_http->uri = http_requests_text_of(q, r, HTTP_URI);
	ret_http->referrer = http_requests_text_of(q, r, HTTP_REFERRER);
	ret_http->user_agent = http_requests_text_of(q, r, HTTP_USER_AGENT);
	ret_http->origin = http_requests_text_of(q, r, HTTP_ORIGIN);
	ret_http->username = http_requests_text_of(q, r, HTTP_USERNAME);
	ret_http->request_content_type = http_requests_text_of(q, r, HTTP_CONTENT_TYPE);
	ret_http->request_body_len = r->body_bytes;
	ret_http->location = parts[r->location];
	texts->fuids[1] = wire_text_or_null(r->fuid);
	texts->filenames[1] = http_requests_text_of(q, r, HTTP_FILENAME);
	texts->mime_types[1] = r->mime_type;
	ret_http->proxied.at = texts->proxied;
	for (unsigned i = 0; i < r->proxied_count; i++) {
		const char *text = http_requests_text_of(q, r, HTTP_PROXIED + i);
		if (text != NULL)
			texts->proxied[ret_http->proxied.count++] = text;
	}
}

static void
fill_response(const struct http_response *r, const struct http_response_texts *t,
	struct texts *texts, struct obs_http *ret_http)
{
	ret_http->response_body_len = r->body_bytes;
	if (r->info_code != 0) {
		ret_http->info_code = r->info_code;
		ret_http->info_msg = t->info_msg;
	}
	if (!r->has_status)
		return;
	texts->version[0] = (char)('0' + r->version.major);
	texts->version[1] = '.';
	texts->version[2] = (char)('0' + r->version.minor);
	texts->version[3] = '\0';
	ret_http->version = texts->version;
	ret_http->status_code = r->code;
	ret_http->status_msg = t->status_msg;
	ret_http->response_content_type = wire_text_or_null(t->content_type);
	texts->fuids[0] = wire_text_or_null(t->fuid);
	texts->filenames[0] = wire_text_or_null(t->filename);
	texts->mime_types[0] = r->mime_type;
}

void
http_tell(struct proto_call *call, struct http_state *s, struct http_request *request,
	struct http_response *response)
{
	struct texts texts = { 0 };
	struct obs_http http = {
		.client = call->from_orig ? call->src : call->dst,
		.server = call->from_orig ? call->dst : call->src,
		.status_code = TRANSACTION_UNSET,
		.info_code = TRANSACTION_UNSET,
	};

	if (request != NULL)
		fill_request(&s->requests, request, &texts, &http);
	else
		http.trans_depth = response->depth;
	if (response != NULL)
		fill_response(response, &s->response_texts, &texts, &http);
	http.orig_fuids = list_of(&texts.fuids[1]);
	http.orig_filenames = list_of(&texts.filenames[1]);
	http.orig_mime_types = list_of(&texts.mime_types[1]);
	http.resp_fuids = list_of(&texts.fuids[0]);
	http.resp_filenames = list_of(&texts.filenames[0]);
	http.resp_mime_types = list_of(&texts.mime_types[0]);
	call->emit(call->context,
		&(struct observation){ .kind = OBS_HTTP,
			.ts_ns = call->ts_ns,
			.interface = call->interface,
			.began_ns = request != NULL ? request->began_ns : response->began_ns,
			.http = &http });
	if (request != NULL)
		http_requests_drop(&s->requests, request);
	if (response != NULL)
		memset(response, 0, sizeof(*response));
}

void
http_tell_rest(struct proto_call *call, struct http_state *s)
{
	struct http_response *response = &s->response;

	if (response->is_unasked)
		http_tell(call, s, NULL, response);
	while (s->requests.count > 0)
		http_tell(call, s, &s->requests.at[0], response->is_begun ? response : NULL);
}

/* What the body is, unpacked if it has to be. */
static const char *
mime_of(const struct http_side *side, const struct carried *file)
{
	uint8_t plain[UNPACKED_MAX];
	struct cursor head = carried_head(file);

	if (side->is_part)
		return NULL;
	if (side->is_packed)
		head = cursor_over(plain, inflate_head(head, plain, sizeof(plain)));
	return side->mime_type != NULL && cursor_left(&head) > 0 ? side->mime_type
								 : mime_of_content(head);
}

void
http_tell_body(struct proto_call *call, struct http_state *s, bool from_orig)
{
	struct http_side *side = &s->sides[from_orig];
	struct carried *file = &s->files[from_orig];
	struct http_request *request = http_requests_newest(&s->requests);
	struct carried_about about = { .source = "HTTP" };

	if (!side->has_file)
		return;
	side->has_file = false;
	about.mime_type = mime_of(side, file);
	if (!from_orig) {
		about.filename = wire_text_or_null(s->response_texts.filename);
		s->response.mime_type = about.mime_type;
		memcpy(s->response_texts.fuid, file->fuid, sizeof(file->fuid));
	} else if (request != NULL && !request->is_complete) {
		about.filename = http_requests_text_of(&s->requests, request, HTTP_FILENAME);
		request->mime_type = about.mime_type;
		memcpy(request->fuid, file->fuid, sizeof(file->fuid));
	}
	carried_end(file, call, &about);
}
