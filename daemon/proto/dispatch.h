/*
 * dispatch.h -- which parsers are asked about what a side says first: those that can begin with its first byte.
 *
 * Most of forty cannot; asking them all would cost more than reading what the few say.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdint.h>

enum { DISPATCH_BYTES = UINT8_MAX + 1 };

/* Bit n stands for protocols[n]. */
struct dispatch {
	uint64_t by_ip_proto[DISPATCH_BYTES];
	uint64_t by_first_byte[DISPATCH_BYTES];
};

/* `read`: bit n, whether protocols[n] is read at all. */
void dispatch_init(struct dispatch *ret, uint64_t read);

/* Whom to ask about these bytes: nobody about none. A bit for each, to be asked from the lowest on. */
static inline uint64_t
dispatch_asked(const struct dispatch *d, uint8_t ip_proto, struct cursor first_bytes)
{
	uint8_t first = cursor_u8(&first_bytes);

	return first_bytes.short_read ? 0 : d->by_ip_proto[ip_proto] & d->by_first_byte[first];
}

/* The first of those who are to be asked, which leaves the others. `asked` is not 0. */
static inline size_t
dispatch_next(uint64_t *asked)
{
	size_t i = (size_t)__builtin_ctzll(*asked);

	*asked &= *asked - 1;
	return i;
}
