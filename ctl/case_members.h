/* case_members.h -- what `naiadctl -d` tells of each thing: the tables behind its JSON, its columns and its schema. */
#pragma once

#include "ctl/member.h"
#include "viewer/source/source.h"

/* One step of the sum that an alert is made of. */
struct case_step {
	const char *id, *kind, *level, *text;
	const char *says; /* why it did not add its weight; "" */
	bool decisive;
	double confidence, weight, added, sum;
};

struct case_alert {
	struct source_alert alert;
	const struct case_step *steps;
	size_t step_count;
};

/* One finding with all that it rests on. */
struct case_explained {
	const struct source_evidence *evidence; /* one */
	size_t one;
	double added;                             /* to the sum; < 0: not known */
	const char *technique_name, *tactic_name; /* "" */
	const struct source_flow *flows;
	size_t flow_count;
};

struct case_status {
	const char *source;
	struct source_run run;
	uint64_t hosts, infected, windows, evidence, alerts;
	const struct source_loss *losses;
	size_t loss_count;
	const struct source_loss_span *loss_spans;
	size_t loss_span_count;
};

extern const struct member_table case_profiles, case_devices, case_evidence, case_alerts,
	case_steps, case_flows, case_timeline, case_status, case_losses, case_loss_spans,
	case_explain;

/* Of all that commands tell the i-th; NULL after the last. */
const struct member_table *case_members_at(size_t i);
