#include "daemon/engine/engine_whitelist.h"

#include "daemon/engine/detect.h"
#include "daemon/evidence/evidence_reweigh.h"
#include "daemon/transactions/dns.h"
#include "daemon/whitelist/whitelist.h"

#include <string.h>

static struct whitelist_case
case_of_flow(const struct obs_flow *f)
{
	return (struct whitelist_case){
		.src = &f->orig, .dst = &f->resp, .port = f->resp_port, .ip_proto = f->ip_proto
	};
}

/* A question is about the name that is asked for, whoever answers it. */
static struct whitelist_case
case_of_talk(const struct observation *o)
{
	return (struct whitelist_case){
		.src = &o->talk->orig,
		.dst = &o->talk->resp,
		.port = o->talk->resp_port,
		.ip_proto = o->talk->ip_proto,
		.name = o->kind == OBS_DNS ? o->dns->query : NULL,
	};
}

/* returns false when it is nobody's: what another sensor says is looked at when it is evidence */
static bool
case_of(const struct observation *o, struct whitelist_case *ret_case)
{
	if (observation_is_flow(o))
		*ret_case = case_of_flow(o->flow);
	else if (o->kind == OBS_TUNNEL)
		*ret_case = case_of_flow(o->tunnel->flow);
	else if (o->talk != NULL)
		*ret_case = case_of_talk(o);
	else if (o->kind == OBS_ARP)
		*ret_case =
			(struct whitelist_case){ .src = &o->arp->sender, .dst = &o->arp->target };
	else if (o->kind == OBS_WEIRD)
		*ret_case = (struct whitelist_case){
			.src = &o->weird->src,
			.dst = &o->weird->dst,
			.port = o->weird->dst_port,
			.ip_proto = o->weird->ip_proto,
		};
	else
		return false;
	return true;
}

const struct whitelist_rule *
engine_ignored_by(const struct engine *e, const struct observation *o)
{
	const struct whitelist *w = e->settings->whitelist.built;
	struct whitelist_case c;

	if (w == NULL || !w->ignores || !case_of(o, &c))
		return NULL;
	return whitelist_find(w, e->site, &c, e->clock_ns);
}

static void
count(struct engine *e, const struct whitelist_rule *r)
{
	e->stats.whitelist_hits[r->effect]++;
	e->whitelist_hits[whitelist_rule_at(e->settings->whitelist.built, r)]++;
}

/* Its start was shown, before its ends had names. */
static void
leave_windows(struct flow *f)
{
	for (enum obs_role role = ROLE_CLIENT; role <= ROLE_SERVER; role++) {
		struct flow_party *party = flow_party(f, role);
		if (party->window == NULL)
			continue;
		TAILQ_REMOVE(&party->window->flows, party, link);
		party->window = NULL;
	}
}

bool
engine_ignores(struct engine *e, struct flow *f, const struct observation *o)
{
	const struct whitelist_rule *r = engine_ignored_by(e, o);

	if (r == NULL)
		return false;
	if (o->kind == OBS_FLOW_END || (!observation_is_flow(o) && o->talk == NULL))
		count(e, r);
	if (o->kind == OBS_FLOW_END && f != NULL)
		leave_windows(f);
	return true;
}

const struct obs_flow *
engine_flow_marked(const struct engine *e, const struct observation *o, struct obs_flow *room)
{
	const struct whitelist_rule *r = engine_ignored_by(e, o);

	if (r == NULL)
		return o->flow;
	*room = *o->flow;
	room->ignored_by = r->name;
	return room;
}

/* What a finding is about, for the whitelist: whoever tells of it, the attacker did it. */
struct accusation {
	const struct addr *host, *about; /* NULL: there is no other party */
	bool attacker;
	uint16_t port;
	uint8_t ip_proto;
	const struct evidence_kind *kind;
	const char *detector, *object;
};

/*
 * A name that the finding itself is about: of nobody in particular, or one that somebody's list has. In a finding
 * about a peer it may be what the client called it.
 */
static const char *
name_accused(const struct accusation *a)
{
	return a->about == NULL || a->kind->aspect == ASPECT_LIST ? a->object : NULL;
}

static const struct whitelist_rule *
rule_for(const struct engine *e, const struct accusation *a)
{
	const struct whitelist_case c = {
		.src = a->attacker ? a->host : a->about,
		.dst = a->attacker ? a->about : a->host,
		.port = a->port,
		.ip_proto = a->ip_proto,
		.name = name_accused(a),
		.kind = a->kind->name,
		.detector = a->detector,
	};

	return whitelist_find(e->settings->whitelist.built, e->site, &c, e->clock_ns);
}

bool
engine_silences(struct engine *e, struct record_evidence *r)
{
	const struct whitelist_rule *rule =
		rule_for(e, &(struct accusation){
				    .host = &r->host,
				    .about = r->has_about ? &r->about : NULL,
				    .attacker = r->role == EVIDENCE_ATTACKER,
				    .port = r->port,
				    .ip_proto = r->ip_proto,
				    .kind = r->kind,
				    .detector = r->detector,
				    .object = r->object,
			    });

	if (rule == NULL)
		return false;
	count(e, rule);
	r->silenced_by = (struct record_silence){ rule->name, whitelist_effects[rule->effect] };
	return rule->effect != WHITELIST_NO_ALERT;
}

/* Of the window that is being weighed. */
struct weighing {
	const struct engine *engine;
	const struct window *window;
};

static bool
is_silenced(void *context, const struct evidence_note *n)
{
	static const struct addr nobody;
	const struct weighing *g = context;

	return rule_for(g->engine,
		       &(struct accusation){
			       .host = &g->window->profile->addr,
			       .about = addr_equal(&n->about, &nobody) ? NULL : &n->about,
			       .attacker = n->attacker,
			       .port = n->port,
			       .ip_proto = n->ip_proto,
			       .kind = n->kind,
			       .detector = n->detector,
			       .object = n->object,
		       }) != NULL;
}

static void
reweigh_window(struct engine *e, struct window *w)
{
	struct weighing g = { .engine = e, .window = w };
	enum evidence_verdict v =
		evidence_reweigh(&w->evidence, &w->memory, &e->evidence_rule, is_silenced, &g);

	if (v != EVIDENCE_NOTED)
		detect_reweighed(e, w, v == EVIDENCE_ALERT);
}

static void
reweigh_profiles(struct engine *e, const struct profile_list *list)
{
	const struct profile *p;

	TAILQ_FOREACH (p, list, idle)
		for (struct window *w = p->windows; w != NULL; w = w->older)
			reweigh_window(e, w);
}

void
engine_whitelist_reweigh(struct engine *e)
{
	reweigh_profiles(e, &e->profiles.newcomers);
	reweigh_profiles(e, &e->profiles.residents);
}

void
engine_whitelist_carry(
	struct engine *e, const struct whitelist *before, const struct whitelist *after)
{
	uint64_t hits[WHITELIST_RULES_MAX];

	memcpy(hits, e->whitelist_hits, sizeof(hits));
	memset(e->whitelist_hits, 0, sizeof(e->whitelist_hits));
	for (uint32_t i = 0; after != NULL && i < after->count; i++) {
		const struct whitelist_rule *r =
			whitelist_rule_of_name(before, after->rules[i].name);
		if (r != NULL)
			e->whitelist_hits[i] = hits[whitelist_rule_at(before, r)];
	}
}
