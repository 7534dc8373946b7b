/*
 * smtp_login -- a host fails to log in to a mail server, or does so again and again.
 *
 * A failure is a refused AUTH, a session that ended with 535, or a message that was refused because of who
 * sent it ("bad smtp-auth user"). Told for each server at the first and then at each tenfold; `count` of
 * them within `span` are brute force, told once a window and server.
 *
 * Bounds: SERVERS_MAX servers a window, and the times of the last COUNT_MAX failures at each.
 *
 * Not told apart: an outdated password that a mail program tries three times at once; hence no conviction.
 *
 * Source: detections §1.7.
 */
#include "detectors/detector.h"

#include "daemon/base/ascii.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/smtp.h"

#include <stdio.h>

enum { SERVERS_MAX = 256, COUNT_MAX = 16 };

struct config {
	uint32_t count;
	uint64_t span;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, count, 2, COUNT_MAX, 3, "attempts",
		"Failed log-ins at one mail server within `span` that are brute force."),
	CONFIG_DURATION(struct config, span, NS_PER_S, 3600 * NS_PER_S, 10 * NS_PER_S,
		"Time in which failed log-ins at one mail server are counted together."),
	CONFIG_END,
};

static const struct evidence_kind bad = {
	.name = "BAD_SMTP_LOGIN",
	.signature_id = 5200353,
	.technique = "T1110",
	.unit = "attempts",
	.title = "Failed log-in at a mail server",
};

static const struct evidence_kind brute = {
	.name = "SMTP_LOGIN_BRUTEFORCE",
	.signature_id = 5200354,
	.technique = "T1110",
	.unit = "attempts",
	.title = "Brute force at a mail server",
};

struct server {
	struct addr addr; /* the key */
	uint64_t failures;
	uint64_t next_report;
	uint64_t talk; /* in which AUTH was refused last */
	uint64_t at_ns[COUNT_MAX];
	bool is_brute;
};

static const struct arena_map_shape server_shape = {
	.item_size = sizeof(struct server),
	.key_size = sizeof(struct addr),
	.capacity = SERVERS_MAX,
};

struct state {
	struct arena_map servers;
};

/* The session ended with the refusal of a log-in, of which the parser has told if it saw it. */
static bool
ends_refused(const struct obs_smtp *m)
{
	return strncmp(m->last_reply, "535", 3) == 0;
}

static void
report(struct detect *d, const struct evidence_kind *kind, const struct server *s,
	const struct obs_talk *talk)
{
	const struct config *cfg = d->config;
	bool is_brute = kind == &brute;
	char server[ADDR_TEXT_MAX];
	char within[sizeof(" within 3600 s")] = "";

	if (is_brute)
		(void)snprintf(
			within, sizeof(within), " within %u s", (unsigned)(cfg->span / NS_PER_S));
	evidence_raise(d,
		&(struct finding){
			.kind = kind,
			.threat = is_brute ? THREAT_HIGH : THREAT_MEDIUM,
			.confidence = 1,
			.role = EVIDENCE_ATTACKER,
			.about = &s->addr,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = is_brute ? cfg->count : s->failures,
			.threshold = is_brute ? cfg->count : 1,
			.object = addr_format(&s->addr, server),
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"failed %llu time%s to log in at the mail server %s%s",
		(unsigned long long)(is_brute ? cfg->count : s->failures),
		!is_brute && s->failures == 1 ? "" : "s", server, within);
}

/* Did `count` failures come within `span`, this one at its end? */
static bool
is_fast(const struct config *cfg, const struct server *s, uint64_t now_ns)
{
	return s->failures >= cfg->count &&
	       now_ns <= s->at_ns[(s->failures - cfg->count) % COUNT_MAX] + cfg->span;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_talk *talk = o->talk;
	struct state *state = d->window_state;
	struct server *s =
		arena_map_get(&state->servers, &server_shape, d->memory, d->hash_key, &talk->resp);

	if (s == NULL)
		return;
	if (o->kind == OBS_LOGIN)
		s->talk = talk->id;
	else if (s->failures > 0 && s->talk == talk->id && ends_refused(o->smtp))
		return;
	s->at_ns[s->failures % COUNT_MAX] = o->ts_ns;
	s->failures++;
	if (report_due(&s->next_report, 1, s->failures))
		report(d, &bad, s, talk);
	if (s->is_brute || !is_fast(cfg, s, o->ts_ns))
		return;
	s->is_brute = true;
	report(d, &brute, s, talk);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	if (o->role != ROLE_CLIENT)
		return false;
	if (o->kind == OBS_LOGIN)
		return o->login->success == TRUTH_NO && o->login->protocol != NULL &&
		       strcmp(o->login->protocol, "smtp") == 0;
	const char *reply = o->smtp->last_reply;
	return reply != NULL && reply[0] == '5' &&
	       (ends_refused(o->smtp) || ascii_holds(reply, "bad smtp-auth user"));
}

const struct detector detector_smtp_login = {
	.name = "smtp_login",
	.summary = "A host fails to log in to a mail server, or does so again and again.",
	.subscribes = OBS_BIT(OBS_LOGIN) | OBS_BIT(OBS_SMTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &bad, &brute, NULL },
	.wants = wants,
	.observe = observe,
};
