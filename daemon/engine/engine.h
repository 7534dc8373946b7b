/*
 * engine.h -- a function of packets and packet time.
 *
 * Frames, foreign observations and time go in; records come out. Inside there is no file, socket,
 * wall clock, thread, global or log line, and after engine_new() no malloc. So the same input gives
 * the same output, from a wire, a file, a test or a fuzzer.
 */
#pragma once

#include "daemon/base/hash.h"
#include "daemon/decode/frame.h"
#include "daemon/engine/engine_foreign.h"
#include "daemon/observation.h"
#include "daemon/reassembly/fragments.h"
#include "daemon/record/record.h"
#include "daemon/settings/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct detector;
struct engine;
struct geo;
struct intel;
struct metric;
struct oui;
struct public_suffix;
struct x509_trust;

/* Everything an engine is made from. Borrowed for its life, but for the struct itself. */
struct engine_plan {
	const struct settings *settings;
	const struct detector *const *detectors; /* those that are on, in run order */
	const void *const *detector_configs;     /* one section each */
	size_t detector_count;
	struct hash_key hash_key; /* random per process; nothing observable depends on it */
	bool live; /* windows begin at multiples of their width, not at the first packet */
	uint64_t
		ring_bytes; /* of memory.limit that rings of interfaces, readers of logs and outlets take; 0: none */
	uint64_t intel_bytes;        /* the same for lists; 0: there are none */
	const struct cidr *prefixes; /* of the interfaces behind which our hosts are; may be NULL */
	size_t prefix_count;
	struct x509_trust *trust;       /* who may sign certificates; NULL: nobody is asked */
	const struct oui *vendors;      /* of network cards; NULL: not known */
	struct geo *geo;                /* where addresses are; NULL: not known */
	struct public_suffix *suffixes; /* what anybody may register under; NULL: not known */
	const struct intel *intel;      /* lists, or NULL: engine_retro.h */
	struct record_sink sink;
};

/* What it counted. Plain numbers, read at any time. */
struct engine_stats {
	uint64_t packets, bytes; /* frames taken, and their length on the wire */
	uint64_t duplicates;     /* of them, counted on another interface */
	uint64_t anomalies[32];  /* frames by enum packet_anomaly */
	uint64_t weird[WEIRD_COUNT];
	uint64_t flows_started, flows_ended, flows_active;
	uint64_t flows_evicted;
	uint64_t outsides_refused; /* flows that came through a tunnel and do not know it */
	struct fragments_stats fragments;
	uint64_t profiles_made, profiles_active, profiles_evicted;
	uint64_t windows_opened, windows_open, windows_truncated;
	uint64_t windows_refused; /* no memory to open one: that observation was not looked at */
	uint64_t observations_late;
	uint64_t evidence, evidence_suppressed, evidence_lost; /* lost: no memory left to keep it */
	uint64_t evidence_repeated; /* told before a restart, and not told again */
	uint64_t whitelist_hits[WHITELIST_EFFECT_COUNT]; /* conversations and findings */
	uint64_t alerts;
	uint64_t alerts_by[THREAT_COUNT]; /* the highest level among their evidence */
	uint64_t deadlines_refused;
	uint64_t peers_refused; /* of whom a window had no room to note what was said of them */
	uint64_t clock_jumps;
	uint64_t names_evicted, macs_evicted;
	uint64_t said_evicted;     /* missing in a timeline, to make room for what was said later */
	uint64_t expected_evicted; /* conversations that were announced, and forgotten for others */
	uint64_t streams_evicted;  /* read no further, to make room for another */
	uint64_t streams_refused;  /* segments that there was no room to keep */
	uint64_t stream_gap_bytes; /* missing in what parsers were handed */
	uint64_t first_ns, last_ns;
};

/*
 * Make an engine. All memory is reserved here, within settings->memory.limit.
 *
 * returns  NULL when it cannot be had, or when the limit is below what one window of each detector needs
 */
struct engine *engine_new(const struct engine_plan *plan);
void engine_free(struct engine *e);

/*
 * Take frames in the order in which they came.
 *
 * frames   up to ENGINE_BATCH_MAX, valid for the call; batching only warms the cache: the records
 *          are the same for any grouping
 * cost     one table look-up for a packet of a known flow
 */
void engine_packets(struct engine *e, const struct frame *frames, size_t count);

enum { ENGINE_BATCH_MAX = 32 };

/* Packet time has reached `now_ns` without a packet: whatever is due by then happens. */
void engine_tick(struct engine *e, uint64_t now_ns);

/*
 * The input is over: every flow ends, every wait is cut short, every window closes, and the totals
 * are written. Nothing may be fed afterwards.
 *
 * extra_lost  what the reader lost, added to the totals' list; may be NULL
 */
void engine_finish(struct engine *e, const struct record_loss *extra_lost, size_t extra_count);

/*
 * Tell open windows that have changed since they were told, if the sink wants them (RECORD_WINDOW_SO_FAR) and has
 * room: each at most once a second of packet time, one with many tuples less often.
 *
 * most     windows
 * returns  how many were told
 * cost     some us a window; a look at each that has changed
 */
uint32_t engine_tell_windows(struct engine *e, uint32_t most);

/* Packet time: where the clock stands. 0: nothing was fed yet */
uint64_t engine_now_ns(const struct engine *e);

struct engine_stats engine_stats(const struct engine *e);

/* How the memory limit is split, for the start line: areas until name == NULL. */
struct engine_area {
	const char *name;
	uint64_t bytes;
};
const struct engine_area *engine_areas(const struct engine *e);
