/*
 * intel_build.h -- make a `struct intel` in two passes: the first counts, the second fills tables that fit.
 *
 * So there is no sorting, no growing and no pause, however long the lists are: each indicator costs the same.
 */
#pragma once

#include "daemon/base/hash.h"
#include "daemon/intel/intel.h"

struct intel_build;

enum intel_type {
	INTEL_NETWORK, /* a single address is one of full length */
	INTEL_NAME,
	INTEL_ASN,
	INTEL_DIGEST,
	INTEL_HASH, /* whatever it was: of an older store with the same key (intel_walk.h) */
	INTEL_TYPE_COUNT,
};

/* Bytes of somebody else's text. */
struct intel_text {
	const char *at;
	size_t length;
};

/* What a list says of one thing; texts are views, valid during the call. */
struct intel_indicator {
	enum intel_type type;
	enum intel_digest digest; /* of INTEL_DIGEST */
	struct cidr network;
	uint32_t asn;
	uint64_t hash;          /* of INTEL_HASH */
	struct intel_text text; /* of INTEL_NAME and INTEL_DIGEST */
	enum threat level;
	struct intel_text description;
	struct intel_text tag;
};

/* How much room indicators take. */
struct intel_room {
	uint32_t addrs, hashes, nodes;
	uint64_t count;
};

/* The first pass: one more. returns false when nobody could look it up, and the second would leave it out */
bool intel_room_add(struct intel_room *r, const struct intel_indicator *what);

/* Bytes of tables of such a size, without what is said. */
uint64_t intel_room_bytes(const struct intel_room *r);

/*
 * Begin the second pass.
 *
 * most_bytes  what all of it may cost
 * returns     0; -ENOSPC: the tables alone cost more; -ENOMEM
 */
int intel_build_new(const struct intel_room *r, uint64_t most_bytes, const struct hash_key *key,
	struct intel_build **ret_build);
void intel_build_free(struct intel_build *b); /* or NULL */

/* A list that indicators come from. returns its number, -ENOSPC after INTEL_SOURCES_MAX, or -ENOMEM */
int intel_build_list(
	struct intel_build *b, const char *name, enum list_category category, bool is_info);

/*
 * Add what a list says. Of one thing a list speaks once: the first time counts, unless a later one is worse.
 *
 * list     as intel_build_list() numbered it
 * returns  0; -ENOSPC: the list has more than in the first pass, or what is said costs more than may be;
 *          -ENOMEM. It is then to be freed
 */
int intel_build_add(struct intel_build *b, int list, const struct intel_indicator *what);

/* Make an end. returns what was built, to be freed by intel_free(); `b` is gone */
struct intel *intel_build_done(struct intel_build *b);
