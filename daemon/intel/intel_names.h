/*
 * intel_names.h -- a name as the hashes of its endings: of "a.b.example" those of "example", "b.example" and
 * itself, so a table of hashes (intel_hashes.h) finds parents too.
 */
#pragma once

#include "daemon/base/hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	INTEL_LABELS_MAX = 10, /* of a name; endings are not longer */
	INTEL_LABEL_BYTES_MAX = 63,
	INTEL_NAME_BYTES_MAX = 253,
};

struct intel_endings {
	uint64_t hash[INTEL_LABELS_MAX]; /* the shortest ending first */
	unsigned count;
	bool is_whole; /* the last one is the name itself */
};

/*
 * Hash a name's endings, in any case of letters, with or without the root's dot.
 *
 * name     `length` bytes as the wire or a feed has them
 * returns  false when it is no name: empty, too long, an empty label
 * cost     a hash for each label
 * source   RFC 1035 3.1 for the lengths
 */
bool intel_name_endings(const struct hash_key *key, const char *name, size_t length,
	struct intel_endings *ret_endings);
