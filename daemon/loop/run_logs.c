/* run_logs.c -- a run over other programs' logs: observations one by one, and the time that comes with each. */
#include "daemon/loop/run_source.h"

#include "daemon/base/log.h"
#include "daemon/engine/engine.h"
#include "daemon/input/input.h"
#include "daemon/loop/run_inputs.h"

/* Of the memory limit, what putting lines in order may take. */
enum { SORT_PART = 8, SECONDS_OF_HOUR = 3600 };
#define SORT_MOST (UINT64_C(64) << 20)

_Static_assert((int)INPUT_LOSSES <= (int)RUN_LOSSES_MAX, "all losses are told");

static const enum input_kind kinds[OPTIONS_INPUT_COUNT] = {
	[OPTIONS_INPUT_ZEEK] = INPUT_KIND_ZEEK,
	[OPTIONS_INPUT_EVE] = INPUT_KIND_EVE,
	[OPTIONS_INPUT_ARGUS] = INPUT_KIND_ARGUS,
	[OPTIONS_INPUT_NFDUMP] = INPUT_KIND_NFDUMP,
};

static bool
begin(void *reader, struct engine *e)
{
	uint64_t earliest_ns;

	if (!input_begins(reader, &earliest_ns))
		return false;
	if (earliest_ns != UINT64_MAX)
		engine_begin(e, earliest_ns);
	return true;
}

static bool
feed(void *reader, struct engine *e)
{
	const struct observation *o;
	uint64_t key_ns;

	enum input_step step = input_next(reader, &o, &key_ns);
	if (step != INPUT_ITEM)
		return step == INPUT_WAIT;
	engine_tick(e, key_ns);
	engine_observe(e, o);
	return true;
}

static void
progress(const void *reader, struct progress_read *ret)
{
	struct input_progress p;

	input_progress(reader, &p);
	*ret = (struct progress_read){
		.bytes_read = p.bytes_read,
		.bytes_total = p.bytes_total,
		.count = p.lines,
		.unit = "lines",
	};
}

static size_t
losses(const void *reader, struct record_loss ret[RUN_LOSSES_MAX])
{
	input_losses(reader, ret);
	return INPUT_LOSSES;
}

/* A file of which no line could be read is not what it was taken for. Why not was told of its first line. */
static enum exit_code
verdict(const void *reader)
{
	struct input_count c;
	enum exit_code code = EXIT_OK;

	for (size_t i = 0; input_counts(reader, i, &c, 1) > 0; i++) {
		if (c.bad == 0 || c.bad < c.lines)
			continue;
		log_err("input", "%s: none of its %llu lines could be read: is --input-type right?",
			c.path, (unsigned long long)c.bad);
		code = EXIT_INPUT;
	}
	return code;
}

static void
close_logs(void *reader)
{
	input_close(reader);
}

static size_t
files(void *context, size_t from, struct run_input *ret, size_t room)
{
	struct input_count c;
	size_t n = 0;

	for (; n < room && input_counts(context, from + n, &c, 1) > 0; n++)
		ret[n] = (struct run_input){
			.file = c.path,
			.kind = input_kind_name(c.kind),
			.log = c.log,
			.lines = c.lines,
			.read = c.read,
			.skipped = c.skipped,
			.bad = c.bad,
		};
	return n;
}

static uint64_t
sort_memory(const struct settings *settings)
{
	uint64_t part = settings->memory.limit / SORT_PART;

	return part < SORT_MOST ? part : SORT_MOST;
}

enum exit_code
run_logs_open(const struct run_files *r, const struct settings *settings, struct run_inputs *inputs,
	struct run_info *info, struct run_source *ret)
{
	const struct shell_settings *shell = r->config->shell;
	const struct input_plan plan = {
		.paths = r->inputs,
		.count = r->input_count,
		.kind = kinds[r->input_type],
		.sort = (enum input_sort)shell->read.sort,
		.file_order = settings->compat.windows == COMPAT_WINDOWS_S20,
		.zone_s = (int32_t)(shell->read.timezone * SECONDS_OF_HOUR),
		.memory = sort_memory(settings),
		.opened = inputs->opened,
	};
	struct input *in = NULL;
	char error[INPUT_ERROR_MAX];

	if (shell->capture.filter != NULL)
		log_warnx("input", "capture.filter is for packets, logs are read as they are");
	int rc = input_open(&plan, &in, error);
	if (rc != 0) {
		log_err("input", "%s", error);
		return run_inputs_exit(rc);
	}
	info->files = files;
	info->files_context = in;
	*ret = (struct run_source){
		.reader = in,
		.memory = input_memory(in),
		.begin = begin,
		.feed = feed,
		.progress = progress,
		.losses = losses,
		.verdict = verdict,
		.close = close_logs,
	};
	return EXIT_OK;
}
