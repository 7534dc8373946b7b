/* case_parts.h -- what the files of `naiadctl -d` share. */
#pragma once

#include "ctl/arguments.h"
#include "ctl/case_members.h"
#include "ctl/exit_code.h"

/* Of which window findings are asked: of all of all hosts. */
extern const struct source_window_id case_everywhere;

struct case_look {
	const struct arguments *a;
	const struct table_terminal *terminal;
	struct source *source;
	struct arena memory;
};

enum exit_code case_status_run(struct case_look *l);
enum exit_code case_profiles_run(struct case_look *l);
enum exit_code case_devices_run(struct case_look *l);
enum exit_code case_evidence_run(struct case_look *l);
enum exit_code case_alerts_run(struct case_look *l);
enum exit_code case_explain_run(struct case_look *l);
enum exit_code case_flows_run(struct case_look *l);
enum exit_code case_timeline_run(struct case_look *l);
enum exit_code case_report_run(struct case_look *l);
enum exit_code case_config_run(struct case_look *l);
enum exit_code case_mute_run(struct case_look *l);

/* Print these rows as --json wants it, or as a table; `what` there are none of. */
enum exit_code case_tell(struct case_look *l, const struct member_table *t, const void *rows,
	size_t count, const char *what);
/* For people: so many were left out. */
void case_left_out(struct case_look *l, uint64_t count, const char *where);
/* Say why a question had no answer. */
enum exit_code case_refuse(const char *text);
/* When the run last saw something. */
uint64_t case_last(struct case_look *l);
