#include "viewer/source/source_sum.h"

#include <math.h>
#include <string.h>

#define ALIKE 0.005 /* half of what is shown */

/* docs/DETECTORS.md; a sum of these, each times its confidence, is what an alert is made of */
static const struct {
	const char *name;
	double weight;
} levels[] = {
	{ "info", 0 },
	{ "low", 0.2 },
	{ "medium", 0.5 },
	{ "high", 0.8 },
	{ "critical", 1 },
};

double
source_level(const char *threat)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (strcmp(levels[i].name, threat) == 0)
			return levels[i].weight;
	return 0;
}

const struct source_evidence *
source_evidence_find(const struct source_evidence *rows, size_t count, const char *id)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].id, id) == 0)
			return &rows[i];
	return NULL;
}

enum source_idle
source_idle(const struct source_evidence *e)
{
	if (e->silenced_by[0] != '\0')
		return SOURCE_SILENCED;
	if (e->counted)
		return SOURCE_ADDS;
	if (source_level(e->threat) <= 0)
		return SOURCE_INFORMS;
	if (e->confidence <= 0)
		return SOURCE_WEIGHTLESS;
	return strcmp(e->role, "victim") == 0 ? SOURCE_SUFFERS : SOURCE_REPEATS;
}

const char *
source_idle_says(enum source_idle why)
{
	switch (why) {
	case SOURCE_SILENCED:
		return "it added nothing: a rule of the whitelist silenced it";
	case SOURCE_INFORMS:
		return "it added nothing: it is told for information";
	case SOURCE_WEIGHTLESS:
		return "it added nothing: with a confidence of 0 it weighs nothing";
	case SOURCE_SUFFERS:
		return "it added nothing: who suffers is not accused";
	case SOURCE_REPEATS:
		return "it added nothing: the same was counted already";
	case SOURCE_ADDS:
		break;
	}
	return "";
}

/* What took the sum from `before` to `after`; where it is less, an alert began it again. */
static double
step_up(double before, double after)
{
	return after < before ? after : after - before;
}

void
source_sum_steps(const struct source_alert *a, const struct source_evidence *rows, size_t count,
	struct source_step *ret_steps)
{
	double sum = 0;

	for (size_t i = 0; i < a->evidence_count; i++) {
		struct source_step *s = &ret_steps[i];
		const struct source_evidence *e = source_evidence_find(rows, count, a->evidence[i]);

		*s = (struct source_step){
			.id = a->evidence[i], .evidence = e, .weight = -1, .added = -1, .sum = -1
		};
		if (e == NULL)
			continue;
		s->weight = source_level(e->threat) * e->confidence;
		s->added = 0;
		if (e->counted && e->sum >= 0) {
			s->added = step_up(sum, e->sum);
			sum = e->sum;
		} else if (e->counted) { /* nobody wrote it down: as if all were different */
			s->added = s->weight;
			sum += s->weight;
		}
		s->sum = sum;
	}
}

const char *
source_step_says(const struct source_step *s)
{
	const struct source_evidence *e = s->evidence;

	if (e == NULL)
		return "the source has it no more";
	if (e->decisive)
		return "decisive: convicts alone";
	if (e->silenced_by[0] != '\0')
		return "silenced by a rule";
	if (source_idle(e) == SOURCE_WEIGHTLESS)
		return "its confidence is 0";
	if (!e->counted)
		return s->weight > 0 ? "its subject has counted already" : "for information";
	if (fabs(s->added - s->weight) > ALIKE)
		return "its subject counted for the rest";
	return "";
}

double
source_sum_added(const struct source_evidence *rows, size_t count, const struct source_evidence *e)
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
	return step_up(before, e->sum);
}
