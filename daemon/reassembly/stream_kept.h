/*
 * stream_kept.h -- bytes of one side of a TCP connection that are kept, by their numbers.
 *
 * Those that came too early, and the latest that were handed on, so that a retransmission with other
 * bytes is told apart. They lie in blocks of equal size, with a bit for each byte that is there: a
 * segment costs its own bytes and a walk over the blocks, however it overlaps what came before, and
 * bytes that come one by one, backwards, cost no more room than in one piece.
 */
#pragma once

#include "daemon/base/buddy.h"
#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stdint.h>

/* What is left of a segment: 32 bits hold it. */
static inline uint32_t
stream_left(const struct cursor *c)
{
	return (uint32_t)cursor_left(c);
}

enum {
	STREAM_BLOCK_BYTES = 896, /* with its bits and its place in the list: 1 KiB */
	STREAM_BLOCKS_MAX = 128,  /* of one side: 112 KiB, a segment of 64 KiB fits in anywhere */
};

struct stream_block;

struct stream_kept {
	struct stream_block *first, *last; /* by number */
	uint32_t base;                     /* blocks begin at base + n * STREAM_BLOCK_BYTES */
	uint32_t end;                      /* of the last byte that was put */
	uint16_t count;
};

enum stream_put {
	STREAM_PUT_ALL,
	STREAM_PUT_FULL,      /* it would take more than STREAM_BLOCKS_MAX */
	STREAM_PUT_NO_MEMORY, /* nothing is left for a block */
};

/* Begin empty: nothing before `seq` will be put. Allocates nothing. */
void stream_kept_init(struct stream_kept *k, uint32_t seq);

/* Give all blocks back. */
void stream_kept_done(struct stream_kept *k, struct buddy *memory);

/*
 * Keep bytes. What is there already stays, unless it is to be replaced.
 *
 * seq            number of the first one
 * ret_different  set to true when other bytes were there; never to false
 * returns        when not all: those before a block that could not be had are kept, and the same call
 *                may be made again once there is room
 */
enum stream_put stream_kept_put(struct stream_kept *k, struct buddy *memory, uint32_t seq,
	struct cursor bytes, bool replace, bool *ret_different);

/* Is any of these bytes kept with another value? */
bool stream_kept_differs(const struct stream_kept *k, uint32_t seq, struct cursor bytes);

/*
 * The bytes that are kept in a row from `seq` on, up to `limit` or the end of their block.
 *
 * returns  a view, valid until bytes are put or forgotten; empty when there is none at `seq`
 */
struct cursor stream_kept_run(const struct stream_kept *k, uint32_t seq, uint32_t limit);

/* The number of the first byte that is kept at or after `seq`, `limit` if there is none before that. */
uint32_t stream_kept_next(const struct stream_kept *k, uint32_t seq, uint32_t limit);

/* Give back the blocks that end at or before `seq`; nothing before it will be put any more. */
void stream_kept_forget(struct stream_kept *k, struct buddy *memory, uint32_t seq);
