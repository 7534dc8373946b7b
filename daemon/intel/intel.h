/*
 * intel.h -- threat intelligence: what lists say of addresses, names, fingerprints and digests.
 *
 * Made once by intel_build.h, never changed afterwards: a reload makes another one, and the engine takes that
 * between two packets. Nobody's word is lost: of an indicator that several lists have, all are told.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/evidence_kind.h"
#include "daemon/knowledge/list_category.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum intel_digest {
	INTEL_JA3, /* of a client or a server */
	INTEL_JA4,
	INTEL_MD5,
	INTEL_SHA1, /* of a file or a certificate */
	INTEL_SHA256,
};

enum {
	INTEL_HITS_MAX = 16,   /* lists that are told of one thing; those that say the most */
	INTEL_DIGEST_MAX = 64, /* bytes of a digest or fingerprint as text */
	INTEL_TEXT_MAX = 96,   /* bytes of a description or a tag; the rest is left out */
	INTEL_SOURCES_MAX = 1024,
};

struct intel;

/* What one list says. Texts are hostile, and as old as the `struct intel`. */
struct intel_hit {
	const struct intel_hit *next; /* another list, which says no more; or NULL */
	const char *source;           /* the list */
	const char *description;      /* "" when it gives none */
	const char *tag;              /* as `description` */
	enum threat level;
	bool is_info; /* the list is to be told of, and to accuse nobody */
};

/* Where hits are put: the caller's. */
struct intel_found {
	struct intel_hit hits[INTEL_HITS_MAX];
	unsigned count;
};

void intel_free(struct intel *i); /* or NULL */

/* Indicators, each once. */
uint64_t intel_count(const struct intel *i);
/* What it costs. */
uint64_t intel_bytes(const struct intel *i);

/*
 * What the lists of a category say.
 *
 * room     overwritten
 * returns  the first hit, the one with the highest level, in `room`; NULL: nobody says anything
 */
const struct intel_hit *intel_find_addr(const struct intel *i, enum list_category category,
	const struct addr *a, struct intel_found *room);

/*
 * Of a name, or, when nobody says anything of it, of the nearest parent of which somebody does.
 *
 * name           `length` bytes from the wire, of any kind
 * ret_is_parent  it was a parent; may be NULL
 */
const struct intel_hit *intel_find_name(const struct intel *i, enum list_category category,
	const char *name, size_t length, struct intel_found *room, bool *ret_is_parent);

/* `text` is hexadecimal, or a JA4 fingerprint; in any case of letters. */
const struct intel_hit *intel_find_digest(const struct intel *i, enum list_category category,
	enum intel_digest kind, const char *text, struct intel_found *room);

const struct intel_hit *intel_find_asn(
	const struct intel *i, enum list_category category, uint32_t asn, struct intel_found *room);
