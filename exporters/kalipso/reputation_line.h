/* reputation_line.h -- one line of a file of reputation: a JSON object about one address. */
#pragma once

#include "exporters/kalipso/reputation.h"

enum { REPUTATION_LINE_MAX = 4096 };

/*
 * Read it. Members that nobody knows are passed over.
 *
 * returns  NULL, and *ret is complete; or what was expected, for "expected ...": *ret means nothing then
 */
const char *reputation_line(const char *text, size_t length, struct reputation_scores *ret);
