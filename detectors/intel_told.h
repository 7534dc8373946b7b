/*
 * intel_told.h -- what lists say of one thing, in words and as a level; for the detectors of threat intelligence.
 */
#pragma once

#include "detectors/detector.h"

#include <stdbool.h>

enum { INTEL_TOLD_MAX = 128, INTEL_ONCE_MAX = 256 };

/* What was told already in a window. All zero: nothing was. */
struct intel_once {
	struct arena_map told;
};

/*
 * Is this the first time that such a thing is told of this text, in this window?
 *
 * text     of a name, a digest, a fingerprint: its first 255 bytes count
 * returns  false also past INTEL_ONCE_MAX of them, or without memory
 */
bool intel_once(struct detect *d, struct intel_once *once, const struct evidence_kind *kind,
	const char *text);

struct intel_told {
	enum threat level; /* the worst that a list says which may accuse; info: none may */
	char words[INTEL_TOLD_MAX];   /* "bad.csv lists as \"Simda CC\" (high)", safe to print */
	char sources[INTEL_TOLD_MAX]; /* "bad.csv, worse.csv" */
};

/*
 * Put it into words.
 *
 * hits  what the site said, at least one
 */
void intel_told(const struct intel_hit *hits, struct intel_told *ret);
