#include "tests/support/control_fake.h"

#include "daemon/loop/recent.h"
#include "tests/support/record_sample.h"

#include <assert.h>
#include <stdio.h>

static const struct engine_area areas[] = {
	{ "process", UINT64_C(14) << 20 },
	{ "flows", UINT64_C(51) << 20 },
	{ "windows", UINT64_C(46) << 20 },
	{ NULL, 0 },
};

static void
status(void *context, struct control_status *ret_status)
{
	const struct control_fake *f = context;

	*ret_status = (struct control_status){
		.version = "0.1.0",
		.sensor = "edge",
		.settings = "/etc/naiad/naiad.yaml",
		.store = f->store,
		.pid = 4711,
		.now_ns = SAMPLE_NS + 3600 * NS_PER_S,
		.started_ns = SAMPLE_NS - 90000 * NS_PER_S,
		.uptime_ns = 93600 * NS_PER_S,
		.memory_limit_bytes = UINT64_C(128) << 20,
		.memory_resident_bytes = UINT64_C(70) << 20,
		.engine = { .packets = 123456789,
			.bytes = UINT64_C(98765432100),
			.flows_active = 4321,
			.flows_started = 1000000,
			.profiles_active = 17,
			.windows_open = 21,
			.windows_opened = 500,
			.evidence = 12,
			.evidence_suppressed = 3,
			.alerts = 1,
			.last_ns = SAMPLE_NS + 3600 * NS_PER_S },
		.areas = areas,
		.reload = f->reload,
	};
}

static size_t
interfaces(void *context, struct control_interface *ret, size_t room)
{
	(void)context;
	assert(room >= 2);
	ret[0] = (struct control_interface){
		.name = "eth0",
		.role = "lan",
		.state = "up",
		.offered = 123456800,
		.analysed = 123456700,
		.filtered = 60,
		.dropped_kernel = 30,
		.dropped_interface = 7,
		.dropped_here = 3,
		.last_packet_ns = SAMPLE_NS + 3599 * NS_PER_S,
	};
	ret[1] = (struct control_interface){ .name = "wan1", .role = "wan", .state = "down" };
	return 2;
}

static size_t
inputs(void *context, struct control_input *ret, size_t room)
{
	(void)context;
	assert(room >= 2);
	ret[0] = (struct control_input){
		.name = "/var/log/zeek",
		.type = "zeek",
		.state = "reading",
		.told = 70000,
		.bad = 1,
		.lag_ns = 90 * NS_PER_S,
		.last_ns = SAMPLE_NS + 3510 * NS_PER_S,
	};
	ret[1] = (struct control_input){
		.name = "udp:0.0.0.0:2055", .type = "netflow", .state = "waiting", .dropped = 5
	};
	return 2;
}

static size_t
outputs(void *context, struct control_output *ret, size_t room)
{
	(void)context;
	assert(room >= 2);
	ret[0] = (struct control_output){
		.name = "eve",
		.written = 1000012,
		.last_success_ns = SAMPLE_NS + 3599 * NS_PER_S,
	};
	ret[1] = (struct control_output){ .name = "syslog",
		.written = 10,
		.queued = 2,
		.dropped = 1,
		.forgotten = 3,
		.left_out = 4 };
	return 2;
}

static void
metrics(void *context, control_metric_fn take, void *taker)
{
	(void)context;
	take(taker, "naiad_flows_started_total", NULL, 1000000);
	take(taker, "naiad_packets_total", "interface=\"eth0\",result=\"analysed\"", 123456700);
	take(taker, "naiad_packets_total", "interface=\"eth0\",result=\"filtered\"", 60);
	take(taker, "naiad_window_lag_seconds", NULL, 0.25);
}

/* As many as `device_count` says, each as long as the other. */
static uint64_t
devices(void *context, uint32_t most, control_line_fn each, void *taker)
{
	const struct control_fake *f = context;
	char line[4096];

	for (uint32_t i = 0; i < f->device_count && i < most; i++) {
		int length = snprintf(line, sizeof(line),
			"{\"mac\":\"02:00:00:00:00:%02x\",\"vendor\":\"%0*d\",\"router\":%s,"
			"\"first_seen\":\"2026-11-24T02:00:00.000000Z\",\"last_seen\":\"2026-11-24T02:00:01.000000Z\","
			"\"addresses\":[{\"address\":\"10.0.0.1\"},{\"address\":\"fe80::1\"}],"
			"\"names\":[{\"name\":\"camera\\u001b[2J\"}]}",
			i & 0xff, f->device_padding, 1, i == 0 ? "true" : "false");

		each(taker, line, (size_t)length);
	}
	return f->device_count;
}

static void
reload(void *context)
{
	struct control_fake *f = context;

	f->reloads++;
	f->reload = (struct control_reload){
		.at_ns = SAMPLE_NS + 3600 * NS_PER_S,
		.ok = !f->reload_fails,
		.changed = f->reload_fails ? "" : "alert.threshold home_network",
		.waiting = f->reload_fails ? "" : "windows.width",
		.error = f->reload_fails ? "naiad.yaml:3: windows.widht is not known, did you mean "
					   "\"width\"?"
					 : "",
	};
}

static int
reopen(void *context)
{
	struct control_fake *f = context;

	f->reopens++;
	return f->reopen_result;
}

static void
log_level_take(void *context, enum log_level level)
{
	struct control_fake *f = context;

	f->level = level;
}

static void
evidence_add(struct control_fake *f, struct addr host, enum threat threat, uint64_t after_s,
	const char *text)
{
	struct record_evidence e = sample_evidence();

	e.host = host;
	e.threat = threat;
	e.text = text;
	recent_add(f->recent, &(struct record){ .kind = RECORD_EVIDENCE,
				      .ts_ns = SAMPLE_NS + after_s * NS_PER_S,
				      .evidence = &e });
}

void
control_fake_init(struct control_fake *f)
{
	struct record_alert alert = sample_alert();

	*f = (struct control_fake){
		.run = { .version = "0.1.0", .sensor = "edge", .live = true },
		.level = LOG_LEVEL_INFO,
		.device_count = 3,
		.device_padding = 1,
	};
	f->recent = recent_new(RECENT_LINES, RECENT_BYTES, &f->run);
	assert(f->recent != NULL);
	f->sensor = (struct control_sensor){
		.context = f,
		.status = status,
		.interfaces = interfaces,
		.inputs = inputs,
		.outputs = outputs,
		.metrics = metrics,
		.devices = devices,
		.reload = reload,
		.reopen = reopen,
		.log_level_set = log_level_take,
		.recent = f->recent,
	};
	evidence_add(
		f, addr_v4(192, 168, 1, 10), THREAT_HIGH, 0, "scanned port 23/tcp on 10 hosts");
	evidence_add(f, addr_v4(192, 168, 1, 10), THREAT_CRITICAL, 60,
		"scanned port 23/tcp on 1000 hosts, of which nobody answered, over a time that is as "
		"long as the sentence that tells of it");
	evidence_add(f, addr_v4(192, 168, 1, 66), THREAT_MEDIUM, 120,
		"asked for \x1b[2J\x1b]0;owned\x07\xe2\x80\xaegnp.exe\xe2\x80\xac \xff\n"
		"2026-11-24 forged line\tb\xc3\xbc"
		"cher.example \xe4\xb8\xad\xe6\x96\x87.example");
	evidence_add(f, addr_v4(192, 168, 1, 77), THREAT_LOW, 180, "kept a connection open");
	recent_add(f->recent, &(struct record){ .kind = RECORD_ALERT,
				      .ts_ns = SAMPLE_NS + 60 * NS_PER_S,
				      .alert = &alert });
	alert.decisive = true;
	alert.sum = 0.8;
	recent_add(f->recent, &(struct record){ .kind = RECORD_ALERT,
				      .ts_ns = SAMPLE_NS + 120 * NS_PER_S,
				      .alert = &alert });
}

void
control_fake_done(struct control_fake *f)
{
	recent_free(f->recent);
	*f = (struct control_fake){ .recent = NULL };
}
