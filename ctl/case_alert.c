#include "ctl/case_alert.h"

#include "ctl/report/report_text.h"
#include "viewer/source/source_sum.h"

#include <inttypes.h>
#include <string.h>

enum { ID_SHOWN = 8 }; /* the beginning of an id will do */

/* Flat, as its members are told. */
static struct case_step
step_of(const struct source_step *s)
{
	const struct source_evidence *e = s->evidence;

	return (struct case_step){ .id = s->id,
		.kind = e == NULL ? "" : e->kind,
		.level = e == NULL ? "" : e->threat,
		.text = e == NULL ? "" : e->text,
		.says = source_step_says(s),
		.decisive = e != NULL && e->decisive,
		.confidence = e == NULL ? -1 : e->confidence,
		.weight = s->weight,
		.added = s->added,
		.sum = s->sum };
}

struct case_alert
case_alert_make(const struct source_alert *a, const struct source_evidence *rows, size_t count,
	struct arena *memory)
{
	if (a->evidence_count == 0)
		return (struct case_alert){ .alert = *a };
	struct source_step *followed = arena_alloc(memory, a->evidence_count * sizeof(*followed));
	struct case_step *steps = arena_alloc(memory, a->evidence_count * sizeof(*steps));
	if (followed == NULL || steps == NULL)
		return (struct case_alert){ .alert = *a };
	source_sum_steps(a, rows, count, followed);
	for (size_t i = 0; i < a->evidence_count; i++)
		steps[i] = step_of(&followed[i]);
	return (struct case_alert){ *a, steps, a->evidence_count };
}

static void
steps_show(const struct case_alert *a, const struct table_terminal *terminal)
{
	size_t more = a->alert.evidence_total > a->step_count
			      ? a->alert.evidence_total - a->step_count
			      : 0;

	if (a->step_count > 0) {
		(void)fputc('\n', terminal->out);
		member_show(&case_steps, a->steps, a->step_count, terminal);
	}
	if (more > 0)
		(void)fprintf(terminal->out, "%s not listed\n",
			report_plural(more, "more finding is", "more findings are").text);
}

void
case_alerts_show(
	const struct case_alert *alerts, size_t count, const struct table_terminal *terminal)
{
	for (size_t i = 0; i < count; i++) {
		member_show(&case_alerts, &alerts[i], 1, terminal);
		steps_show(&alerts[i], terminal);
		if (i + 1 < count)
			(void)fputc('\n', terminal->out);
	}
}

/* The one to look at first: what convicts alone, else what added most. */
static const struct case_step *
foremost(const struct case_alert *a)
{
	const struct case_step *best = NULL;

	for (size_t i = 0; i < a->step_count; i++) {
		const struct case_step *s = &a->steps[i];

		if (s->decisive)
			return s;
		if (best == NULL || s->added > best->added)
			best = s;
	}
	return best;
}

static void
next_facts(struct table_print *t, const struct case_alert *a, bool has_timeline)
{
	const struct case_step *s = foremost(a);
	const char *id = s != NULL                     ? s->id
			 : a->alert.evidence_count > 0 ? a->alert.evidence[0]
						       : "";

	if (id[0] != '\0') {
		table_print_cell(t, "look at", TABLE_PLAIN);
		table_print_format(t, TABLE_PLAIN, "explain %.*s: %s", ID_SHOWN, id,
			s == NULL     ? "the first of its findings"
			: s->decisive ? "the finding that is decisive"
				      : "the finding that added most");
	}
	if (has_timeline) {
		table_print_cell(t, "", TABLE_PLAIN);
		table_print_format(t, TABLE_PLAIN,
			"timeline --host %s --window %" PRId64 ": all that it did then",
			a->alert.window.host, a->alert.window.number);
	}
}

void
case_alert_explain(
	const struct case_alert *a, bool has_timeline, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = { { NULL, false }, { NULL, false } };
	const struct source_alert *alert = &a->alert;
	struct table_print t;

	table_print_begin(&t, terminal, columns, 2);
	table_print_cell(&t, "what", TABLE_PLAIN);
	table_print_format(&t, TABLE_BAD, "an alert: %s behaves maliciously", alert->window.host);
	table_print_cell(&t, "", TABLE_PLAIN);
	table_print_cell(
		&t, alert->reason[0] != '\0' ? alert->reason : alert->strongest, TABLE_PLAIN);
	table_print_cell(&t, "when", TABLE_PLAIN);
	table_print_format(&t, TABLE_PLAIN, "%s, in window %" PRId64,
		report_time(alert->ts_ns).text, alert->window.number);
	table_print_cell(&t, "why", TABLE_PLAIN);
	table_print_format(&t, TABLE_PLAIN,
		alert->decisive ? "one finding is decisive: that is an alert, whatever the sum"
				: "the findings of the window add up to what makes an alert");
	table_print_cell(&t, "sum", TABLE_PLAIN);
	table_print_format(&t, TABLE_WARN, "%.2f where %.2f is enough, of %s up to %s", alert->sum,
		alert->threshold, report_plural(alert->evidence_total, "finding", "findings").text,
		alert->highest);
	table_print_cell(&t, "id", TABLE_PLAIN);
	table_print_cell(&t, alert->id, TABLE_PLAIN);
	next_facts(&t, a, has_timeline);
	table_print_end(&t);
	steps_show(a, terminal);
}
