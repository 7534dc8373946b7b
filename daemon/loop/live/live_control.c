/*
 * live_control.c -- what naiadctl asks and wants done, answered by the running sensor.
 */
#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/engine/engine_device.h"
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/control/control.h"
#include "daemon/loop/control/control_commands.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/metrics_http.h"
#include "daemon/loop/now.h"
#include "daemon/loop/writer/writer.h"
#include "exporters/disk_file.h"
#include "exporters/outlets.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	ERROR_MAX = 512,
	DEVICE_LINE_MAX = 16 * 1024, /* eight names, of which each byte is escaped */
};

struct live_control {
	struct control_sensor sensor;
	char store[PATH_MAX]; /* "": none is written */
	struct metric_source sources[METRICS_SOURCES_MAX];
};

static void
on_status(void *context, struct control_status *ret_status)
{
	struct live *l = context;

	process_metrics_read(&l->process);
	*ret_status = (struct control_status){
		.version = l->info.version,
		.sensor = l->info.sensor,
		.settings = l->plan->config_path,
		.store = l->commands->store[0] == '\0' ? NULL : l->commands->store,
		.pid = (uint64_t)getpid(),
		.now_ns = now_wall_ns(),
		.started_ns = l->started_wall_ns,
		.uptime_ns = now_monotonic_ns() - l->started_ns,
		.memory_limit_bytes = live_settings_now(l)->memory.limit,
		.memory_resident_bytes = l->process.resident_bytes,
		.engine = engine_stats(l->engine),
		.areas = engine_areas(l->engine),
		.reload = { .at_ns = l->reload.at_ns,
			.ok = l->reload.last.ok,
			.changed = l->reload.last.changed,
			.waiting = l->reload.last.waiting,
			.error = l->reload.last.error },
	};
}

static size_t
on_interfaces(void *context, struct control_interface *ret, size_t room)
{
	static const char *const states[] = {
		[CAPTURE_OPEN] = "up", [CAPTURE_DOWN] = "down", [CAPTURE_GONE] = "gone"
	};
	static const char *const roles[] = {
		[CAPTURE_ROLE_LAN] = "lan", [CAPTURE_ROLE_WAN] = "wan", [CAPTURE_ROLE_SPAN] = "span"
	};
	const struct live *l = context;
	size_t count = capture_set_count(l->captures);

	for (size_t i = 0; i < count && i < room; i++) {
		struct capture_counters c = { 0 };

		capture_set_counters(l->captures, i, &c);
		ret[i] = (struct control_interface){
			.name = capture_set_name(l->captures, i),
			.role = roles[l->roles[i]],
			.state = states[capture_set_state(l->captures, i)],
			.offered = c.offered,
			.analysed = c.analysed,
			.filtered = c.filtered,
			.dropped_kernel = c.dropped_kernel,
			.dropped_interface = c.dropped_interface,
			.dropped_here = c.dropped_here,
			.last_packet_ns = c.last_packet_ns,
		};
	}
	return count < room ? count : room;
}

static size_t
on_inputs(void *context, struct control_input *ret, size_t room)
{
	return live_input_status(context, ret, room);
}

static size_t
on_outputs(void *context, struct control_output *ret, size_t room)
{
	const struct live *l = context;
	size_t count = 0;
	const struct outlet_stats *outlets = writer_outlets(l->writer, &count);

	for (size_t i = 0; i < count && i < room; i++) {
		ret[i] = (struct control_output){
			.name = outlets[i].name,
			.written = outlets[i].written,
			.queued = outlets[i].queued_records,
			.left_out = outlets[i].left_out,
			.last_success_ns = outlets[i].last_success_s * NS_PER_S,
		};
		for (size_t reason = 0; reason < OUTLET_DROP_COUNT; reason++)
			ret[i].dropped += outlets[i].dropped[reason];
		for (size_t what = 0; what < OUTLET_FORGOT_COUNT; what++)
			ret[i].forgotten += outlets[i].forgotten[what];
	}
	return count < room ? count : room;
}

/* Where a device goes, as a line. */
struct device_taking {
	const struct run_info *run;
	control_line_fn each;
	void *taker;
};

static void
take_device(void *context, const struct record *r)
{
	const struct device_taking *t = context;
	char memory[DEVICE_LINE_MAX];
	struct strbuf line;

	strbuf_init(&line, memory, sizeof(memory));
	encoding_find("device")->encode(NULL, t->run, r, &line);
	if (!line.truncated)
		t->each(t->taker, line.text, line.length);
}

static uint64_t
on_devices(void *context, uint32_t most, control_line_fn each, void *taker)
{
	const struct live *l = context;
	struct device_taking t = { &l->info, each, taker };

	return engine_devices_latest(
		l->engine, most, &(struct record_sink){ .context = &t, .write = take_device });
}

/* Where metric_walk() hands a number on. */
struct taking {
	control_metric_fn take;
	void *taker;
	const char *label; /* of the source */
};

static double
real_value(const struct metric *row, uint64_t value)
{
	double real = (double)value;

	switch (row->unit) {
	case METRIC_NS:
		return row->type == METRIC_HISTOGRAM ? real : real / (double)NS_PER_S;
	case METRIC_MILLIONTHS:
		return real / 1e6;
	case METRIC_DOUBLE:
		memcpy(&real, &value, sizeof(real));
		return real;
	default:
		return real;
	}
}

static void
take_metric(void *context, const struct metric *row, uint64_t value)
{
	const struct taking *t = context;
	char memory[512];
	struct strbuf label;

	strbuf_init(&label, memory, sizeof(memory));
	strbuf_text(&label, t->label != NULL ? t->label : "");
	if (label.length > 0 && row->label != NULL)
		strbuf_char(&label, ',');
	strbuf_text(&label, row->label != NULL ? row->label : "");
	t->take(t->taker, row->name, label.length > 0 ? label.text : NULL, real_value(row, value));
}

static void
on_metrics(void *context, control_metric_fn take, void *taker)
{
	struct live *l = context;
	struct metric_source *sources = l->commands->sources;
	size_t count = live_metrics_collect(l, sources, METRICS_SOURCES_MAX);

	for (size_t i = 0; i < count; i++)
		metric_walk(sources[i].rows, sources[i].owner, take_metric,
			&(struct taking){
				.take = take, .taker = taker, .label = sources[i].label });
}

static void
on_reload(void *context)
{
	(void)live_reload(context);
}

static int
on_reopen(void *context)
{
	const struct live *l = context;

	writer_reopen(l->writer);
	return 0;
}

static void
on_log_level(void *context, enum log_level level)
{
	const struct live *l = context;

	log_level_set(level);
	writer_log_level(l->writer, level);
}

/* The database that is written, by a name that it has everywhere. The writer has made it by now. */
static void
store_find(const struct live *l, char ret[PATH_MAX])
{
	ret[0] = '\0';
	for (size_t i = 0; i < exporter_count; i++) {
		const struct exporter *x = exporters[i];
		const void *config = l->config->exporter_configs[i];

		if (strcmp(x->name, "store") != 0 || x->accepts(config, &l->info) == 0)
			continue;
		char *path = disk_file_path(l->info.output_dir, x->file(config));
		if (path == NULL || realpath(path, ret) == NULL)
			ret[0] = '\0';
		free(path);
	}
}

int
live_control_open(struct live *l)
{
	const struct shell_settings *s = l->config->shell;
	char error[ERROR_MAX] = "";

	if (!s->control.enabled)
		return EXIT_OK;
	l->commands = calloc(1, sizeof(*l->commands));
	if (l->commands == NULL) {
		log_err("control", "no memory left to start");
		return EXIT_RUNTIME;
	}
	l->commands->sensor = (struct control_sensor){
		.context = l,
		.status = on_status,
		.interfaces = on_interfaces,
		.inputs = on_inputs,
		.outputs = on_outputs,
		.metrics = on_metrics,
		.devices = on_devices,
		.reload = on_reload,
		.reopen = on_reopen,
		.log_level_set = on_log_level,
		.recent = l->recent,
	};
	store_find(l, l->commands->store);
	const struct control_plan plan = {
		.path = s->control.path,
		.owner = l->owner,
		.commands = control_commands,
		.context = &l->commands->sensor,
	};
	int result = control_open(l->base, &plan, &l->control, error, sizeof(error));
	if (result == 0)
		return EXIT_OK;
	log_err("control", "%s (control.path)", error);
	return result == -EACCES || result == -EPERM ? EXIT_NO_PERMISSION : EXIT_RUNTIME;
}

void
live_control_close(struct live *l)
{
	control_close(l->control);
	l->control = NULL;
	free(l->commands);
	l->commands = NULL;
}
