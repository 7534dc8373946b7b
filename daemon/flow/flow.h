/*
 * flow.h -- conversations: who opened them, how they went, how they ended.
 *
 * A flow has Zeek's meaning of a connection: originator and responder, state, history, payload by
 * sequence numbers. The table is bounded. Time-outs are kept in a wheel of one-second slots: a flow
 * is filed once under the second in which it would time out and looked at again only then, so a
 * packet never moves a flow between lists (docs/ARCHITECTURE.md). When the table is full, the flow
 * whose time-out is nearest makes room: unanswered attempts first, established TCP last; its end is
 * delivered like any other.
 *
 * A sensor on a bridge or a router sees most frames on two interfaces: such a flow is one, and each
 * packet of it counts once (flow_interface.h).
 */
#pragma once

#include "daemon/base/hash.h"
#include "daemon/decode/packet.h"
#include "daemon/observation.h"
#include "daemon/settings/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct flow;
struct flow_table;
struct window;

/*
 * Both ends in an order that does not depend on who sent: a key is the same for both directions.
 * The pad is zero. ICMP: identifier-free, by type pair, as Zeek (echo request and reply are one).
 */
struct flow_key {
	struct addr low, high;
	uint16_t low_port, high_port;
	uint8_t ip_proto;
	uint8_t pad[3];
};

/* What the window of a flow's start keeps on it until it has counted it; zeroed with the flow. */
struct flow_party {
	TAILQ_ENTRY(flow_party) link; /* in the window's list, in order of start */
	struct window *window;        /* NULL: not in a list */
	/* The flow table's, for what it has no room elsewhere. */
	uint8_t side : 1;        /* which of its flow's two it is */
	uint8_t tries : 7;       /* flow_tries() */
	uint8_t ttl;             /* of that side's first packet; 0: none yet */
	uint16_t echoed_packets; /* packets counted (low bits) at the first copy after the latest */
	uint32_t echoed_ms;      /* and the time of that copy (low bits) */
};

TAILQ_HEAD(flow_party_list, flow_party);

/*
 * A conversation that has a packet inside it: enough to name it, whatever the table does meanwhile, and
 * the packet of it that brought the other.
 */
struct flow_carrier {
	const struct packet *packet;
	struct flow_key key;
	uint64_t start_ns;
	unsigned serial;
};

/* Called for each observation of a flow; `f` is valid for the call. */
typedef void (*flow_observe_fn)(void *context, struct flow *f, const struct observation *o);

/* Called before the end of a flow is told: what is still read of it then is told with it. */
typedef void (*flow_ending_fn)(void *context, struct flow *f, enum flow_end_reason why);

struct flow_table_plan {
	uint32_t capacity; /* flows */
	enum flow_timeouts timeouts;
	uint64_t interim_ns; /* 0: none */
	struct hash_key hash_key;
	flow_observe_fn observe;
	flow_ending_fn ending; /* NULL: nobody reads */
	void *context;
};

struct flow_stats {
	uint64_t started, ended, evicted;
	uint64_t
		outsides_refused; /* flows that came through a tunnel and have no room to know it */
	uint64_t active;
};

/* returns NULL when memory is out */
struct flow_table *flow_table_new(const struct flow_table_plan *plan);
void flow_table_free(struct flow_table *t);

/* Bytes that one flow costs at most, slots included. */
size_t flow_table_bytes_per_flow(void);

/*
 * Find out which flow a packet belongs to, before its turn.
 *
 * ret_key   written when true is returned
 * ret_hash  for the functions below
 * returns   false when the packet belongs to none (not IP; a later fragment that the capture cut)
 */
bool flow_key_of(const struct flow_table *t, const struct packet *p, struct flow_key *ret_key,
	uint64_t *ret_hash);
void flow_prefetch_slot(const struct flow_table *t, uint64_t hash);
void flow_prefetch(const struct flow_table *t, uint64_t hash);

/*
 * Account a packet: find or open its flow and update it. A flow that is over by now, or whose ports
 * this packet opens again, ends first. A start says what the first packet was; its deltas are zero.
 *
 * carrier  what the packet came out of; NULL: nothing. The flow remembers the first for each direction,
 *          if at most a quarter of the table's flows do so
 * returns  the flow, valid until the next call into the table; NULL for a packet that is counted on
 *          another interface: its flow knows that it was seen here, and nothing else happened
 * cost     one look-up; no allocation
 * source   Zeek's connections; docs/ZEEK-DIFFERENCES.md
 */
struct flow *flow_packet(struct flow_table *t, const struct packet *p, const struct flow_key *key,
	uint64_t hash, const struct flow_carrier *carrier);

/* Note of a flow, and of its packet that was just accounted, what flow_packet() asks of what is inside. */
struct flow_carrier flow_carrier_of(const struct flow *f, const struct packet *p);

/*
 * End every flow that is due at packet time `now_ns`, and tell how others go that are due for that:
 * in order of the second they fell due, then ends first, then of filing. At most a quarter of the
 * table's flows have interims; further ones wait for a place.
 *
 * most     flows to look at in this call; those that are left stay due
 * returns  how many were looked at: `most` if there may be more
 * cost     O(flows due); seconds without any cost nothing, however many
 */
uint32_t flow_expire(struct flow_table *t, uint64_t now_ns, uint32_t most);

/*
 * Packet time has come to `now_ns`, with or without a packet of any flow, and what was due by then has
 * been expired: flows that begin before it are filed from here on. Else those of one decade would hold
 * the wheel's clock back, and those of the next be filed again for each hour in between.
 */
void flow_clock(struct flow_table *t, uint64_t now_ns);

/* The next second at which flow_expire() may find something; UINT64_MAX if none. For skipping idle work. */
uint64_t flow_next_due_ns(const struct flow_table *t);

/* End all that are left with reason FLOW_END_CAPTURE, in the order in which they are stored. */
void flow_end_all(struct flow_table *t);

struct flow_stats flow_stats(const struct flow_table *t);
uint32_t flow_table_capacity(const struct flow_table *t);

/* The party of `f` on that side of the conversation. */
struct flow_party *flow_party(struct flow *f, enum obs_role role);
/* The flow and the side that a party stands for. */
struct flow *flow_of_party(struct flow_party *party, enum obs_role *ret_role);
/*
 * Fill in the flow's totals as they stand. Deltas are zero, `previous_ns` is the start; `history` and
 * `service` are the flow's. `id`, `uid` and `outside` are left out: they cost more than the rest, and only what is
 * told has a name.
 */
void flow_snapshot(const struct flow_table *t, const struct flow *f, struct obs_flow *ret_obs);
/* The same with `id`, `uid` and what carries it. */
void flow_snapshot_named(
	const struct flow_table *t, const struct flow *f, struct obs_flow *ret_obs);
/* How a transaction names the flow; `id` and `uid`, which cost more than the rest, only if `is_named`. */
struct obs_talk flow_talk(const struct flow *f, bool is_named);
/* Its `id` and `uid` alone. */
void flow_name(const struct flow *f, uint64_t *ret_id, struct flow_uid *ret_uid);
/* Did the packet that was just accounted come from the originator? */
bool flow_packet_is_orig(const struct flow *f, const struct packet *p);
/* The interface that its first packet came by. */
uint16_t flow_first_interface(const struct flow *f);
/* The interface on which what that side sends is counted; INTERFACES_MAX while it has sent nothing. */
unsigned flow_counted_on(const struct flow *f, enum obs_role sender);
/* Say that it carries packets. The first word on it stands. */
void flow_set_tunnel(struct flow *f, enum tunnel_kind kind);
/* What was said; TUNNEL_NONE: nothing. */
enum tunnel_kind flow_tunnel(const struct flow *f);
/* Has flow_tunnel_tell() been called for this tunnel? */
bool flow_tunnel_told(const struct flow *f);
void flow_tunnel_tell(struct flow *f);

/*
 * Which protocol parser follows the flow: FLOW_PARSER_UNASKED, FLOW_PARSER_NONE, or an index into
 * protocols[] + 1. The engine's to read and write.
 */
uint8_t *flow_parser(struct flow *f);

/*
 * A side of a TCP flow whose first bytes no parser took is told apart by two more values, so that such
 * a flow needs nothing else while it waits for the other side.
 */
enum {
	FLOW_PARSER_UNASKED = 0,
	FLOW_PARSER_LAST = 252, /* index + 1 of the last that there may be */
	FLOW_PARSER_REFUSED_LOW = 253,
	FLOW_PARSER_REFUSED_HIGH = 254,
	FLOW_PARSER_NONE = 255,
};

/* The flow's stream, by its handle; 0 if it has none. The engine's to read and write. */
uint16_t *flow_stream(struct flow *f);

/* Both ends of the flow. */
const struct flow_key *flow_ends(const struct flow *f);
/* Which end sent `p`: 0 the low one, 1 the high one. */
unsigned flow_packet_side(const struct flow *f, const struct packet *p);
bool flow_side_is_orig(const struct flow *f, unsigned side);

/* What a TCP flow knows of one side's numbers and windows. */
struct flow_tcp_start {
	bool known;     /* whether its numbers are; then the next two are written */
	bool has_syn;   /* and come from its SYN */
	bool has_fin;   /* it sent one; `last` counts it */
	bool has_reset; /* it sent a RST, wherever that was */
	uint32_t first; /* of its first byte */
	uint32_t last;  /* behind the last byte that was seen */
	uint8_t ttl;    /* of its first packet; 0: none yet */
	uint8_t window_scale;
};
struct flow_tcp_start flow_tcp_start(const struct flow *f, unsigned side);

/*
 * How often nobody took what that side said from the middle on, or after another protocol had handed on: its
 * first bytes were those of nothing in particular, and what comes next is asked about as well. The engine's to
 * read and, up to STREAM_MIDDLE_TRIES or ENGINE_DATAGRAM_TRIES, to count.
 */
uint8_t flow_tries(const struct flow *f, unsigned side);
void flow_tries_count(struct flow *f, unsigned side);
