/*
 * engine_interface.h -- what was seen on each interface, and whether it can be all there was.
 *
 * A sensor cannot know what a mirror port does not give it, but two things betray it: bytes that
 * the receiver acknowledged and nobody saw (packets are lost on the way to us), and conversations
 * of which only one side is ever heard (the port mirrors one direction only).
 */
#pragma once

#include <stdint.h>

struct engine;
struct flow;
struct obs_flow;

/* A share of what came of late: both are halved when `whole` is large enough to forget. */
struct recent_share {
	uint64_t part, whole;
};

/*
 * What one interface brought. The one with number INTERFACES_MAX - 1 stands for all further ones.
 * Flows are those whose first packet was seen here; bytes are of the directions counted here.
 */
struct engine_interface_stats {
	uint64_t packets, bytes; /* frames taken, and their length on the wire */
	uint64_t last_ns;        /* time of the latest; 0: none */
	uint64_t duplicates;     /* of them, counted on another interface, and not looked at here */
	uint64_t flows_ended;
	uint64_t flows_talked;  /* of them, TCP that got as far as data or acknowledgements */
	uint64_t flows_oneway;  /* of these, with one direction only */
	uint64_t tcp_bytes;     /* TCP payload that was seen, each byte once */
	uint64_t tcp_gap_bytes; /* TCP payload that was acknowledged and never seen */
	struct recent_share recent_oneway; /* flows_oneway of flows_talked */
	struct recent_share recent_gap;    /* tcp_gap_bytes of tcp_bytes + tcp_gap_bytes */
};

struct engine_interface_stats engine_interface_stats(const struct engine *e, unsigned interface);

/*
 * Share of TCP payload that was carried past us, of late (64 to 128 MiB of it): lost by the mirror
 * port, the card or the kernel.
 *
 * returns  0 .. 1; 0 while less than 1 MiB has been seen
 */
double engine_gap_ratio(const struct engine_interface_stats *s);

/*
 * Share of TCP conversations of which only one direction was seen, of late (512 to 1024 of them).
 * Near 1 the port mirrors one direction; a part may be routes that differ by direction. What nobody
 * answered is no conversation, so a scan, a SYN flood or its backscatter do not look like one.
 *
 * returns  0 .. 1; 0 while fewer than 20 have ended
 */
double engine_oneway_ratio(const struct engine_interface_stats *s);

/* A flow of our own goes on or ended: count what is new of it. */
void engine_interface_flow(struct engine *e, const struct flow *f, const struct obs_flow *o);
