/*
 * progress.h -- one line on a terminal that says how far a reading of files has come.
 *
 * Drawn over itself on stderr, at most 4 times a second, and only if stderr is a terminal.
 */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stdint.h>

/* How far the reading has come. */
struct progress_read {
	uint64_t bytes_read;  /* of the files as they lie on disk */
	uint64_t bytes_total; /* 0 when unknown */
	uint64_t count;       /* of what is counted */
	const char *unit;     /* what that is: "pkt", "lines" */
};

struct progress_counts {
	uint64_t hosts;
	uint64_t evidence;
	uint64_t alerts;
};

/*
 * Append "  [#########-----------]  45 %  1.9 Mpkt/s  eta 00:02:10   hosts 812  evidence 164 ...".
 * Without a known total: bytes read and time spent in place of bar and eta.
 *
 * elapsed_ns  since the reading began, on a clock that never goes back
 * errors      none; a full buffer is truncated
 */
void progress_format(struct strbuf *b, const struct progress_read *read,
	const struct progress_counts *counts, uint64_t elapsed_ns);

struct progress {
	bool is_on;
	bool is_drawn; /* there is a line to wipe */
	uint64_t start_ns;
	uint64_t drawn_ns;
};

/* Begin now. wanted: false keeps it off, as for --quiet; a stderr that is no terminal does too. */
void progress_start(struct progress *p, bool wanted);

/* Is it time to draw again? cost: one look at the clock, nothing if off. */
bool progress_is_due(struct progress *p);

/* Draw, cut to the width of the terminal. */
void progress_draw(
	struct progress *p, const struct progress_read *read, const struct progress_counts *counts);

/* Wipe the line, before other output and at the end. */
void progress_wipe(struct progress *p);
