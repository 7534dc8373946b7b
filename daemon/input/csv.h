/* csv.h -- lines of columns: which column is where, and what stands in it. */
#pragma once

#include "daemon/transactions/transaction_read.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_COLUMNS_MAX = 256 };

/* What stands between columns: a tab where the line has more tabs than commas, else a comma. */
char csv_separator(const char *line, size_t length);

/*
 * Cut a line into its columns, without the spaces around them. Nothing is quoted in these logs.
 *
 * ret      `room` views into `line`; further columns are left out
 * returns  how many were written, at least 1
 */
size_t csv_split(
	const char *line, size_t length, char separator, struct text_view *ret, size_t room);

/* Does `text` hold `word`, in any case? */
bool csv_holds(struct text_view text, const char *word);

/* Is it `word`, in any case? */
bool csv_is(struct text_view text, const char *word);
