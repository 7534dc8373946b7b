/*
 * engine_rig.h -- a whole engine in a test: observations or packets in, records kept.
 *
 * Detectors are the test's own, so that what is tested is the core.
 */
#pragma once

#include "daemon/engine/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENGINE_RIG_MAX = 4096 };

/* A record as the test remembers it: the values, without the pointers. */
struct kept_evidence {
	struct record_evidence evidence;
	char text[EVIDENCE_TEXT_MAX];
};

struct kept_window {
	struct record_window window; /* .tuples is gone; what was asked for is in `spelled` */
	char spelled
		[1024]; /* "<peer>:<port>:<proto> <letters>\n" of its client tuples, as far as it fits */
	uint64_t flows[2];
};

struct kept_tunnel {
	enum tunnel_kind kind;
	bool closed;
	uint32_t id;
	struct flow_uid uid; /* of the conversation outside */
	struct addr orig, resp;
};

struct engine_rig {
	struct settings settings; /* change before engine_rig_start() */
	const struct detector *detectors[4];
	const void *configs[4];
	size_t detector_count;
	struct hash_key hash_key;
	uint32_t wanted; /* records, RECORD_BIT() of each; all unless changed */
	bool live;
	struct geo *geo; /* borrowed; NULL unless changed */
	struct engine *engine;

	struct kept_evidence evidence[256];
	size_t evidence_count;
	struct record_alert alerts[64];
	size_t alert_count;
	struct obs_flow flows[ENGINE_RIG_MAX];       /* the first ones; all are counted */
	struct obs_outside outsides[ENGINE_RIG_MAX]; /* what theirs point to */
	char services[ENGINE_RIG_MAX][64];           /* the same */
	size_t flow_count;
	struct kept_tunnel tunnels[64]; /* the first ones; all are counted */
	size_t tunnel_count;
	struct kept_window windows[256]; /* the first ones; all are counted */
	size_t window_count;
	size_t clock_jumps;
	struct record_weird weirds[64]; /* the first ones; all are counted */
	size_t weird_count;
	struct record_totals totals;
	struct record_loss first_weird; /* of the totals */
	/* The sink's; its context is the rig. NULL unless changed. */
	bool (*has_room)(void *context);
	/* Called for each record; may be NULL. */
	void (*on_record)(struct engine_rig *r, const struct record *record);
	/* Called for a window while its tuples are there; may be NULL. */
	void (*on_window)(struct engine_rig *r, const struct record_window *w);
	void *test; /* the test's own */
};

/* Fill in the defaults of the settings, and a memory limit that suits a test. */
void engine_rig_init(struct engine_rig *r);
void engine_rig_detector(struct engine_rig *r, const struct detector *d, const void *config);
void engine_rig_start(struct engine_rig *r);
void engine_rig_home(struct engine_rig *r, struct setting_cidr *home);
/* engine_finish() and free; the kept records stay. */
void engine_rig_finish(struct engine_rig *r);

/* One foreign flow, as behaviour §13.1 writes it. */
struct rig_flow { /* NOLINT(clang-analyzer-optin.performance.Padding): columns as written there */
	double at_s; /* after RIG_BASE_S */
	const char *orig;
	uint16_t orig_port;
	const char *resp;
	uint16_t resp_port;
	uint8_t ip_proto;
	double duration_s;
	uint64_t orig_bytes, resp_bytes;
	enum conn_state state;
	uint64_t orig_packets, resp_packets;
};

#define RIG_BASE_S UINT64_C(1600000000)

uint64_t rig_ns(double after_base_s);
struct addr rig_addr(const char *text);
void engine_rig_flow(struct engine_rig *r, const struct rig_flow *f);
