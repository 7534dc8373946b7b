/*
 * redis_target_write.h -- what is due for a target, as commands, in the order in which it may become visible.
 *
 * First what is gone, then findings, addresses, and windows, each of these in one transaction. With all go the names
 * of the keys that were made.
 */
#pragma once

#include "exporters/kalipso/dialect.h"
#include "exporters/redis/redis_flight.h"
#include "exporters/redis/redis_gate.h"
#include "exporters/redis/redis_link.h"
#include "exporters/redis/redis_stream.h"

#include <stdbool.h>
#include <stdint.h>

struct redis_target_writer {
	const struct dialect *dialect;
	struct dialect_target target;
	struct redis_link *link;
	struct redis_gate *gate;
	struct redis_flight *flight;
	struct redis_stream *stream;
	bool has_windows; /* it is told of windows, too */
	uint64_t now_ns;
	uint64_t interval_ns; /* between two times that a window is written */
};

/* Write what is there before all else. */
void redis_target_write_begin(struct redis_target_writer *w);

/* Write the next that is due; the flight has room. returns false when there is none, or its time has not come */
bool redis_target_write_next(struct redis_target_writer *w);
