/* bar.h -- the bar at the bottom: the hotkeys, or what is typed or told. */
#pragma once

#include "viewer/keymap.h"

/* Rows that it takes of a picture of this size: one more while the source is in trouble. */
unsigned bar_rows(const struct model *m, unsigned rows, unsigned columns);
/* What the source could not answer stands above the keys; what is typed, or told until the next key, in their place. */
void bar_draw(const struct model *m, const struct area *a);
/* The hotkey at a place of the bar that bar_draw() drew. returns NULL when there is none to be seen */
const struct hotkey *bar_at(
	const struct model *m, const struct area *a, unsigned row, unsigned column);
