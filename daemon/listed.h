/*
 * listed.h -- names and addresses that stand in one of our own lists (daemon/lists/): what they are for, not
 * whether they are bad.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>

enum list_category {
	LIST_DOH,         /* resolvers that answer over HTTPS or TLS */
	LIST_DYNAMIC_DNS, /* domains that lend names for changing addresses */
	LIST_PASTE,       /* sites where anybody leaves a text */
	LIST_SINKHOLE,    /* where names of malware lead to once they were taken over */
	LIST_TOR,         /* relays of Tor: none of our own, they change by the hour */
	LIST_CATEGORY_COUNT,
};

/*
 * Is a name, or a domain above it, in the list? Case does not matter, nor a dot at the end.
 *
 * name  from the wire: any text
 */
bool listed_name(enum list_category c, const char *name);
bool listed_addr(enum list_category c, const struct addr *a);
