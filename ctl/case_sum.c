#include "ctl/case_sum.h"

#include "ctl/report_text.h"

#include <math.h>
#include <string.h>

#define ALIKE 0.005 /* half of what is shown */

const struct source_evidence *
case_sum_find(const struct source_evidence *rows, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].id, id) == 0)
			return &rows[i];
	return NULL;
}

double
case_sum_added(const struct source_evidence *rows, size_t count, const struct source_evidence *e)
{
	double before = 0;

	if (!e->counted)
		return 0;
	if (e->sum < 0)
		return -1;
	for (size_t i = 0; i < count && strcmp(rows[i].id, e->id) != 0; i++)
		if (rows[i].counted && rows[i].sum >= 0 &&
			rows[i].window.number == e->window.number &&
			strcmp(rows[i].window.host, e->window.host) == 0)
			before = rows[i].sum;
	return e->sum < before ? e->sum : e->sum - before; /* an alert began it again */
}

static const char *
note(const struct source_evidence *e, double weight, double added)
{
	if (e->decisive)
		return "decisive";
	if (e->silenced_by[0] != '\0')
		return "silenced by a rule";
	if (!e->counted)
		return weight > 0 ? "its subject has counted already" : "for information";
	return fabs(added - weight) > ALIKE ? "its subject counted for the rest" : "";
}

void
case_sum_steps(const struct source_alert *a, const struct source_evidence *rows, size_t count,
	struct case_step *ret_steps)
{
	double sum = 0;

	for (size_t i = 0; i < a->evidence_count; i++) {
		const struct source_evidence *e = case_sum_find(rows, count, a->evidence[i]);
		struct case_step *s = &ret_steps[i];

		*s = (struct case_step){ .id = a->evidence[i],
			.kind = "",
			.level = "",
			.text = "",
			.says = "it is kept no more",
			.confidence = -1,
			.weight = -1,
			.added = -1,
			.sum = -1 };
		if (e == NULL)
			continue;
		s->kind = e->kind;
		s->level = e->threat;
		s->text = e->text;
		s->confidence = e->confidence;
		s->weight = report_threat_value(e->threat) * e->confidence;
		s->added = 0;
		if (e->counted) { /* where no sum was written down: as if all were different */
			double after = e->sum >= 0 ? e->sum : sum + s->weight;

			s->added = after > sum ? after - sum : 0;
			sum = after;
		}
		s->sum = sum;
		s->says = note(e, s->weight, s->added);
	}
}
