/* case_live.h -- a sensor's answer about its findings, as the rows that a run has. */
#pragma once

#include "viewer/source/source.h"

#include <jansson.h>

/*
 * The events of the answer to "evidence", in the form of a source's rows, in the arena.
 *
 * returns  how many lie at *ret
 */
size_t case_live_evidence(
	const json_t *data, struct arena *memory, const struct source_evidence **ret);
