/*
 * list.h -- one list of a screen: which of its items are shown, and which one somebody is on.
 *
 * A place is kept by what it is on, not by a row: the source may grow, shrink and reorder under it. An item
 * that is gone leaves its place to the one that stands there now.
 */
#pragma once

#include "viewer/grid.h"

#include <stdbool.h>
#include <stddef.h>

enum { LIST_KEY_MAX = 128 };

struct key_event;

/* Where somebody is in a list. Zeroed: on the first item. */
struct list_place {
	char key[LIST_KEY_MAX]; /* of the item; "": whichever is number `at` */
	size_t at;              /* its number the last time */
	size_t top;             /* first item that is shown */
	/* as it was drawn the last time, for keys and the mouse */
	size_t count;
	unsigned rows;
	struct area area; /* zeroed: no list_stands() */
};

/* One list of a screen while it is drawn. */
struct list {
	struct list_place *place;
	size_t count;  /* items */
	unsigned rows; /* items that are shown */
};

/*
 * Find the cursor again in a list that may have changed, keep it in view, and say which item it is on.
 *
 * key_of  writes the key of item i; keys are not empty, and each is there once
 * returns number of the item under the cursor; 0 when count is 0
 * cost    one call of key_of when nothing changed, else one an item
 */
size_t list_settle(struct list *l, void (*key_of)(void *context, size_t i, char key[LIST_KEY_MAX]),
	void *context);

/*
 * Say where it stands, an item a row from the area's first on: a click there puts the cursor on an item. The border beside
 * it has a mark where there are more, above or below.
 */
void list_stands(struct list_place *p, const struct area *a);

/*
 * Arrows, j k, pages, Ctrl-U/D/B/F, g G, H M L, the wheel, a click where list_stands().
 *
 * returns  false when it is none of them
 */
bool list_key(struct list_place *p, const struct key_event *e, size_t count, unsigned rows);
