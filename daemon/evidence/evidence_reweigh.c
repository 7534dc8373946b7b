#include "daemon/evidence/evidence_reweigh.h"

/* Ask about all of them. ret_freed: one is silenced no more. returns whether any is other than it was */
static bool
ask(struct evidence_ledger *l, evidence_silenced_fn is_silenced, void *context, bool *ret_freed)
{
	bool changed = false;

	*ret_freed = false;
	for (struct evidence_note *n = l->first; n != NULL; n = n->next) {
		bool silenced = is_silenced(context, n);
		changed |= silenced != n->silenced;
		*ret_freed |= n->silenced && !silenced;
		n->silenced = silenced;
	}
	return changed;
}

/* What an alert told is in no sum any more, but its subject has that weight. returns true when it convicts */
static bool
weigh(struct evidence_ledger *l, struct arena *memory, const struct evidence_note *n)
{
	struct evidence_subject *s =
		evidence_subject(l, memory, n->kind, &n->about, n->port, n->ip_proto);

	if (s == NULL)
		return false;
	if (n->weight > s->weight) {
		if (!n->alerted)
			l->sum += n->weight - s->weight;
		s->weight = n->weight;
	}
	if (!n->decisive || s->convicted)
		return false;
	s->convicted = true;
	return !n->alerted;
}

enum evidence_verdict
evidence_reweigh(struct evidence_ledger *l, struct arena *memory, const struct evidence_rule *rule,
	evidence_silenced_fn is_silenced, void *context)
{
	bool freed = false;
	bool convicted = false;

	if (!ask(l, is_silenced, context, &freed))
		return EVIDENCE_NOTED;
	l->sum = 0;
	for (struct evidence_subject *s = l->subjects; s != NULL; s = s->next) {
		s->weight = 0;
		s->convicted = false;
	}
	for (const struct evidence_note *n = l->first; n != NULL; n = n->next) {
		if (n->silenced || !n->attacker || n->threat == THREAT_INFO)
			continue;
		if (rule->rule == ALERT_RULE_NAIAD)
			convicted |= weigh(l, memory, n);
		else if (!n->alerted)
			l->sum += n->weight;
	}
	return freed && (convicted || l->sum >= rule->threshold) ? EVIDENCE_ALERT : EVIDENCE_ADDED;
}
