/* eve_http.c -- EVE's http event. */
#include "daemon/transactions/http.h"
#include "exporters/eve_event.h"
#include "exporters/eve_json.h"

#include <string.h>

/* A content type without its parameters, as Suricata writes it. */
static void
key_type(struct json *j, const char *key, const char *text)
{
	char type[128];
	size_t size = strcspn(text, "; ");

	if (size >= sizeof(type))
		size = sizeof(type) - 1;
	memcpy(type, text, size);
	type[size] = '\0';
	json_key_text(j, key, type);
}

static void
write_http(struct json *j, const struct observation *o)
{
	const struct obs_http *h = o->http;
	char protocol[16] = "HTTP/";

	eve_key_text(j, "hostname", h->host);
	json_key_u64(j, "http_port", o->talk->resp_port);
	eve_key_text(j, "url", h->uri);
	eve_key_text(j, "http_user_agent", h->user_agent);
	if (h->response_content_type != NULL)
		key_type(j, "http_content_type", h->response_content_type);
	eve_key_text(j, "http_refer", h->referrer);
	eve_key_text(j, "origin", h->origin); /* one of Suricata's `custom` fields */
	eve_key_text(j, "http_method", h->method);
	if (h->version != NULL) {
		strncat(protocol, h->version, sizeof(protocol) - sizeof("HTTP/"));
		json_key_text(j, "protocol", protocol);
	}
	if (h->status_code != TRANSACTION_UNSET)
		json_key_u64(j, "status", h->status_code);
	json_key_u64(j, "length", h->response_body_len);
}

/* What was sent by its content; `http_content_type` is what the server called it. */
static void
write_own(struct json *j, const struct observation *o)
{
	eve_key_texts(j, "orig_mime_types", &o->http->orig_mime_types);
	eve_key_texts(j, "resp_mime_types", &o->http->resp_mime_types);
}

static uint64_t
depth_of(const struct observation *o)
{
	return o->http->trans_depth;
}

const struct eve_event eve_event_http = {
	.kind = OBS_HTTP,
	.type = "http",
	.write = write_http,
	.write_own = write_own,
	.depth = depth_of,
};
