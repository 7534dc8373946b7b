/*
 * redis_stream.h -- the stream naiad:evidence of one target: evidence and alerts, each with its line of EVE.
 *
 * What the mirror has of them goes into it in order of arrival, at least once: what was refused, or was under way
 * when a connection was lost, goes again. A Redis that comes back empty gets all that the mirror still has.
 */
#pragma once

#include "daemon/record/record_wire.h"
#include "exporters/exporter.h"
#include "exporters/kalipso/mirror.h"
#include "exporters/redis/redis_command.h"

#include <stdbool.h>
#include <stdint.h>

#define REDIS_STREAM_KEY "naiad:evidence"

struct redis_stream_plan {
	const struct run_info *run;
	const char *id; /* of the run, as in naiad:run */
	struct mirror *mirror;
	uint32_t target; /* its number in the mirror */
	uint32_t db;
	uint32_t most;                  /* entries, about; 0: there is no stream */
	struct record_unpacked *record; /* room to unpack one; borrowed */
};

struct redis_stream {
	struct redis_stream_plan plan;
	const struct encoding *eve;
	void *eve_state;
	uint64_t settled; /* up to here they are there */
	bool refused;     /* one after that was not taken: those behind it count for nothing */
};

/* returns 0, or -errno */
int redis_stream_init(struct redis_stream *s, const struct redis_stream_plan *plan);
void redis_stream_done(struct redis_stream *s); /* accepts a zeroed one */

/* The Redis has nothing: all again. */
void redis_stream_restart(struct redis_stream *s);
/* Nothing is under way any more: go on behind what is settled. */
void redis_stream_resume(struct redis_stream *s);

/* Write the next one. returns its number, or 0: there is none, or no stream */
uint64_t redis_stream_next(struct redis_stream *s, struct redis_command *c);

/* What became of one. */
void redis_stream_settled(struct redis_stream *s, uint64_t number, bool taken);
