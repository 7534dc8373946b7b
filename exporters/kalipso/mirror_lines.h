/* mirror_lines.h -- records that are kept packed: a window's timeline, its evidence, its alerts. */
#pragma once

#include "exporters/kalipso/mirror_inside.h"

/*
 * Keep a record, as the last; over `most` the first goes.
 *
 * w        whose it is: it stays, others may be forgotten
 * lines    of `w`
 * r        of a kind in RECORD_WIRE_KINDS
 * returns  NULL when there was no memory
 */
struct mirror_line *mirror_lines_add(struct mirror *m, const struct mirror_window *w,
	struct mirror_lines *lines, uint32_t most, const struct record *r, uint64_t ts_ns);

void mirror_lines_free(struct mirror *m, struct mirror_lines *lines);

/* It is one of the findings: due for every target. */
void mirror_line_found(struct mirror *m, struct mirror_line *line);
