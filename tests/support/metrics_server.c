/*
 * metrics_server -- the sensor's metrics without the sensor: the real listener over values that move.
 *
 *	metrics_server ADDRESS [N]    prints "listening on ADDRESS"; SIGTERM ends it
 *
 * Families and labels are among those of a live sensor on N interfaces (2), so that dashboards, rules
 * and a real Prometheus can be tried without packets; a large N makes a large page. SIGUSR1 makes it
 * ill: everything the alert rules look for happens.
 */
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/build_info.h"
#include "daemon/loop/loop_lag.h"
#include "daemon/loop/metrics_http.h"
#include "daemon/loop/process_metrics.h"

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOVE_MS = 100, LABEL_MAX = 64, MIB = 1 << 20, MANY_MAX = 64, STALL_US = 900000 };

struct port {
	char label[LABEL_MAX];
	uint64_t received, analysed, filtered, kernel, nic, queue, bytes;
	uint64_t up, last_ns, oneway, gap_bytes, payload;
};

struct engine_like {
	uint64_t short_header, bad_checksum, tcp_flows, udp_flows, flows, profiles, windows;
	uint64_t suppressed, alerts_high, alerts_critical;
	uint64_t table_entries, table_capacity, table_evicted;
	uint64_t writer_dropped;
	uint64_t pools, arenas, limit;
	struct metric_histogram packet;
};

struct detector_like {
	char label[LABEL_MAX];
	uint64_t level[5];
};

struct output_like {
	char label[LABEL_MAX];
	uint64_t events, full, failed, queue, queue_bytes, success_s;
};

struct reload_like {
	uint64_t good, good_ns;
};

#define DROPPED "Packets that came and were not looked at."
#define PORT(name_, type_, label_, member_, help_) \
	METRIC_ROW(name_, type_, label_, struct port, member_, help_)
static const struct metric port_rows[] = {
	PORT("packets_received_total", METRIC_COUNTER, NULL, received, "Packets that came."),
	PORT("packets_analysed_total", METRIC_COUNTER, NULL, analysed, "Packets looked at."),
	PORT("packets_filtered_total", METRIC_COUNTER, NULL, filtered, "Packets filtered."),
	PORT("packets_dropped_total", METRIC_COUNTER, "where=\"kernel\"", kernel, DROPPED),
	PORT("packets_dropped_total", METRIC_COUNTER, "where=\"nic\"", nic, DROPPED),
	PORT("packets_dropped_total", METRIC_COUNTER, "where=\"queue\"", queue, DROPPED),
	PORT("bytes_received_total", METRIC_COUNTER, NULL, bytes, "Bytes that came."),
	PORT("interface_up", METRIC_GAUGE, NULL, up, "1 while packets are captured on it."),
	METRIC_ROW_IN(METRIC_NS, "interface_last_packet_timestamp_seconds", METRIC_GAUGE, NULL,
		struct port, last_ns, "When the last packet came."),
	METRIC_ROW_IN(METRIC_MILLIONTHS, "oneway_flows_ratio", METRIC_GAUGE, NULL, struct port,
		oneway, "Share of conversations of which one side was seen."),
	PORT("tcp_gap_bytes_total", METRIC_COUNTER, NULL, gap_bytes, "TCP bytes never seen."),
	PORT("tcp_payload_bytes_total", METRIC_COUNTER, NULL, payload, "TCP payload seen."),
	METRIC_END,
};

#define ENGINE(name_, type_, label_, member_, help_) \
	METRIC_ROW(name_, type_, label_, struct engine_like, member_, help_)
static const struct metric engine_rows[] = {
	ENGINE("decode_errors_total", METRIC_COUNTER, "layer=\"ip\",reason=\"ip_short\"",
		short_header, "Malformed packets."),
	ENGINE("decode_errors_total", METRIC_COUNTER,
		"layer=\"transport\",reason=\"transport_checksum\"", bad_checksum,
		"Malformed packets."),
	ENGINE("flows_total", METRIC_COUNTER, "proto=\"tcp\",state=\"SF\"", tcp_flows,
		"Conversations that ended."),
	ENGINE("flows_total", METRIC_COUNTER, "proto=\"udp\",state=\"SF\"", udp_flows,
		"Conversations that ended."),
	ENGINE("flows_active", METRIC_GAUGE, NULL, flows, "Conversations now."),
	ENGINE("profiles_active", METRIC_GAUGE, NULL, profiles, "Hosts now."),
	ENGINE("timewindows_open", METRIC_GAUGE, NULL, windows, "Windows now."),
	ENGINE("evidence_suppressed_total", METRIC_COUNTER, "reason=\"cap\"", suppressed,
		"Findings not written."),
	ENGINE("alerts_total", METRIC_COUNTER, "threat_level=\"high\"", alerts_high, "Alerts."),
	ENGINE("alerts_total", METRIC_COUNTER, "threat_level=\"critical\"", alerts_critical,
		"Alerts."),
	ENGINE("table_entries", METRIC_GAUGE, "table=\"flows\"", table_entries, "Entries in use."),
	ENGINE("table_capacity", METRIC_GAUGE, "table=\"flows\"", table_capacity,
		"Entries at most."),
	ENGINE("table_evictions_total", METRIC_COUNTER, "table=\"flows\",reason=\"full\"",
		table_evicted, "Entries that made room."),
	ENGINE("memory_bytes", METRIC_GAUGE, "area=\"pools\"", pools, "Memory by area."),
	ENGINE("memory_bytes", METRIC_GAUGE, "area=\"arenas\"", arenas, "Memory by area."),
	ENGINE("memory_limit_bytes", METRIC_GAUGE, NULL, limit, "The setting memory.limit."),
	ENGINE("writer_dropped_total", METRIC_COUNTER, "record=\"flow\"", writer_dropped,
		"Records that the writer process could not take in time."),
	METRIC_ROW_HISTOGRAM("packet_processing_seconds", NULL, struct engine_like, packet,
		"Time a packet takes, one in 1024 measured."),
	METRIC_END,
};

#define LEVEL(name_, index_)                                                       \
	METRIC_ROW("evidence_total", METRIC_COUNTER, "threat_level=\"" name_ "\"", \
		struct detector_like, level[index_], "Findings.")
static const struct metric detector_rows[] = {
	LEVEL("info", 0),
	LEVEL("low", 1),
	LEVEL("medium", 2),
	LEVEL("high", 3),
	LEVEL("critical", 4),
	METRIC_END,
};

#define OUTPUT(name_, type_, label_, member_, help_) \
	METRIC_ROW(name_, type_, label_, struct output_like, member_, help_)
static const struct metric output_rows[] = {
	OUTPUT("output_events_total", METRIC_COUNTER, NULL, events, "Records that left."),
	OUTPUT("output_dropped_total", METRIC_COUNTER, "reason=\"full\"", full, "Records dropped."),
	OUTPUT("output_dropped_total", METRIC_COUNTER, "reason=\"failed\"", failed,
		"Records dropped."),
	OUTPUT("output_queue_length", METRIC_GAUGE, NULL, queue, "Records that wait."),
	OUTPUT("output_queue_bytes", METRIC_GAUGE, NULL, queue_bytes, "Bytes that wait."),
	OUTPUT("output_last_success_timestamp_seconds", METRIC_GAUGE, NULL, success_s,
		"When the last record left."),
	METRIC_END,
};

static const struct metric reload_rows[] = {
	METRIC_ROW("config_last_reload_successful", METRIC_GAUGE, NULL, struct reload_like, good,
		"1 when the last reading of the settings went well."),
	METRIC_ROW_IN(METRIC_NS, "config_last_reload_success_timestamp_seconds", METRIC_GAUGE, NULL,
		struct reload_like, good_ns, "When the settings were last read well."),
	METRIC_END,
};

struct server {
	struct event_base *base;
	struct metrics_http *metrics;
	struct loop_lag lag;
	struct process_metrics process;
	char build_label[BUILD_INFO_LABEL_MAX];
	size_t many;
	struct port port[MANY_MAX];
	struct engine_like engine;
	struct detector_like detector[MANY_MAX];
	struct output_like output[MANY_MAX];
	struct reload_like reload;
	bool ill;
};

static uint64_t
wall_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* When ill, the first is down and the others are silent. */
static void
port_move(struct port *p, bool ill, bool first)
{
	p->received += 1000;
	p->kernel += ill ? 100 : 0;
	p->analysed += ill ? 890 : 990;
	p->filtered += 10;
	p->bytes += 700000;
	p->payload += 600000;
	p->gap_bytes += ill ? 60000 : 0;
	p->up = !ill || !first;
	p->oneway = ill ? 950000 : 20000;
	p->last_ns = ill ? 0 : wall_ns();
}

static void
move(evutil_socket_t fd, short what, void *context)
{
	struct server *s = context;
	struct engine_like *e = &s->engine;

	(void)fd;
	(void)what;
	for (size_t i = 0; i < s->many; i++) {
		port_move(&s->port[i], s->ill, i == 0);
		s->detector[i].level[3]++;
		s->detector[i].level[4] += s->ill;
		s->output[i].events += 5;
		s->output[i].failed += s->ill;
		s->output[i].queue = s->ill ? 100 : 1;
		s->output[i].queue_bytes = 300;
		s->output[i].success_s = s->ill ? 1 : wall_ns() / NS_PER_S;
	}
	e->short_header++;
	e->bad_checksum++;
	e->tcp_flows += 20;
	e->udp_flows += 30;
	e->flows = 1000 + e->tcp_flows % 100;
	e->profiles = 120;
	e->windows = 125;
	e->suppressed++;
	e->alerts_high++;
	e->alerts_critical += s->ill;
	e->table_entries = e->flows;
	e->table_capacity = 65536;
	e->table_evicted += s->ill;
	e->writer_dropped += s->ill;
	e->pools = 20 * (uint64_t)MIB;
	e->arenas = 30 * (uint64_t)MIB;
	e->limit = s->ill ? MIB : 128 * (uint64_t)MIB;
	metric_histogram_add(&e->packet, s->ill ? 2000000 : 400);
	s->reload.good = !s->ill;
	s->reload.good_ns = wall_ns();
}

static size_t
collect(void *context, struct metric_source *ret, size_t room)
{
	struct server *s = context;
	size_t count = 0;

	process_metrics_read(&s->process);
	const struct metric_source alone[] = {
		{ build_info_rows, NULL, s->build_label },
		{ process_metrics_rows, &s->process, NULL },
		{ loop_lag_rows, &s->lag, NULL },
		{ engine_rows, &s->engine, NULL },
		{ reload_rows, &s->reload, NULL },
	};
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]) && count < room; i++)
		ret[count++] = alone[i];
	for (size_t i = 0; i < s->many && count + 3 <= room; i++) {
		ret[count++] = (struct metric_source){ port_rows, &s->port[i], s->port[i].label };
		ret[count++] = (struct metric_source){ detector_rows, &s->detector[i],
			s->detector[i].label };
		ret[count++] =
			(struct metric_source){ output_rows, &s->output[i], s->output[i].label };
	}
	return count;
}

static bool
healthy(void *context, struct strbuf *reasons)
{
	(void)context;
	(void)reasons;
	return true;
}

static bool
ready(void *context, struct strbuf *reasons)
{
	const struct server *s = context;

	if (s->ill)
		strbuf_text(reasons, "eth0: down\n");
	return !s->ill;
}

static void
on_term(evutil_socket_t fd, short what, void *context)
{
	struct server *s = context;

	(void)fd;
	(void)what;
	(void)event_base_loopbreak(s->base);
}

static void
on_usr1(evutil_socket_t fd, short what, void *context)
{
	struct server *s = context;

	(void)fd;
	(void)what;
	s->ill = !s->ill;
	(void)usleep(STALL_US); /* holds the loop */
}

/* key="name", and where there are more than two, key="name7". */
static void
label(char text[LABEL_MAX], const char *key, const char *const names[2], size_t i)
{
	char value[32];
	struct strbuf b;

	(void)snprintf(value, sizeof(value), "%s%.0zu", names[i % 2], i / 2);
	strbuf_init(&b, text, LABEL_MAX);
	(void)metric_label_append(&b, key, value);
}

static void
names_set(struct server *s)
{
	static const char *const ports[] = { "eth0", "wan0" };
	static const char *const detectors[] = { "horizontal_scan", "long_connection" };
	static const char *const outputs[] = { "eve", "alerts_log" };
	struct strbuf b;

	for (size_t i = 0; i < s->many; i++) {
		label(s->port[i].label, "interface", ports, i);
		label(s->detector[i].label, "detector", detectors, i);
		label(s->output[i].label, "output", outputs, i);
	}
	strbuf_init(&b, s->build_label, sizeof(s->build_label));
	(void)build_info_label(&b, "");
}

static int
serve(struct server *s, const char *listen)
{
	const struct timeval period = { .tv_usec = MOVE_MS * 1000L };
	const struct metrics_plan plan = {
		.listen = listen,
		.collect = collect,
		.healthy = healthy,
		.ready = ready,
		.context = s,
	};
	struct event *events[] = {
		event_new(s->base, -1, EV_PERSIST, move, s),
		evsignal_new(s->base, SIGTERM, on_term, s),
		evsignal_new(s->base, SIGUSR1, on_usr1, s),
	};
	char error[256];
	int result = metrics_http_open(s->base, &plan, &s->metrics, error, sizeof(error));

	if (result < 0) {
		log_err("metrics", "cannot listen on %s", error);
	} else {
		(void)event_add(events[0], &period);
		(void)event_add(events[1], NULL);
		(void)event_add(events[2], NULL);
		(void)printf("listening on %s\n", metrics_http_where(s->metrics));
		(void)fflush(stdout);
		(void)event_base_dispatch(s->base);
	}
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		event_free(events[i]);
	metrics_http_close(s->metrics);
	return result < 0;
}

int
main(int argc, char *argv[])
{
	static struct server s;

	if (argc != 2 && argc != 3) {
		(void)fprintf(stderr, "usage: metrics_server ADDRESS [N]\n");
		return 2;
	}
	s.many = argc == 3 ? strtoul(argv[2], NULL, 10) : 2;
	if (s.many > MANY_MAX)
		s.many = MANY_MAX;
	(void)signal(SIGPIPE, SIG_IGN);
	s.base = event_base_new();
	if (s.base == NULL)
		return 1;
	names_set(&s);
	process_metrics_open(&s.process);
	int code = loop_lag_open(&s.lag, s.base) != 0 || serve(&s, argv[1]);
	loop_lag_close(&s.lag);
	process_metrics_close(&s.process);
	event_base_free(s.base);
	return code;
}
