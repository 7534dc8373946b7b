#include "daemon/base/limiter.h"

#include <assert.h>

void
limiter_init(struct limiter *l, uint32_t burst, uint64_t interval_ns)
{
	assert(burst > 0 && interval_ns > 0);
	*l = (struct limiter){ .burst = burst, .interval_ns = interval_ns, .tokens = burst };
}

static void
earn(struct limiter *l, uint64_t now_ns)
{
	if (now_ns < l->earned_ns) { /* set back: do not refuse until it has caught up */
		l->earned_ns = now_ns;
		return;
	}
	uint64_t earned = (now_ns - l->earned_ns) / l->interval_ns;
	if (earned < l->burst - l->tokens) {
		l->tokens += (uint32_t)earned;
		l->earned_ns += earned * l->interval_ns;
	} else {
		l->tokens = l->burst;
		l->earned_ns = now_ns; /* time does not add up beyond a full bucket */
	}
}

bool
limiter_pass(struct limiter *l, uint64_t now_ns, uint64_t *ret_swallowed)
{
	earn(l, now_ns);
	if (l->tokens == 0) {
		l->swallowed++;
		return false;
	}
	l->tokens--;
	*ret_swallowed = l->swallowed;
	l->swallowed = 0;
	return true;
}
