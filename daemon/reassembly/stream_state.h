/* stream_state.h -- what a stream remembers; for the stream_*.c files, which work on it together. */
#pragma once

#include "daemon/reassembly/stream.h"
#include "daemon/reassembly/stream_deliver.h"
#include "daemon/reassembly/stream_kept.h"

#include <stdbool.h>
#include <stdint.h>

enum stream_side_flag {
	STREAM_STARTED = 1,     /* its numbers are known */
	STREAM_ENDS = 2,        /* `end` is known */
	STREAM_RESET = 4,       /* it sent a RST that a host would take */
	STREAM_HAS_EDGE = 8,    /* `edge` is known */
	STREAM_HAS_TIME = 16,   /* `time` is known */
	STREAM_HAS_URGENT = 32, /* `urgent` is to come */
	STREAM_SPOKE = 64,      /* it sent a segment that was looked at */
	STREAM_SIGNS = 128,     /* its segments carry signatures */
};

/*
 * One direction. Numbers are those on the wire. What is before `next` was handed on or given up; of
 * that the tail is kept. Bytes in [doubt_from, doubt_to) may have been refused by the receiver: they
 * wait until it acknowledges them, and give way to others that are certain.
 */
struct stream_side {
	struct stream_kept kept;
	uint32_t first;                /* number of its first byte */
	uint32_t next;                 /* of the next byte to hand on */
	uint32_t high;                 /* behind the last byte that was seen */
	uint32_t acked;                /* by the other side */
	uint32_t edge;                 /* how far the other side's window ever reached */
	uint32_t end;                  /* of its FIN */
	uint32_t urgent;               /* of the byte that is out of band */
	uint32_t time;                 /* the latest time stamp of a segment in order */
	uint32_t doubt_from, doubt_to; /* equal: no doubt */
	uint32_t gap_from, gap_to;     /* the last gap */
	uint8_t flags;                 /* enum stream_side_flag */
	uint8_t ttl, doubt_ttl;        /* 0: not known */
	uint8_t window_scale;
	uint8_t tries; /* left, to recognise what it says from the middle on */
};

struct stream {
	TAILQ_ENTRY(stream) link;
	struct flow *flow;
	struct stream_side sides[2];
	void *state;
	uint16_t state_size;
	bool is_recognised, is_at_rest;
	bool is_shrunk;  /* `state` is only what must stay */
	uint32_t used_s; /* the second of its last packet */
};

static inline struct stream_side *
stream_side_of(const struct stream_work *w, unsigned side)
{
	return &w->stream->sides[side];
}

/* Room for a state of this stream, others making it; NULL, and counted, when they cannot. */
void *stream_state_take(struct stream_table *t, struct stream *s, size_t size);

enum { STREAM_MIDDLE_BYTES = 1 << 20 };

/* Begin the numbers of a side; in the middle of a connection there were bytes before, as after a gap. */
static inline void
stream_side_start(struct stream_side *me, uint32_t next, bool in_middle)
{
	stream_kept_init(&me->kept, next);
	me->first = me->next = me->high = me->acked = me->gap_to = next;
	me->gap_from = in_middle ? next - STREAM_MIDDLE_BYTES : next;
	me->tries = in_middle ? STREAM_MIDDLE_TRIES : 0;
	me->flags |= STREAM_STARTED;
}
