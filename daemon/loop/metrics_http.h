/*
 * metrics_http.h -- /metrics for Prometheus, /-/healthy and /-/ready for whoever restarts us.
 *
 * One listener of its own, on the event loop of the capture: it costs that loop a page, at most ten
 * times a second, and a bounded amount of memory. GET and HEAD only; one request a connection.
 */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

struct event_base;
struct metrics_http;
struct unix_socket_owner;

enum { METRICS_SOURCES_MAX = 256 };

/* What is asked for, at the time that it is asked. */
struct metrics_plan {
	const char *listen; /* as listen_address_open() takes it, as the next */
	const struct unix_socket_owner *owner;
	/*
	 * Name the sources as they are now; their owners may be filled here.
	 *
	 * ret      `room` of them; what they point to is borrowed until the next call
	 * returns  how many, <= room
	 */
	size_t (*collect)(void *context, struct metric_source *ret, size_t room);
	/*
	 * Does the loop turn, and is everything open that has to be? Reasons are whole lines; those
	 * given with `true` are shown as well.
	 */
	bool (*healthy)(void *context, struct strbuf *reasons);
	bool (*ready)(void *context, struct strbuf *reasons);
	void *context;
};

/*
 * Listen and answer. An address that others than this machine may reach is allowed, with a warning.
 *
 * plan       copied; what it points to is borrowed until metrics_http_close()
 * ret_error  one line for the person
 * returns    0; -EINVAL for an address that is none, else -errno
 */
int metrics_http_open(struct event_base *base, const struct metrics_plan *plan,
	struct metrics_http **ret_metrics, char *ret_error, size_t error_size);

/* Where it listens, for a line at start: "127.0.0.1:9947". Valid until metrics_http_close(). */
const char *metrics_http_where(const struct metrics_http *m);

/* Answers under way are dropped. Before event_base_free(). Accepts NULL. */
void metrics_http_close(struct metrics_http *m);

/* Its own, in every page that it gives out; here for the list of all metrics. */
extern const struct metric metrics_http_rows[];
