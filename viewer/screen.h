/*
 * screen.h -- one screen: draws into an area, takes the keys that are its own.
 *
 * A screen is a file screen_<name>.c with one struct screen; table.c lists them (screens.def). Keys that all
 * have alike (hotkeys, Escape, Tab, lists' arrows and vi's) are model_key()'s.
 */
#pragma once

#include "viewer/model.h"

struct screen {
	const char *title; /* in the bar and the help: "out-tuples" */
	unsigned panels;   /* that Tab goes through; 0: none */
	/* May it be shown? NULL: always. Else why not, a sentence: "select a window first". */
	const char *(*refuses)(const struct model *m);
	void (*draw)(struct model *m, const struct area *a);
	/* returns false: not mine. NULL: none is. */
	bool (*key)(struct model *m, const struct key_event *e, const struct area *a);
};

extern const struct screen *const screens[SCREEN_COUNT];

/* One list of a screen while it is drawn. */
struct list {
	struct list_place *place;
	size_t count;  /* items */
	unsigned rows; /* that are shown */
};

/*
 * Find the cursor again in a list that may have changed, keep it in view, and say which item it is on.
 *
 * key_of  writes the key of item i
 * returns number of the item under the cursor; 0 when count is 0
 */
size_t list_settle(struct list *l,
	void (*key_of)(void *context, size_t i, char key[MODEL_TEXT_MAX]), void *context);
/* Arrows, j k, pages, Ctrl-U/D/B/F, g G, H M L. returns false when it is none of them */
bool list_key(struct list_place *p, const struct key_event *e, size_t count, unsigned rows);

/* A table with columns that a key sorts by: `<` `>` choose the column, `s` turns the order. */
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
void columns_fit(struct columns *c, unsigned width);
void columns_head(
	const struct columns *c, const struct area *a, unsigned row, unsigned sorted, bool up);
void columns_cell(const struct columns *c, const struct area *a, unsigned row, size_t column,
	enum grid_colour colour, const char *text);

/* "1.9 Kb", "2020/10/07 13:00:00": as all screens have them. UTC unless the model says local. */
const char *show_bytes(char room[32], uint64_t bytes);
const char *show_time(char room[40], uint64_t ns);
const char *show_count(char room[32], uint64_t n);

/* Does any of these texts hold the filter? "" holds for all. NULL at the end. */
bool passes(const struct model *m, const char *first, ...);
