/* filter.h -- `/`: only rows that hold a text are shown. */
#pragma once

#include "viewer/model.h"

/* Does any of these texts hold the filter? "" holds for all; ASCII letters match either way. NULL at the end. */
bool passes(const struct model *m, const char *first, ...);

/*
 * A key while it is typed: Enter keeps it, Escape leaves it out, Backspace takes a character, Ctrl-U all.
 *
 * returns  false when it is none of a text: arrows still move
 */
bool filter_key(struct model *m, const struct key_event *e);
