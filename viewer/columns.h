/* columns.h -- a table: where its columns stand, its head, and the keys that sort it. */
#pragma once

#include "viewer/grid.h"

#include <stdbool.h>
#include <stddef.h>

struct key_event;

enum { COLUMNS_MAX = 12 };

struct column {
	const char *title;
	unsigned width; /* columns; 0: what is left, shared among those with 0 */
	bool right;
};

struct columns {
	const struct column *column;
	size_t count;
	unsigned at[COLUMNS_MAX], wide[COLUMNS_MAX]; /* worked out by columns_fit() */
};

/* A blank between two. What has no room is 0 wide: the last ones first. */
void columns_fit(struct columns *c, unsigned width);
/* Which way it is sorted, as the grid can show it: one column wide. */
const char *columns_arrow(const struct area *a, bool up);
/* sorted  0: as the source has it; n: by column n - 1 */
void columns_head(
	const struct columns *c, const struct area *a, unsigned row, unsigned sorted, bool up);
void columns_cell(const struct columns *c, const struct area *a, unsigned row, size_t column,
	enum grid_colour colour, const char *text);

/*
 * `<` and `>` choose the column to sort by, `s` turns the order.
 *
 * count    columns; `*sorted` goes from 0 to it
 * returns  false when it is none of them
 */
bool columns_key(unsigned *sorted, bool *up, const struct key_event *e, size_t count);
