/*
 * store_window.h -- hosts and their windows in a store: found or made, and what is known of them written.
 *
 * Whatever names a window has the number of its row, which is looked up in a small memory before the file is
 * asked.
 */
#pragma once

#include "daemon/record/record.h"
#include "exporters/store/store_open.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	STORE_WINDOWS_KEPT = 2048, /* a power of two */
	STORE_WINDOW_EVERY_S = 60, /* of packet time: how often one that is open is written */
	STORE_WINDOW_TUPLE_MS = 1, /* and so much less often for each of its tuples */
	STORE_WINDOW_ROWS =
		4096, /* tuples, and source ports, that one that is open writes at once */
};

/* A window that was looked up. */
struct store_window {
	struct addr host;
	int64_t number;
	int64_t id;       /* its row; 0: this place is free */
	uint64_t told_ns; /* packet time at which it was last written; 0: not yet */
	uint64_t
		rows; /* tuples of it that were written the last time, from the first; 0: none yet */
	bool is_in_part; /* there were more: the next time goes on after them */
};

struct store_windows {
	struct store *store; /* borrowed */
	bool is_brief; /* the store is full: windows are written without what they have, which is counted */
	struct store_window kept[STORE_WINDOWS_KEPT];
};

void store_windows_init(struct store_windows *w, struct store *store);

/* Forget all: their rows may be gone, or were never written. */
void store_windows_forget(struct store_windows *w);

/* The row of a host's window, made if there is none. returns NULL when that failed; valid until the next call */
struct store_window *store_window_of(
	struct store_windows *w, const struct addr *host, const struct record_window_ref *ref);

/*
 * Write a window with its tuples and source ports, over what was written of it before.
 *
 * r        RECORD_WINDOW, or RECORD_WINDOW_SO_FAR: left out while the last time is less than a minute ago, unless it
 *          had no tuples then; of more than STORE_WINDOW_ROWS tuples the next time goes on where this one ends
 * returns  false when it was left out
 */
bool store_window_write(struct store_windows *w, const struct record *r);
