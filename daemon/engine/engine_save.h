/*
 * engine_save.h -- what an engine must know of the one before it, as bytes.
 *
 * The numbering of windows goes on; a window that is still open knows what was told in it, so that
 * nothing is told or alerted twice; the site knows its names, networks and gateways. What is not saved: flows, tuples and
 * the states of detectors. They count anew, and what they reach again has been told already.
 *
 * Sections, each with an id, a version and its length. Little-endian; the same knowledge gives the
 * same bytes.
 */
#pragma once

#include "daemon/base/blob.h"
#include "daemon/engine/engine.h"

#include <stddef.h>
#include <stdint.h>

struct window;

struct engine_saved {
	uint32_t windows, windows_left_out; /* in which something was told, and open */
	uint32_t names, names_left_out;
};

/*
 * Write down what engine_restore() needs. Changes nothing.
 *
 * b          empty; what does not fit is left out and counted, and what is there is whole
 * ret_saved  what went in, and what did not
 * cost       O(open windows + their evidence + names); allocates nothing
 */
void engine_save(const struct engine *e, struct blob *b, struct engine_saved *ret_saved);

/*
 * engine_finish(), and write down each window as it is when the last word on it has been told: what
 * the end of the run brings to light must not be told again after it either.
 */
void engine_finish_saving(struct engine *e, const struct record_loss *extra_lost,
	size_t extra_count, struct blob *b, struct engine_saved *ret_saved);

struct engine_restored {
	uint32_t windows;          /* open again */
	uint32_t windows_left_out; /* over by now, of another width, or there was no room */
	uint32_t names;
	uint32_t sections_refused; /* made no sense: nothing of them was taken */
	uint32_t sections_unknown; /* of a kind or version that this engine does not know */
};

/*
 * Go on where an earlier engine left off. Call it before anything is fed, and also without any
 * bytes when there is no state: only then do ids never repeat those of an earlier run.
 *
 * bytes         from anybody; a section that makes no sense is refused as a whole
 * now_ns        the wall clock: windows and names that are over by now are left out, and what is
 *               raised from here on has higher ordinals than all that was raised before it
 * ret_restored  what was taken, and what was not
 */
void engine_restore(struct engine *e, const void *bytes, size_t size, uint64_t now_ns,
	struct engine_restored *ret_restored);

/* For engine_window_close(): the window goes while engine_finish_saving() is at work. */
void engine_save_window(struct engine *e, const struct window *w);
