/*
 * metrics_page.h -- the metrics as a page of documentation: docs/METRICS.md is written by it.
 */
#pragma once

#include "daemon/base/metric.h"

#include <stdio.h>

/* Rows that belong together, and what the sources that have them add. */
struct metrics_group {
	const char *title;
	const char *labels; /* keys of the sources' labels, "interface"; NULL for none */
	const struct metric *rows;
};

/* All that a sensor tells, in the order of the page; ends with a title of NULL. */
extern const struct metrics_group metrics_groups[];

/*
 * Write groups as Markdown: a heading a group, a line a name, with the values that its labels take.
 * The caller writes the title.
 *
 * returns  0, or -EIO when `out` did not take it all
 */
int metrics_page_print(FILE *out, const struct metrics_group *groups);
