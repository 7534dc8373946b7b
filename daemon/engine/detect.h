/*
 * detect.h -- run the detectors on what a window is shown.
 *
 * The only file of the core that knows detectors/detector.h. Which detectors want which kind of
 * observation is worked out once; a detector's state is made at the first one it wants.
 */
#pragma once

#include "daemon/observation.h"

#include <stdbool.h>
#include <stdint.h>

struct detector_runner;
struct engine;
struct engine_plan;
struct evidence_kind;
struct profile;
struct window;

/* returns NULL when memory is out */
struct detector_runner *detector_runner_new(const struct engine_plan *plan, uint32_t wake_capacity);
void detector_runner_free(struct detector_runner *r);

/* The name of the detector at `index`; NULL past the last. */
const char *detect_detector_name(const struct engine *e, uint32_t index);

/* Bytes that all detectors' states of one window take at once. */
uint64_t detector_runner_window_bytes(const struct engine_plan *plan);
/* How many detectors have a state in each window. */
uint32_t detect_window_states(const struct engine *e);
/* Bytes of one deadline of a detector. */
uint64_t detector_runner_wake_bytes(void);

/* Does any detector subscribe to this kind? */
bool detect_wants(const struct engine *e, enum obs_kind kind);

/* Show an observation to every detector that subscribes to its kind, in run order. */
void detect_observe(struct engine *e, struct window *w, const struct observation *o);

/* Show it to every detector that looks at the whole site, once. */
void detect_observe_site(struct engine *e, const struct observation *o);

/* The kind of that name which one of the detectors, or the core, raises; or NULL. */
const struct evidence_kind *detect_kind(const struct engine *e, const char *name);

/*
 * The findings of a window were weighed anew (evidence_reweigh.h).
 *
 * is_due  an alert is
 */
void detect_reweighed(struct engine *e, struct window *w, bool is_due);

struct deadline;

/* A detector's deadline has come. */
void detect_wake(struct engine *e, struct deadline *d, uint64_t now_ns);

/* The window is closing: end its waits, early where their time has not come, then let each detector have its last word. */
void detect_window_close(struct engine *e, struct window *w, uint64_t end_ns);

/* The profile is about to be forgotten. */
void detect_profile_gone(struct engine *e, struct profile *p);
