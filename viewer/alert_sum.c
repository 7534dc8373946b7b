#include "viewer/alert_sum.h"

#include "viewer/show_evidence.h"

#include <math.h>
#include <string.h>

#define ALIKE 0.005 /* half of what is shown */

void
alert_sum(const struct source_alert *a, const struct source_evidence *evidence, size_t count,
	struct alert_step *ret_steps)
{
	double sum = 0;

	for (size_t i = 0; i < a->evidence_count; i++) {
		struct alert_step *s = &ret_steps[i];
		const struct source_evidence *e =
			show_evidence_find(evidence, count, a->evidence[i]);

		*s = (struct alert_step){
			.id = a->evidence[i], .evidence = e, .added = -1, .sum = -1
		};
		if (e == NULL)
			continue;
		s->weight = show_level(e->threat) * e->confidence;
		s->added = 0;
		if (e->counted && e->sum >= 0) {
			s->added =
				e->sum < sum ? e->sum : e->sum - sum; /* an alert began it again */
			sum = e->sum;
		} else if (e->counted) { /* nobody wrote it down: as if all were different */
			s->added = s->weight;
			sum += s->weight;
		}
		s->sum = sum;
	}
}

const char *
alert_step_says(const struct alert_step *s)
{
	const struct source_evidence *e = s->evidence;

	if (e == NULL)
		return "the source has it no more";
	if (e->decisive)
		return "decisive: convicts alone";
	if (e->silenced_by[0] != '\0')
		return "silenced by a rule";
	if (!e->counted)
		return s->weight > 0 ? "its subject has counted already" : "for information";
	if (fabs(s->added - s->weight) > ALIKE)
		return "its subject counted for the rest";
	return "";
}

double
alert_sum_added(const struct source_evidence *rows, size_t count, const struct source_evidence *e)
{
	double before = 0;

	if (!e->counted)
		return 0;
	if (e->sum < 0)
		return -1;
	for (size_t i = 0; i < count && &rows[i] != e; i++)
		if (rows[i].counted && rows[i].sum >= 0 &&
			rows[i].window.number == e->window.number &&
			strcmp(rows[i].window.host, e->window.host) == 0)
			before = rows[i].sum;
	return e->sum < before ? e->sum : e->sum - before; /* an alert began it again */
}
