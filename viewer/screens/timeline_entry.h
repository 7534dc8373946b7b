/* timeline_entry.h -- one entry of a timeline: a sentence, and what was said below it. */
#pragma once

#include "viewer/grid.h"
#include "viewer/source/source.h"

/* Rows that it takes. */
unsigned timeline_entry_rows(const struct source_entry *e, bool is_brief);
/* Draw it from a row on, as far as the area goes. */
void timeline_entry_draw(
	const struct area *a, unsigned row, const struct source_entry *e, bool is_brief);
