/*
 * timeline_find.h -- the entries of a timeline that hold the filter's text.
 *
 * A timeline may have a hundred thousand; a filter has to read them all, once, and in pieces: keys are answered between
 * two of them. What was found is kept until the filter or the window is another. Where the timeline has changed it is read
 * again, and what was found before stands until that is done.
 */
#pragma once

#include "viewer/model.h"

enum { FOUND_MAX = 10000, FIND_AT_ONCE = 1024 };

struct timeline_found {
	char filter[MODEL_TEXT_MAX], host[MODEL_TEXT_MAX];
	int64_t number;
	uint64_t stamp;
	struct source_entry *entries; /* copies, */
	size_t *numbers;              /* and where they are in the timeline */
	size_t count;                 /* FOUND_MAX: the first ones */
	size_t reached, total;        /* so many were looked at, of so many */
};

/* Was all looked at? */
bool timeline_found_is_whole(const struct timeline_found *f);
/*
 * What was found by now, among so many entries; the first piece of them is looked at here.
 *
 * returns  NULL when memory is out
 */
const struct timeline_found *timeline_find(struct model *m, size_t count);
/* Look at the next piece. returns false when there was none */
bool timeline_find_on(struct model *m);
