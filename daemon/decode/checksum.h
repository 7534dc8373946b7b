/* checksum.h -- the Internet's checksum (RFC 1071) over what a cursor holds. */
#pragma once

#include "daemon/base/cursor.h"

#include <stdint.h>

/* Fold to 16 bits; a header or segment that sums to 0xffff with its own checksum is whole. */
static inline uint16_t
checksum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

/*
 * Sum up a cursor's bytes as big-endian 16-bit words, an odd last byte padded with 0.
 *
 * returns  the sum folded to 16 bits; sums may be added and folded again
 * cost     one pass
 */
uint16_t checksum_sum(struct cursor bytes);
