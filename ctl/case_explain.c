#include "ctl/case_explain.h"

#include "ctl/report/report_text.h"
#include "viewer/source/source_sum.h"

#include "daemon/base/attack.h"
#include "daemon/base/strbuf.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

void
case_explain_make(const struct source_evidence *e, double added, const struct source_flow *flows,
	size_t flow_count, struct case_explained *ret)
{
	const struct attack *t = attack_find(e->technique);

	*ret = (struct case_explained){
		.evidence = e,
		.one = 1,
		.added = added,
		.technique_name = t == NULL ? "" : t->technique_name,
		.tactic_name = t == NULL ? "" : t->tactic_name,
		.flows = flows,
		.flow_count = flow_count,
	};
}

/* Rows of `size` bytes, with their id `at` there. */
static unsigned
find(const void *rows, size_t count, size_t size, size_t at, const char *prefix, const void **ret)
{
	size_t length = strlen(prefix);
	const char *known = NULL;
	unsigned found = 0;

	*ret = NULL;
	for (size_t i = 0; i < count && found < 2; i++) {
		const char *row = (const char *)rows + i * size;
		const char *id = *(const char *const *)(const void *)(row + at);

		if (strncmp(id, prefix, length) != 0)
			continue;
		/* The same one may stand in two places; another one is another answer. */
		if (known == NULL || strcmp(known, id) != 0)
			found++;
		known = id;
		*ret = row;
		if (id[length] == '\0')
			return 1;
	}
	return found;
}

unsigned
case_explain_find(const struct source_evidence *rows, size_t count, const char *prefix,
	const struct source_evidence **ret)
{
	const void *row = NULL;
	unsigned found = find(
		rows, count, sizeof(*rows), offsetof(struct source_evidence, id), prefix, &row);

	*ret = row;
	return found;
}

unsigned
case_explain_find_alert(const struct case_alert *rows, size_t count, const char *prefix,
	const struct case_alert **ret)
{
	const void *row = NULL;
	unsigned found = find(
		rows, count, sizeof(*rows), offsetof(struct case_alert, alert.id), prefix, &row);

	*ret = row;
	return found;
}

static void
fact(struct table_print *t, const char *name, const char *value, enum table_style style)
{
	if (value[0] == '\0')
		return;
	table_print_cell(t, name, TABLE_PLAIN);
	table_print_cell(t, value, style);
}

static enum table_style
style_of(const char *level)
{
	double value = source_level(level);

	return value >= 0.8 ? TABLE_BAD : value >= 0.5 ? TABLE_WARN : TABLE_PLAIN;
}

static void
head(struct table_print *t, const struct source_evidence *e)
{
	fact(t, "what", e->title[0] != '\0' ? e->title : e->kind, style_of(e->threat));
	table_print_cell(t, "", TABLE_PLAIN);
	table_print_format(t, TABLE_PLAIN, "%s %s", e->window.host, e->text);
	table_print_cell(t, "when", TABLE_PLAIN);
	table_print_format(t, TABLE_PLAIN, "%s, in window %" PRId64, report_time(e->ts_ns).text,
		e->window.number);
	table_print_cell(t, "who", TABLE_PLAIN);
	table_print_format(t, TABLE_PLAIN, "%s, %s", e->window.host,
		strcmp(e->role, "victim") == 0 ? "to whom it was done (victim)"
					       : "who did it (attacker)");
	if (e->about_place[0] != '\0') {
		table_print_cell(t, "about", TABLE_PLAIN);
		table_print_format(t, TABLE_PLAIN, "%s (%s)", e->about, e->about_place);
	} else {
		fact(t, "about", e->about, TABLE_PLAIN);
	}
	fact(t, "port", e->port, TABLE_PLAIN);
}

static void
numbers(struct table_print *t, const struct source_evidence *e)
{
	char memory[TABLE_CELL_MAX];
	struct strbuf b;

	if (e->observed == 0 && e->threshold == 0)
		return;
	strbuf_init(&b, memory, sizeof(memory));
	strbuf_quantity(&b, e->observed, e->unit[0] != '\0' ? e->unit : "seen");
	if (e->threshold > 0)
		strbuf_printf(&b, "; it is told from %" PRIu64 " on", e->threshold);
	fact(t, "observed", b.text, TABLE_PLAIN);
}

/* What it did to the sum of which alerts are made. */
static void
weight(struct table_print *t, const struct case_explained *x)
{
	const struct source_evidence *e = x->evidence;
	double level = source_level(e->threat);
	enum source_idle idle = source_idle(e);

	table_print_cell(t, "weight", TABLE_PLAIN);
	table_print_format(t, style_of(e->threat), "%s (%.2f) x confidence %.2f = %.2f", e->threat,
		level, e->confidence, level * e->confidence);
	if (idle == SOURCE_SILENCED) {
		table_print_cell(t, "sum", TABLE_PLAIN);
		table_print_format(t, TABLE_WARN,
			"it added nothing: the rule \"%s\" of the whitelist silenced it",
			e->silenced_by);
	} else if (idle != SOURCE_ADDS) {
		fact(t, "sum", source_idle_says(idle), TABLE_PLAIN);
	} else if (x->added >= 0 && e->sum >= 0) {
		table_print_cell(t, "sum", TABLE_PLAIN);
		table_print_format(t, TABLE_WARN, "it added %.2f: %.2f after it", x->added, e->sum);
	} else if (e->sum >= 0) {
		table_print_cell(t, "sum", TABLE_PLAIN);
		table_print_format(t, TABLE_WARN, "it was counted: %.2f after it", e->sum);
	} else {
		fact(t, "sum", "it was counted; the sum is not told", TABLE_PLAIN);
	}
	if (e->decisive)
		fact(t, "", "it is decisive: an alert was raised for it alone", TABLE_BAD);
}

static void
origin(struct table_print *t, const struct case_explained *x)
{
	const struct source_evidence *e = x->evidence;

	if (x->technique_name[0] != '\0') {
		table_print_cell(t, "ATT&CK", TABLE_PLAIN);
		table_print_format(t, TABLE_PLAIN, "%s %s (%s)", e->technique, x->technique_name,
			x->tactic_name);
	} else {
		fact(t, "ATT&CK", e->technique, TABLE_PLAIN);
	}
	fact(t, "kind", e->kind, TABLE_PLAIN);
	fact(t, "detector", e->detector, TABLE_PLAIN);
	fact(t, "listed by", e->source, TABLE_PLAIN);
	fact(t, "other side", e->twin, TABLE_PLAIN);
	fact(t, "id", e->id, TABLE_PLAIN);
}

void
case_explain_show(const struct case_explained *x, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = { { NULL, false }, { NULL, false } };
	struct table_print t;

	table_print_begin(&t, terminal, columns, 2);
	head(&t, x->evidence);
	numbers(&t, x->evidence);
	weight(&t, x);
	origin(&t, x);
	if (x->evidence->uid_count == 0)
		fact(&t, "flows", "none are named", TABLE_PLAIN);
	for (size_t i = 0; x->flow_count == 0 && i < x->evidence->uid_count; i++)
		fact(&t, i == 0 ? "flows" : "", x->evidence->uids[i], TABLE_PLAIN);
	table_print_end(&t);
	if (x->flow_count > 0) {
		(void)fputc('\n', terminal->out);
		member_show(&case_flows, x->flows, x->flow_count, terminal);
	}
}
