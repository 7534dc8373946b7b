/*
 * reload.h -- the settings read again: what may change does, what needs a restart is named, and a file
 * with a mistake changes nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct config;
struct config_overrides;

enum { RELOAD_TEXT_MAX = 4096 };

/* Where the settings come from, and who has a say. All of it is borrowed for the call. */
struct reload_plan {
	const struct config *running;             /* stays as it is */
	const char *path;                         /* the file, as at the start; NULL for none */
	const struct config_overrides *overrides; /* of the command line; may be NULL */
	/*
	 * Take what can only be tried, as a filter that has to compile. Called last, so what it took
	 * holds. -errno refuses the whole, with one line in `ret_error`. NULL: nothing is tried.
	 */
	int (*take)(void *context, const struct config *fresh, char *ret_error, size_t error_size);
	void *context;
};

/* What came of it, for the log, `status` and whoever asked. All of it is "" where there is nothing. */
struct reload {
	bool ok;
	char changed[RELOAD_TEXT_MAX]; /* keys whose new values take effect, separated by blanks */
	char waiting[RELOAD_TEXT_MAX]; /* keys whose new values need a restart */
	char error[RELOAD_TEXT_MAX];   /* what is wrong, separated by "; " */
};

/*
 * Load the settings, and say what changes.
 *
 * ret_fresh   written on success: all that may change is new, the rest as in plan->running, which
 *             may be freed once nothing uses it any more; freed by the caller
 * ret_reload  written always
 * errors      as config_load(), and plan->take(); nothing has changed then. It is logged, either way
 */
int reload_prepare(
	const struct reload_plan *plan, struct config **ret_fresh, struct reload *ret_reload);
