/*
 * run_live.c -- the order in which the sensor starts and stops.
 *
 * The writer first, so that it inherits nothing; then what needs rights: captures, listeners; then
 * the rights go; then the state of the last run and the first packet. It stops the other way round:
 * no new packets, the rest of the rings, the engine's last words, and the writer writes them out.
 */
#include "daemon/loop/run_live.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/capture/link_watch.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/now.h"
#include "daemon/loop/recent.h"
#include "daemon/loop/writer/writer.h"
#include "daemon/proto/x509_trust.h"
#include "exporters/outlets.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define MIB           (UINT64_C(1024) * 1024)
#define LEFT_BY_RINGS (32 * MIB)

enum {
	/* Together below 5 s. */
	DRAIN_MS = 1500, /* of the rings */
	WRITE_MS = 3000, /* from then until the writer is done */
	LINE_MAX_BYTES = 2048,
	CAPTURE_LOSSES = 5,
};

void
live_stop(struct live *l, int exit_code)
{
	if (l->exit_code == EXIT_OK)
		l->exit_code = exit_code;
	(void)event_base_loopbreak(l->base);
}

/* The latest findings stay here for naiadctl; everything goes to the writer. */
static void
sink_write(void *context, const struct record *r)
{
	struct live *l = context;

	recent_add(l->recent, r);
	if ((l->to_writer.wanted & RECORD_BIT(r->kind)) != 0)
		l->to_writer.write(l->to_writer.context, r);
}

static bool
sink_has_room(void *context)
{
	const struct live *l = context;

	return l->to_writer.has_room(l->to_writer.context);
}

static void
on_writer_gone(void *context)
{
	log_err("output",
		"the writer process has ended, stopping: nothing can be written any more");
	live_stop(context, EXIT_RUNTIME);
}

static int
confine_writer(void *context)
{
	int result = live_confine_writer(context);

	return result == 0 ? live_state_lock(context) : result;
}

static int
save_state(void *context, const void *bytes, size_t length)
{
	return live_state_write(context, bytes, length);
}

static void
save_note(void *context, const void *bytes, size_t length)
{
	live_state_note(context, bytes, length);
}

static int
open_writer(struct live *l)
{
	const struct writer_plan plan = {
		.config = l->config,
		.run = &l->info,
		.confine = confine_writer,
		.save = save_state,
		.note = save_note,
		.context = l,
	};

	if (!live_directories_ready(l))
		return EXIT_RUNTIME;
	int result = writer_start(&plan, &l->writer);
	if (result == 0)
		return EXIT_OK;
	return result == -EACCES || result == -EPERM ? EXIT_NO_PERMISSION : EXIT_RUNTIME;
}

static int
open_loop(struct live *l)
{
	notify_open(&l->notify);
	l->base = event_base_new();
	l->recent = recent_new(RECENT_LINES, RECENT_BYTES, &l->info);
	l->state = malloc(LIVE_STATE_BYTES);
	if (l->base == NULL || l->recent == NULL || l->state == NULL ||
		writer_attach(l->writer, l->base, on_writer_gone, l) != 0) {
		log_err("run", "no memory left to start");
		return EXIT_RUNTIME;
	}
	l->to_writer = writer_sink(l->writer);
	l->sink = (struct record_sink){
		.wanted = l->to_writer.wanted | RECORD_BIT(RECORD_EVIDENCE) |
			  RECORD_BIT(RECORD_ALERT),
		.context = l,
		.write = sink_write,
		.has_room = sink_has_room,
	};
	l->links = link_watch_open();
	if (l->links < 0)
		log_warnx("capture",
			"cannot hear of interfaces that come and go, looking once a second: %s",
			strerror(-l->links));
	return EXIT_OK;
}

/* returns false, with a line, when rings and inputs leave too little of the limit for the engine */
static bool
rings_fit(const struct settings *s, uint64_t ring_bytes, size_t count)
{
	if (s->memory.limit >= ring_bytes && s->memory.limit - ring_bytes >= LEFT_BY_RINGS)
		return true;
	log_err("run",
		"the rings of %zu interfaces and inputs take %" PRIu64
		" MiB, memory.limit is %" PRIu64
		" MiB: lower capture.ring, or raise memory.limit to %" PRIu64 " MiB",
		count, ring_bytes / MIB, s->memory.limit / MIB, (ring_bytes + LEFT_BY_RINGS) / MIB);
	return false;
}

static int
open_engine(struct live *l)
{
	const struct settings *settings = live_settle(l, l->config);
	size_t interfaces = capture_set_count(l->captures);
	struct engine_plan plan = {
		.settings = settings,
		.ring_bytes = interfaces * l->config->shell->capture.ring + live_input_bytes(l) +
			      outlets_memory(l->config->exporter_configs, &l->info),
		.detectors = l->config->detectors,
		.detector_configs = l->config->detector_configs,
		.detector_count = l->config->detector_count,
		.sink = l->sink,
		.live = true,
		.prefixes = l->prefixes,
		.prefix_count = l->prefix_count,
	};
	l->known = known_files_load(l->config->shell, l->sink.wanted, &plan);
	if (l->known.trust != NULL)
		x509_trust_settle(l->known.trust); /* no packet waits for it */
	live_feeds_open(l, &plan);

	if (!rings_fit(settings, plan.ring_bytes, interfaces + l->config->shell->inputs.count))
		return EXIT_USAGE;
	if (getrandom(&plan.hash_key, sizeof(plan.hash_key), 0) != sizeof(plan.hash_key)) {
		log_warn("run", "no random key for the tables, not starting");
		return EXIT_RUNTIME;
	}
	l->engine = engine_new(&plan);
	if (l->engine != NULL)
		return EXIT_OK;
	log_warnx("run",
		"cannot reserve memory.limit (%" PRIu64
		" bytes), not starting: give it a value that this machine has, 64MiB or more",
		plan.settings->memory.limit);
	return EXIT_RUNTIME;
}

/* A state that cannot be used is set aside, which takes a right that goes. */
static int
confine(struct live *l)
{
	live_state_restore(l);
	return live_confine(l, PRIVILEGE_ENGINE) == 0 ? EXIT_OK : EXIT_RUNTIME;
}

static int
start_events(struct live *l)
{
	if (live_capture_start(l) && live_input_start(l) && live_feeds_start(l) &&
		live_service_start(l))
		return EXIT_OK;
	log_err("run", "no memory left to start");
	return EXIT_RUNTIME;
}

/* Each needs those before it. An exit code that is not EXIT_OK has been logged. */
static int
start(struct live *l)
{
	static int (*const steps[])(struct live *) = {
		live_capture_check,
		live_input_check,
		open_writer,
		open_loop,
		live_capture_open,
		live_input_open,
		open_engine,
		live_metrics_open,
		live_control_open,
		confine,
		live_input_open_files,
		start_events,
	};
	int code = EXIT_OK;

	for (size_t i = 0; code == EXIT_OK && i < sizeof(steps) / sizeof(steps[0]); i++)
		code = steps[i](l);
	return code;
}

/* What runs, and how memory is shared out. */
static void
say_start(const struct live *l)
{
	char memory[LINE_MAX_BYTES];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	strbuf_printf(&b, "naiad %s", l->info.version);
	for (size_t i = 0; i < capture_set_count(l->captures); i++)
		strbuf_printf(&b, "%s %s", i > 0 ? "," : " captures on",
			capture_set_name(l->captures, i));
	live_input_say(l, &b);
	strbuf_printf(&b, " with %zu detectors, writes to %s; memory in KiB",
		l->config->detector_count, l->info.output_dir);
	for (const struct engine_area *a = engine_areas(l->engine); a->name != NULL; a++)
		strbuf_printf(&b, ", %s %" PRIu64, a->name, a->bytes / 1024);
	log_info("run", "%s", b.text);
}

static int
stop(struct live *l)
{
	struct capture_counters c = { 0 };

	notify_send(&l->notify, "STOPPING=1");
	live_capture_finish(l, DRAIN_MS * (uint64_t)NS_PER_MS);
	writer_hold(l->writer, WRITE_MS);
	live_input_finish(l);
	capture_set_totals(l->captures, &c);
	struct record_loss lost[] = {
		{ "capture_dropped_kernel", c.dropped_kernel },
		{ "capture_dropped_interface", c.dropped_interface },
		{ "capture_dropped_here", c.dropped_here },
		{ "capture_filtered", c.filtered },
		{ "capture_gaps", c.gaps },
		[CAPTURE_LOSSES + LIVE_LOSSES_ELSEWHERE - 1] = { 0 },
	};

	live_losses_end(l);
	live_losses_elsewhere(l, lost + CAPTURE_LOSSES);
	live_state_finish(l, lost, sizeof(lost) / sizeof(lost[0]));
	live_service_say_end(l);
	return l->exit_code;
}

/* One that comes before its handler is there would end the process: it waits until then. */
static void
signals_wait(int how)
{
	sigset_t early;

	(void)sigemptyset(&early);
	(void)sigaddset(&early, SIGHUP);
	(void)sigaddset(&early, SIGUSR1);
	(void)sigaddset(&early, SIGUSR2);
	(void)sigprocmask(how, &early, NULL);
}

static struct live *
live_new(const struct run_live *plan)
{
	struct live *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->plan = plan;
	l->config = plan->config;
	l->info = *plan->info;
	l->info.live = true;
	l->info.interfaces = &l->told;
	live_info_settings(l);
	live_owner_find(l);
	l->links = -1;
	l->started_ns = now_monotonic_ns();
	l->started_wall_ns = now_wall_ns();
	l->reload = (struct live_reload){ .good_ns = l->started_wall_ns, .last = { .ok = true } };
	l->notify.fd = -1;
	return l;
}

static int
live_free(struct live *l, int code)
{
	live_control_close(l);
	live_metrics_close(l);
	for (size_t i = 0; i < LIVE_EVENT_COUNT; i++)
		if (l->events[i] != NULL)
			event_free(l->events[i]);
	live_capture_close(l);
	live_input_close(l);
	if (writer_stop(l->writer, WRITE_MS) != 0 && code == EXIT_OK)
		code = EXIT_RUNTIME;
	engine_free(l->engine);
	live_feeds_close(l);
	known_files_free(&l->known);
	recent_free(l->recent);
	free(l->state);
	if (l->base != NULL)
		event_base_free(l->base);
	notify_close(&l->notify);
	config_free(l->config);
	free(l);
	return code;
}

int
run_live(const struct run_live *plan)
{
	struct live *l = live_new(plan);
	int code = EXIT_RUNTIME;

	if (l == NULL) {
		config_free(plan->config);
		return code;
	}
	signals_wait(SIG_BLOCK);
	code = start(l);
	signals_wait(SIG_UNBLOCK);
	if (code == EXIT_OK) {
		say_start(l);
		l->is_ready = true;
		notify_send(&l->notify, "READY=1");
		/* libevent forgets a break that came before the loop: the writer may have died. */
		if (l->exit_code == EXIT_OK)
			(void)event_base_dispatch(l->base);
		code = stop(l);
	}
	return live_free(l, code);
}
