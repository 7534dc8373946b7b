/*
 * inflate.h -- the beginning of what was compressed (RFC 1950, 1951, 1952), to see what it is.
 *
 * Only as much as fits into a small buffer of the caller's is unpacked, from the first bytes that are there:
 * no window, no allocation, no check sum. Not for whole bodies.
 */
#pragma once

#include "daemon/base/cursor.h"

/*
 * Unpack the beginning of a deflate stream, of a zlib stream or of a gzip member, whichever it is.
 *
 * packed     its first bytes, as many as there are
 * ret_bytes  `size` bytes
 * returns    how many were unpacked: fewer when the input ends, or is none of the three
 * cost       below 20 us for 512 bytes to 1024
 */
size_t inflate_head(struct cursor packed, uint8_t *ret_bytes, size_t size);
