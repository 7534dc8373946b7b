/*
 * view_sample.h -- a source of the viewer's that tells one story: a camera scans, fetches a program and calls home; beside it
 * the sensor itself, a guest with a hostile name and one with a long address.
 */
#pragma once

#include "viewer/source/source_kind.h"

enum { SAMPLE_TOLD = 7 }; /* entries with a story; all after them are attempts of a scan */

struct view_sample {
	struct source source;
	size_t entries;    /* of each window */
	size_t pushed;     /* so many came in before all others, since */
	size_t asked_most; /* entries at once, at most, since somebody set it to 0 */
	uint64_t stamp;
	bool is_bare; /* as a Redis: no flows, devices, alerts, run */
	bool is_empty;
	bool is_live;
	bool is_gone;
	bool is_healthy;  /* nobody is infected, and the camera is the last one */
	bool is_of_logs;  /* the run */
	bool is_silent;   /* about entries */
	uint64_t last_ns; /* of the run */
};

void view_sample_init(struct view_sample *s);
