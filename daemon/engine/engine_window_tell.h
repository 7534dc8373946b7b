/*
 * engine_window_tell.h -- windows are told: once when they close, and while they are open to who asks for that.
 *
 * An open window that has changed waits in a list. Whoever runs the engine says when the list is looked at
 * (engine_tell_windows()) and for how much of it, so ten thousand windows that change at once hold up no packet.
 */
#pragma once

#include "daemon/window/window.h"

#include <stdbool.h>
#include <stdint.h>

struct engine;

enum {
	ADDRESSES_REMEMBERED = 2048
}; /* that were told lately; another with the same place takes it over */

struct address_told {
	struct addr addr;
	uint64_t at_ns;
};

/* The engine's part of it. */
struct window_tell {
	struct window_list changed; /* open windows, the one that waits longest first */
	struct address_told addresses[ADDRESSES_REMEMBERED];
};

/* Something of an open window has changed. cost: O(1) */
void engine_window_changed(struct engine *e, struct window *w);

/* The window closes: tell it as it is in the end, its addresses first. */
void engine_window_tell_end(struct engine *e, struct window *w);

/* Has the sink room for a window that is due? False holds closing up, though never for long. */
bool engine_may_close(const struct engine *e, uint64_t due_ns, uint64_t now_ns);
