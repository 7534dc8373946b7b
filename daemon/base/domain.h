/* domain.h -- names of domains: their labels from the right, and lists of them. */
#pragma once

#include "daemon/base/text_view.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	DOMAIN_TEXT_MAX = 253
}; /* bytes of a name without its last dot (RFC 1035 section 2.3.4, as text) */

/* The name without the dot that ends it, if one does. */
struct text_view domain_view(const char *name);

/*
 * The name by which a server is asked for: a Host header without its port.
 *
 * host      from the wire: any text
 * ret_name  "" when it is too long to be a name, or an IPv6 address in brackets; it may be an IPv4 address
 */
void domain_of_host(const char *host, char ret_name[DOMAIN_TEXT_MAX + 1]);

/*
 * Leave out the leftmost label.
 *
 * returns  false, and `d` is as it was, when there is but one
 */
bool domain_up(struct text_view *d);

/*
 * Look for a name, then for each domain above it, in a list. Case does not matter.
 *
 * rows     lower case, in the order of their bytes, no two alike
 * name     from the wire: any text, of any length
 * returns  the index of the row that is nearest to the name; `count` when none is it or above it
 * cost     a binary search a label of the name, of which DOMAIN_TEXT_MAX / 2 are looked at
 */
size_t domain_find(const char *const *rows, size_t count, const char *name);
