/*
 * config_diff.h -- what a reload changes, and what of it has to wait for a restart.
 *
 * A row says with `at_start` that its value is looked at only when the sensor starts; in a section
 * or a list it says so for all that is inside. Two loads of one program have the same rows, so they
 * are compared row by row.
 */
#pragma once

#include "daemon/settings/config_item.h"

#include <stdbool.h>

struct arena;
struct config;

/*
 * Called for one setting that differs.
 *
 * key       dotted, "windows.width"; valid for the call. A list is one setting
 * at_start  the new value needs a restart
 */
typedef void (*config_change_fn)(void *context, const char *key, bool at_start);

/* Tell which settings differ between two structs of the same rows, in the order of the rows. */
void config_rows_diff(const struct config_item *rows, const void *before, const void *after,
	config_change_fn each, void *context);

/* Tell which settings differ between two loads, in the order in which --print-config has them. */
void config_diff(const struct config *before, const struct config *after, config_change_fn each,
	void *context);

/*
 * Give the rows that need a restart the values that they have in `running`.
 *
 * arena   of `fresh`: strings and lists are copied there, nothing points into `running` afterwards
 * errors  -ENOMEM: `fresh` is of no use then
 */
int config_rows_keep(
	const struct config_item *rows, const void *running, void *fresh, struct arena *arena);

/*
 * Turn settings that were just loaded into those that may take effect now: what needs a restart
 * keeps its value, so the same detectors are on, and `running` may be freed.
 *
 * errors  -ENOMEM: free `fresh`, and go on with `running`
 */
int config_keep(const struct config *running, struct config *fresh);
