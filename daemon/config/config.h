/*
 * config.h -- all settings there are: of the engine, of capture, of each detector and exporter.
 *
 * Loaded once, read-only afterwards, owned by one arena. Defaults come first, then the profile, the
 * file, the command line; what is given later holds.
 */
#pragma once

#include "daemon/base/arena.h"
#include "daemon/config/config_rows.h"
#include "daemon/settings/settings.h"
#include "daemon/settings/shell_settings.h"

#include <stddef.h>
#include <stdio.h>

struct detector;
struct whitelist;

struct config {
	const struct settings *settings;
	const struct shell_settings *shell;
	/* The detectors that are on, in run order, and the section of each. */
	const struct detector **detectors;
	const void **detector_configs;
	size_t detector_count;
	const void **exporter_configs; /* of all, in the order of exporters[] */

	struct whitelist *whitelist; /* settings->whitelist.built; or NULL */
	struct arena arena;
	const struct config_item *rows; /* of the root */
	void *root;                     /* the struct that they describe */
};

/* What the command line says on settings. All of it is borrowed for the call. */
struct config_overrides {
	const char *profile; /* "quiet", "balanced", "paranoid"; NULL: as the file has it */
	const struct config_setting *settings; /* in order; those of one list add up */
	size_t setting_count;
};

/*
 * Load the settings.
 *
 * path        the file; NULL is none
 * overrides   may be NULL
 * report      gets a line for everything that is wrong, in the file and on the command line
 * ret_config  written on success; freed by the caller
 * errors      -EINVAL, -ENOMEM, or why the file could not be read
 */
int config_load(const char *path, const struct config_overrides *overrides,
	struct config_report *report, struct config **ret_config);
void config_free(struct config *c);

/* Work the typed views out again after values at `root` were changed. errors -ENOMEM */
int config_views_build(struct config *c);

/* Print as a settings file that loads back to the same. returns 0, or -EIO */
int config_print(const struct config *c, FILE *out);

/* The same as a text, to be freed by the caller. returns NULL when memory is out */
char *config_print_text(const struct config *c);

/* Print docs/CONFIG.md. returns 0, or -EIO */
int config_print_page(const struct config *c, FILE *out);
