/*
 * detect_raise.c -- a finding becomes evidence: written down in its window, weighed, told, and maybe an alert.
 */
#include "daemon/base/strbuf.h"
#include "daemon/engine/detect.h"
#include "daemon/engine/detect_call.h"
#include "daemon/engine/engine_whitelist.h"
#include "daemon/evidence/evidence_converge.h"
#include "daemon/evidence/evidence_id.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define AFTER_A_CHANGE "after a change of the whitelist: "

enum { REASON_MAX = EVIDENCE_TEXT_MAX + sizeof(AFTER_A_CHANGE) };

/* why  goes before the reason; "" when a finding has just been raised */
static void
raise_alert(struct engine *e, struct window *w, uint64_t now_ns, bool decisive, const char *why)
{
	char ids[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	char reason[REASON_MAX];
	struct record_alert a;

	evidence_alert(&w->evidence, &e->evidence_rule, decisive, ids, &a);
	(void)snprintf(reason, sizeof(reason), "%s%s", why, a.reason);
	a.reason = reason;
	a.host = w->profile->addr;
	a.window = (struct record_window_ref){ w->slot.number, w->slot.start_ns, w->slot.end_ns };
	evidence_id(
		e->digest, "alert", &w->profile->addr, w->slot.start_ns, "", e->next_alert++, a.id);
	e->stats.alerts++;
	e->stats.alerts_by[a.highest]++;
	engine_write(e, RECORD_ALERT,
		&(struct record){ .kind = RECORD_ALERT, .ts_ns = now_ns, .alert = &a });
}

/* The share is that of the window's first finding: what is said at its close has to add up, whatever a reload changes. */
static void
note_cap(const struct engine *e, struct evidence_ledger *l)
{
	if (l->most == 0)
		l->most = e->settings->evidence.max_per_detector;
}

/* What is no evidence takes no room from what is: all detectors together have the share of one for it. */
static bool
within_silence(const struct engine *e, struct evidence_ledger *l)
{
	note_cap(e, l);
	if (l->silenced >= l->most)
		return false;
	l->silenced++;
	return true;
}

/* Is this finding within the detector's share of the window? Counts it either way. */
static bool
within_cap(struct engine *e, struct window *w, uint32_t detector)
{
	struct evidence_ledger *l = &w->evidence;

	struct evidence_share *share = evidence_share_of(l, &w->memory, detector);
	if (share == NULL) {
		l->lost++;
		e->stats.evidence_lost++;
		return false;
	}
	note_cap(e, l);
	if (share->findings < UINT32_MAX)
		share->findings++;
	if (share->findings <= l->most)
		return true;
	l->suppressed++;
	e->stats.evidence_suppressed++;
	return false;
}

/*
 * Write evidence down in its window and tell it. `r` is complete but for id, sum and whether it counts.
 *
 * is_none  the whitelist says that it is no evidence
 * returns  false when it is not told for that
 */
static bool
tell(struct engine *e, struct window *w, struct record_evidence *r, bool is_none, uint64_t now_ns)
{
	uint64_t lost = w->evidence.lost;

	r->window = (struct record_window_ref){ w->slot.number, w->slot.start_ns, w->slot.end_ns };
	if (r->has_about) {
		r->about_country = site_country(e->site, &r->about);
		r->about_asn = site_asn(e->site, &r->about, &r->about_org);
	}
	evidence_id(e->digest, r->kind->name, &r->host, w->slot.start_ns, r->object,
		e->next_evidence++, r->id);
	enum evidence_verdict v = evidence_weigh(&w->evidence, &w->memory, &e->evidence_rule, r);
	e->stats.evidence_lost += w->evidence.lost - lost;
	if (is_none)
		r->threat = THREAT_INFO;
	if (r->silenced_by.rule != NULL)
		r->decisive = false;
	if (is_none && !e->settings->whitelist.write_silenced)
		return false;
	e->stats.evidence++;
	engine_window_changed(e, w);
	engine_write(e, RECORD_EVIDENCE,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = now_ns, .evidence = r });
	if (v == EVIDENCE_ALERT)
		raise_alert(e, w, now_ns, r->sum < e->evidence_rule.threshold, "");
	return true;
}

/* The settings' word on how bad findings of a kind are, if they say one. */
static enum threat
level_of(const struct engine *e, const struct evidence_kind *kind, enum threat level)
{
	const struct config_list *levels = &e->settings->evidence.levels;
	const struct setting_level *rows = levels->items;

	for (size_t i = 0; i < levels->count; i++)
		if (strcmp(rows[i].type, kind->name) == 0)
			return (enum threat)rows[i].level;
	return level;
}

/* Only who is ours is judged by his peers: a stranger who scans us is odd in every way. */
static bool
is_ours(const struct engine *e, const struct addr *host)
{
	return e->settings->home_network.count > 0 ? engine_is_home(e, host)
						   : site_is_local(e->site, host);
}

/* The peer of the finding that was told last has become odd in too many ways. */
static void
tell_converging(
	struct engine *e, struct window *w, const struct record_evidence *last, uint64_t now_ns)
{
	char memory[EVIDENCE_TEXT_MAX];
	char object[ADDR_TEXT_MAX];
	enum threat level = level_of(e, &evidence_converging, THREAT_HIGH);
	struct strbuf text;

	strbuf_init(&text, memory, sizeof(memory));
	evidence_converge_text(&w->evidence, &last->about, &text);
	struct record_evidence r = {
		.kind = &evidence_converging,
		.detector = "converge",
		.threat = level,
		.confidence = 0.9,
		.role = EVIDENCE_ATTACKER,
		.decisive = level > THREAT_INFO,
		.has_about = true,
		.about = last->about,
		.observed = evidence_aspects(&w->evidence, &last->about),
		.threshold = e->evidence_rule.converge,
		.object = addr_format(&last->about, object),
		.text = memory,
		.uids = last->uids,
		.uid_count = last->uid_count,
		.host = w->profile->addr,
	};
	(void)tell(e, w, &r, engine_silences(e, &r), now_ns);
}

/* Write one finding down in `w` and tell it; `twin` is the id of the other side's, or "". */
static void
raise_in(struct detect_call *c, struct window *w, const struct finding *f, const struct addr *about,
	const char *twin, const char *text)
{
	struct engine *e = c->engine;
	const enum threat level = level_of(e, f->kind, f->threat);

	struct record_evidence r = {
		.kind = f->kind,
		.detector = detect_detector_at(e, c->detector)->name,
		.threat = level,
		.confidence = f->confidence < 0   ? 0
			      : f->confidence > 1 ? 1
						  : f->confidence,
		.role = f->role,
		.decisive = f->decisive && f->kind->may_convict && level > THREAT_INFO,
		.has_about = about != NULL,
		.port = f->port,
		.ip_proto = f->ip_proto,
		.observed = f->observed,
		.threshold = f->threshold,
		.object = f->object == NULL ? "" : f->object,
		.text = text,
		.source = f->source,
		.uids = f->uids,
		.uid_count = f->uid_count > EVIDENCE_UIDS_MAX ? EVIDENCE_UIDS_MAX : f->uid_count,
	};
	r.host = w->profile->addr;
	if (about != NULL)
		r.about = *about;
	strncpy(r.twin, twin, sizeof(r.twin) - 1);

	const struct evidence_note *earlier = evidence_told_earlier(&w->evidence, &r);
	if (earlier != NULL) {
		memcpy(c->last_id, earlier->id, sizeof(c->last_id));
		e->stats.evidence_repeated++;
		return;
	}
	bool is_none = engine_silences(e, &r);
	c->last_id[0] = '\0';
	if (is_none ? !within_silence(e, &w->evidence) : !within_cap(e, w, c->detector))
		return;
	bool is_told = tell(e, w, &r, is_none, c->now_ns);
	profile_settle(&e->profiles, w->profile);
	if (!is_told)
		return;
	memcpy(c->last_id, r.id, sizeof(c->last_id));
	e->detectors[c->detector].evidence[r.threat]++;
	if (is_ours(e, &r.host) && evidence_converges(&w->evidence, &e->evidence_rule, &r))
		tell_converging(e, w, &r, c->now_ns);
}

void
evidence_raise(struct detect *d, const struct finding *f, const char *fmt, ...)
{
	struct detect_call *c = d->core;
	char memory[EVIDENCE_TEXT_MAX];
	va_list ap;

	assert(c->window != NULL);
	va_start(ap, fmt);
	(void)vsnprintf(memory, sizeof(memory), fmt, ap);
	va_end(ap);
	raise_in(c, c->window, f, f->about, "", memory);
}

void
evidence_raise_twin(struct detect *d, const struct finding *f, const char *fmt, ...)
{
	struct detect_call *c = d->core;
	char memory[EVIDENCE_TEXT_MAX];
	char twin[UUID_TEXT_MAX];
	va_list ap;

	struct profile *other = profile_find(&c->engine->profiles, f->about);
	if (other == NULL || other == c->profile)
		return;
	struct profile *pinned = c->engine->pinned;
	c->engine->pinned =
		c->profile; /* room for the other's window must not be made out of ours */
	struct window *w = engine_window(c->engine, other, c->now_ns);
	c->engine->pinned = pinned;
	if (w == NULL)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(memory, sizeof(memory), fmt, ap);
	va_end(ap);
	memcpy(twin, c->last_id, sizeof(twin));
	raise_in(c, w, f, &c->profile->addr, twin, memory);
}

bool
evidence_raise_on(
	struct detect *d, const struct addr *host, const struct finding *f, const char *fmt, ...)
{
	struct detect_call *c = d->core;
	char memory[EVIDENCE_TEXT_MAX];
	char twin[UUID_TEXT_MAX];
	va_list ap;

	assert(c->profile == NULL);
	if (!engine_is_home(c->engine, host))
		return false;
	struct profile *p = engine_profile(c->engine, host, c->now_ns);
	struct window *w = p == NULL ? NULL : engine_window(c->engine, p, c->now_ns);
	if (w == NULL)
		return false;
	va_start(ap, fmt);
	(void)vsnprintf(memory, sizeof(memory), fmt, ap);
	va_end(ap);
	memcpy(twin, c->last_id, sizeof(twin));
	raise_in(c, w, f, f->about, twin, memory);
	return true;
}

/* A peer whose findings count again may be odd in enough ways by now. */
static void
converge_again(struct engine *e, struct window *w)
{
	if (!is_ours(e, &w->profile->addr))
		return;
	for (const struct evidence_note *n = w->evidence.first; n != NULL; n = n->next) {
		const struct record_evidence r = {
			.kind = n->kind,
			.role = n->attacker ? EVIDENCE_ATTACKER : EVIDENCE_VICTIM,
			.has_about = true,
			.about = n->about,
		};
		if (!n->silenced && evidence_converges(&w->evidence, &e->evidence_rule, &r))
			tell_converging(e, w, &r, e->clock_ns);
	}
}

void
detect_reweighed(struct engine *e, struct window *w, bool is_due)
{
	uint64_t alerts = e->stats.alerts;

	converge_again(e, w);
	if (is_due && e->stats.alerts == alerts)
		raise_alert(e, w, e->clock_ns, w->evidence.sum < e->evidence_rule.threshold,
			AFTER_A_CHANGE);
}

void
detect_tell_suppressed(struct engine *e, struct window *w, uint64_t now_ns)
{
	static const struct evidence_kind held_back = {
		.name = "EVIDENCE_SUPPRESSED",
		.signature_id = 5200000,
		.technique = "",
		.unit = "findings",
		.title = "Findings held back",
	};
	uint64_t most = w->evidence.most;

	for (uint32_t i = 0; w->evidence.by_detector != NULL && i < e->plan.detector_count; i++) {
		struct evidence_share *share = evidence_share_of(&w->evidence, NULL, i);
		if (share == NULL || share->findings <= most)
			continue;
		uint64_t more = share->findings - most;
		char text[EVIDENCE_TEXT_MAX];
		(void)snprintf(text, sizeof(text), "%llu more findings of %s were held back",
			(unsigned long long)more, detect_detector_at(e, i)->name);
		struct record_evidence r = {
			.kind = &held_back,
			.detector = detect_detector_at(e, i)->name,
			.host = w->profile->addr,
			.observed = share->findings,
			.threshold = most,
			.object = detect_detector_at(e, i)->name,
			.text = text,
			.sum = w->evidence.sum,
			.window = { w->slot.number, w->slot.start_ns, w->slot.end_ns },
			.suppressed = more,
		};
		evidence_id(e->digest, held_back.name, &r.host, w->slot.start_ns, r.object,
			e->next_evidence, r.id);
		engine_write(e, RECORD_EVIDENCE,
			&(struct record){
				.kind = RECORD_EVIDENCE, .ts_ns = now_ns, .evidence = &r });
		/* Said: should the window go on after a restart, only what comes on top is. */
		share->findings = (uint32_t)most;
	}
}
