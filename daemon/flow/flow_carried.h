/* flow_carried.h -- conversations in tunnels, and those that are one; for the flow_*.c files. */
#pragma once

#include "daemon/flow/flow_state.h"

/* A packet of `f` from that side came out of another: remember of what, if it is the first. */
void flow_carried(struct flow_table *t, struct flow *f, unsigned side, const struct packet *p,
	const struct flow_carrier *carrier);

/* What carries it; NULL: nothing, or there was no room to know. */
const struct obs_outside *flow_outside(const struct flow_table *t, const struct flow *f);

/* Give the room back, at a flow's end. */
void flow_forget_carrier(struct flow_table *t, struct flow *f);
