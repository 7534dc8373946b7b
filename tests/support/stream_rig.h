/*
 * stream_rig.h -- one stream in a test: segments told in a few words, and what its reader was handed.
 *
 *	stream_rig_send(r, 0, 0, "hello");      the low side's bytes 0 to 4
 *	stream_rig_ack(r, 1, 5);                the high side has five of them
 *	r->heard[0]                             "hello"
 *
 * Numbers count from each side's first byte, which is STREAM_RIG_FIRST on the wire unless the test
 * says otherwise. What is handed on is written down as it comes, a gap as "<3>", a weird in `told`.
 */
#pragma once

#include "daemon/base/time_text.h"
#include "daemon/reassembly/stream_segment.h"
#include "daemon/reassembly/stream_state.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STREAM_RIG_FIRST UINT32_C(1000)

enum { STREAM_RIG_HEARD_MAX = 1 << 19 };

struct stream_rig {
	struct stream_table table;
	struct stream *stream;
	struct stream_reader reader;
	uint32_t first[2]; /* number of each side's first byte */
	char *heard[2];    /* as text */
	size_t length[2];
	unsigned told[WEIRD_COUNT];
	unsigned calls;          /* of bytes() */
	size_t hold_below;       /* hold while fewer bytes are offered */
	bool must_decide;        /* as the last call had it */
	unsigned stop_after;     /* stop at that call; 0: never */
	bool goes_on;            /* what the last segment returned */
	struct flow *evicted[8]; /* the first ones, in order */
	unsigned evictions;
};

static inline enum stream_verdict
stream_rig_bytes(void *context, unsigned side, struct cursor bytes, bool must_decide)
{
	struct stream_rig *r = context;
	size_t size = cursor_left(&bytes);

	assert(size > 0);
	r->calls++;
	r->must_decide = must_decide;
	if (r->stop_after != 0 && r->calls >= r->stop_after)
		return STREAM_STOP;
	if (size < r->hold_below && !must_decide)
		return STREAM_HELD;
	assert(r->length[side] + size < STREAM_RIG_HEARD_MAX);
	cursor_bytes(&bytes, r->heard[side] + r->length[side], size);
	r->length[side] += size;
	r->heard[side][r->length[side]] = '\0';
	return STREAM_TAKEN;
}

static inline bool
stream_rig_gap(void *context, unsigned side, uint32_t missing)
{
	struct stream_rig *r = context;
	int n = snprintf(r->heard[side] + r->length[side], 32, "<%u>", missing);

	r->length[side] += (size_t)n;
	return true;
}

static inline void
stream_rig_weird(void *context, enum weird kind)
{
	struct stream_rig *r = context;

	r->told[kind]++;
}

static inline void
stream_rig_evicted(void *context, struct flow *f, struct stream *s)
{
	struct stream_rig *r = context;

	(void)s;
	if (r->evictions < 8)
		r->evicted[r->evictions] = f;
	r->evictions++;
}

static inline struct flow *
stream_rig_flow(uintptr_t n)
{
	return (struct flow *)n; /* NOLINT(performance-no-int-to-ptr): never looked into */
}

/* `first` on the wire; UINT32_MAX: the sides' numbers are not known. */
static inline struct stream_rig *
stream_rig_new(size_t bytes, uint32_t first)
{
	struct stream_rig *r = calloc(1, sizeof(*r));
	struct stream_start sides[2] = { 0 };

	assert(r != NULL);
	int error = stream_table_init(
		&r->table, &(struct stream_table_plan){
				   .bytes = bytes, .evicted = stream_rig_evicted, .context = r });
	assert(error == 0);
	(void)error;
	for (unsigned side = 0; side < 2; side++) {
		r->first[side] = first != UINT32_MAX ? first : STREAM_RIG_FIRST;
		sides[side] = (struct stream_start){
			.known = first != UINT32_MAX, .next = first, .ttl = 64
		};
		r->heard[side] = calloc(STREAM_RIG_HEARD_MAX, 1);
		assert(r->heard[side] != NULL);
	}
	r->reader = (struct stream_reader){ r, stream_rig_bytes, stream_rig_gap, stream_rig_weird };
	r->stream = stream_new(&r->table, stream_rig_flow(1), sides);
	return r;
}

static inline void
stream_rig_free(struct stream_rig *r)
{
	stream_table_done(&r->table);
	free(r->heard[0]);
	free(r->heard[1]);
	free(r);
}

/* An everyday segment of that side; `text` may be NULL for none. */
static inline struct packet
stream_rig_packet(const struct stream_rig *r, unsigned side, uint32_t at, const char *text)
{
	size_t size = text == NULL ? 0 : strlen(text);

	return (struct packet){
		.kind = PACKET_IP,
		.has_ports = true,
		.ip_proto = 6,
		.ttl = 64,
		.tcp_flags = TCP_ACK,
		.tcp_seq = r->first[side] + at,
		.tcp_ack = r->first[!side],
		.tcp_window = 65535,
		.payload_bytes = (uint32_t)size,
		.payload = cursor_over(text, size),
	};
}

static inline void
stream_rig_take(struct stream_rig *r, unsigned side, const struct packet *p)
{
	const struct stream_work w = { &r->table, r->stream, &r->reader };

	r->goes_on = stream_segment(&w, side, p);
}

static inline void
stream_rig_send(struct stream_rig *r, unsigned side, uint32_t at, const char *text)
{
	struct packet p = stream_rig_packet(r, side, at, text);

	stream_rig_take(r, side, &p);
}

/* That side acknowledges the first `count` bytes of the other one. */
static inline void
stream_rig_ack(struct stream_rig *r, unsigned side, uint32_t count)
{
	struct packet p = stream_rig_packet(r, side, 0, NULL);

	p.tcp_seq = r->stream->sides[side].next;
	p.tcp_ack = r->first[!side] + count;
	stream_rig_take(r, side, &p);
}

static inline unsigned
stream_rig_told(const struct stream_rig *r)
{
	unsigned told = 0;

	for (enum weird w = 0; w < WEIRD_COUNT; w++)
		told += r->told[w];
	return told;
}
