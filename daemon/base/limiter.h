/*
 * limiter.h -- let a few through at once, then one now and then, and count the rest.
 *
 * A token bucket on whatever clock the caller has. What the wire can trigger to be logged goes
 * through one of these, and the next line that passes admits what was swallowed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct limiter {
	uint32_t burst;       /* tokens at most, > 0 */
	uint64_t interval_ns; /* time that earns one token, > 0 */
	uint64_t earned_ns;   /* time up to which tokens were earned */
	uint32_t tokens;
	uint64_t swallowed; /* refused since the last that passed */
};

void limiter_init(struct limiter *l, uint32_t burst, uint64_t interval_ns);

/*
 * Ask to pass at `now_ns`, a clock that may jump but is not expected to go back.
 *
 * ret_swallowed  how many were refused since the last that passed; written when true is returned
 */
bool limiter_pass(struct limiter *l, uint64_t now_ns, uint64_t *ret_swallowed);
