/* bar.h -- the bar at the bottom: the hotkeys, or what is typed or told. */
#pragma once

#include "viewer/keymap.h"

/* Rows that it takes of a picture of this size. */
unsigned bar_rows(unsigned rows, unsigned columns);
/* What the source could not answer is there before all, then what is typed, then the message. */
void bar_draw(const struct model *m, const struct area *a);
/* The hotkey at a place of the bar that bar_draw() drew. returns NULL when there is none */
const struct hotkey *bar_at(
	const struct model *m, const struct area *a, unsigned row, unsigned column);
