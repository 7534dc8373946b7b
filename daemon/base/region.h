/* region.h -- memory reserved at start and resident only as far as it is touched. */
#pragma once

#include <stddef.h>

/*
 * Reserve `bytes` (> 0), zeroed, in large pages where the system gives them: tables of many MiB are
 * read at random, and every load would miss the TLB as well.
 *
 * returns  NULL when the address space cannot be had
 */
void *region_reserve(size_t bytes);

/* Give it back; `bytes` as it was reserved. Accepts NULL. */
void region_release(void *region, size_t bytes);
