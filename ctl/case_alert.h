/* case_alert.h -- an alert with the sum that made it, step by step, in a list or alone in plain words. */
#pragma once

#include "ctl/case_members.h"

/* rows: findings, of its window at least. Steps go into the arena; without memory there are none. */
struct case_alert case_alert_make(const struct source_alert *a, const struct source_evidence *rows,
	size_t count, struct arena *memory);

/* Each with the sum below it. */
void case_alerts_show(
	const struct case_alert *alerts, size_t count, const struct table_terminal *terminal);

/* Of one what it means, its sum, and what to ask next; has_timeline: that can be asked for, too. */
void case_alert_explain(
	const struct case_alert *a, bool has_timeline, const struct table_terminal *terminal);
