/*
 * engine_whitelist.h -- the whitelist where it takes effect: before traffic is shown, before evidence is weighed, and
 * when the settings have changed.
 */
#pragma once

#include "daemon/engine/engine_state.h"

#include <stdbool.h>

struct whitelist_rule;

/*
 * The rule by which nobody is shown an observation, or NULL.
 *
 * Asked anew for each observation of a conversation: what its ends are called is often known only after its start.
 */
const struct whitelist_rule *engine_ignored_by(const struct engine *e, const struct observation *o);

/*
 * The same, and count it: once a conversation, at its end; anything that belongs to none, each time.
 *
 * f  its flow; at the end no window waits for it any more. NULL: a foreign one
 */
bool engine_ignores(struct engine *e, struct flow *f, const struct observation *o);

/* Have a record of a conversation say that it was ignored: `o` itself if it was not, else a copy in `room`. */
const struct obs_flow *engine_flow_marked(
	const struct engine *e, const struct observation *o, struct obs_flow *room);

/*
 * Find out whether a finding is silenced, write that down in it, and count it.
 *
 * r        complete but for id, window, sum and whether it counts
 * returns  true when it is no evidence either; false: it is told as it is
 */
bool engine_silences(struct engine *e, struct record_evidence *r);

/* Weigh all open windows by a whitelist that has changed. */
void engine_whitelist_reweigh(struct engine *e);

/* Go on counting by name. Called while both sets of settings are there. */
void engine_whitelist_carry(
	struct engine *e, const struct whitelist *before, const struct whitelist *after);
