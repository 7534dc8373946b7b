/*
 * engine_retro.h -- other lists for a running engine, and whom they name among those who were met already.
 *
 * What is listed today was often talked with an hour ago. After a change of the lists every open window is walked
 * through, some at each tick, and its peers are shown to the detectors once more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct engine;
struct intel;

/* Where the walk stands; all zero: there is none. */
struct engine_retro {
	bool is_walking;
	uint32_t at; /* the next profile */
};

/*
 * Look things up in other lists from now on, between two packets.
 *
 * i  borrowed from now on; what was borrowed before may be freed
 */
void engine_set_intel(struct engine *e, const struct intel *i);

/* Show the peers of some windows, if there are any left. */
void engine_retro_tick(struct engine *e);
