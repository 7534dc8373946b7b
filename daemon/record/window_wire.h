/*
 * window_wire.h -- a window's tuples as bytes: to cross to the writer, and to be kept by who shows it.
 *
 * A window may be longer than a message, so it is packed in pieces, each of which says whether it is the first
 * and whether it is the last. Put together again it is what record.h calls a window: its tuples in order of
 * first sight, to be walked and derived from, not to be added to.
 */
#pragma once

#include "daemon/base/arena.h"
#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"
#include "daemon/record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	WINDOW_PIECE_MIN = 512, /* room that any piece can begin and go on in */
	WINDOW_PIECE_MAX = UINT16_MAX,
};

/* How far a window is packed. */
struct window_packing {
	const struct record_window *window;
	const struct tuple *tuple; /* the next, or the one whose letters are not all packed */
	const struct letter_chunk *chunk; /* of it: where the next letter is */
	uint32_t letters;                 /* of it, packed */
	const struct source_port *port;   /* the next */
	bool begun;                       /* its head is packed */
	bool is_cut;                      /* something was left out */
	bool no_more; /* room behind the next piece: what is not in it is left out, and the window `truncated` */
};

/* Begin to pack; `w` is borrowed until the last piece. */
struct window_packing window_packing_of(const struct record_window *w);

/*
 * Append one piece: as much as fits.
 *
 * out      has room for WINDOW_PIECE_MIN bytes at least; no more than WINDOW_PIECE_MAX are used
 * returns  true when it was the last piece
 */
bool window_pack(struct window_packing *p, struct blob *out);

/* A window that is put together from its pieces. */
struct window_unpacking {
	struct record_window window; /* whole when window_unpack() has returned WINDOW_WHOLE */
	struct tuples tuples;        /* which it points to */
	struct arena memory; /* of the tuples; may be used for what is derived from them as well */
	uint32_t letters_left; /* of the last tuple: announced, and not there yet */
	bool begun;
	bool torn; /* something of it found no memory: `truncated` says so in the end */
};

enum window_unpacked {
	WINDOW_PART,  /* more pieces follow */
	WINDOW_WHOLE, /* u->window is good, until the next piece or window_unpacking_done() */
	WINDOW_BAD, /* no piece that window_pack() wrote, or none that fits here: what was begun is given up */
};

/* memory_max  of one window's tuples */
void window_unpacking_init(struct window_unpacking *u, size_t memory_max);
void window_unpacking_done(struct window_unpacking *u);

/* Read one piece. `in` moves past it. A first piece gives up what was not finished before it. */
enum window_unpacked window_unpack(struct window_unpacking *u, struct cursor *in);
