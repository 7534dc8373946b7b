/*
 * encode_prometheus.h -- metric rows as the page that Prometheus reads.
 *
 * Pure: rows in, text out. Who listens and who asks is loop/metrics_http.
 */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/base/strbuf.h"

#include <stddef.h>

enum prometheus_format {
	PROMETHEUS_TEXT,        /* exposition format 0.0.4 */
	PROMETHEUS_OPENMETRICS, /* OpenMetrics 1.0.0 */
	PROMETHEUS_FORMAT_COUNT
};

/* returns the Content-Type of a page in that format */
const char *prometheus_content_type(enum prometheus_format format);

/*
 * Append the page of all sources to `out`: families in the order of their names, all samples of one
 * together whichever sources they come from, in the order of sources and rows.
 *
 * out      with room for "# EOF"; a page that does not fit ends after the last row that does
 * returns  rows left out, for want of room
 * cost     O(families * rows); allocates nothing
 * source   prometheus.io/docs/instrumenting/exposition_formats; the OpenMetrics specification 1.0
 */
size_t encode_prometheus(const struct metric_source *sources, size_t count,
	enum prometheus_format format, struct strbuf *out);
