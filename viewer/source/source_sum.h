/*
 * source_sum.h -- how an alert came about: each of its evidence, what it weighs, what it added, the sum so far.
 *
 * A subject counts once, at its heaviest: what is found again adds only what it is heavier by. So what was added is read off
 * the sums that the sensor wrote, and the weight stands beside it.
 */
#pragma once

#include "viewer/source/source.h"

/* What a threat level weighs: 0 to 1. An unknown one weighs nothing. */
double source_level(const char *threat);

/* returns NULL when it is not there */
const struct source_evidence *source_evidence_find(
	const struct source_evidence *rows, size_t count, const char *id);

/* Why one added nothing to the sum of its window. */
enum source_idle {
	SOURCE_ADDS, /* it did add */
	SOURCE_SILENCED,
	SOURCE_INFORMS,    /* its level weighs nothing */
	SOURCE_WEIGHTLESS, /* its confidence is 0 */
	SOURCE_SUFFERS,    /* of a victim */
	SOURCE_REPEATS,    /* the same was counted already */
};
enum source_idle source_idle(const struct source_evidence *e);
/* As a sentence; "" of SOURCE_ADDS. */
const char *source_idle_says(enum source_idle why);

struct source_step {
	const char *id;
	const struct source_evidence *evidence; /* NULL: the source has it no more */
	double weight;                          /* level x confidence; < 0: not known */
	double added, sum;                      /* < 0: not known */
};

/*
 * Follow an alert, in order of raising.
 *
 * rows       evidence, of its window at least
 * ret_steps  room for a->evidence_count
 */
void source_sum_steps(const struct source_alert *a, const struct source_evidence *rows,
	size_t count, struct source_step *ret_steps);

/* Why it did not add its weight, or what else is to be known of it; "" when that is all. */
const char *source_step_says(const struct source_step *s);

/*
 * What one added to the sum of its window.
 *
 * rows     of its window at least, by time; e is one of them
 * returns  < 0: not known
 */
double source_sum_added(
	const struct source_evidence *rows, size_t count, const struct source_evidence *e);
