#include "daemon/loop/metrics_page.h"

#include "daemon/engine/engine_metrics.h"
#include "daemon/loop/build_info.h"
#include "daemon/loop/capture/capture_counters.h"
#include "daemon/loop/feed_tell.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/live/live_input_state.h"
#include "daemon/loop/loop_lag.h"
#include "daemon/loop/metrics_http.h"
#include "daemon/loop/process_metrics.h"
#include "exporters/outlet_metrics.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

const struct metrics_group metrics_groups[] = {
	{ "What runs", "version, revision, config_sha256", build_info_rows },
	{ "Interfaces", "interface", capture_counters_metrics },
	{ "Interfaces, as the engine sees them", "interface", engine_metric_interface_rows },
	{ "Inputs: flow logs of other programs", "input", live_input_metric_rows },
	{ "Inputs: Unix sockets", "input", input_socket_metrics },
	{ "Inputs: UDP", "input", input_udp_metrics },
	{ "Inputs: what routers export", "input", input_exporter_metrics },
	{ "The engine", NULL, engine_metric_rows },
	{ "Detectors", "detector", engine_metric_detector_rows },
	{ "Memory", "area", engine_metric_area_rows },
	{ "Threat intelligence", NULL, feed_metric_rows },
	{ "Outputs", "output", outlet_metric_rows },
	{ "The sensor", NULL, live_metric_rows },
	{ "The process", NULL, process_metrics_rows },
	{ "The event loop", NULL, loop_lag_rows },
	{ "Scraping", NULL, metrics_http_rows },
	{ 0 },
};

/* One `key="value"` of a row's label. */
struct pair {
	const char *key, *value;
	size_t key_length, value_length;
};

/* Take the next pair off `*at`; returns false at the end. Rows are ours: their labels are whole. */
static bool
pair_next(const char **at, struct pair *ret_pair)
{
	const char *key = *at;

	if (key == NULL || *key == '\0')
		return false;
	key += *key == ',';
	ret_pair->key = key;
	ret_pair->key_length = strcspn(key, "=");
	ret_pair->value = key + ret_pair->key_length + 2;
	ret_pair->value_length = strcspn(ret_pair->value, "\"");
	*at = ret_pair->value + ret_pair->value_length + 1;
	return true;
}

/* The value that a row has for that key; a value of length 0 when it has none. */
static struct pair
pair_of(const struct metric *row, const struct pair *key)
{
	const char *at = row->label;
	struct pair p;

	while (pair_next(&at, &p))
		if (p.key_length == key->key_length && memcmp(p.key, key->key, p.key_length) == 0)
			return p;
	return (struct pair){ 0 };
}

static bool
same_value(const struct pair *a, const struct pair *b)
{
	return a->value_length == b->value_length &&
	       memcmp(a->value, b->value, a->value_length) == 0;
}

/* "`where`: kernel, nic": each value of a key once, in the order of the rows. */
static void
values_print(FILE *out, const struct metric *first, const struct pair *key)
{
	const char *between = ": ";

	(void)fprintf(out, "`%.*s`", (int)key->key_length, key->key);
	for (const struct metric *row = first; row->name != NULL; row++) {
		struct pair p = pair_of(row, key);
		bool seen = p.value_length == 0 || strcmp(row->name, first->name) != 0;

		for (const struct metric *before = first; before < row && !seen; before++) {
			struct pair b = pair_of(before, key);

			seen = strcmp(before->name, first->name) == 0 && same_value(&p, &b);
		}
		if (seen)
			continue;
		(void)fprintf(out, "%s%.*s", between, (int)p.value_length, p.value);
		between = ", ";
	}
}

static void
labels_print(FILE *out, const char *of_source, const struct metric *row)
{
	const char *at = row->label;
	const char *between = "";
	struct pair p;

	while (of_source != NULL && *of_source != '\0') {
		size_t length = strcspn(of_source, ",");

		(void)fprintf(out, "%s`%.*s`", between, (int)length, of_source);
		of_source += length;
		of_source += strspn(of_source, ", ");
		between = ", ";
	}
	for (; pair_next(&at, &p); between = "; ") {
		(void)fputs(*between == '\0' ? "" : "; ", out);
		values_print(out, row, &p);
	}
}

static const char *
type_name(enum metric_type type)
{
	static const char *const names[] = {
		[METRIC_COUNTER] = "counter",
		[METRIC_GAUGE] = "gauge",
		[METRIC_INFO] = "info, always 1",
		[METRIC_HISTOGRAM] = "histogram",
	};

	return names[type];
}

/* A name that another row had before. */
static bool
is_told(const struct metric *rows, const struct metric *row)
{
	for (const struct metric *before = rows; before < row; before++)
		if (strcmp(before->name, row->name) == 0)
			return true;
	return false;
}

int
metrics_page_print(FILE *out, const struct metrics_group *groups)
{
	for (const struct metrics_group *g = groups; g->title != NULL; g++) {
		(void)fprintf(out,
			"\n## %s\n\n| Metric | Type | Labels | Meaning |\n|---|---|---|---|\n",
			g->title);
		for (const struct metric *row = g->rows; row->name != NULL; row++) {
			if (is_told(g->rows, row))
				continue;
			(void)fprintf(out, "| `%s%s` | %s | ", metric_prefix(row), row->name,
				type_name(row->type));
			labels_print(out, g->labels, row);
			(void)fprintf(out, " | %s |\n", row->help);
		}
	}
	return ferror(out) ? -EIO : 0;
}
