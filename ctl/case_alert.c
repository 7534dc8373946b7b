#include "ctl/case_alert.h"

#include "viewer/source/source_sum.h"

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

void
case_alerts_show(
	const struct case_alert *alerts, size_t count, const struct table_terminal *terminal)
{
	for (size_t i = 0; i < count; i++) {
		member_show(&case_alerts, &alerts[i], 1, terminal);
		if (alerts[i].step_count > 0) {
			(void)fputc('\n', terminal->out);
			member_show(&case_steps, alerts[i].steps, alerts[i].step_count, terminal);
		}
		if (alerts[i].alert.evidence_total > alerts[i].step_count)
			(void)fprintf(terminal->out, "%zu more findings are not listed\n",
				alerts[i].alert.evidence_total - alerts[i].step_count);
		if (i + 1 < count)
			(void)fputc('\n', terminal->out);
	}
}
