/* redis_flight.h -- what was written to a Redis that it has not answered yet: bounded, answered in order. */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stdint.h>

enum { REDIS_FLIGHT_MAX = 1024 };

enum redis_flown {
	REDIS_FLOWN_REMOVAL, /* of keys that an earlier run left */
	REDIS_FLOWN_CLAIM,   /* that it is ours now */
	REDIS_FLOWN_WINDOW,
	REDIS_FLOWN_ADDRESS,
	REDIS_FLOWN_FINDING,
	REDIS_FLOWN_GONE, /* a window or an address */
};

struct redis_flying {
	enum redis_flown what;
	struct addr addr; /* of the window's host, or the address itself */
	int64_t number;   /* of the window, or the finding */
};

struct redis_flight {
	struct redis_flying items[REDIS_FLIGHT_MAX];
	uint64_t first, next; /* marks: of the first that flies, and of the next */
};

static inline uint64_t
redis_flight_count(const struct redis_flight *f)
{
	return f->next - f->first;
}

static inline bool
redis_flight_has_room(const struct redis_flight *f)
{
	return redis_flight_count(f) < REDIS_FLIGHT_MAX;
}

/* It must have room. returns its mark */
static inline uint64_t
redis_flight_add(struct redis_flight *f, struct redis_flying item)
{
	f->items[f->next % REDIS_FLIGHT_MAX] = item;
	return f->next++;
}

/* Whose mark this is; those before it are gone with it. returns NULL for one that does not fly */
static inline const struct redis_flying *
redis_flight_land(struct redis_flight *f, uint64_t mark)
{
	if (mark < f->first || mark >= f->next)
		return NULL;
	f->first = mark + 1;
	return &f->items[mark % REDIS_FLIGHT_MAX];
}

/* The connection is lost: nothing flies, and marks of before mean nothing. */
static inline void
redis_flight_lost(struct redis_flight *f)
{
	f->first = f->next;
}
