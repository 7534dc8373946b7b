/*
 * store_budget.h -- a store stays within its size: what is oldest makes room.
 *
 * Details go first: conversations, what was said in them, entries of timelines, tuples, addresses and devices,
 * always of that of which the oldest row is the oldest. Only when nothing of these is left, the oldest windows go
 * with their findings. What went is counted in `losses`.
 */
#pragma once

#include "exporters/store/store_open.h"

#include <stdbool.h>
#include <stdint.h>

enum { STORE_BUDGET_ROWS = 256 }; /* removed at once, some milliseconds */

struct store_budget {
	struct store *store; /* borrowed */
	uint64_t size_max;   /* bytes of the file */
	bool is_full;        /* conversations are to be left out until there is room again */
	bool is_told;        /* that the oldest makes room now */
};

/*
 * Make room, in the transaction that is open.
 *
 * slices   at most so many times STORE_BUDGET_ROWS
 * returns  true when anything went: what is known of rows may be wrong then
 */
bool store_budget_keep(struct store_budget *b, unsigned slices);
