/*
 * loss_span.h -- when something was lost: "between 03:12 and 03:19, 12,400 packets".
 *
 * Counters say how much, and are looked at from time to time. From the look before one moved to the last one at which it
 * had moved is a span. What moves again within a minute goes on in the same span, for an hour at most; while it goes on
 * it is told once a minute as it stands, with the same beginning. So what is told is bounded, however much is lost.
 */
#pragma once

#include "daemon/record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of one counter. Zeroed before the first look. */
struct loss_span {
	uint64_t seen; /* by the counter, at the last look */
	uint64_t from_ns, to_ns;
	uint64_t count; /* 0: there is none yet */
	uint64_t told_ns;
	bool is_untold; /* it has moved since it was told */
};

/*
 * Look at counters, and write a RECORD_LOSS_SPAN of each whose time has come.
 *
 * spans      one for each of `counts`, which come in the same order at each look
 * interface  whose counters they are; "": of all
 * since_ns   of the look before, 0: there was none; now_ns: of this one. A time that went back stands still
 */
void loss_spans_look(struct loss_span *spans, const struct record_loss *counts, size_t count,
	const char *interface, uint64_t since_ns, uint64_t now_ns, const struct record_sink *sink);

/* There is no further look: write what was not told yet. */
void loss_spans_end(struct loss_span *spans, const struct record_loss *counts, size_t count,
	const char *interface, const struct record_sink *sink);
