/*
 * sheet.h -- a table of a screen: the rows of an answer, those with the filter's text, in the order somebody chose.
 *
 * Who has the rows says what stands in a cell and which row comes first; cursor, order and place are kept in the screen's
 * state, one sheet a panel.
 */
#pragma once

#include "viewer/columns.h"
#include "viewer/grid.h"
#include "viewer/list.h"

#include <stddef.h>

struct model;
struct key_event;

enum { SHEET_ROOM = 96, SHEET_NEVER = 10000 };
#define SHEET_NOTHING SIZE_MAX

struct sheet_column {
	struct column column;
	unsigned from; /* the least width at which it is shown */
};

struct sheet_cell {
	const char *text; /* may be in the room */
	enum grid_colour colour;
};

struct sheet {
	const char *title, *none; /* of the box; and what is said when there are no rows */
	const struct sheet_column *columns;
	size_t column_count;
	const void *rows; /* of the answer, */
	size_t count;
	struct sheet_cell (*cell)(
		const void *rows, size_t row, size_t column, char room[SHEET_ROOM]);
	/* < 0 when row a comes before row b by that column. */
	int (*compare)(const void *rows, size_t a, size_t b, size_t column);
	void (*key)(const void *rows, size_t row, char key[LIST_KEY_MAX]);
	/* Does the filter find it? NULL: when a cell has the text. */
	bool (*passes)(const struct model *m, const void *rows, size_t row);
	bool is_whole; /* the filter is for another panel */
};

/*
 * Draw one in a box: its head, its rows, the cursor, the place for keys and mouse.
 *
 * returns  the row under the cursor, as a number of the answer; SHEET_NOTHING when none is shown
 */
size_t sheet_draw(struct model *m, const struct sheet *s, unsigned panel, const struct area *a);
/* The keys that sort, for the panel that has the focus and was drawn. returns false when it is none */
bool sheet_key(struct model *m, const struct key_event *e);

/* -1, 0, 1 */
#define SHEET_ORDER(a, b) (((a) > (b)) - ((a) < (b)))
