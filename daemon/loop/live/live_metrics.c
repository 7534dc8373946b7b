/*
 * live_metrics.c -- every number of the running sensor, gathered when somebody asks.
 *
 * Each part keeps its own counters and rows; here they get the name of what they are about: an
 * interface, an outlet. Ready means that packets can come: all interfaces are open. Silence on the
 * wire is told, and is no reason to be restarted.
 */
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/engine/engine_metrics.h"
#include "daemon/loop/build_info.h"
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/metrics_http.h"
#include "daemon/loop/now.h"
#include "daemon/loop/writer/writer.h"
#include "daemon/loop/writer/writer_message.h"
#include "exporters/outlet_metrics.h"
#include "exporters/outlets.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_MAX = 256, ERROR_MAX = 512, SILENT_S = 600 };

/* What hangs on no other struct. */
struct own {
	struct metric_histogram packet;
	uint64_t memory_limit_bytes;
	uint64_t reload_good, reload_good_ns;
	uint64_t writer_dropped_flows, writer_dropped_windows, writer_dropped, writer_queued;
};

#define WRITER_DROPPED_HELP                                                                        \
	"Records that the writer process could not take in time; windows also when a part of one " \
	"was left out."

const struct metric live_metric_rows[] = {
	METRIC_ROW_HISTOGRAM("packet_processing_seconds", NULL, struct own, packet,
		"Time that a packet takes; one in 1024 is measured."),
	METRIC_ROW("memory_limit_bytes", METRIC_GAUGE, NULL, struct own, memory_limit_bytes,
		"The setting memory.limit."),
	METRIC_ROW("config_last_reload_successful", METRIC_GAUGE, NULL, struct own, reload_good,
		"1 when the last reading of the settings went well."),
	METRIC_ROW_IN(METRIC_NS, "config_last_reload_success_timestamp_seconds", METRIC_GAUGE, NULL,
		struct own, reload_good_ns, "When the settings were last read well."),
	METRIC_ROW("writer_dropped_total", METRIC_COUNTER, "record=\"flow\"", struct own,
		writer_dropped_flows, WRITER_DROPPED_HELP),
	METRIC_ROW("writer_dropped_total", METRIC_COUNTER, "record=\"window\"", struct own,
		writer_dropped_windows, WRITER_DROPPED_HELP),
	METRIC_ROW("writer_dropped_total", METRIC_COUNTER, "record=\"other\"", struct own,
		writer_dropped, WRITER_DROPPED_HELP),
	METRIC_ROW("writer_queue_batches", METRIC_GAUGE, NULL, struct own, writer_queued,
		"Batches of records that wait for the writer process."),
	METRIC_END,
};

struct live_metrics {
	struct engine_metrics *engine;
	struct own own;
	struct capture_counters interfaces[CAPTURE_SET_MAX];
	char interface_labels[CAPTURE_SET_MAX][LABEL_MAX];
	char outlet_labels[WRITER_OUTLETS_MAX][LABEL_MAX];
	char build_label[BUILD_INFO_LABEL_MAX];
};

/* Where the next source goes. */
struct list {
	struct metric_source *at;
	size_t count, room;
};

static void
add(struct list *list, const struct metric *rows, const void *owner, const char *label)
{
	if (list->count < list->room)
		list->at[list->count++] =
			(struct metric_source){ .rows = rows, .owner = owner, .label = label };
}

static const char *
label(char text[LABEL_MAX], const char *key, const char *value)
{
	struct strbuf b;

	strbuf_init(&b, text, LABEL_MAX);
	(void)metric_label_append(&b, key, value);
	return text;
}

static void
add_interfaces(struct live *l, struct list *list)
{
	struct live_metrics *m = l->metrics;

	for (size_t i = 0; i < capture_set_count(l->captures); i++) {
		capture_set_counters(l->captures, i, &m->interfaces[i]);
		add(list, capture_counters_metrics, &m->interfaces[i],
			label(m->interface_labels[i], "interface",
				capture_set_name(l->captures, i)));
	}
}

static void
add_outlets(struct live *l, struct list *list)
{
	struct live_metrics *m = l->metrics;
	size_t count = 0;
	const struct outlet_stats *outlets = writer_outlets(l->writer, &count);

	for (size_t i = 0; i < count; i++)
		add(list, outlet_metric_rows, &outlets[i],
			label(m->outlet_labels[i], "output", outlets[i].name));
}

static void
add_own(struct live *l, struct list *list)
{
	struct writer_stats w = writer_stats(l->writer);

	l->metrics->own = (struct own){
		.packet = l->packet_cost,
		.memory_limit_bytes = live_settings_now(l)->memory.limit,
		.reload_good = l->reload.last.ok,
		.reload_good_ns = l->reload.good_ns,
		.writer_dropped_flows = w.dropped_flows,
		.writer_dropped_windows = w.dropped_windows,
		.writer_dropped = w.dropped,
		.writer_queued = w.queued,
	};
	add(list, live_metric_rows, &l->metrics->own, NULL);
}

size_t
live_metrics_collect(void *live, struct metric_source *ret, size_t room)
{
	struct live *l = live;
	struct list list = { .at = ret, .room = room };

	add(&list, build_info_rows, l, l->metrics->build_label);
	add_interfaces(l, &list);
	if (room - list.count >= engine_metrics_most(l->metrics->engine))
		list.count +=
			engine_metrics_collect(l->metrics->engine, &l->names, ret + list.count);
	list.count += list.count < room && live_feeds_metrics(l, &list.at[list.count]);
	list.count += live_input_metrics(l, list.at + list.count, list.room - list.count);
	add_outlets(l, &list);
	add_own(l, &list);
	add(&list, loop_lag_rows, &l->lag, NULL);
	process_metrics_read(&l->process);
	add(&list, process_metrics_rows, &l->process, NULL);
	return list.count;
}

static void
say_silence(const struct live *l, struct strbuf *reasons)
{
	struct capture_counters c = { 0 };

	if (l->interface_count == 0)
		return;
	capture_set_totals(l->captures, &c);
	uint64_t since_ns =
		c.last_packet_ns > l->started_wall_ns ? c.last_packet_ns : l->started_wall_ns;
	uint64_t now_ns = now_wall_ns();
	if (now_ns > since_ns + SILENT_S * NS_PER_S)
		strbuf_printf(
			reasons, "no packet for %" PRIu64 " s\n", (now_ns - since_ns) / NS_PER_S);
}

static bool
is_healthy(void *context, struct strbuf *reasons)
{
	(void)context;
	(void)reasons;
	return true; /* whoever can ask is answered by the loop itself */
}

static bool
is_ready(void *context, struct strbuf *reasons)
{
	static const char *const states[] = {
		[CAPTURE_OPEN] = "open", [CAPTURE_DOWN] = "down", [CAPTURE_GONE] = "gone"
	};
	const struct live *l = context;
	bool ready = l->is_ready;

	if (!ready)
		strbuf_text(reasons, "starting\n");
	for (size_t i = 0; i < capture_set_count(l->captures); i++) {
		enum capture_state state = capture_set_state(l->captures, i);

		if (state == CAPTURE_OPEN)
			continue;
		ready = false;
		strbuf_printf(reasons, "interface %s is %s\n", capture_set_name(l->captures, i),
			states[state]);
	}
	say_silence(l, reasons);
	return ready;
}

void
live_metrics_settings(struct live *l)
{
	char *text = config_print_text(l->config);
	struct strbuf b;

	strbuf_init(&b, l->metrics->build_label, sizeof(l->metrics->build_label));
	(void)build_info_label(&b, text == NULL ? "" : text);
	free(text);
}

int
live_metrics_open(struct live *l)
{
	const struct shell_settings *s = l->config->shell;
	char error[ERROR_MAX] = "";

	l->metrics = calloc(1, sizeof(*l->metrics));
	if (l->metrics != NULL)
		l->metrics->engine = engine_metrics_new(l->engine);
	if (l->metrics == NULL || l->metrics->engine == NULL ||
		loop_lag_open(&l->lag, l->base) != 0) {
		log_err("metrics", "no memory left to start");
		return EXIT_RUNTIME;
	}
	process_metrics_open(&l->process);
	live_metrics_settings(l);
	if (!s->metrics.enabled)
		return EXIT_OK;
	const struct metrics_plan plan = {
		.listen = s->metrics.listen,
		.owner = l->owner,
		.collect = live_metrics_collect,
		.healthy = is_healthy,
		.ready = is_ready,
		.context = l,
	};
	int result = metrics_http_open(l->base, &plan, &l->http, error, sizeof(error));
	if (result == 0)
		return EXIT_OK;
	log_err("metrics", "%s (metrics.listen)", error);
	return result == -EACCES || result == -EPERM ? EXIT_NO_PERMISSION : EXIT_RUNTIME;
}

void
live_metrics_close(struct live *l)
{
	metrics_http_close(l->http);
	l->http = NULL;
	if (l->metrics == NULL)
		return;
	loop_lag_close(&l->lag);
	process_metrics_close(&l->process);
	engine_metrics_free(l->metrics->engine);
	free(l->metrics);
	l->metrics = NULL;
}
