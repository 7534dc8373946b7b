/*
 * places_sample.h -- a source of the viewer's whose one window scans, calls home every minute and is called by others: rows,
 * tuples, flows and evidence of it, some of them hostile.
 */
#pragma once

#include "viewer/source/source_kind.h"

#define SAMPLE_HOST "192.168.2.12"

struct places_sample {
	struct source source;
	size_t scanned; /* addresses that did not answer on port 23 */
	bool is_bare;   /* as a Redis: no flows */
	bool is_empty;
	bool is_irregular; /* its calls home */
};

void places_sample_init(struct places_sample *s);
