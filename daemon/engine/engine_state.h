/* engine_state.h -- the engine from inside, for the files of the core that work on it together. */
#pragma once

#include "daemon/base/buddy.h"
#include "daemon/base/limiter.h"
#include "daemon/base/pool.h"
#include "daemon/engine/arp_recent.h"
#include "daemon/engine/engine.h"
#include "daemon/engine/engine_interface.h"
#include "daemon/engine/engine_retro.h"
#include "daemon/engine/engine_window_tell.h"
#include "daemon/engine/expected.h"
#include "daemon/engine/said.h"
#include "daemon/evidence/evidence.h"
#include "daemon/flow/flow.h"
#include "daemon/proto/dispatch.h"
#include "daemon/proto/x509_cache.h"
#include "daemon/reassembly/fragments.h"
#include "daemon/reassembly/stream.h"
#include "daemon/record/loss_span.h"
#include "daemon/site/site.h"
#include "daemon/weird.h"
#include "daemon/window/deadline.h"
#include "daemon/window/profile.h"
#include "daemon/window/window.h"
#include "daemon/window/window_number.h"

struct detector_runner;
struct engine_saving;
struct evidence_digest;

enum { ENGINE_AREAS = 16, ENGINE_LOSSES_MAX = 128 };

enum engine_proto {
	ENGINE_PROTO_TCP,
	ENGINE_PROTO_UDP,
	ENGINE_PROTO_ICMP, /* and ICMPv6 */
	ENGINE_PROTO_OTHER,
	ENGINE_PROTO_COUNT,
};

/* How conversations ended. */
struct engine_end_stats {
	uint64_t flows[ENGINE_PROTO_COUNT][CONN_STATE_COUNT];
};

/* What one detector told. */
struct engine_detector_stats {
	uint64_t evidence[THREAT_COUNT];
};

struct engine {
	struct engine_plan plan;
	struct hash_key sketch_key; /* plan.hash_key when live; fixed on files */
	const struct settings *settings;
	struct engine_stats stats;
	struct engine_end_stats ends;
	struct engine_interface_stats interfaces[INTERFACES_MAX];
	struct engine_detector_stats *detectors; /* in the plan's order */
	struct engine_area areas[ENGINE_AREAS];
	uint64_t whitelist_hits[WHITELIST_RULES_MAX]; /* by place of the rule */

	struct loss_span losses[ENGINE_LOSSES_MAX]; /* in the order of the totals */
	uint64_t losses_ns;                         /* when they were looked at */

	uint64_t clock_ns; /* the latest packet time; 0 before the first */
	uint64_t check_ns; /* nothing falls due before this */
	uint64_t
		behind_ns; /* later than clock_ns: so far it has to go, and something is still due */
	struct profile *pinned; /* in use up the stack: must not make room */
	bool evicting;          /* making room already: do not start again inside */

	struct arp_recent arp_recent;
	struct fragments *fragments;
	struct limiter weird_limits[WEIRD_COUNT]; /* of what is told */
	struct flow_table *flows;
	struct stream_table streams;
	struct dispatch dispatch; /* who is asked whether a flow is theirs */
	uint64_t unheard;         /* struct proto_call's: outlets and detectors stay as they are */
	struct x509_cache certificates;
	struct expected_table expected;
	struct said_table said; /* all zero if nobody reads timelines */
	bool stream_was_cut; /* by the packet that is being handled: it opened the same ports anew */
	struct profile_table profiles;
	struct buddy chunks; /* of all arenas */
	struct deadline_queue deadlines;
	struct site *site;

	struct window_rule window_rule;
	struct window_series series; /* the global numbering */
	struct evidence_rule evidence_rule;
	struct evidence_digest *digest;
	uint64_t next_evidence, next_alert; /* ordinals of ids: they go on over a restart */
	struct detector_runner *runner;
	struct engine_retro retro;
	struct window_tell tell;
	struct engine_saving *saving; /* engine_finish_saving() is at work; or NULL */
};

/* engine_clock.c */

/*
 * Move packet time to `now_ns` if that is later, and let what falls due by then happen in order. When
 * that is very much, the rest of it is left to the next calls.
 */
void engine_clock(struct engine *e, uint64_t now_ns);

/* Let everything happen that was left. */
void engine_clock_settle(struct engine *e);

/* The same for the time of something that was seen: it is within what the totals say as well. */
void engine_see_time(struct engine *e, uint64_t ts_ns);

/* engine_windows.c */

/*
 * The open window of `p` that a moment belongs to; opened if it is its first.
 *
 * returns  NULL when no memory could be had for it; counted. What belongs to a closed window goes
 *          to the current one and is counted as late
 */
struct window *engine_window(struct engine *e, struct profile *p, uint64_t ts_ns);

/*
 * Open a window again that an earlier engine had open, while nothing has been fed.
 *
 * t0_ns    of the profile's own numbering, where windows are numbered by profile
 * start_ns of the window
 * now_ns   a window that has closed by then, or has not begun, is not opened
 * returns  NULL when there is no room without making some, or no such window
 */
struct window *engine_window_reopen(struct engine *e, const struct addr *host, uint64_t t0_ns,
	uint64_t start_ns, uint64_t now_ns);

/* Close one window: wakes its detectors, counts its flows, writes its record, frees it. */
void engine_window_close(struct engine *e, struct window *w);

/* The profile of an address, made if there is none; the idlest makes room. returns NULL if none can. */
struct profile *engine_profile(struct engine *e, const struct addr *a, uint64_t ts_ns);

/* Close the windows of a profile and forget it. */
void engine_profile_evict(struct engine *e, struct profile *p);

/* engine_packet.c */

/*
 * Count something odd that `p` showed, tell it to who asks for OBS_WEIRD, and write it down unless it
 * is a flood.
 *
 * f  its flow, or NULL if that is not known (yet)
 */
void engine_weird(struct engine *e, enum weird kind, const struct packet *p, const struct flow *f);

/* engine_tunnel.c */

/*
 * A packet of `f` had `inner` in it: know the flow by its service, and tell of a tunnel when the first
 * conversation is in it.
 */
void engine_tunnel(
	struct engine *e, struct flow *f, const struct packet *inner, bool is_conversation);

/* The flow ended: so did the tunnel, if it was told as one. */
void engine_tunnel_end(struct engine *e, struct flow *f, const struct obs_flow *o);

/* engine_tell.c */

/* Write an observation down and show it: what frames showed, or what somebody else's log says. */
void engine_tell_arp(struct engine *e, const struct observation *o);
/* f  the conversation outside; NULL for a foreign one */
void engine_tell_tunnel(struct engine *e, struct flow *f, const struct observation *o);
/* Of each kind a few are written down, then one a minute; all are counted. */
void engine_tell_weird(struct engine *e, const struct observation *o);
/* A transaction, with o->talk: timelines hear of it as well. */
void engine_tell_said(struct engine *e, const struct observation *o);

/* engine_observe.c */

/* Show one observation to the profiles, windows and detectors that it concerns; `f` is NULL for foreign ones. */
void engine_show(struct engine *e, struct flow *f, const struct observation *o);

/*
 * Show the first observation of a foreign conversation, and before it its start, to the same windows.
 *
 * start  OBS_FLOW_START of the same conversation
 */
void engine_show_begun(
	struct engine *e, const struct observation *start, const struct observation *o);

/* Is it one of ours? Everybody is when no home network is set. */
bool engine_is_home(const struct engine *e, const struct addr *a);

/* Count a flow in the window of its start, for one side. */
void engine_count_flow(
	struct engine *e, struct window *w, enum obs_role role, const struct obs_flow *o);

static inline void
engine_write(const struct engine *e, enum record_kind kind, const struct record *r)
{
	if ((e->plan.sink.wanted & RECORD_BIT(kind)) != 0)
		e->plan.sink.write(e->plan.sink.context, r);
}

/* engine.c */

/* Write down how a conversation goes, or went. */
void engine_write_flow(const struct engine *e, const struct observation *o);

/* A conversation ended: count it by how it did. */
void engine_count_end(struct engine *e, const struct obs_flow *o);

/* engine_memory.c */

/* Split the memory limit and reserve every table. returns false when it cannot be had */
bool engine_reserve(struct engine *e, flow_observe_fn on_flow, flow_ending_fn on_ending);
void engine_release(struct engine *e);

/* engine_totals.c */

/* Once a second: has anything been lost since the last look? now_ns: to which the clock goes next */
void engine_look_losses(struct engine *e, uint64_t now_ns);

void engine_tell_totals(struct engine *e, const struct record_loss *extra_lost, size_t extra_count);
