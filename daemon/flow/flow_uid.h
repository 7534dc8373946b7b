/* flow_uid.h -- a conversation's names, out of its ends and its start: the same bytes give the same name. */
#pragma once

#include "daemon/flow/flow.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Make the names of a flow.
 *
 * serial   0 .. 255; tells conversations apart that have the same ends and start in the same ns
 * ret_id   below 2^53, so that every JSON reader keeps it whole
 * ret_uid  "C" and 17 base-62 digits
 * cost     about 100 ns
 */
void flow_uid_make(const struct flow_key *key, uint64_t start_ns, unsigned serial, uint64_t *ret_id,
	struct flow_uid *ret_uid);

/*
 * Make the names of whatever `count` words stand for.
 *
 * words  put together by value, so that they are the same on all machines; at most 255
 */
void flow_uid_make_of(
	const uint64_t *words, size_t count, uint64_t *ret_id, struct flow_uid *ret_uid);

/* As that, the number alone: for what has a name already. */
uint64_t flow_uid_id_of(const uint64_t *words, size_t count);
