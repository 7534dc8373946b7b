/*
 * mirror_memory.h -- the bytes of a mirror: counted as malloc rounds them, made free by forgetting windows.
 */
#pragma once

#include "exporters/kalipso/mirror_inside.h"

/* All that the mirror holds: what was allocated, and the tables as far as they were ever filled. */
uint64_t mirror_bytes(const struct mirror *m);

/*
 * Make room for so many bytes more: forget windows, the one that changed longest ago first, but not `keep`.
 *
 * returns  false when all others are gone, and it is not enough
 */
bool mirror_room(struct mirror *m, size_t size, const struct mirror_window *keep);

/* Bytes that one more item of a table takes: 0 while there is one that was touched and is free. */
size_t mirror_item_bytes(const struct table *t);

/*
 * Change the size of an allocation of the mirror; `old` NULL: make one; `size` 0: free it.
 *
 * keep     forget other windows when there is no room, but not this one
 * returns  NULL when there is none (the old one is as it was), or for size 0
 */
void *mirror_resize(struct mirror *m, void *old, size_t size, const struct mirror_window *keep);
