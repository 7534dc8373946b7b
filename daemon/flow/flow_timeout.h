/* flow_timeout.h -- how long a conversation is waited for, by what it is and what became of it. */
#pragma once

#include "daemon/flow/flow_state.h"

#include <stdint.h>

/* The time-outs of a setting, FLOW_CLASS_COUNT of them. */
const struct flow_timeout *flow_timeouts_of(enum flow_timeouts setting);

/* When the flow is over if it stays silent, ns since the epoch. */
uint64_t flow_deadline(const struct flow *f, const struct flow_timeout *by_class);

/* The first whole second at or after a time: what is due by then is over by then. */
uint64_t flow_due_s(uint64_t ns);
