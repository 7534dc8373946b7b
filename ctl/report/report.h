/*
 * report.h -- what was found, for somebody who was not there: one HTML file, Markdown, or JSON (docs/REPORT.md).
 *
 * Asked of a source like all that looks into a run. Whatever its size, a report has a bounded one: the first of each
 * kind, and how many were left out.
 */
#pragma once

#include "viewer/source/source.h"

enum { REPORT_ERROR_MAX = 512 };

struct report_options {
	const char *html, *markdown, *json; /* files; "-" is stdout, NULL: not wanted */
	uint64_t now_ns;                    /* when the report was made; 0: not said */
};

/*
 * Gather, then write what is wanted. A file is there as a whole, or not at all: it is written beside its place, and
 * moved there.
 *
 * ret_error  one line: what went wrong, and with which file
 * returns    0, or a negative errno
 */
int report_run(struct source *s, const struct report_options *o, char ret_error[REPORT_ERROR_MAX]);

/*
 * The order of hosts: infected first, then by alerts and by findings; of equals as they stood.
 *
 * returns  a copy in the arena; NULL without memory
 */
const struct source_profile *report_profiles_sort(
	const struct source_profile *rows, size_t count, struct arena *memory);
