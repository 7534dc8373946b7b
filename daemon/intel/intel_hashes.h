/*
 * intel_hashes.h -- what is said of indicators that are kept as a keyed hash: names, digests, IPv6 addresses.
 *
 * Open addressing with linear probing, sized before it is filled and at most four fifths full: 15 bytes an
 * indicator. Two indicators with one hash would be taken for each other: with a million of them, and a
 * thousand million look-ups, once in 20 000 runs.
 */
#pragma once

#include <stdint.h>

/* All zero is empty and has no room. */
struct intel_hashes {
	uint64_t *hashes;
	uint32_t *values; /* 0: the slot is free */
	uint32_t slot_count, count, capacity;
};

/* Slots of a table for so many: one more than needed, for a search ends at a free one. */
uint32_t intel_hashes_slots(uint32_t capacity);
/* Bytes of a table for so many. */
uint64_t intel_hashes_bytes(uint32_t capacity);

/* Make room for `capacity` hashes, at most 2^31. returns 0, or -ENOMEM */
int intel_hashes_init(struct intel_hashes *h, uint32_t capacity);
void intel_hashes_done(struct intel_hashes *h);

/*
 * Find the place of a hash, or make it.
 *
 * returns  its value, 0 when it is new, to be set to anything else; NULL without room
 */
uint32_t *intel_hashes_put(struct intel_hashes *h, uint64_t hash);

/* returns its value, 0 when it is not there. cost: O(1), about 3 slots when it is there, 13 when not */
uint32_t intel_hashes_find(const struct intel_hashes *h, uint64_t hash);
