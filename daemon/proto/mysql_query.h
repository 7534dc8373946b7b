/* mysql_query.h -- the text of a MySQL query that may have attributes before it. */
#pragma once

#include "daemon/base/cursor.h"

/* Of all packets: an integer of 1, 3, 4 or 9 bytes. `c` is short when it is none. */
uint64_t mysql_integer(struct cursor *c);

/*
 * Move `c` from behind COM_QUERY past the attributes, to the text (CLIENT_QUERY_ATTRIBUTES was agreed).
 * Short when there is something that is not understood.
 */
void mysql_attributes_pass(struct cursor *c);
