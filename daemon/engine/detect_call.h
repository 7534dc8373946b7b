/* detect_call.h -- what stands behind `struct detect` while a detector runs: for detect.c and detect_raise.c. */
#pragma once

#include "daemon/engine/engine_state.h"
#include "daemon/record/record.h"
#include "detectors/detector.h"

#include <stdint.h>

struct detect_call {
	struct engine *engine;
	struct profile *profile; /* NULL in observe_site() */
	struct window *window;   /* NULL in observe_site() and profile_gone() */
	uint32_t detector;
	uint64_t now_ns;
	char last_id[UUID_TEXT_MAX]; /* of the last finding, for its twin */
};

/* The detector at `index`, which is one of the plan's. */
static inline const struct detector *
detect_detector_at(const struct engine *e, uint32_t index)
{
	return e->plan.detectors[index];
}

/* Say how many findings each detector's cap held back. Not evidence itself: info, and never counted. */
void detect_tell_suppressed(struct engine *e, struct window *w, uint64_t now_ns);
