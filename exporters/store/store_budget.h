/*
 * store_budget.h -- a store stays within its size: what is oldest makes room.
 *
 * What nothing hangs on goes first: runs of which nothing else is left. Then details: conversations, what was said in them, entries of timelines, tuples, addresses and devices,
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
	uint64_t size_max;   /* bytes of the file and its log */
	uint64_t at_once_ns; /* time that making room may take; 0: as much as it takes */
	bool is_full;        /* details are to be left out until there is room again */
	bool is_told;        /* that the oldest makes room now */
};

/* Is there anything to do for store_budget_keep()? */
bool store_budget_is_over(const struct store_budget *b);

/*
 * Live: does a reader keep so much of the log, half of the size, that nothing more may be written until
 * store_log_move() has found it gone?
 */
bool store_budget_is_stuck(const struct store_budget *b);

/*
 * Make room, in the transaction that is open: STORE_BUDGET_ROWS, and as many more as there is time for.
 *
 * returns  true when windows went: what is known of their rows is wrong then
 */
bool store_budget_keep(struct store_budget *b);

/* Count rows that were never written as rows that made room. reason   in `losses` */
void store_budget_lose(struct store *s, const char *reason, uint64_t count);
