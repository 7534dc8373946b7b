/*
 * timeline_find.h -- the entries of a timeline that hold the filter's text.
 *
 * A timeline may have a hundred thousand; a filter has to read them all, in pieces, once: what was found is kept until the
 * filter, the window or the timeline is another.
 */
#pragma once

#include "viewer/model.h"

enum { FOUND_MAX = 10000 };

struct timeline_found {
	char filter[MODEL_TEXT_MAX], host[MODEL_TEXT_MAX];
	int64_t number;
	uint64_t stamp;
	struct source_entry *entries; /* copies, */
	size_t *numbers;              /* and where they are in the timeline */
	size_t count;                 /* FOUND_MAX: the first ones */
};

/* returns NULL when memory is out */
const struct timeline_found *timeline_find(struct model *m, size_t count);
