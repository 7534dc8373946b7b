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

/* All of them, without steps. returns how many */
static size_t
alerts_ask(struct case_look *l, struct case_alert **ret)
{
	const struct source_alert *rows = NULL;
	size_t count = source_alerts(l->source, &l->memory, &rows);

	*ret = arena_alloc(&l->memory, (count + 1) * sizeof(**ret));
	for (size_t i = 0; *ret != NULL && i < count; i++)
		(*ret)[i] = (struct case_alert){ .alert = rows[i] };
	return *ret == NULL ? 0 : count;
}

enum exit_code
case_alerts_run(struct case_look *l)
{
	struct case_alert *some = NULL;
	struct case_filter f;
	size_t kept = 0;

	filter_of(l, &f);
	size_t count = alerts_ask(l, &some);
	for (size_t i = 0; i < count; i++)
		if (case_filter_alert(&f, &some[i].alert))
			some[kept++] = some[i];
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

/* One finding of these. */
static void
explain_finding(struct case_look *l, const struct source_evidence *rows, size_t count,
	const struct source_evidence *e)
{
	const struct source_flow *flows = NULL;
	struct case_explained x;
	size_t flow_count = 0;

	if (e->uid_count > 0 && source_can(l->source, SOURCE_HAS_FLOWS))
		flow_count = source_flows(l->source, &e->window, e->uids, e->uid_count,
			e->uid_count, &l->memory, &flows);
	case_explain_make(e, source_sum_added(rows, count, e), flows, flow_count, &x);
	if (l->a->json)
		member_say(&case_explain, &x, l->terminal->out);
	else
		case_explain_show(&x, l->terminal);
}

static void
explain_alert(struct case_look *l, const struct source_alert *alert)
{
	struct case_alert a = with_steps(l, alert);

	if (l->a->json)
		member_say(&case_alerts, &a, l->terminal->out);
	else
		case_alert_explain(&a, true, l->terminal);
}

enum exit_code
case_explain_run(struct case_look *l)
{
	const char *id = l->a->words[0];
	const struct source_evidence *rows = NULL;
	const struct source_evidence *e = NULL;
	struct case_alert *alerts = NULL;
	const struct case_alert *alert = NULL;
	size_t count = source_evidences(l->source, &case_everywhere, false, &l->memory, &rows);
	unsigned found = case_explain_find(rows, count, id, &e);

	if (source_trouble(l->source)[0] == '\0' && source_can(l->source, SOURCE_HAS_ALERTS)) {
		size_t alert_count = alerts_ask(l, &alerts);

		found += case_explain_find_alert(alerts, alert_count, id, &alert);
	}
	if (source_trouble(l->source)[0] != '\0')
		return case_refuse(source_trouble(l->source));
	if (found != 1) {
		say(found == 0 ? "no finding or alert has an id that begins with %s"
			       : "more than one finding or alert has an id that begins with %s: "
				 "give more of it",
			id);
		return EXIT_REFUSED;
	}
	if (alert != NULL)
		explain_alert(l, &alert->alert);
	else
		explain_finding(l, rows, count, e);
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
