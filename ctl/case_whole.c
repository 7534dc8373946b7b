/* case_whole.c -- a run as a whole: what it was and what it missed, its settings, its report. */
#include "ctl/case_parts.h"

#include "ctl/config_show.h"
#include "ctl/report/report.h"
#include "ctl/report/report_text.h"
#include "ctl/say.h"
#include "viewer/source/source_text.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { SPANS_MAX = 20 };

static void
status_gather(struct case_look *l, struct case_status *s)
{
	const struct source_profile *profiles = NULL;
	const struct source_loss *all = NULL;
	size_t count = source_profiles(l->source, &l->memory, &profiles);

	*s = (struct case_status){ .source = source_name(l->source), .hosts = count };
	for (size_t i = 0; i < count; i++) {
		s->infected += profiles[i].infected ? 1 : 0;
		s->windows += profiles[i].window_count;
		s->evidence += profiles[i].evidence;
		s->alerts += profiles[i].alerts;
	}
	if (!source_can(l->source, SOURCE_HAS_RUN) || !source_run(l->source, &l->memory, &s->run))
		s->run = (struct source_run){ .version = "", .sensor = "", .settings = "" };
	count = source_can(l->source, SOURCE_HAS_RUN) ? source_losses(l->source, &l->memory, &all)
						      : 0;
	struct source_loss *some =
		count == 0 ? NULL : arena_alloc(&l->memory, count * sizeof(*some));
	for (size_t i = 0; some != NULL && i < count; i++)
		if (all[i].count > 0)
			some[s->loss_count++] = all[i];
	s->losses = some;
	s->loss_span_count = source_loss_spans(l->source, &l->memory, &s->loss_spans);
}

static void
line(struct table_print *t, const char *name, const char *value)
{
	table_print_cell(t, name, TABLE_PLAIN);
	table_print_cell(t, value[0] == '\0' ? NULL : value, TABLE_PLAIN);
}

static void
run_lines(struct table_print *t, const struct source_run *r, struct arena *memory)
{
	struct source_line inputs = { .length = 0 };

	for (size_t i = 0; i < r->input_count; i++)
		source_line_add(&inputs, r->inputs[i]);
	line(t, "sensor", r->sensor);
	line(t, "naiad", r->version);
	line(t, r->live ? "listened on" : "read", source_line_done(&inputs, memory));
	line(t, "ended",
		r->ended ? "yes" : "no: it goes on, or was killed; its totals are not written yet");
	line(t, "first packet", report_time(r->first_ns).text);
	line(t, "last packet", report_time(r->last_ns).text);
	table_print_cell(t, "packets", TABLE_PLAIN);
	table_print_format(
		t, TABLE_PLAIN, "%" PRIu64 ", %s", r->packets, report_bytes(r->bytes).text);
	table_print_cell(t, "conversations", TABLE_PLAIN);
	table_print_format(t, TABLE_PLAIN, "%" PRIu64, r->flows);
}

/* When it was: of very often the last times. */
static void
loss_spans_show(struct case_look *l, const struct case_status *s)
{
	size_t left_out = s->loss_span_count > SPANS_MAX ? s->loss_span_count - SPANS_MAX : 0;

	if (s->loss_span_count == 0)
		return;
	(void)fputc('\n', l->terminal->out);
	member_show(&case_loss_spans, s->loss_spans + left_out, s->loss_span_count - left_out,
		l->terminal);
	if (left_out > 0)
		(void)fprintf(
			l->terminal->out, "%zu more came before these; --json has all\n", left_out);
}

static void
status_show(struct case_look *l, const struct case_status *s, bool has_run)
{
	const struct table_terminal *terminal = l->terminal;
	static const struct table_column columns[] = { { NULL, false }, { NULL, false } };
	struct table_print t;

	table_print_begin(&t, terminal, columns, 2);
	line(&t, "looked at", s->source);
	if (has_run)
		run_lines(&t, &s->run, &l->memory);
	table_print_cell(&t, "hosts", TABLE_PLAIN);
	table_print_format(&t, s->infected > 0 ? TABLE_BAD : TABLE_GOOD,
		"%" PRIu64 ", %" PRIu64 " of them infected", s->hosts, s->infected);
	table_print_cell(&t, "found", TABLE_PLAIN);
	table_print_format(&t, TABLE_PLAIN, "%s and %s in %s",
		report_plural(s->evidence, "finding", "findings").text,
		report_plural(s->alerts, "alert", "alerts").text,
		report_plural(s->windows, "time window", "time windows").text);
	if (has_run && s->loss_count + s->loss_span_count == 0)
		line(&t, "missing", "nothing");
	table_print_end(&t);
	if (s->loss_count > 0) {
		(void)fputc('\n', terminal->out);
		member_show(&case_losses, s->losses, s->loss_count, terminal);
	}
	loss_spans_show(l, s);
}

enum exit_code
case_status_run(struct case_look *l)
{
	struct case_status s;

	status_gather(l, &s);
	if (source_trouble(l->source)[0] != '\0')
		return case_refuse(source_trouble(l->source));
	if (l->a->json)
		member_say(&case_status, &s, l->terminal->out);
	else
		status_show(l, &s, source_can(l->source, SOURCE_HAS_RUN));
	return EXIT_OK;
}

static int
is_stdout(const char *path)
{
	return path != NULL && strcmp(path, "-") == 0 ? 1 : 0;
}

enum exit_code
case_report_run(struct case_look *l)
{
	char error[REPORT_ERROR_MAX];
	struct timespec now = { .tv_sec = 0 };
	struct report_options o = {
		.html = l->a->values[COMMAND_OPTION_HTML],
		.markdown = l->a->values[COMMAND_OPTION_MD],
		.json = l->a->json ? "-" : NULL,
	};

	if (o.html == NULL && o.markdown == NULL && o.json == NULL) {
		say("report needs --html FILE, --md FILE or --json; - is standard output");
		return EXIT_USAGE;
	}
	if (is_stdout(o.html) + is_stdout(o.markdown) + is_stdout(o.json) > 1) {
		say("one of --html, --md and --json can go to standard output: give the others a file");
		return EXIT_USAGE;
	}
	if (clock_gettime(CLOCK_REALTIME, &now) == 0)
		o.now_ns = (uint64_t)now.tv_sec * UINT64_C(1000000000);
	return report_run(l->source, &o, error) < 0 ? case_refuse(error) : EXIT_OK;
}

enum exit_code
case_config_run(struct case_look *l)
{
	struct source_run run = { .settings = "" };

	if (!source_run(l->source, &l->memory, &run) || run.settings[0] == '\0')
		return case_refuse(
			source_trouble(l->source)[0] != '\0'
				? source_trouble(l->source)
				: "the store does not say with which settings it was made");
	config_show(run.settings, l->a->json, l->terminal);
	return EXIT_OK;
}
