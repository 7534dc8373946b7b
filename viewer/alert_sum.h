/*
 * alert_sum.h -- how an alert came about: each of its evidence, what it weighs, what it added, the sum so far.
 *
 * A subject counts once, at its heaviest: what is found again adds only what it is heavier by. So what was added is read off
 * the sums that the sensor wrote, and the weight stands beside it.
 */
#pragma once

#include "viewer/source.h"

struct alert_step {
	const char *id;
	const struct source_evidence *evidence; /* NULL: the source has it no more */
	double weight;                          /* level x confidence */
	double added, sum;                      /* < 0: not known */
};

/*
 * Follow one, in order of raising.
 *
 * evidence   of its window
 * ret_steps  room for a->evidence_count
 */
void alert_sum(const struct source_alert *a, const struct source_evidence *evidence, size_t count,
	struct alert_step *ret_steps);

/* Why it did not add its weight, or what else is to be known of it; "" when that is all. */
const char *alert_step_says(const struct alert_step *s);

/*
 * What one added to the sum of its window.
 *
 * rows     of its window at least, by time
 * returns  < 0: not known
 */
double alert_sum_added(
	const struct source_evidence *rows, size_t count, const struct source_evidence *e);
