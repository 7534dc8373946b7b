/*
 * tuples.h -- what a host did in one window, by peer, service and protocol.
 *
 * One entry per (role, peer, responder's port, protocol) carries the behavioural letters and the
 * sums of established and not established flows. The feature dictionaries of Slips (DstIPs...,
 * DstPorts..., their inner maps, the contact counters) are sums over these entries and are derived
 * when somebody asks (features.h), so a flow costs one look-up here and not five. Source ports are
 * the one dictionary that cannot be derived and have entries of their own.
 *
 * Entries live in the window's arena in hash tries (four-way, by two bits of a keyed hash a level),
 * which never move and never rehash; lists keep the order of first sight, because nothing that is
 * shown may follow hash order.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/arena.h"
#include "daemon/base/hash.h"
#include "daemon/tuples/letters.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LETTERS_PER_CHUNK = 6 };

struct letter_chunk {
	struct letter_chunk *next;
	struct letter letters[LETTERS_PER_CHUNK]; /* full, but for the last chunk */
};

struct tuple_sums {
	uint64_t flows;
	uint64_t packets;      /* of both sides */
	uint64_t bytes;        /* payload of both sides */
	uint64_t orig_packets; /* of the side that opened the flows */
};

struct tuple {
	struct tuple *next; /* in order of first sight */
	struct tuple *child[4];
	struct addr peer;
	uint16_t port; /* the responder's; ICMP: the code */
	uint8_t ip_proto;
	uint8_t role; /* enum obs_role of the window's host */
	uint32_t letter_count;
	struct letter_chunk *letters;
	struct letter_chunk *last_letters;
	struct letter_state letter_state;
	uint64_t first_ns;         /* start of its first flow */
	struct tuple_sums sums[2]; /* [established] */
};

struct source_port {
	struct source_port *next;
	struct source_port *child[4];
	uint16_t port; /* the originator's; ICMP: the type */
	uint8_t ip_proto;
	unsigned role : 1; /* enum obs_role of the window's host */
	unsigned established : 1;
	uint32_t flows;
	uint64_t packets, bytes;
};

struct tuples {
	struct arena *memory; /* the window's; borrowed */
	const struct hash_key *hash_key;
	struct tuple *first, *root;
	struct tuple **end;
	struct source_port *first_port, *root_port;
	struct source_port **end_port;
	uint64_t flows[2]; /* counted, by role */
	uint64_t count;    /* tuples */
	bool truncated;    /* memory was refused: something is missing here */
};

/* What a flow adds to a window: its identity, and how much. */
struct tuple_flow {
	struct addr peer;
	uint16_t orig_port, resp_port;
	uint8_t ip_proto;
	uint8_t role;
	bool established;
	uint64_t packets, bytes, orig_packets;
	bool count;        /* charge the flow itself: flow counts and a letter */
	uint64_t start_ns; /* the rest only if `count` */
	uint64_t duration_ns;
	uint64_t payload_bytes_total, ip_bytes_total;
};

/* Prepare an empty set. Both pointers are borrowed for its life. Allocates nothing. */
void tuples_init(struct tuples *t, struct arena *memory, const struct hash_key *hash_key);

/*
 * Add a flow, or what happened of it since the last time.
 *
 * cost     two trie look-ups, O(log4 entries); memory for new entries
 * errors   none: without memory the sums of known entries still grow, and `truncated` is set
 * source   behaviour §4.2, §5, §6
 */
void tuples_add(struct tuples *t, const struct tuple_flow *f);
