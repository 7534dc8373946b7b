/*
 * run_live.h -- the sensor on the wire: interfaces -> engine -> writer, until a signal.
 */
#pragma once

#include "daemon/config/config.h"
#include "exporters/exporter.h"

#include <stddef.h>

/* What main has worked out. All of it is borrowed for the call. */
struct run_live {
	/* Taken over, and freed at the end; a reload loads another with the two below. */
	struct config *config;
	const char *config_path; /* NULL: none */
	const struct config_overrides *overrides;

	const char *const *interfaces; /* of the command line; without any those of the settings */
	size_t interface_count;
	const struct run_info *info;
};

/*
 * Capture until SIGTERM or SIGINT.
 *
 * returns  the exit code of the command line's contract: 0; 1 failed while running; 2 the
 *          interfaces make no sense; 3 no permission. Whatever went wrong has been logged
 */
int run_live(const struct run_live *plan);
