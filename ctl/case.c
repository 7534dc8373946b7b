#include "ctl/case.h"

#include "ctl/case_parts.h"
#include "ctl/say.h"

#include <inttypes.h>
#include <string.h>

enum { MEMORY_MAX = 512 * 1024 * 1024 };

const struct source_window_id case_everywhere = { .host = NULL };

static const struct {
	const char *command;
	enum source_ability needs;
	bool needs_it;
	enum exit_code (*run)(struct case_look *l);
} answers[] = {
	{ "status", 0, false, case_status_run },
	{ "profiles", 0, false, case_profiles_run },
	{ "devices", SOURCE_HAS_DEVICES, true, case_devices_run },
	{ "evidence", 0, false, case_evidence_run },
	{ "alerts", SOURCE_HAS_ALERTS, true, case_alerts_run },
	{ "explain", 0, false, case_explain_run },
	{ "flows", SOURCE_HAS_FLOWS, true, case_flows_run },
	{ "timeline", 0, false, case_timeline_run },
	{ "report", 0, false, case_report_run },
	{ "config", SOURCE_HAS_RUN, true, case_config_run },
	{ "mute", 0, false, case_mute_run },
};

enum exit_code
case_refuse(const char *text)
{
	say("%s", text);
	return EXIT_REFUSED;
}

enum exit_code
case_tell(struct case_look *l, const struct member_table *t, const void *rows, size_t count,
	const char *what)
{
	if (source_trouble(l->source)[0] != '\0')
		return case_refuse(source_trouble(l->source));
	if (l->a->json) {
		json_t *all = member_rows(t, rows, count);

		say_json(all, l->terminal->out);
		json_decref(all);
	} else if (count == 0) {
		(void)fprintf(l->terminal->out, "no %s\n", what);
	} else {
		member_show(t, rows, count, l->terminal);
	}
	return EXIT_OK;
}

void
case_left_out(struct case_look *l, uint64_t count, const char *where)
{
	if (count > 0 && !l->a->json)
		(void)fprintf(
			l->terminal->out, "%" PRIu64 " more %s these; see --limit\n", count, where);
}

uint64_t
case_last(struct case_look *l)
{
	const struct source_evidence *rows = NULL;
	struct source_run run = { .last_ns = 0 };
	size_t count = source_evidences(l->source, &case_everywhere, false, &l->memory, &rows);

	if (source_can(l->source, SOURCE_HAS_RUN))
		(void)source_run(l->source, &l->memory, &run);
	return count > 0 && rows[count - 1].ts_ns > run.last_ns ? rows[count - 1].ts_ns
								: run.last_ns;
}

static enum exit_code
answer(struct case_look *l)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		if (strcmp(answers[i].command, l->a->command) != 0)
			continue;
		if (answers[i].needs_it && !source_can(l->source, answers[i].needs)) {
			say("%s knows no %s: ask the naiad.db of the run", source_name(l->source),
				l->a->command);
			return EXIT_REFUSED;
		}
		return answers[i].run(l);
	}
	return EXIT_USAGE; /* there is a row for each command with COMMAND_RUN */
}

enum exit_code
case_run(const struct arguments *a, const struct table_terminal *terminal)
{
	char error[SOURCE_ERROR_MAX];
	struct case_look l = { .a = a, .terminal = terminal };

	l.source = source_open(a->dir, NULL, error);
	if (l.source == NULL)
		return case_refuse(error);
	arena_init(&l.memory, MEMORY_MAX, NULL);
	enum exit_code code = answer(&l);
	arena_done(&l.memory);
	source_close(l.source);
	return code;
}
