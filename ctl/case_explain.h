/* case_explain.h -- one finding in plain words. */
#pragma once

#include "ctl/case_members.h"

/* added: to the sum of its window, < 0: not known. What `ret` points to is the caller's. */
void case_explain_make(const struct source_evidence *e, double added,
	const struct source_flow *flows, size_t flow_count, struct case_explained *ret);

void case_explain_show(const struct case_explained *x, const struct table_terminal *terminal);

/*
 * Find the one whose id begins so.
 *
 * returns  how many there are: 1 with *ret set; 2 means two or more
 */
unsigned case_explain_find(const struct source_evidence *rows, size_t count, const char *prefix,
	const struct source_evidence **ret);
/* The same of alerts. */
unsigned case_explain_find_alert(const struct case_alert *rows, size_t count, const char *prefix,
	const struct case_alert **ret);
