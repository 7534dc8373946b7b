/*
 * listed.h -- names and addresses that stand in one of our own lists (daemon/lists/): what they are for, not
 * whether they are bad.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/knowledge/list_category.h"

#include <stdbool.h>

/*
 * Is a name, or a domain above it, in the list? Case does not matter, nor a dot at the end.
 *
 * name  from the wire: any text
 */
bool listed_name(enum list_category c, const char *name);
bool listed_addr(enum list_category c, const struct addr *a);
