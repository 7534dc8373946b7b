/* case_sum.h -- how the sum came about that an alert is made of. */
#pragma once

#include "ctl/case_members.h"

/* The finding that has this id; NULL: not there. */
const struct source_evidence *case_sum_find(
	const struct source_evidence *rows, size_t count, const char *id);

/* What a finding added to the sum of its window; rows: by time. returns < 0 when it is not known */
double case_sum_added(
	const struct source_evidence *rows, size_t count, const struct source_evidence *e);

/*
 * Follow an alert in order of raising.
 *
 * ret_steps  room for a->evidence_count
 */
void case_sum_steps(const struct source_alert *a, const struct source_evidence *rows, size_t count,
	struct case_step *ret_steps);
