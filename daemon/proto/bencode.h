/* bencode.h -- BitTorrent's encoding of values (BEP 3), read in place. */
#pragma once

#include "daemon/base/cursor.h"

enum { BENCODE_DEPTH_MAX = 8 };

/* Read a string. returns false, and `c` is where it was, when there is none */
bool bencode_string(struct cursor *c, struct cursor *ret_string);

/* Move past any value. returns false when there is none, or it is nested too deeply */
bool bencode_skip(struct cursor *c);

/*
 * Find the value of a key in the dictionary at `c`.
 *
 * ret_value  from the value on, to the end of what there is
 * returns    false when it is not there, or what is before it is damaged
 */
bool bencode_find(struct cursor c, const char *key, struct cursor *ret_value);
