/* packet_build_link.h -- what packet_build.c and its link layers share; for them alone. */
#pragma once

#include "tests/support/packet_build.h"

#include <stdint.h>
#include <string.h>

struct writer {
	uint8_t *at;
	uint8_t *start;
};

static inline struct writer
writer_at(uint8_t *buf)
{
	struct writer w;

	w.at = buf;
	w.start = buf;
	return w;
}

static inline void
put8(struct writer *w, unsigned v)
{
	*w->at++ = (uint8_t)v;
}

static inline void
put16(struct writer *w, unsigned v)
{
	put8(w, v >> 8);
	put8(w, v & 0xff);
}

static inline void
put32(struct writer *w, uint32_t v)
{
	put16(w, v >> 16);
	put16(w, v & 0xffff);
}

static inline void
put_bytes(struct writer *w, const void *bytes, size_t n)
{
	if (n > 0)
		memcpy(w->at, bytes, n);
	w->at += n;
}

static inline void
set16(uint8_t *at, unsigned v)
{
	at[0] = (uint8_t)(v >> 8);
	at[1] = (uint8_t)v;
}

/* `m`, or where that is zero 02:00 and the last four bytes of `a`. */
struct mac mac_or_made(const struct mac *m, const struct addr *a);
/* Everything before the network layer. */
void put_link(struct writer *w, const struct build *b, unsigned ether_type);
/* Set the lengths in the link's headers, now that all is written. */
void set_link_lengths(struct writer *w, const struct build *b);
