/* zeek_columns.h -- the columns of one file. */
#pragma once

#include "daemon/input/zeek_state.h"

void zeek_columns_clear(struct zeek_columns *columns);

/* One more column behind the others, whose field `log` says; NULL: zeek_columns_resolve() follows. */
void zeek_columns_add(
	struct zeek_columns *columns, const struct zeek_log *log, const char *name, size_t length);

/* Find out for every column which field of `log` it is. */
void zeek_columns_resolve(struct zeek_columns *columns, const struct zeek_log *log);

/*
 * The column of a key of JSON, which is added when it is new.
 *
 * is_again  the key before is meant once more: an entry of its array
 * returns   NULL when there is no room for it, or its name is too long: nobody wants it
 * cost      one comparison where lines have their keys in one order, with some left out
 */
const struct zeek_column *zeek_columns_key(struct zeek_columns *columns, const struct zeek_log *log,
	const char *name, size_t length, bool is_again);
