#include "daemon/evidence/evidence.h"

#include "daemon/base/time_text.h"

#include <string.h>

static const double default_threshold[] = {
	[ALERT_RULE_NAIAD] = 0.05,
	[ALERT_RULE_SLIPS] = 0.25,
};

struct evidence_rule
evidence_rule_of(const struct settings *s)
{
	double minutes = (double)s->windows.width / (60.0 * (double)NS_PER_S);
	double a_minute = s->alert.threshold;

	if (a_minute <= 0)
		a_minute = default_threshold[s->alert.rule];
	return (struct evidence_rule){
		.rule = s->alert.rule,
		.threshold = a_minute * minutes,
		.converge = s->alert.rule == ALERT_RULE_NAIAD ? s->alert.converge : 0,
	};
}

struct evidence_share *
evidence_share_of(struct evidence_ledger *l, struct arena *memory, uint32_t detector)
{
	struct evidence_share **end = &l->by_detector;

	for (; *end != NULL; end = &(*end)->next)
		if ((*end)->detector == detector)
			return *end;
	struct evidence_share *made =
		memory == NULL ? NULL : arena_alloc(memory, sizeof(struct evidence_share));
	if (made == NULL)
		return NULL;
	made->detector = detector;
	*end = made;
	return made;
}

struct evidence_subject *
evidence_subject(struct evidence_ledger *l, struct arena *memory, const struct evidence_kind *kind,
	const struct addr *about, uint16_t port, uint8_t ip_proto)
{
	static const struct addr nobody;
	struct evidence_subject key = { .kind = kind, .about = *about };

	if (addr_equal(about, &nobody)) {
		key.port = port;
		key.ip_proto = ip_proto;
	}
	for (struct evidence_subject *s = l->subjects; s != NULL; s = s->next)
		if (s->kind == key.kind && s->port == key.port && s->ip_proto == key.ip_proto &&
			addr_equal(&s->about, &key.about))
			return s;

	struct evidence_subject *s = arena_alloc(memory, sizeof(*s));
	if (s == NULL)
		return NULL;
	*s = key;
	s->next = l->subjects;
	l->subjects = s;
	return s;
}

static const char *
keep_text(struct arena *memory, const char *text, size_t most)
{
	const char *kept = arena_string(memory, text, strnlen(text, most));

	return kept == NULL ? "" : kept;
}

struct evidence_note *
evidence_note_add(struct evidence_ledger *l, struct arena *memory, const struct evidence_note *note)
{
	struct evidence_note *n = arena_alloc(memory, sizeof(*n));

	if (n == NULL)
		return NULL;
	*n = *note;
	n->next = NULL;
	n->text = keep_text(memory, note->text, EVIDENCE_TEXT_MAX);
	n->object = keep_text(memory, note->object, EVIDENCE_OBJECT_MAX);
	if (l->last == NULL)
		l->first = n;
	else
		l->last->next = n;
	l->last = n;
	l->count++;
	return n;
}

static struct evidence_note *
note_of(struct evidence_ledger *l, struct arena *memory, const struct record_evidence *r)
{
	struct evidence_note note = {
		.attacker = r->role == EVIDENCE_ATTACKER,
		.threat = r->threat,
		.weight = threat_value(r->threat) * r->confidence,
		.kind = r->kind,
		.text = r->text,
		.ip_proto = r->ip_proto,
		.about = r->about,
		.object = r->object,
		.observed = r->observed,
		.detector = r->detector,
		.port = r->port,
		.decisive = r->decisive,
		.silenced = r->silenced_by.rule != NULL,
	};

	memcpy(note.id, r->id, sizeof(note.id));
	return evidence_note_add(l, memory, &note);
}

const struct evidence_note *
evidence_told_earlier(const struct evidence_ledger *l, const struct record_evidence *r)
{
	bool attacker = r->role == EVIDENCE_ATTACKER;

	/* What was told earlier stands in front. */
	for (const struct evidence_note *n = l->first; n != NULL && n->earlier; n = n->next)
		if (n->kind == r->kind && n->attacker == attacker && n->ip_proto == r->ip_proto &&
			addr_equal(&n->about, &r->about) && n->observed >= r->observed &&
			strncmp(n->object, r->object, EVIDENCE_OBJECT_MAX) == 0)
			return n;
	return NULL;
}

/* returns true when the finding convicts alone and its subject has not been convicted in this window */
static bool
weigh_subject(struct evidence_ledger *l, struct evidence_subject *s, double weight, bool decisive)
{
	if (weight > s->weight) {
		l->sum += weight - s->weight;
		s->weight = weight;
	}
	if (!decisive || s->convicted)
		return false;
	s->convicted = true;
	return true;
}

enum evidence_verdict
evidence_weigh(struct evidence_ledger *l, struct arena *memory, const struct evidence_rule *rule,
	struct record_evidence *r)
{
	double before = l->sum;
	bool convicted = false;
	struct evidence_note *n = note_of(l, memory, r);
	bool counts = n != NULL && n->attacker && n->threat != THREAT_INFO && !n->silenced;

	if (n == NULL)
		l->lost++;
	if (counts && rule->rule == ALERT_RULE_SLIPS)
		l->sum += n->weight;
	if (counts && rule->rule == ALERT_RULE_NAIAD) {
		struct evidence_subject *s =
			evidence_subject(l, memory, r->kind, &r->about, r->port, r->ip_proto);
		if (s != NULL)
			convicted = weigh_subject(l, s, n->weight, r->decisive);
	}

	r->sum = l->sum;
	r->counted = l->sum > before;
	if (convicted || (r->counted && l->sum >= rule->threshold))
		return EVIDENCE_ALERT;
	return r->counted ? EVIDENCE_ADDED : EVIDENCE_NOTED;
}

void
evidence_alert(struct evidence_ledger *l, const struct evidence_rule *rule, bool decisive,
	char ret_ids[][UUID_TEXT_MAX], struct record_alert *ret_alert)
{
	const struct evidence_note *strongest = NULL;

	*ret_alert = (struct record_alert){
		.sum = l->sum,
		.threshold = rule->threshold,
		.decisive = decisive,
		.reason = "",
	};
	for (struct evidence_note *n = l->first; n != NULL; n = n->next) {
		if (n->alerted || !n->attacker || n->silenced)
			continue;
		n->alerted = true;
		if (ret_alert->evidence_count < RECORD_ALERT_EVIDENCE_MAX)
			memcpy(ret_ids[ret_alert->evidence_count++], n->id, UUID_TEXT_MAX);
		ret_alert->evidence_total++;
		if (n->threat > ret_alert->highest)
			ret_alert->highest = n->threat;
		/* Of equals the latest: what it counted is higher. */
		if (strongest == NULL || n->weight >= strongest->weight)
			strongest = n;
	}
	ret_alert->evidence = (const char(*)[UUID_TEXT_MAX])ret_ids;
	if (strongest != NULL) {
		ret_alert->strongest = strongest->kind;
		ret_alert->reason = strongest->text;
	}
	l->sum = 0;
}
