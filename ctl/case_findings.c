/* case_findings.c -- findings, alerts with their arithmetic, and one finding in plain words. */
#include "ctl/case_parts.h"

#include "ctl/case_explain.h"
#include "ctl/case_filter.h"
#include "ctl/mute.h"
#include "ctl/say.h"
#include "viewer/source/source_sum.h"

static const char host_takes[] = "--host takes an address or a network: 10.0.0.1, fe80::/10";

enum exit_code
case_evidence_run(struct case_look *l)
{
	const struct source_evidence *rows = NULL;
	struct case_filter f;
	size_t wanted = 0;
	size_t kept = 0;

	if (!case_filter_read(l->a, l->a->since_ns > 0 ? case_last(l) : 0, &f))
		return case_refuse(host_takes);
	size_t count = source_evidences(l->source, &case_everywhere, false, &l->memory, &rows);
	struct source_evidence *some =
		count == 0 ? NULL : arena_alloc(&l->memory, count * sizeof(*some));
	for (size_t i = 0; i < count; i++)
		wanted += case_filter_evidence(&f, &rows[i]) ? 1 : 0;
	uint64_t skip = wanted > f.limit ? wanted - f.limit : 0;
	for (size_t i = 0, seen = 0; some != NULL && i < count; i++)
		if (case_filter_evidence(&f, &rows[i]) && seen++ >= skip)
			some[kept++] = rows[i];
	enum exit_code code = case_tell(l, &case_evidence, some, kept, "evidence");
	case_left_out(l, skip, "came before");
	return code;
}

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

static struct case_alert
with_steps(struct case_look *l, const struct source_alert *a)
{
	const struct source_evidence *rows = NULL;
	size_t count = source_evidences(l->source, &a->window, true, &l->memory, &rows);

	if (a->evidence_count == 0)
		return (struct case_alert){ .alert = *a };
	struct source_step *followed =
		arena_alloc(&l->memory, a->evidence_count * sizeof(*followed));
	struct case_step *steps = arena_alloc(&l->memory, a->evidence_count * sizeof(*steps));
	if (followed == NULL || steps == NULL)
		return (struct case_alert){ .alert = *a };
	source_sum_steps(a, rows, count, followed);
	for (size_t i = 0; i < a->evidence_count; i++)
		steps[i] = step_of(&followed[i]);
	return (struct case_alert){ *a, steps, a->evidence_count };
}

/* Each alert with the sum below it. */
static void
alerts_show(struct case_look *l, const struct case_alert *alerts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		member_show(&case_alerts, &alerts[i], 1, l->terminal);
		if (alerts[i].step_count > 0) {
			(void)fputc('\n', l->terminal->out);
			member_show(
				&case_steps, alerts[i].steps, alerts[i].step_count, l->terminal);
		}
		if (alerts[i].alert.evidence_total > alerts[i].step_count)
			(void)fprintf(l->terminal->out, "%zu more findings are not listed\n",
				alerts[i].alert.evidence_total - alerts[i].step_count);
		if (i + 1 < count)
			(void)fputc('\n', l->terminal->out);
	}
}

enum exit_code
case_alerts_run(struct case_look *l)
{
	const struct source_alert *rows = NULL;
	struct case_filter f;
	size_t wanted = 0;
	size_t kept = 0;

	if (!case_filter_read(l->a, l->a->since_ns > 0 ? case_last(l) : 0, &f))
		return case_refuse(host_takes);
	size_t count = source_alerts(l->source, &l->memory, &rows);
	struct case_alert *some =
		count == 0 ? NULL : arena_alloc(&l->memory, count * sizeof(*some));
	for (size_t i = 0; i < count; i++)
		wanted += case_filter_alert(&f, &rows[i]) ? 1 : 0;
	uint64_t skip = wanted > f.limit ? wanted - f.limit : 0;
	for (size_t i = 0, seen = 0; some != NULL && i < count; i++)
		if (case_filter_alert(&f, &rows[i]) && seen++ >= skip)
			some[kept++] = with_steps(l, &rows[i]);
	enum exit_code code = EXIT_OK;
	if (l->a->json || kept == 0 || source_trouble(l->source)[0] != '\0')
		code = case_tell(l, &case_alerts, some, kept, "alerts");
	else
		alerts_show(l, some, kept);
	case_left_out(l, skip, "came before");
	return code;
}

enum exit_code
case_explain_run(struct case_look *l)
{
	const char *id = l->a->words[0];
	const struct source_evidence *rows = NULL;
	const struct source_evidence *e = NULL;
	const struct source_flow *flows = NULL;
	struct case_explained x;
	size_t count = source_evidences(l->source, &case_everywhere, false, &l->memory, &rows);
	unsigned found = case_explain_find(rows, count, id, &e);
	size_t flow_count = 0;

	if (source_trouble(l->source)[0] != '\0')
		return case_refuse(source_trouble(l->source));
	if (found != 1) {
		say(found == 0 ? "no finding has an id that begins with %s"
			       : "more than one finding has an id that begins with %s: give more of it",
			id);
		return EXIT_REFUSED;
	}
	if (e->uid_count > 0 && source_can(l->source, SOURCE_HAS_FLOWS))
		flow_count = source_flows(l->source, &e->window, e->uids, e->uid_count,
			e->uid_count, &l->memory, &flows);
	case_explain_make(e, source_sum_added(rows, count, e), flows, flow_count, &x);
	if (l->a->json) {
		json_t *one = member_row(&case_explain, &x);

		say_json(one, l->terminal->out);
		json_decref(one);
	} else {
		case_explain_show(&x, l->terminal);
	}
	return EXIT_OK;
}

/* What a run found is muted where the next one reads its settings. */
enum exit_code
case_mute_run(struct case_look *l)
{
	const struct source_evidence *rows = NULL;
	size_t count = source_evidences(l->source, &case_everywhere, false, &l->memory, &rows);

	if (source_trouble(l->source)[0] != '\0')
		return case_refuse(source_trouble(l->source));
	return mute_run(l->a, rows, count, COMMANDS_SETTINGS, l->terminal->out);
}
