/*
 * run_files.h -- one run over captures or logs: reader -> engine -> outlets, then the summary.
 */
#pragma once

#include "daemon/config/config.h"
#include "daemon/config/options.h"
#include "daemon/evidence_kind.h"
#include "exporters/exporter.h"

#include <stdbool.h>
#include <stddef.h>

/* What main has worked out. All of it is borrowed for the call. */
struct run_files {
	const struct config *config;
	struct run_info *info;
	const char *const *inputs; /* paths; "-" is standard input; of logs directories as well */
	size_t input_count;
	enum options_input input_type;
	bool quiet; /* no progress line */
	bool fail_on_given;
	enum threat fail_on;
};

/*
 * Read the inputs to their end, in the order of their packets' or lines' times.
 *
 * returns  the exit code of the command line's contract: 0; 1 an outlet could not write; 3 no
 *          permission; 4 input unreadable; 10 an alert with evidence of level `fail_on` or higher.
 *          Whatever went wrong has been logged
 */
int run_files(const struct run_files *r);
