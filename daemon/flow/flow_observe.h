/* flow_observe.h -- tell the table's owner about a flow: its start, how it goes, its end. */
#pragma once

#include "daemon/flow/flow_state.h"

void flow_tell_start(struct flow_table *t, struct flow *f);

/* The last observation; `why` is not FLOW_END_NONE. */
void flow_tell_end(struct flow_table *t, struct flow *f, enum flow_end_reason why);

/* When the flow's next interim observation is due; UINT64_MAX when it gets none. */
uint64_t flow_interim_ns(const struct flow_table *t, const struct flow *f);

/*
 * Tell what is new, if an interim is due and anything is new, and set the time of the next.
 *
 * now_ns  the second that brought the flow up
 */
void flow_tell_interim(struct flow_table *t, struct flow *f, uint64_t now_ns);

/* Forget what was told of a flow that goes. */
void flow_forget_told(struct flow_table *t, struct flow *f);
