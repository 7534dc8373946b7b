/*
 * run_source.h -- what a run over files reads from: captures, or other programs' logs.
 *
 * run_files.c drives either in the same way: a step feeds the engine, progress is drawn, losses go into the
 * totals.
 */
#pragma once

#include "daemon/loop/exit_code.h"
#include "daemon/loop/progress.h"
#include "daemon/loop/run_files.h"
#include "daemon/record/record.h"

struct engine;
struct run_inputs;
struct settings;

enum { RUN_LOSSES_MAX = 8 };

struct run_source {
	void *reader;
	uint64_t memory; /* of memory.limit that it takes for itself, bytes */
	/*
	 * Tell the engine, before all else, when what comes begins. returns false as long as that is not known:
	 * it is asked again. NULL: with the first packet
	 */
	bool (*begin)(void *reader, struct engine *e);
	/* Feed the engine with what comes next, which may be nothing yet. returns false at the end. */
	bool (*feed)(void *reader, struct engine *e);
	/* Wait for what comes next, `most_ms` at most; what is at hand is not waited for. NULL: feed() waits */
	void (*wait)(const void *reader, int most_ms);
	void (*progress)(const void *reader, struct progress_read *ret);
	/* returns how many were written */
	size_t (*losses)(const void *reader, struct record_loss ret[RUN_LOSSES_MAX]);
	/* When everything is read: EXIT_OK, or what the process ends with, which was told. NULL: EXIT_OK */
	enum exit_code (*verdict)(const void *reader);
	void (*close)(void *reader);
};

/*
 * Open what is to be read; what is known of it goes into `info`.
 *
 * settings  settled
 * inputs   what was opened to see what it is, is taken over
 * returns  EXIT_OK, and `ret` is to be closed; else what went wrong has been told
 */
enum exit_code run_captures_open(const struct run_files *r, const struct settings *settings,
	struct run_inputs *inputs, struct run_info *info, struct run_source *ret);
enum exit_code run_logs_open(const struct run_files *r, const struct settings *settings,
	struct run_inputs *inputs, struct run_info *info, struct run_source *ret);
