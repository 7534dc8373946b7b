/*
 * mirror_gone.h -- what a target is to be told to forget, the oldest first.
 *
 * A ring has room for as many as can be there at a time: while it is not empty nothing new gets there (mirror.h).
 */
#pragma once

#include "exporters/kalipso/mirror_inside.h"

/* returns false when memory is out */
bool mirror_ring_init(struct mirror_ring *r, uint32_t capacity);
void mirror_ring_done(struct mirror_ring *r); /* accepts a zeroed one */

/* returns false when it is full */
bool mirror_ring_push(struct mirror_ring *r, const struct mirror_window_key *key);
/* returns false when it is empty */
bool mirror_ring_pop(struct mirror_ring *r, struct mirror_window_key *ret_key);
