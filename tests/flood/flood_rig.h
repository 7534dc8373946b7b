/*
 * flood_rig.h -- a whole engine under a flood: frames made in memory, time and memory measured.
 *
 * All detectors are on with their defaults. A frame is written into flood_frame() and handed over by
 * flood_put(); the engine gets them in batches, as from the reader, and only its own time counts.
 */
#pragma once

#include "daemon/engine/engine.h"
#include "tests/support/packet_build.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLOOD_FRAME_MAX = 4096, FLOOD_DETECTORS_MAX = 64 };

#define FLOOD_MIB     (UINT64_C(1024) * 1024)
#define FLOOD_LIMIT   (64 * FLOOD_MIB)
#define FLOOD_BASE_NS (UINT64_C(1600000000) * 1000000000)

struct flood_rig {
	struct settings settings; /* change before flood_start() */
	const void *configs[FLOOD_DETECTORS_MAX];
	struct hash_key hash_key;
	struct engine *engine;
	uint64_t random; /* state of flood_random() */

	uint8_t bytes[ENGINE_BATCH_MAX][FLOOD_FRAME_MAX];
	struct frame frames[ENGINE_BATCH_MAX];
	size_t filled;

	uint64_t packets;
	uint64_t engine_ns;        /* that it took for them */
	uint64_t stop_ns;          /* the longest that one batch took */
	struct engine_stats stats; /* at the end */

	/* Called for each record; may be NULL. `test` is the test's own. */
	void (*on_record)(struct flood_rig *r, const struct record *record);
	void *test;
};

/* Defaults, and `limit` bytes of memory. */
void flood_init(struct flood_rig *r, uint64_t limit);
void flood_start(struct flood_rig *r);
/* Everything that was put is seen; the engine finishes and goes. */
void flood_finish(struct flood_rig *r);
/* The same without the end of the capture. */
void flood_abandon(struct flood_rig *r);

/* Where the next frame is to be written: FLOOD_FRAME_MAX bytes. */
uint8_t *flood_frame(struct flood_rig *r);
/* Hand it over. */
void flood_put(struct flood_rig *r, const struct build *b, size_t length, uint64_t ts_ns);
/* Let the engine see what was put so far. */
void flood_flush(struct flood_rig *r);

/* Write and hand over one segment, datagram, or ARP request. */
void flood_tcp(struct flood_rig *r, const struct build *b, uint64_t ts_ns);
void flood_udp(struct flood_rig *r, const struct build *b, uint64_t ts_ns);

/* The same numbers every time (splitmix64). */
uint64_t flood_random(struct flood_rig *r);

/* Nanoseconds of the engine for each packet so far. */
double flood_ns_each(const struct flood_rig *r);
/* Start measuring anew. */
void flood_measure(struct flood_rig *r);

/*
 * What a packet of everyday traffic costs: a hundred hosts, conversations of ten packets.
 *
 * returns  nanoseconds
 */
double flood_normal_ns(unsigned packets);

/* The most memory that this process ever had, in bytes. */
uint64_t flood_peak_rss(void);
