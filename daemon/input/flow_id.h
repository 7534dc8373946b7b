/*
 * flow_id.h -- names of other programs' conversations as ours.
 *
 * What is said in a conversation and the conversation itself find each other by obs_talk.id and
 * obs_flow.id: both are made here, from the same name.
 */
#pragma once

#include "daemon/observation.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Of a name ("CHhAvVGS1DHFjwGM9", a flow_id): the uid is the name itself when it fits and is of letters and
 * digits, else one made from it as ours are; the id is its hash, at most 2^53 - 1, never 0.
 */
void flow_id_of_name(const char *name, size_t length, struct flow_uid *ret_uid, uint64_t *ret_id);

/* Of ends and start, where a log has no names. */
void flow_id_of_ends(const struct obs_flow *f, struct flow_uid *ret_uid, uint64_t *ret_id);
