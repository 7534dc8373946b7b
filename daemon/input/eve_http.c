/* eve_http.c -- EVE's http event. */
#include "daemon/base/strbuf.h"
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/http.h"

#include <string.h>

enum { PORT_HTTP = 80 };

struct eve_http {
	uint64_t port;   /* as the client wrote it behind the host; ours: of the server */
	const char *two; /* "2": it was HTTP/2, which has no `protocol` */
};

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct eve_http, port, "http.http_port"),
	FIELD_ROW_TEXT(struct eve_http, two, "http.version"),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "http.hostname", "host" },
	{ "http.url", "uri" },
	{ "http.http_user_agent", "user_agent" },
	{ "http.http_content_type", "response_content_type" },
	{ "http.http_refer", "referrer" },
	{ "http.origin", "origin" },
	{ "http.http_method", "method" },
	{ "http.protocol", "version" },
	{ "http.status", "status_code" },
	{ "http.length", "response_body_len" },
	{ "naiad.orig_mime_types", "orig_mime_types" },
	{ "naiad.resp_mime_types", "resp_mime_types" },
	{ NULL, NULL },
};

/* Suricata takes the port off the host; ours has it as it was sent. */
static const char *
host_and_port(struct input_stream *s, const char *host, uint64_t port)
{
	size_t size = strlen(host) + sizeof(":65535");
	struct strbuf b;

	if (eve_is_ours(s) || port == PORT_HTTP || port > UINT16_MAX)
		return host;
	char *text = eve_text(s, size);
	if (text == NULL)
		return host;
	strbuf_init(&b, text, size);
	strbuf_text(&b, host);
	strbuf_char(&b, ':');
	strbuf_u64(&b, port);
	return text;
}

static const char *
version_of(const struct obs_http *h, const char *two)
{
	static const char prefix[] = "HTTP/";

	if (h->version == NULL)
		return two;
	return strncmp(h->version, prefix, sizeof(prefix) - 1) == 0
		       ? h->version + sizeof(prefix) - 1
		       : h->version;
}

static int
tell_http(struct input_stream *s)
{
	const struct eve_http *v = eve_beside(s);
	const struct eve_head *head = eve_head(s);
	struct obs_http *h = eve_said(s);

	h->client = head->src;
	h->server = head->dest;
	if (h->host != NULL)
		h->host = host_and_port(s, h->host, v->port);
	h->version = version_of(h, v->two);
	if (head->tx_id < UINT32_MAX)
		h->trans_depth = head->tx_id + 1;
	return eve_tell(s);
}

const struct eve_reader eve_reader_http = {
	.type = "http",
	.said = &transaction_http,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_http),
	.tell = tell_http,
};
