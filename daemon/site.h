/*
 * site.h -- what is known about all hosts of the place together.
 *
 * Detectors look things up here and never write: the engine learns from observations. For now it
 * knows which addresses DNS has named.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/blob.h"
#include "daemon/base/cursor.h"
#include "daemon/base/hash.h"

#include <stdbool.h>
#include <stdint.h>

struct site;
struct observation;

struct site_stats {
	uint64_t names_learned;
	uint64_t names_evicted; /* the least recently confirmed made room */
	uint64_t names;         /* known now */
	uint64_t names_capacity;
};

/*
 * Make an empty site.
 *
 * name_capacity  addresses whose names are kept, > 0
 * returns        NULL when memory is out
 */
struct site *site_new(uint32_t name_capacity, const struct hash_key *hash_key);
void site_free(struct site *s);

/* Bytes that a site of `name_capacity` will use at most. */
uint64_t site_bytes(uint32_t name_capacity);

/* Learn from an observation (OBS_DNS now); others are ignored. */
void site_learn(struct site *s, const struct observation *o);

/*
 * Was `a` the answer to a DNS query within the last 24 hours of packet time before `now_ns`?
 * Nobody who scans resolves names first (detections §2.1).
 */
bool site_is_resolved(const struct site *s, const struct addr *a, uint64_t now_ns);

/*
 * Write down the names, those confirmed last first, as many as fit.
 *
 * returns  how many
 */
uint32_t site_save(const struct site *s, struct blob *b);

/*
 * Learn the names that site_save() wrote, into a site that knows none yet.
 *
 * now_ns    names that are not valid any more by then are left out
 * ret_count how many were learned
 * returns   false, and nothing is learned, when `names` cannot be what was written
 */
bool site_restore(struct site *s, struct cursor names, uint64_t now_ns, uint32_t *ret_count);

struct site_stats site_stats(const struct site *s);
