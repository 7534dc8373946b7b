/* flow_build.h -- datagrams of exporters, put together number by number. */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/cursor.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { FLOW_BUILD_MAX = 65536 };

struct flow_build {
	uint8_t bytes[FLOW_BUILD_MAX];
	size_t length;
};

/* `value` in `width` bytes, big-endian. */
static inline void
put(struct flow_build *b, unsigned width, uint64_t value)
{
	assert(b->length + width <= sizeof(b->bytes));
	for (unsigned i = width; i > 0; i--)
		b->bytes[b->length++] = (uint8_t)(value >> 8 * (i - 1));
}

static inline void
put_bytes(struct flow_build *b, const void *bytes, size_t length)
{
	assert(b->length + length <= sizeof(b->bytes));
	memcpy(b->bytes + b->length, bytes, length);
	b->length += length;
}

static inline void
put_v4(struct flow_build *b, struct addr a)
{
	put_bytes(b, a.byte + 12, 4);
}

/* A length of two or four bytes at `at` becomes the number of bytes from `from` on. */
static inline void
put_length(struct flow_build *b, size_t at, unsigned width, size_t from)
{
	size_t end = b->length;

	b->length = at;
	put(b, width, end - from);
	b->length = end;
}

static inline struct cursor
flow_build_cursor(const struct flow_build *b)
{
	return cursor_over(b->bytes, b->length);
}
