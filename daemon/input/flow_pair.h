/*
 * flow_pair.h -- one-way flow records become conversations.
 *
 * A router exports what went in one direction, and once more every minute or so while it goes on. Two
 * records with the same ends, turned round, are one conversation; a further record is its continuation.
 * Who is told of replies alone would take each for somebody who knocks at a client's ports.
 *
 * The time here is that of the records: of a file the latest end so far, live the clock of the loop.
 */
#pragma once

#include "daemon/base/hash.h"
#include "daemon/observation.h"

#include <stdbool.h>
#include <stdint.h>

/* May more of the same follow? */
enum flow_part_more {
	FLOW_PART_UNKNOWN, /* the exporter does not say */
	FLOW_PART_GOES_ON, /* cut by the active time-out: it goes on */
	FLOW_PART_OVER,
};

/* What one direction carried. */
struct flow_sent {
	uint64_t packets; /* 0: nothing was told of this direction */
	uint64_t bytes;   /* of the IP packets */
	uint8_t tcp_flags;
};

/* A record, as an exporter or a line of nfdump tells it. */
struct flow_part {
	struct addr src, dst;
	uint16_t src_port, dst_port; /* ICMP: type and code, either way */
	uint8_t ip_proto;
	bool has_macs;
	struct mac src_mac, dst_mac; /* all zero: that one is not known */
	uint16_t vlan;
	uint64_t start_ns, end_ns;
	struct flow_sent forward; /* src to dst */
	struct flow_sent reverse; /* of a record that tells both ways (RFC 5103, nfdump -b) */
	bool src_opened;          /* the exporter says that src opened the conversation */
	enum flow_part_more more;
	uint32_t rate;   /* one packet in so many was looked at; packets and bytes are multiplied
			  * already; 0 and 1: every one */
	uint32_t source; /* who told it: what another tells of the same direction is a copy */
};

struct flow_pair_plan {
	uint32_t capacity; /* conversations that wait, about 300 bytes each */
	uint64_t wait_ns;  /* how long the other direction is waited for */
	uint64_t
		linger_ns; /* how long after it the next piece of one that goes on; at least wait_ns */
	struct hash_key hash_key;
};

enum { FLOW_PAIR_CAPACITY = 65536 };

struct flow_pair_counters {
	uint64_t parts;   /* records taken */
	uint64_t paired;  /* conversations of which both directions came */
	uint64_t copies;  /* records that another exporter had told already */
	uint64_t evicted; /* told early to make room: the other direction may come as its own */
	uint64_t refused; /* records for which there was no room at all */
	uint64_t told;    /* interims and ends */
};

struct flow_pair;

/* The plan for records out of a file: 65,536 conversations, 60 s, 120 s, a fixed key. */
struct flow_pair_plan flow_pair_plan_of_files(void);

/* returns NULL when memory is out */
struct flow_pair *flow_pair_new(const struct flow_pair_plan *plan);
void flow_pair_free(struct flow_pair *p);

/*
 * Take a record. Above the capacity the one that waits longest is the next that flow_pair_next() tells,
 * whatever the time; there is headroom for what one datagram may hold, so drain after each.
 *
 * now_ns  the time that has come; may go back, which is as if it stood
 * cost    one look-up; no allocation
 */
void flow_pair_add(struct flow_pair *p, const struct flow_part *part, uint64_t now_ns);

/*
 * The next conversation that waited long enough.
 *
 * now_ns    as above; UINT64_MAX: nothing more will come, all that waits is told
 * ret_flow  totals and deltas are set; `ended` is FLOW_END_NONE: an interim, it goes on
 * returns   false when none is due
 */
bool flow_pair_next(struct flow_pair *p, uint64_t now_ns, struct obs_flow *ret_flow);

/* The latest time that has come, 0 at first. */
uint64_t flow_pair_now(const struct flow_pair *p);

struct flow_pair_counters flow_pair_counters(const struct flow_pair *p);
