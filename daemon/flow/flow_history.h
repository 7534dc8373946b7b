/* flow_history.h -- Zeek's letters for what happened in a conversation, in the order it happened. */
#pragma once

#include "daemon/flow/flow_state.h"

#include <stdbool.h>

/*
 * Append a letter; it is dropped when the history is full.
 *
 * side    who did it: the originator's letters are upper case, the responder's lower
 * letter  upper case
 */
void flow_history_add(struct flow *f, unsigned side, char letter);

/*
 * Append a letter the first time that `side` does this.
 *
 * returns  whether it had been there already
 */
bool flow_history_once(struct flow *f, unsigned side, enum flow_letter which, char letter);

/*
 * Count an event whose letter stands for the 1st, 10th, 100th ... time.
 *
 * count, limit  what the count was, and where it stops counting
 * returns       the new count
 */
unsigned flow_history_tally(
	struct flow *f, unsigned side, unsigned count, unsigned limit, char letter);

/* Swap the roles of the sides and append '^'. */
void flow_history_flip(struct flow *f);
