/* mirror_rig.h -- a mirror, and records of made-up hosts to give to it. */
#pragma once

#include "daemon/record/record_wire.h"
#include "exporters/kalipso/mirror.h"
#include "tests/support/record_sample.h"

#include <stdlib.h>

enum { RIG_MEMORY = 4 * 1024 * 1024, RIG_TARGETS = MIRROR_TARGETS_MAX };

struct mirror_rig {
	struct mirror *mirror;
	struct arena memory;
	struct tuples tuples;
	struct hash_key key;
};

static inline struct mirror_plan
mirror_rig_plan(void)
{
	return (struct mirror_plan){ .bytes = UINT64_C(8) * 1024 * 1024,
		.windows = 4,
		.timeline_lines = 3,
		.addresses = 4,
		.targets = RIG_TARGETS,
		.window_memory = RIG_MEMORY };
}

static inline struct mirror_rig *
mirror_rig_new(const struct mirror_plan *plan)
{
	struct mirror_rig *r = calloc(1, sizeof(*r));

	r->mirror = mirror_new(plan);
	arena_init(&r->memory, (size_t)64 * 1024 * 1024, NULL);
	tuples_init(&r->tuples, &r->memory, &r->key);
	return r;
}

static inline void
mirror_rig_free(struct mirror_rig *r)
{
	mirror_free(r->mirror);
	arena_done(&r->memory);
	free(r);
}

static inline struct addr
rig_host(uint32_t n)
{
	return addr_v4(10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n);
}

static inline struct record_window_ref
rig_window(int64_t number)
{
	return (struct record_window_ref){ number, (uint64_t)number * NS_PER_S,
		(uint64_t)(number + 1) * NS_PER_S };
}

/* Let windows that are told from now on have one tuple more. */
static inline void
rig_tuple(struct mirror_rig *r, uint32_t peer)
{
	tuples_add(&r->tuples, &(struct tuple_flow){ .peer = rig_host(peer),
				       .orig_port = 40000,
				       .resp_port = 443,
				       .ip_proto = IPPROTO_TCP,
				       .established = true,
				       .packets = 3,
				       .bytes = 700,
				       .orig_packets = 2,
				       .count = true,
				       .start_ns = NS_PER_S });
}

static inline void
rig_tell_window(struct mirror_rig *r, uint32_t host, int64_t number, bool closed)
{
	const struct record_window w = { .host = rig_host(host),
		.window = rig_window(number),
		.tuples = &r->tuples,
		.sum = 0.5 };

	mirror_take(
		r->mirror, &(struct record){ .kind = closed ? RECORD_WINDOW : RECORD_WINDOW_SO_FAR,
				   .ts_ns = NS_PER_S,
				   .window = &w });
}

/* A conversation that began `at` nanoseconds after 0. */
static inline void
rig_tell_timeline(struct mirror_rig *r, uint32_t host, int64_t number, uint64_t at)
{
	struct obs_flow flow = sample_flow();
	const struct record_timeline t = {
		.host = rig_host(host), .window = rig_window(number), .flow = &flow
	};

	flow.start_ns = at;
	mirror_take(r->mirror,
		&(struct record){ .kind = RECORD_TIMELINE, .ts_ns = at, .timeline = &t });
}

static inline void
rig_tell_evidence(struct mirror_rig *r, uint32_t host, int64_t number)
{
	struct record_evidence e = sample_evidence();

	e.host = rig_host(host);
	e.window = rig_window(number);
	mirror_take(r->mirror,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = NS_PER_S, .evidence = &e });
}

static inline void
rig_tell_alert(struct mirror_rig *r, uint32_t host, int64_t number)
{
	struct record_alert a = sample_alert();

	a.host = rig_host(host);
	a.window = rig_window(number);
	mirror_take(r->mirror,
		&(struct record){ .kind = RECORD_ALERT, .ts_ns = NS_PER_S, .alert = &a });
}

static inline void
rig_tell_address(struct mirror_rig *r, uint32_t n)
{
	const struct record_address a = { .addr = rig_host(n),
		.country = "NL",
		.asn = 64500,
		.org = "Example",
		.names = { { .text = "a.example",
			.source = "dns",
			.told_by = rig_host(1),
			.seen_ns = 7,
			.is_believed = true } },
		.name_count = 1 };

	mirror_take(r->mirror,
		&(struct record){ .kind = RECORD_ADDRESS, .ts_ns = NS_PER_S, .address = &a });
}

/* Let a target take all that is due. returns how many windows that were */
static inline size_t
rig_drain(struct mirror_rig *r, uint32_t target)
{
	struct mirror_window *w;
	struct mirror_gone gone;
	struct addr addr;
	size_t count = 0;

	while (mirror_next_gone(r->mirror, target, &gone))
		;
	while (mirror_next_gone_address(r->mirror, target, &addr))
		;
	while (mirror_next_address(r->mirror, target) != NULL)
		;
	while (mirror_next_finding(r->mirror, target) != NULL)
		;
	while ((w = mirror_next_window(r->mirror, target)) != NULL) {
		mirror_window_told(w, target);
		count++;
	}
	return count;
}
