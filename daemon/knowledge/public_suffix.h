/*
 * public_suffix.h -- under which names anybody may register one ("com", "co.uk", "duckdns.org"), so that names
 * of one owner can be told from those of another (publicsuffix.org).
 *
 * Reading the list's file is the caller's.
 */
#pragma once

#include "daemon/base/text_view.h"

enum { PUBLIC_SUFFIX_REMEMBERED = 64 }; /* names whose answers are kept */

struct psl_ctx_st;
struct public_suffix;

/*
 * Make look-ups out of a list.
 *
 * list     of libpsl; becomes the result's, and is freed by psl_free()
 * returns  NULL when memory is out; `list` stays the caller's then
 */
struct public_suffix *public_suffix_new(struct psl_ctx_st *list);
void public_suffix_free(struct public_suffix *p); /* or NULL */

/*
 * What somebody has registered: the public suffix of a name and the label before it. A name whose last label is in no
 * list counts as if that label were a public suffix.
 *
 * name     from the wire, in any case, with or without a dot at its end; A-labels, or UTF-8 in lower case
 * returns  a view into `name`, without that dot, in its case; empty for a public suffix, a single label, an
 *          address, and what is no name (an empty label, a blank, a control byte, more than 253 bytes)
 * cost     about 0.1 us for one of the last names, 2 us for another. Allocates nothing
 */
struct text_view public_suffix_registrable(struct public_suffix *p, const char *name);
