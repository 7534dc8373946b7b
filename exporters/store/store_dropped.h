/* store_dropped.h -- when a store dropped something: since all that had come was on the disk. */
#pragma once

#include "daemon/record/loss_span.h"
#include "exporters/store/store_open.h"

#include <stdbool.h>
#include <stdint.h>

struct store_dropped {
	uint64_t count;    /* of all that was dropped, what is in the losses */
	uint64_t now_ns;   /* packet time of what came last; live at least the wall clock's */
	uint64_t whole_ns; /* when nothing was missing that had come */
	struct loss_span span, kept; /* kept: as it was then */
};

/* Time has come to this. */
void store_dropped_see(struct store_dropped *d, uint64_t ns);

/*
 * Write how much was dropped and when, if there is anything to say that was not said, and a transaction can be begun.
 *
 * count    of all that was dropped
 * is_last  the store is about to be closed
 */
void store_dropped_write(struct store_dropped *d, struct store *s, uint64_t count, bool is_last);

/* All that came is on the disk, or was told to be missing. */
void store_dropped_whole(struct store_dropped *d, uint64_t count);
