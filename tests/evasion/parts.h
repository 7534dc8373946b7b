/*
 * parts.h -- a datagram with a marker, and its parts as fragments.
 *
 *	struct whole w;
 *	whole_make(&w, is_v6, EVASION_MARKER);
 *	part_send(v, &w, 0, 24);
 *	part_send(v, &w, 24, w.len);
 */
#pragma once

#include "tests/evasion/evasion_rig.h"

enum { PART_UNIT = 8 }; /* what fragments begin and end at */

struct whole {
	struct build b;
	uint8_t message[EVASION_MESSAGE_MAX];
	uint8_t frame[2 * EVASION_MESSAGE_MAX];
	uint8_t *data; /* from the UDP header on: what is cut into parts */
	unsigned len;
};

/* An answer that names `name`; it points into itself. */
void whole_make(struct whole *w, bool is_v6, const char *name);

/* The bytes [from, to) as a fragment, for build_ip(); the last one if it ends where the datagram does. */
struct build part_of(const struct whole *w, unsigned from, unsigned to);
void part_send(struct evasion *v, const struct whole *w, unsigned from, unsigned to);
