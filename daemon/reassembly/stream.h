/*
 * stream.h -- the TCP connections that a protocol parser reads, and the memory they share.
 *
 * A stream exists while somebody wants the bytes of a connection. Bytes that come in order are handed
 * on as a view into the frame; only what came too early waits here, and the latest bytes that were
 * handed on are kept until they are acknowledged, so that a retransmission with other bytes can be
 * told. When the memory is full the stream that was used least recently gives up, first among those
 * that keep bytes behind a hole, then among those that no parser has recognised, so that a flood of
 * either pushes out itself; then among those that are at rest (stream_rest.h).
 */
#pragma once

#include "daemon/base/buddy.h"
#include "daemon/base/pool.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct flow;
struct stream;

TAILQ_HEAD(stream_list, stream);

/* How often what a side says from the middle on is asked about, with a stream and before there is one. */
enum { STREAM_MIDDLE_TRIES = 8 };

enum { STREAM_STATE_MAX = BUDDY_MAX_BYTES, STREAM_TABLE_MIN_BYTES = 4 * BUDDY_MAX_BYTES };

struct stream_table_plan {
	size_t bytes; /* for everything; at least STREAM_TABLE_MIN_BYTES */
	/* The stream of that flow has to give up: it is gone after this. */
	void (*evicted)(void *context, struct flow *f, struct stream *s);
	/* How many bytes of its state, from the first on, must stay while that flow is quiet; 0: all. */
	size_t (*keeps)(void *context, struct flow *f, const void *state);
	void *context;
};

struct stream_table {
	struct stream_table_plan plan;
	struct pool streams;
	struct buddy memory;        /* blocks of bytes, and parsers' states */
	struct stream_list unknown; /* nobody has recognised them yet; least recently used first */
	struct stream_list recognised; /* the same, of those with a parser */
	struct stream_list at_rest;    /* and of those with one that have been quiet */
	void *spare;                   /* STREAM_STATE_MAX bytes: stream_last_state() */
	uint64_t evicted;              /* gave up to make room */
	uint64_t refused;              /* segments or states that no room could be made for */
};

/* What a flow knows of one side when its stream begins. */
struct stream_start {
	bool known;           /* whether its numbers are */
	bool in_middle;       /* there may be bytes before `next` that nobody saw */
	uint8_t tries;        /* if so: how often it was asked about already */
	bool is_reset;        /* it has sent a RST */
	bool has_end;         /* it has sent a FIN; then `end` is written */
	uint32_t end;         /* the FIN's number */
	uint32_t next;        /* of the first byte to hand on */
	uint8_t ttl;          /* of its first packet; 0: not known */
	uint8_t window_scale; /* of the windows that it announces */
};

/* returns 0, or -ENOMEM */
int stream_table_init(struct stream_table *t, const struct stream_table_plan *plan);
void stream_table_done(struct stream_table *t);

/*
 * Begin to read a flow, which somebody will end with stream_free().
 *
 * sides    by the flow's sides: 0 is the low end of its key
 * returns  the stream; when all are in use another one gives up
 */
struct stream *stream_new(
	struct stream_table *t, struct flow *f, const struct stream_start sides[2]);
void stream_free(struct stream_table *t, struct stream *s);

/* A handle that a flow can keep: 1 .. 65535. */
uint16_t stream_handle(const struct stream_table *t, const struct stream *s);
struct stream *stream_of_handle(const struct stream_table *t, uint16_t handle);

/*
 * A parser has recognised it: from now on it gives up last.
 *
 * state_size    bytes of the parser's own, at most STREAM_STATE_MAX; 0: none
 * state_zeroed  how many of them are zeroed, from the first on
 * returns       false when no room could be made for them
 */
bool stream_recognise(
	struct stream_table *t, struct stream *s, size_t state_size, size_t state_zeroed);
/* It was mistaken, or has read its part: the state is gone. */
void stream_mistake(struct stream_table *t, struct stream *s);
/* The parser's state; NULL if it has none. */
void *stream_parser_state(const struct stream *s);

/*
 * Nobody recognised what that side said: may what comes next be asked about once more? A few times, if
 * it was seen from the middle on: its first bytes were those of nothing in particular.
 */
bool stream_try_again(struct stream *s, unsigned side);

/* Is anything kept of what that side sent? */
bool stream_keeps(const struct stream *s, unsigned side);
/* Could more bytes come, of either side? */
bool stream_is_open(const struct stream *s);
/*
 * Both sides have ended, everything was handed on, and `ack` of that side acknowledges the other's end: for
 * its hosts the connection is no more.
 */
bool stream_is_over(const struct stream *s, unsigned side, uint32_t ack);

/* Bring a stream to the end of its list; once a second of packet time is enough. */
void stream_touch(struct stream_table *t, struct stream *s, uint64_t now_ns);

/* Make room: one stream gives up, but not `s`. returns false when there is no other */
bool stream_evict_other(struct stream_table *t, const struct stream *s);
