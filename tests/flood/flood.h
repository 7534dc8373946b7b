/*
 * flood.h -- the cases of reliability §4.2, M1 to M5, and M9: what is sent, and what has to be true after it.
 *
 * A case runs alone in its process, so that the most memory it ever had is its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct flood_rig;

/* How a case went. */
struct outcome {
	bool full;     /* at the size of the page; else one that a sanitizer can bear */
	bool measures; /* time and memory count: no sanitizer is in the way */
	bool failed;
	uint64_t packets; /* that the engine was given */
	char text[400];   /* the figures, and what was missed */
};

/* One thing that has to be true; `fmt` says what was there. */
void outcome_check(struct outcome *o, bool is_true, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* One figure. */
void outcome_say(struct outcome *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Packets of `r`, peak memory against `limit` and 5 %, and the longest stop against 50 ms. */
void outcome_measure(struct outcome *o, const struct flood_rig *r, uint64_t limit);

/* The size of the page, or a reduced one. */
static inline uint64_t
outcome_size(const struct outcome *o, uint64_t full, uint64_t reduced)
{
	return o->full ? full : reduced;
}

void m1_unanswered(struct outcome *o);
void m1_answered(struct outcome *o);
void m2_one_scans_many(struct outcome *o);
void m2_many_scan_one(struct outcome *o);
void m2_host_by_host(struct outcome *o);
void m2_port_by_port(struct outcome *o);
void m2_arp(struct outcome *o);
void m2_ping(struct outcome *o);
void m3_names(struct outcome *o);
void m3_macs(struct outcome *o);
void m3_vlans(struct outcome *o);
void m3_timeouts(struct outcome *o);
void m3_window_ends(struct outcome *o);
void m4_flows(struct outcome *o);
void m4_restart(struct outcome *o);
void m5_reverse_bytes(struct outcome *o);
void m5_fragments(struct outcome *o);
void m5_extensions(struct outcome *o);
void m5_pointers(struct outcome *o);
void m5_tunnels(struct outcome *o);
void m9_holes(struct outcome *o);
