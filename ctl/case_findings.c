/* case_findings.c -- findings, alerts with their arithmetic, and one finding in plain words. */
#include "ctl/case_parts.h"

#include "ctl/case_alert.h"
#include "ctl/case_explain.h"
#include "ctl/case_filter.h"
#include "ctl/mute.h"
#include "ctl/say.h"
#include "viewer/source/source_sum.h"

static void
filter_of(struct case_look *l, struct case_filter *ret)
{
	case_filter_read(l->a, l->a->since_ns > 0 ? case_last(l) : 0, ret);
}

enum exit_code
case_evidence_run(struct case_look *l)
{
	const struct source_evidence *rows = NULL;
	struct case_filter f;
	size_t kept = 0;

	filter_of(l, &f);
	size_t count = source_evidences(l->source, &case_everywhere, false, &l->memory, &rows);
	struct source_evidence *some = arena_alloc(&l->memory, (count + 1) * sizeof(*some));
	for (size_t i = 0; some != NULL && i < count; i++)
		if (case_filter_evidence(&f, &rows[i]))
			some[kept++] = rows[i];
	size_t skip = kept > f.limit ? kept - f.limit : 0;
	enum exit_code code = case_tell(l, &case_evidence, some + skip, kept - skip, "evidence");
	case_left_out(l, skip, "came before");
	return code;
}

static struct case_alert
with_steps(struct case_look *l, const struct source_alert *a)
{
	const struct source_evidence *rows = NULL;
	size_t count = source_evidences(l->source, &a->window, true, &l->memory, &rows);

	return case_alert_make(a, rows, count, &l->memory);
}

enum exit_code
case_alerts_run(struct case_look *l)
{
	const struct source_alert *rows = NULL;
	struct case_filter f;
	size_t kept = 0;

	filter_of(l, &f);
	size_t count = source_alerts(l->source, &l->memory, &rows);
	struct case_alert *some = arena_alloc(&l->memory, (count + 1) * sizeof(*some));
	for (size_t i = 0; some != NULL && i < count; i++)
		if (case_filter_alert(&f, &rows[i]))
			some[kept++] = (struct case_alert){ .alert = rows[i] };
	size_t skip = kept > f.limit ? kept - f.limit : 0;
	for (size_t i = skip; i < kept; i++)
		some[i] = with_steps(l, &some[i].alert);
	enum exit_code code = EXIT_OK;
	if (l->a->json || kept == 0 || source_trouble(l->source)[0] != '\0')
		code = case_tell(l, &case_alerts, some + skip, kept - skip, "alerts");
	else
		case_alerts_show(some + skip, kept - skip, l->terminal);
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
