/* run_captures.c -- a run over capture files: frames in batches, merged by time. */
#include "daemon/loop/run_source.h"

#include "daemon/base/log.h"
#include "daemon/engine/engine.h"
#include "daemon/loop/capture/capture_file.h"
#include "daemon/loop/run_inputs.h"

#include <string.h>

_Static_assert((int)CAPTURE_BATCH_MAX == (int)ENGINE_BATCH_MAX, "a batch read is a batch taken");

static bool
feed(void *reader, struct engine *e)
{
	struct frame frames[CAPTURE_BATCH_MAX];
	size_t n = capture_file_next(reader, frames);

	if (n > 0)
		engine_packets(e, frames, n);
	return n > 0;
}

static void
wait_for_more(const void *reader, int most_ms)
{
	capture_file_wait(reader, most_ms);
}

static void
progress(const void *reader, struct progress_read *ret)
{
	struct capture_progress p;

	capture_file_progress(reader, &p);
	*ret = (struct progress_read){
		.bytes_read = p.bytes_read,
		.bytes_total = p.bytes_total,
		.count = p.frames,
		.unit = "pkt",
	};
}

static size_t
losses(const void *reader, struct record_loss ret[RUN_LOSSES_MAX])
{
	struct capture_progress p;

	capture_file_progress(reader, &p);
	const struct record_loss lost[] = {
		{ "capture_cut_files", p.cut_files },
		{ "capture_cut_bytes", p.cut_bytes },
		{ "capture_corrupt", p.corrupt },
		{ "capture_unknown_link", p.unknown_link },
		{ "capture_filtered", p.filtered },
	};
	memcpy(ret, lost, sizeof(lost));
	return sizeof(lost) / sizeof(lost[0]);
}

static void
close_captures(void *reader)
{
	capture_file_close(reader);
}

enum exit_code
run_captures_open(const struct run_files *r, const struct settings *settings,
	struct run_inputs *inputs, struct run_info *info, struct run_source *ret)
{
	struct capture_file *reader = NULL;
	char error[CAPTURE_ERROR_MAX];

	(void)settings;
	int rc = capture_file_open_with(inputs->opened, r->inputs, r->input_count,
		r->config->shell->capture.filter, &reader, error);
	if (rc != 0) {
		log_err("capture", "%s", error);
		return run_inputs_exit(rc);
	}
	info->interfaces = capture_file_interfaces(reader);
	*ret = (struct run_source){
		.reader = reader,
		.feed = feed,
		.wait = wait_for_more,
		.progress = progress,
		.losses = losses,
		.close = close_captures,
	};
	return EXIT_OK;
}
