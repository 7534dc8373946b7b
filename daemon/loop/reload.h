/*
 * reload.h -- the settings read again: what may change does, what needs a restart is named, and a file
 * with a mistake changes nothing.
 */
#pragma once

#include <stdbool.h>

struct config;
struct config_overrides;

enum { RELOAD_TEXT_MAX = 4096 };

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
 * running     stays as it is; it may be freed once nothing uses it any more
 * path        the file, as at the start; NULL for none
 * overrides   of the command line, as at the start; may be NULL
 * ret_fresh   written on success: all that may change is new, the rest as in `running`; freed by the
 *             caller
 * ret_reload  written always
 * errors      as config_load(); nothing has changed then. It is logged, either way
 */
int reload_prepare(const struct config *running, const char *path,
	const struct config_overrides *overrides, struct config **ret_fresh,
	struct reload *ret_reload);
