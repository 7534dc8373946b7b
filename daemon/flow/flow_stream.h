/*
 * flow_stream.h -- how far a side of a TCP connection has got, by its sequence numbers.
 *
 * Nothing is buffered: a side's bytes are the distance from its first to its last sequence number,
 * so a byte counts once however often it was sent, and also when it was lost on the way to us.
 */
#pragma once

#include "daemon/decode/packet.h"

#include <stdbool.h>
#include <stdint.h>

struct flow;
struct tcp_side;

/* Distance from `b` to `a` in sequence space (RFC 9293, 3.4). */
static inline int32_t
seq_distance(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

static inline bool
seq_is_before(uint32_t a, uint32_t b)
{
	return seq_distance(a, b) < 0;
}

static inline bool
seq_is_after(uint32_t a, uint32_t b)
{
	return seq_distance(a, b) > 0;
}

/* Where the segment ends: SYN and FIN take one number each; the text of a RST is none of the stream. */
uint32_t flow_stream_segment_end(const struct packet *p);

/* Start the numbers of a side that was silent so far, or that sends a new SYN. */
void flow_stream_open(struct tcp_side *me, const struct packet *p);

/* Start the numbers of a side that was only heard of: the other one acknowledges `ack`. */
void flow_stream_expect(struct tcp_side *peer, uint32_t ack);

/*
 * Move a side on to the end of its segment.
 *
 * returns  false when the segment brought bytes, and none of them were new
 */
bool flow_stream_advance(struct tcp_side *me, const struct packet *p);

/*
 * Note what the other side acknowledges.
 *
 * returns  false when the number cannot be meant
 */
bool flow_stream_acknowledge(struct tcp_side *peer, uint32_t ack);

/* Note the bytes that a segment brought, so that holes are known. */
void flow_stream_fill(struct tcp_side *me, uint32_t seq, uint32_t bytes);

/*
 * Step over the first hole below `ack`: its bytes will not come any more.
 *
 * returns  the size of the hole, 0 when there is none left
 */
uint32_t flow_stream_give_up(struct tcp_side *me, uint32_t ack);

/* Payload bytes of a side so far. */
uint64_t flow_stream_bytes(const struct tcp_side *me, const struct tcp_side *peer);
