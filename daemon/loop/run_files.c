#include "daemon/loop/run_files.h"

#include "daemon/base/log.h"
#include "daemon/engine.h"
#include "daemon/loop/capture_file.h"
#include "daemon/loop/capture_filter.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/progress.h"
#include "daemon/loop/trust_file.h"
#include "daemon/loop/vendor_file.h"
#include "daemon/oui.h"
#include "daemon/proto/x509_trust.h"
#include "daemon/settings_settle.h"
#include "exporters/outlets.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/random.h>

enum { LINKTYPE_ETHERNET = 1 };

_Static_assert((int)CAPTURE_BATCH_MAX == (int)ENGINE_BATCH_MAX, "a batch read is a batch taken");

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
draw(struct progress *progress, const struct capture_file *reader, const struct engine *e)
{
	struct capture_progress read;
	struct engine_stats s = engine_stats(e);

	capture_file_progress(reader, &read);
	progress_draw(progress, &read,
		&(struct progress_counts){
			.hosts = s.profiles_made, .evidence = s.evidence, .alerts = s.alerts });
}

static void
read_all(struct engine *e, struct capture_file *reader, bool quiet)
{
	struct frame frames[CAPTURE_BATCH_MAX];
	struct progress progress;
	unsigned turn = 0;

	progress_start(&progress, !quiet);
	for (size_t n; !stop_asked && (n = capture_file_next(reader, frames)) > 0;) {
		engine_packets(e, frames, n);
		if (++turn % 256 == 0 && progress_is_due(&progress))
			draw(&progress, reader, e);
	}
	progress_wipe(&progress);
	if (stop_asked)
		log_warnx("run", "stopped by a signal, telling what was found so far");
}

static void
finish(struct engine *e, const struct capture_file *reader)
{
	struct capture_progress read;

	capture_file_progress(reader, &read);
	const struct record_loss lost[] = {
		{ "capture_cut_files", read.cut_files },
		{ "capture_cut_bytes", read.cut_bytes },
		{ "capture_corrupt", read.corrupt },
		{ "capture_unknown_link", read.unknown_link },
		{ "capture_filtered", read.filtered },
	};
	engine_finish(e, lost, sizeof(lost) / sizeof(lost[0]));
}

static int
exit_of_input(int error)
{
	return error == -EACCES || error == -EPERM ? EXIT_NO_PERMISSION : EXIT_INPUT;
}

static struct engine *
engine_make(const struct config *c, const struct settings *settings, struct record_sink sink,
	struct x509_trust *trust, const struct oui *vendors)
{
	struct engine_plan plan = {
		.settings = settings,
		.detectors = c->detectors,
		.detector_configs = c->detector_configs,
		.detector_count = c->detector_count,
		.trust = trust,
		.vendors = vendors,
		.sink = sink,
	};

	if (getrandom(&plan.hash_key, sizeof(plan.hash_key), 0) != sizeof(plan.hash_key)) {
		log_warn("run", "no random key for the tables, nothing is analysed");
		return NULL;
	}
	struct engine *e = engine_new(&plan);
	if (e == NULL)
		log_warnx("run",
			"cannot reserve memory.limit (%llu bytes), nothing is analysed: give it a "
			"value that this machine has, 64MiB or more",
			(unsigned long long)settings->memory.limit);
	return e;
}

static int
run_with(const struct run_files *r, struct capture_file *reader, struct outlets *outlets)
{
	struct settings settings = *r->config->settings;

	settings_settle_files(&settings);
	struct record_sink sink = outlets_sink(outlets);
	struct x509_trust *trust = trust_file_load(&settings);
	struct oui *vendors = vendor_file_load(r->config->shell->site.vendors, sink.wanted);
	struct engine *e = engine_make(r->config, &settings, sink, trust, vendors);
	if (e != NULL) {
		catch_stop();
		read_all(e, reader, r->quiet);
		finish(e, reader);
	}
	engine_free(e);
	x509_trust_free(trust);
	oui_free(vendors);
	if (e == NULL)
		return EXIT_RUNTIME;
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

int
run_files(const struct run_files *r)
{
	struct capture_file *reader = NULL;
	struct outlets *outlets = NULL;
	char error[CAPTURE_ERROR_MAX];

	if (!filter_is_good(r->config->shell->capture.filter))
		return EXIT_USAGE;
	int failed = capture_file_open(
		r->inputs, r->input_count, r->config->shell->capture.filter, &reader, error);
	if (failed != 0) {
		log_err("capture", "%s", error);
		return exit_of_input(failed);
	}
	struct run_info info = *r->info;
	info.interfaces = capture_file_interfaces(reader);
	int code = EXIT_RUNTIME;
	if (outlets_open(r->config->exporter_configs, &info, NULL, &outlets) == 0)
		code = run_with(r, reader, outlets);
	if (outlets_close(outlets) != 0)
		code = EXIT_RUNTIME;
	capture_file_close(reader);
	return code;
}
