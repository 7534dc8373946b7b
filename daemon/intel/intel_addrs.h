/*
 * intel_addrs.h -- what is said of single IPv4 addresses, which most feeds consist of: 10 bytes each.
 *
 * As intel_hashes.h, but the slot holds the address itself.
 */
#pragma once

#include "daemon/base/hash.h"

#include <stdint.h>

/* One place of the table. */
struct intel_addr_slot {
	uint32_t addr, value; /* value 0: the slot is free */
};

/* All zero is empty and has no room. */
struct intel_addrs {
	struct intel_addr_slot *slots;
	uint32_t slot_count, count, capacity;
	struct hash_key key;
};

/* Bytes of a table for so many. */
uint64_t intel_addrs_bytes(uint32_t capacity);

/* Make room for `capacity` addresses, at most 2^31. returns 0, or -ENOMEM */
int intel_addrs_init(struct intel_addrs *t, uint32_t capacity, const struct hash_key *key);
void intel_addrs_done(struct intel_addrs *t);

/*
 * Find the place of an address, or make it.
 *
 * addr     its four bytes as one number
 * returns  its value, 0 when it is new, to be set to anything else; NULL without room
 */
uint32_t *intel_addrs_put(struct intel_addrs *t, uint32_t addr);

/* returns its value, 0 when it is not there. cost: one hash and about 13 slots at most, side by side */
uint32_t intel_addrs_find(const struct intel_addrs *t, uint32_t addr);
