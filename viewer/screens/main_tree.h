/*
 * main_tree.h -- the hosts, infected first, and their windows below those that are unfolded.
 *
 * A row tells as much as it has room for: the address, "me", the name, country and vendor; at its right what was found, and
 * the traffic of the windows, one column each, or the bar of one.
 */
#pragma once

#include "viewer/model.h"

/* Draws it, and puts the host under the cursor into m->address when keys go here. */
void main_tree_draw(struct model *m, const struct area *a);
/* Enter, Space, +: folds, unfolds, chooses. Right, Left: unfolds, folds. -: folds all. < > s: sort. */
bool main_tree_key(struct model *m, const struct key_event *e);
/*
 * Nobody has chosen a window yet: the first infected one, else that with most evidence, of the host with most; else the last of
 * the first host. The cursor is on the host, and its windows are unfolded if there was anything.
 */
void main_tree_choose(struct model *m);
/* Another screen leads to a window: chosen, its host unfolded, and the cursor on it. */
void main_tree_go(struct model *m, const struct source_window_id *w);
