/* main.c -- arguments, settings, start, stop. Nothing else. */
#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "daemon/config/config.h"
#include "daemon/config/options.h"
#include "daemon/loop/crypto.h"
#include "daemon/loop/exit_code.h"
#include "daemon/loop/now.h"
#include "daemon/loop/run_files.h"
#include "daemon/loop/run_live.h"
#include "daemon/loop/version.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ERROR_TEXT_MAX = 1024 };

static uint64_t started_ns;

static uint64_t
elapsed_ns(void)
{
	return now_monotonic_ns() - started_ns;
}

/* Where they are closed, what is opened next gets their numbers: a file of findings, and log lines in it. */
static bool
standard_streams_ready(void)
{
	int fd = 0;

	while (fd >= 0 && fd <= STDERR_FILENO)
		fd = open("/dev/null", O_RDWR);
	if (fd > STDERR_FILENO)
		(void)close(fd);
	return fd >= 0;
}

static void
report_line(void *context, const char *text)
{
	(void)context;
	log_err("settings", "%s", text);
}

static int
settings_load(const struct options *o, const struct config_overrides *overrides,
	struct config **ret_config)
{
	struct config_report report = { .line = report_line };

	return config_load(o->config_path, overrides, &report, ret_config);
}

/* returns false, with a line, when the directory is not there and cannot be made */
static bool
output_dir_ready(const char *path)
{
	struct stat st;

	if (mkdir(path, 0750) == 0)
		return true;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return true;
	if (errno == EEXIST)
		errno = ENOTDIR;
	log_warn("run", "cannot write to %s, nothing is analysed: name another directory with -o",
		path);
	return false;
}

/* The settings as run.json shows them; NULL, and a line, when memory is out. */
static char *
settings_text(const struct config *c)
{
	char *text = config_print_text(c);

	if (text == NULL)
		log_warnx("run", "no memory left to print the settings, run.json is without them");
	return text;
}

/* Takes `c` over. */
static int
run_on_the_wire(const struct options *o, const struct config_overrides *overrides, struct config *c)
{
	char *settings = settings_text(c);
	char *sensor = strdup(c->settings->sensor.name); /* outlives a reload */
	const struct run_info info = {
		.version = NAIAD_VERSION,
		.sensor = sensor == NULL ? "" : sensor,
		.output_dir = o->output_dir,
		.settings_text = settings == NULL ? "" : settings,
		.elapsed_ns = elapsed_ns,
	};
	int code = run_live(&(struct run_live){
		.config = c,
		.config_path = o->config_path,
		.overrides = overrides,
		.interfaces = o->interfaces,
		.interface_count = o->interface_count,
		.info = &info,
	});

	free(settings);
	free(sensor);
	return code;
}

static int
run_over_files(const struct options *o, const struct config *c)
{
	const char *output_dir = o->output_dir == NULL ? "." : o->output_dir;
	char *settings = settings_text(c);
	struct run_info info = {
		.version = NAIAD_VERSION,
		.sensor = c->settings->sensor.name,
		.output_dir = output_dir,
		.inputs = o->inputs,
		.input_count = o->input_count,
		.json_summary = o->json,
		.settings_text = settings == NULL ? "" : settings,
		.elapsed_ns = elapsed_ns,
	};
	int code = EXIT_RUNTIME;

	if (output_dir_ready(output_dir))
		code = run_files(&(struct run_files){
			.config = c,
			.info = &info,
			.inputs = o->inputs,
			.input_count = o->input_count,
			.input_type = o->input_type,
			.fail_on_given = o->fail_on_given,
			.fail_on = o->fail_on,
		});
	free(settings);
	return code;
}

static bool
libraries_ready(void)
{
	if (crypto_ready())
		return true;
	log_err("run", "libcrypto has no memory to set itself up, nothing is analysed");
	return false;
}

/* Takes `c` over. */
static int
run(const struct options *o, const struct config_overrides *overrides, struct config *c)
{
	int code = EXIT_USAGE;

	if (!libraries_ready()) {
		config_free(c);
		return EXIT_RUNTIME;
	}
	if (o->input_count == 0 &&
		(o->interface_count > 0 || c->shell->capture.interfaces.count > 0 ||
			c->shell->inputs.count > 0))
		return run_on_the_wire(o, overrides, c);
	if (o->input_count == 0)
		log_err("options",
			"nothing to look at: give -r FILE or -i IFACE, or capture.interfaces or inputs in the settings; naiad --help tells more");
	else
		code = run_over_files(o, c);
	config_free(c);
	return code;
}

static int
tell(const struct options *o, const struct config *c)
{
	switch (o->action) {
	case OPTIONS_PRINT_CONFIG:
		return config_print(c, stdout) == 0 ? EXIT_OK : EXIT_RUNTIME;
	case OPTIONS_PRINT_MARKDOWN:
		return config_print_page(c, stdout) == 0 ? EXIT_OK : EXIT_RUNTIME;
	default:
		(void)printf("settings are good\n");
		return EXIT_OK;
	}
}

int
main(int argc, char *argv[])
{
	static struct options o;
	char memory[ERROR_TEXT_MAX];
	struct strbuf error;
	struct config *c = NULL;

	if (!standard_streams_ready())
		return EXIT_RUNTIME; /* and nowhere to say why */
	started_ns = now_monotonic_ns();
	(void)signal(SIGPIPE, SIG_IGN);
	strbuf_init(&error, memory, sizeof(memory));
	if (options_parse(argc, argv, &o, &error) != 0) {
		log_err("options", "%s", error.text);
		return EXIT_USAGE;
	}
	if (o.action == OPTIONS_HELP || o.action == OPTIONS_VERSION) {
		(void)fputs(o.action == OPTIONS_HELP ? options_usage() : version_text(), stdout);
		return EXIT_OK;
	}
	if (o.verbose > 0)
		log_level_set(LOG_LEVEL_DEBUG);
	const struct config_overrides overrides = {
		.profile = o.profile,
		.settings = o.settings,
		.setting_count = o.setting_count,
	};
	if (settings_load(&o, &overrides, &c) != 0)
		return EXIT_USAGE;
	if (o.action == OPTIONS_RUN)
		return run(&o, &overrides, c);
	int code = tell(&o, c);
	config_free(c);
	return code;
}
