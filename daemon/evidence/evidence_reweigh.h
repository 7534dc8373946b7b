/*
 * evidence_reweigh.h -- a window's ledger weighed anew, when the whitelist has changed.
 *
 * What is silenced now gives its weight back; what is silenced no more takes it. What an alert was told of stays told.
 */
#pragma once

#include "daemon/evidence/evidence.h"

#include <stdbool.h>

/* Is a finding silenced by now? */
typedef bool (*evidence_silenced_fn)(void *context, const struct evidence_note *n);

/*
 * Weigh all findings of a window again, in the order in which they were raised.
 *
 * returns  EVIDENCE_NOTED, and nothing is different, when all are as silent as before; EVIDENCE_ALERT when one that
 *          is silenced no more makes an alert due
 */
enum evidence_verdict evidence_reweigh(struct evidence_ledger *l, struct arena *memory,
	const struct evidence_rule *rule, evidence_silenced_fn is_silenced, void *context);
