/*
 * recent.h -- the latest evidence and alerts as lines of EVE JSON, for those who ask on the spot.
 *
 * A window into what happened, not a store: so many lines in so many bytes, the oldest make room.
 * Everything is allocated at the start; adding encodes into memory that is there.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/evidence_kind.h"
#include "daemon/record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recent;
struct run_info;

enum {
	RECENT_LINES = 1024,
	RECENT_BYTES = 2 * 1024 * 1024, /* an evidence takes 1.5 KiB, an alert up to 8 */
};

/*
 * Keep up to `lines` lines in `bytes` bytes.
 *
 * run      borrowed for its life: the encoding's
 * returns  NULL when memory is out
 */
struct recent *recent_new(uint32_t lines, size_t bytes, const struct run_info *run);
void recent_free(struct recent *r);

/* Keep a record if it is evidence or an alert. One whose line is longer than `bytes` is left out. */
void recent_add(struct recent *r, const struct record *record);

/* Which of them. */
struct recent_filter {
	enum record_kind kind; /* RECORD_EVIDENCE or RECORD_ALERT */
	bool by_host;
	struct cidr host; /* charged: evidence's and alerts' profile */
	const char *
		type; /* public name, in any case, of an alert its strongest evidence's; NULL: all */
	enum threat level; /* this or higher; of an alert the highest of its evidence */
	uint64_t since_ns; /* packet time, this or later */
	uint64_t most;     /* lines */
	size_t most_bytes; /* of all lines together */
};

/*
 * Tell those that pass, the oldest first; if they are more than `most`, the latest.
 *
 * each          gets a line without a line end, valid for the call
 * returns       how many passed, told or not
 */
uint64_t recent_find(const struct recent *r, const struct recent_filter *f,
	void (*each)(void *context, const char *line, size_t length), void *context);
