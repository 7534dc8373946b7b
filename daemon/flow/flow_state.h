/*
 * flow_state.h -- what a flow remembers; for the flow_*.c files, which work on it together.
 *
 * What a packet of a known flow touches comes first and fills three cache lines: the key, times and
 * flags; the counters of both sides; TCP's sequence numbers. Sides are kept by address (0 is the
 * key's low end), not by role: swapping the roles of a conversation changes one bit and moves
 * nothing, so parties that are in somebody's list stay where they are.
 */
#pragma once

#include "daemon/base/pool.h"
#include "daemon/base/table.h"
#include "daemon/base/wheel.h"
#include "daemon/flow/flow.h"
#include "daemon/flow/flow_service.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

/* How far one side of a TCP connection has come. */
enum tcp_side_state {
	SIDE_INACTIVE,     /* nothing seen from it */
	SIDE_SYN_SENT,     /* the originator's SYN */
	SIDE_SYN_ACK_SENT, /* a SYN-ACK came first */
	SIDE_PARTIAL,      /* spoke, but nobody saw it open */
	SIDE_ESTABLISHED,
	SIDE_CLOSED, /* sent FIN */
	SIDE_RESET,  /* sent RST */
};

enum tcp_side_flag {
	SIDE_FIN_SEEN = 1,
	SIDE_DONE = 2,    /* FIN or RST has been acted on */
	SIDE_CARRIED = 4, /* what carries its packets is known (or there was no room to know it) */
	/* 4 bits: flow_tcp_window_scale() */
	SIDE_SCALE_ONE = 16,
	SIDE_SCALE_MASK = 0xf0,
};

/* Letters of the history that are written once a side, or again only for another sequence number. */
enum flow_letter {
	LETTER_SYN = 1,
	LETTER_FIN = 2,
	LETTER_RST = 4,
	LETTER_FIN_RST = 8,
	LETTER_DATA = 16,
	LETTER_ACK = 32,
	LETTER_MIXED = 64,
};

/*
 * Sequence numbers are as on the wire; `_high` counts how often the distance from `start_seq`
 * passed 2^32. [start_seq + 1, next_seq) was seen without a hole, and so was the island
 * [island_from, island_to) beyond the first hole (empty if they are equal).
 */
struct tcp_side {
	uint32_t start_seq, last_seq, ack_seq;
	uint16_t last_high, ack_high;
	uint32_t next_seq, island_from, island_to;
	uint8_t state, previous; /* enum tcp_side_state */
	uint8_t flags;           /* enum tcp_side_flag */
	uint8_t letters;         /* enum flow_letter; UDP uses LETTER_DATA */
};

struct flow_counts {
	uint64_t packets, ip_bytes;
	union {
		uint64_t payload_bytes; /* not TCP, which has its sequence numbers */
		struct {
			uint32_t fin_at, rst_at; /* where the last ones were, for the history */
		};
	};
};

/* Events whose letter is repeated at the 10th, 100th, 1000th and 10000th (C, W: up to the 100th). */
struct flow_tallies {
	uint16_t retransmits, gaps;
	uint8_t zero_windows, bad_checksums;
};

enum flow_class {
	FLOW_TCP_ATTEMPT, /* a SYN that nobody answered */
	FLOW_TCP_HANGING, /* it was answered, and nobody took the answer */
	FLOW_TCP_OPEN,
	FLOW_TCP_CLOSED, /* both sides are done, or the one that ever spoke */
	FLOW_TCP_RESET,
	FLOW_UDP,
	FLOW_DNS, /* UDP to a name server's port */
	FLOW_ICMP,
	FLOW_OTHER,
	FLOW_CLASS_COUNT,
};

enum flow_bit {
	FLOW_LIVE = 1,
	FLOW_ORIG_IS_HIGH = 2,
	FLOW_FLIPPED = 4,
	FLOW_HAS_MACS = 8,
	FLOW_IN_INTERIMS = 16, /* filed for its next interim, not for its time-out */
	/* 3 bits: conversations of this key that began in the same ns before it */
	FLOW_SERIAL_ONE = 32,
	FLOW_SERIAL_MASK = 32 | 64 | 128,
};

enum { FLOW_NO_PAST = 0, FLOW_NO_OUTSIDE = 0 };

struct flow {
	struct flow_key key; /* first: the table's */
	uint64_t start_ns, last_ns;
	uint8_t class;  /* enum flow_class */
	uint8_t bits;   /* enum flow_bit */
	uint8_t parser; /* the engine's */
	uint8_t counted_on
		[2];       /* the interface for each side; INTERFACES_MAX before its first packet */
	uint8_t interface; /* of the first packet */
	uint16_t slot;     /* of the wheel */

	struct flow_counts counts[2];
	struct wheel_link link;
	uint32_t past; /* index + 1 in the table's pasts, FLOW_NO_PAST until its first interim */
	uint32_t observed_on; /* bit n: interface n */

	struct tcp_side tcp[2];

	uint32_t missed_bytes[2]; /* stays at the greatest number */
	char history[FLOW_HISTORY_MAX];
	struct flow_tallies tallies[2];
	struct mac macs[2];
	uint32_t vlan : 12, inner_vlan : 12;
	uint32_t service : 8; /* what it carries: flow_service.h */
	uint16_t
		outside; /* index + 1 in the table's outsides, FLOW_NO_OUTSIDE if none carries it */
	uint16_t stream; /* the engine's */
	struct flow_party parties[2];
};

enum { FLOW_HOT_BYTES = 192 };

static_assert(offsetof(struct flow, missed_bytes) == FLOW_HOT_BYTES, "three lines are hot");
static_assert(sizeof(struct flow) <= 320 && sizeof(struct flow) % 64 == 0, "five lines a flow");

/* What the previous observation of a flow said; most flows are over before they need one. */
struct flow_past {
	struct flow_side told[2];
	uint64_t last_ns;
	uint64_t next_ns; /* when the next interim is due */
};

/*
 * A flow's class ends it `idle_ns` after its last packet and at most `life_ns` after its first. With
 * a step this is only asked at multiples of it since the first packet.
 */
struct flow_timeout {
	uint64_t idle_ns, life_ns, step_ns;
};

struct flow_table {
	struct table flows;
	struct pool pasts;
	struct pool outsides;  /* struct obs_outside */
	struct wheel timeouts; /* flows whose time-out comes before their next interim */
	struct wheel interims;
	const struct flow_timeout *timeout; /* by enum flow_class */
	struct flow_table_plan plan;
	uint64_t clock_ns;
	struct flow_stats stats;
	struct service_sequences services;
};

/* Index of the side that opened the conversation. */
static inline unsigned
flow_orig(const struct flow *f)
{
	return (f->bits & FLOW_ORIG_IS_HIGH) != 0;
}

/* How many conversations of its key began in the same ns before it, as far as that is counted. */
static inline unsigned
flow_serial(const struct flow *f)
{
	return (unsigned)(f->bits & FLOW_SERIAL_MASK) / FLOW_SERIAL_ONE;
}
