/* big_endian.h -- write numbers to bytes, so that `cursor` reads them back. */
#pragma once

#include <stdint.h>

static inline void
big_endian_put32(uint8_t *at, uint32_t value)
{
	for (int i = 3; i >= 0; i--, value >>= 8)
		at[i] = (uint8_t)value;
}

static inline void
big_endian_put64(uint8_t *at, uint64_t value)
{
	for (int i = 7; i >= 0; i--, value >>= 8)
		at[i] = (uint8_t)value;
}
