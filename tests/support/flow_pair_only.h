/* flow_pair_only.h -- the one conversation that tests of exporters' records expect. */
#pragma once

#include "daemon/input/flow_pair.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* All that is waited for is over: there is one conversation. */
static inline struct obs_flow
flow_pair_only(struct flow_pair *pair)
{
	struct obs_flow f;
	struct obs_flow more;

	assert_true(flow_pair_next(pair, UINT64_MAX, &f));
	assert_false(flow_pair_next(pair, UINT64_MAX, &more));
	return f;
}
