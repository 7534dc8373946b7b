#include "daemon/loop/run_files.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "daemon/engine/engine.h"
#include "daemon/loop/capture/capture_file.h"
#include "daemon/loop/capture/capture_filter.h"
#include "daemon/loop/feed_files.h"
#include "daemon/loop/feed_ours.h"
#include "daemon/loop/known_files.h"
#include "daemon/loop/now.h"
#include "daemon/loop/run_inputs.h"
#include "daemon/loop/run_source.h"
#include "daemon/record/loss_span.h"
#include "daemon/settings/settings_settle.h"
#include "exporters/outlets.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>

enum { LINKTYPE_ETHERNET = 1 };

enum { SHOW_MS = 1000 };

static volatile sig_atomic_t stop_asked;

static void
on_stop(int signal_number)
{
	(void)signal_number;
	stop_asked = 1;
}

/* The first Ctrl-C ends the reading and tells what was found so far; a second one ends the process. */
static void
catch_stop(void)
{
	struct sigaction a = { .sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND };

	sigemptyset(&a.sa_mask);
	(void)sigaction(SIGINT, &a, NULL);
	(void)sigaction(SIGTERM, &a, NULL);
}

static void
draw(struct progress *progress, const struct run_source *source, const struct engine *e)
{
	struct progress_read read;
	struct engine_stats s = engine_stats(e);

	source->progress(source->reader, &read);
	progress_draw(progress, &read,
		&(struct progress_counts){
			.hosts = s.profiles_made, .evidence = s.evidence, .alerts = s.alerts });
}

/* One step of reading: first of all, when what comes begins. returns false at the end */
static bool
step(struct engine *e, const struct run_source *source, bool *begun)
{
	if (*begun)
		return source->feed(source->reader, e);
	*begun = source->begin(source->reader, e);
	return true;
}

/* Who looks on while a run goes on sees what was written, and open windows too. */
static void
show(struct engine *e, struct outlets *outlets, uint64_t *shown_ns)
{
	uint64_t now_ns = now_monotonic_ns();

	if (now_ns - *shown_ns < SHOW_MS * (uint64_t)NS_PER_MS)
		return;
	*shown_ns = now_ns;
	(void)engine_tell_windows(e, UINT32_MAX);
	outlets_show(outlets);
}

/* What the reader has lost, and when that was looked at last. */
struct reader_losses {
	struct loss_span spans[RUN_LOSSES_MAX];
	struct record_loss lost[RUN_LOSSES_MAX];
	size_t count;
	uint64_t at_ns;
};

static void
look_losses(struct reader_losses *r, const struct run_source *source, uint64_t now_ns,
	const struct record_sink *sink)
{
	if (now_ns == 0)
		return; /* nothing was read that has a time */
	r->count = source->losses(source->reader, r->lost);
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->lost[i].reason, "capture_filtered") == 0)
			r->lost[i].count = 0; /* who set the filter knows */
	loss_spans_look(r->spans, r->lost, r->count, "", r->at_ns, now_ns, sink);
	r->at_ns = now_ns;
}

static void
read_all(struct engine *e, const struct run_source *source, bool quiet, struct outlets *outlets,
	const struct record_sink *sink)
{
	struct reader_losses losses = { .count = 0 };
	struct progress progress;
	uint64_t shown_ns = now_monotonic_ns();
	bool begun = source->begin == NULL;

	progress_start(&progress, !quiet);
	while (!stop_asked && step(e, source, &begun)) {
		if (engine_now_ns(e) / NS_PER_S != losses.at_ns / NS_PER_S)
			look_losses(&losses, source, engine_now_ns(e), sink);
		if (source->wait != NULL)
			source->wait(source->reader, SHOW_MS);
		if (progress_is_due(&progress))
			draw(&progress, source, e);
		show(e, outlets, &shown_ns);
	}
	look_losses(&losses, source, engine_now_ns(e), sink);
	loss_spans_end(losses.spans, losses.lost, losses.count, "", sink);
	progress_wipe(&progress);
	if (stop_asked)
		log_warnx("run", "stopped by a signal, telling what was found so far");
}

static void
finish(struct engine *e, const struct run_source *source)
{
	struct record_loss lost[RUN_LOSSES_MAX];

	engine_finish(e, lost, source->losses(source->reader, lost));
}

static struct engine *
engine_make(struct engine_plan *plan)
{
	if (getrandom(&plan->hash_key, sizeof(plan->hash_key), 0) != sizeof(plan->hash_key)) {
		log_warn("run", "no random key for the tables, nothing is analysed");
		return NULL;
	}
	struct engine *e = engine_new(plan);
	if (e == NULL)
		log_warnx("run",
			"cannot reserve memory.limit (%llu bytes), nothing is analysed: give it a "
			"value that this machine has, 64MiB or more",
			(unsigned long long)plan->settings->memory.limit);
	return e;
}

/* The lists of threat intelligence, lent to the plan. returns NULL when there are none */
static struct feed_files *
read_lists(const struct config *c, struct engine_plan *plan)
{
	const struct intelligence_settings *s = &c->shell->intelligence;
	struct cidr ours[FEED_OURS_MAX];

	plan->intel_bytes = feed_files_memory(s, plan->settings->memory.limit);
	if (plan->intel_bytes == 0)
		return NULL;
	struct feed_files *f = feed_files_new(&(struct feed_files_plan){
		.settings = s,
		.most_bytes = plan->intel_bytes,
		.ours = ours,
		.ours_count = feed_ours(c->settings, NULL, 0, NULL, ours),
		.suffixes = plan->suffixes,
	});
	if (f == NULL)
		return NULL;
	feed_files_load(f);
	plan->intel = feed_files_intel(f);
	return f;
}

static int
run_with(const struct run_files *r, const struct settings *settings,
	const struct run_source *source, struct outlets *outlets, struct run_info *info)
{
	struct engine_plan plan = {
		.settings = settings,
		.ring_bytes = source->memory + outlets_memory(r->config->exporter_configs, info),
		.detectors = r->config->detectors,
		.detector_configs = r->config->detector_configs,
		.detector_count = r->config->detector_count,
		.sink = outlets_sink(outlets),
	};
	struct known_files known = known_files_load(r->config->shell, plan.sink.wanted, &plan);
	struct feed_files *lists = read_lists(r->config, &plan);
	struct engine *e = engine_make(&plan);
	enum exit_code code = EXIT_OK;

	if (e != NULL) {
		catch_stop();
		info->list_count = feed_files_told(lists, &info->lists);
		read_all(e, source, r->quiet, outlets, &plan.sink);
		finish(e, source);
		if (source->verdict != NULL && !stop_asked)
			code = source->verdict(source->reader);
	}
	engine_free(e);
	info->list_count = 0;
	feed_files_free(lists);
	known_files_free(&known);
	if (e == NULL)
		return EXIT_RUNTIME;
	if (code != EXIT_OK)
		return (int)code;
	return r->fail_on_given && outlets_alert_reached(outlets, r->fail_on) ? EXIT_ALERT
									      : EXIT_OK;
}

/* A filter that does not compile for Ethernet is a slip of the pen, whatever the inputs are. */
static bool
filter_is_good(const char *text)
{
	struct capture_filter filter = { .text = text };
	char error[CAPTURE_ERROR_MAX];

	if (text == NULL ||
		capture_filter_add(&filter, LINKTYPE_ETHERNET, error, sizeof(error)) == 0) {
		capture_filter_done(&filter);
		return true;
	}
	log_err("settings", "%s, nothing is analysed; see pcap-filter(7)", error);
	return false;
}

static enum exit_code
source_open(const struct run_files *r, const struct settings *settings, struct run_info *info,
	struct run_source *ret)
{
	struct run_inputs inputs;
	enum exit_code code = run_inputs_look(r->inputs, r->input_count, r->input_type, &inputs);

	if (code == EXIT_OK)
		code = inputs.are_logs ? run_logs_open(r, settings, &inputs, info, ret)
				       : run_captures_open(r, settings, &inputs, info, ret);
	run_inputs_end(&inputs);
	return code;
}

int
run_files(const struct run_files *r)
{
	struct settings settings = *r->config->settings;
	struct run_source source;
	struct outlets *outlets = NULL;
	struct run_info info = *r->info;

	if (!filter_is_good(r->config->shell->capture.filter))
		return EXIT_USAGE;
	settings_settle_files(&settings);
	info.memory_limit = settings.memory.limit;
	int code = (int)source_open(r, &settings, &info, &source);
	if (code != EXIT_OK)
		return code;
	int opened = outlets_open(r->config->exporter_configs, &info, NULL, &outlets);
	if (opened == 0)
		code = run_with(r, &settings, &source, outlets, &info);
	else
		code = opened == -EEXIST ? EXIT_USAGE
					 : EXIT_RUNTIME; /* it would write what it reads */
	if (outlets_close(outlets) != 0)
		code = EXIT_RUNTIME;
	source.close(source.reader);
	return code;
}
