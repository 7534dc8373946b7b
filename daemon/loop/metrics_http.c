/*
 * A page is made when somebody asks and the last one is older than PAGE_AGE_NS: a thousand requests
 * a second cost a thousand copies, not a thousand walks over every counter, on the loop that also
 * takes the packets.
 */
#include "daemon/loop/metrics_http.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/http_clients.h"
#include "daemon/loop/listen_address.h"
#include "daemon/loop/now.h"
#include "exporters/encode_prometheus.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>

enum {
	BACKLOG = 1024, /* one is let in a turn: where a queue overflows, a scrape waits a second */
	PAGE_MAX_BYTES = 512 * 1024,
	REASONS_MAX_BYTES = 2048,
	NOT_ALLOWED = 405,
	UNAVAILABLE = 503
};

#define PAGE_AGE_NS (100 * (uint64_t)NS_PER_MS)

struct page {
	struct strbuf text;
	uint64_t made_ns; /* 0: never */
};

struct counts {
	uint64_t scrapes;
	uint64_t left_out;
	struct http_clients_stats clients;
};

struct metrics_http {
	struct metrics_plan plan;
	struct listen_address address;
	struct evhttp *http;
	struct http_clients *clients;
	struct page page[PROMETHEUS_FORMAT_COUNT];
	struct counts counts;
};

#define DROPPED_HELP "Connections of scrapers closed before they were served, by reason."

const struct metric metrics_http_rows[] = {
	METRIC_ROW("scrapes_total", METRIC_COUNTER, NULL, struct counts, scrapes,
		"Requests for /metrics that were answered."),
	METRIC_ROW("scrape_rows_left_out_total", METRIC_COUNTER, NULL, struct counts, left_out,
		"Metrics that were missing from a page, for it was full."),
	METRIC_ROW("scrape_connections", METRIC_GAUGE, NULL, struct counts, clients.connections,
		"Connections to the metrics listener now."),
	METRIC_ROW("scrape_connections_dropped_total", METRIC_COUNTER, "reason=\"full\"",
		struct counts, clients.dropped_full, DROPPED_HELP),
	METRIC_ROW("scrape_connections_dropped_total", METRIC_COUNTER, "reason=\"idle\"",
		struct counts, clients.dropped_idle, DROPPED_HELP),
	METRIC_ROW("scrape_connections_dropped_total", METRIC_COUNTER, "reason=\"slow\"",
		struct counts, clients.dropped_slow, DROPPED_HELP),
	METRIC_ROW("scrape_connections_dropped_total", METRIC_COUNTER, "reason=\"late\"",
		struct counts, clients.dropped_late, DROPPED_HELP),
	METRIC_END,
};

static const char index_page[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\"><head><title>naiad</title></head><body><h1>naiad</h1><ul>\n"
	"<li><a href=\"/metrics\">/metrics</a>: counters, for Prometheus</li>\n"
	"<li><a href=\"/-/healthy\">/-/healthy</a>: is it alive?</li>\n"
	"<li><a href=\"/-/ready\">/-/ready</a>: is it watching?</li>\n"
	"</ul></body></html>\n";

static const char plain_text[] = "text/plain; charset=utf-8";

/*
 * Every reply closes its connection, whatever the request says of keeping it: a connection then has
 * one request to be bounded, and none that waits behind another.
 */
static void
reply(struct metrics_http *m, struct evhttp_request *q, int code, const char *reason,
	const char *content_type, const char *text, size_t length)
{
	struct evkeyvalq *headers = evhttp_request_get_output_headers(q);
	struct evbuffer *body = evhttp_request_get_output_buffer(q);
	bool is_head = evhttp_request_get_command(q) == EVHTTP_REQ_HEAD;
	char digits[24];
	struct strbuf b;

	strbuf_init(&b, digits, sizeof(digits));
	strbuf_u64(&b, length);
	(void)evhttp_remove_header(evhttp_request_get_input_headers(q), "Connection");
	(void)evhttp_add_header(headers, "Connection", "close");
	(void)evhttp_add_header(headers, "Content-Type", content_type);
	(void)evhttp_add_header(headers, "Content-Length", digits);
	(void)evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
	http_clients_asked(m->clients, q, is_head ? 0 : length);
	if (!is_head)
		(void)evbuffer_add(body, text, length);
	evhttp_send_reply(q, code, reason, NULL);
}

static void
reply_text(struct metrics_http *m, struct evhttp_request *q, int code, const char *reason,
	const char *text)
{
	reply(m, q, code, reason, plain_text, text, strlen(text));
}

static void
page_make(struct metrics_http *m, enum prometheus_format format)
{
	struct metric_source sources[METRICS_SOURCES_MAX];
	size_t count = m->plan.collect(m->plan.context, sources, METRICS_SOURCES_MAX - 1);
	struct strbuf *text = &m->page[format].text;

	m->counts.clients = http_clients_stats(m->clients);
	sources[count++] = (struct metric_source){ metrics_http_rows, &m->counts, NULL };
	strbuf_reset(text);
	m->counts.left_out += encode_prometheus(sources, count, format, text);
}

static void
answer_metrics(struct metrics_http *m, struct evhttp_request *q)
{
	const char *accept = evhttp_find_header(evhttp_request_get_input_headers(q), "Accept");
	enum prometheus_format format =
		accept != NULL && strstr(accept, "application/openmetrics-text") != NULL
			? PROMETHEUS_OPENMETRICS
			: PROMETHEUS_TEXT;
	struct page *page = &m->page[format];
	uint64_t now = now_monotonic_ns();

	m->counts.scrapes++;
	if (page->made_ns == 0 || now - page->made_ns > PAGE_AGE_NS) {
		page_make(m, format);
		page->made_ns = now;
	}
	reply(m, q, HTTP_OK, "OK", prometheus_content_type(format), page->text.text,
		page->text.length);
}

/* "ready", or "not ready", then the reasons. */
static void
answer_check(struct metrics_http *m, struct evhttp_request *q, const char *what,
	bool (*check)(void *context, struct strbuf *reasons))
{
	char reasons_memory[REASONS_MAX_BYTES];
	char memory[REASONS_MAX_BYTES + 32];
	struct strbuf reasons;
	struct strbuf text;

	strbuf_init(&reasons, reasons_memory, sizeof(reasons_memory));
	strbuf_init(&text, memory, sizeof(memory));
	bool good = check(m->plan.context, &reasons);
	strbuf_printf(&text, "%s%s\n%s", good ? "" : "not ", what, reasons.text);
	reply_text(
		m, q, good ? HTTP_OK : UNAVAILABLE, good ? "OK" : "Service Unavailable", text.text);
}

/* The target as it was sent, byte for byte: nothing is decoded, so nothing has two names. */
static bool
asks_for(const char *target, const char *path)
{
	size_t length = strcspn(target, "?");

	return strlen(path) == length && memcmp(target, path, length) == 0;
}

static void
on_request(struct evhttp_request *q, void *context)
{
	struct metrics_http *m = context;
	enum evhttp_cmd_type command = evhttp_request_get_command(q);
	const char *target = evhttp_request_get_uri(q);

	if (command != EVHTTP_REQ_GET && command != EVHTTP_REQ_HEAD) {
		(void)evhttp_add_header(evhttp_request_get_output_headers(q), "Allow", "GET, HEAD");
		reply_text(m, q, NOT_ALLOWED, "Method Not Allowed", "GET and HEAD only\n");
	} else if (asks_for(target, "/metrics")) {
		answer_metrics(m, q);
	} else if (asks_for(target, "/-/healthy")) {
		answer_check(m, q, "healthy", m->plan.healthy);
	} else if (asks_for(target, "/-/ready")) {
		answer_check(m, q, "ready", m->plan.ready);
	} else if (asks_for(target, "/")) {
		reply(m, q, HTTP_OK, "OK", "text/html; charset=utf-8", index_page,
			strlen(index_page));
	} else {
		reply_text(m, q, HTTP_NOTFOUND, "Not Found", "there is nothing here; see /\n");
	}
}

static int
serve(struct metrics_http *m, struct event_base *base)
{
	struct evconnlistener *listener;

	for (int i = 0; i < PROMETHEUS_FORMAT_COUNT; i++) {
		char *memory = malloc(PAGE_MAX_BYTES);

		if (memory == NULL)
			return -ENOMEM;
		strbuf_init(&m->page[i].text, memory, PAGE_MAX_BYTES);
	}
	m->http = evhttp_new(base);
	if (m->http == NULL)
		return -ENOMEM;
	/* Its own listen() would set another backlog: 0 says that ours is done. */
	listener = evconnlistener_new(base, NULL, NULL, LEV_OPT_CLOSE_ON_EXEC, 0, m->address.fd);
	if (listener == NULL)
		return -ENOMEM;
	if (evhttp_bind_listener(m->http, listener) == NULL) {
		evconnlistener_free(listener);
		return -ENOMEM;
	}
	/* All of them reach on_request(), which says what is allowed. */
	evhttp_set_allowed_methods(m->http, UINT16_MAX);
	evhttp_set_gencb(m->http, on_request, m);
	return http_clients_open(base, m->http, listener, &m->clients);
}

int
metrics_http_open(struct event_base *base, const struct metrics_plan *plan,
	struct metrics_http **ret_metrics, char *ret_error, size_t error_size)
{
	struct metrics_http *m = calloc(1, sizeof(*m));
	struct strbuf error;

	strbuf_init(&error, ret_error, error_size);
	if (m == NULL) {
		strbuf_text(&error, strerror(ENOMEM));
		return -ENOMEM;
	}
	m->plan = *plan;
	int result = listen_address_open(
		plan->listen, BACKLOG, plan->owner, &m->address, ret_error, error_size);
	if (result < 0) {
		metrics_http_close(m);
		return result;
	}
	result = serve(m, base);
	if (result < 0) {
		strbuf_text(&error, strerror(-result));
		metrics_http_close(m);
		return result;
	}
	if (m->address.is_public)
		log_warnx("metrics",
			"%s can be reached from other machines, and whoever does reads the "
			"metrics; 127.0.0.1 keeps them here",
			m->address.text);
	*ret_metrics = m;
	return 0;
}

const char *
metrics_http_where(const struct metrics_http *m)
{
	return m->address.text;
}

void
metrics_http_close(struct metrics_http *m)
{
	if (m == NULL)
		return;
	if (m->http != NULL)
		evhttp_free(m->http);
	http_clients_close(m->clients);
	listen_address_close(&m->address);
	for (int i = 0; i < PROMETHEUS_FORMAT_COUNT; i++)
		free(m->page[i].text.text);
	free(m);
}
