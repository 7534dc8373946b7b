/*
 * user_agent_conflict -- one host has two versions of one browser, and keeps one of them for a single server.
 *
 * A host has a browser, in one version, which goes everywhere. A program that poses as that browser carries the
 * version of its author's day, and talks to its server alone: once `min_requests` of an agent went to one server,
 * and never another, while the same browser with another version goes to `min_servers`, that is told. Browsers that
 * live in other programs look the same, so it is a low level; but it says something about that server.
 *
 * Bounds: MAX_AGENTS browsers and versions a window, and `min_servers` servers of each; further ones are not counted.
 *
 * Not told apart: hosts behind one address, and virtual machines, which have browsers of their own. Not seen:
 * requests by TLS.
 *
 * Source: detections §1.5 (MULTIPLE_USER_AGENT), A37: a table of our own tells browsers.
 */
#include "detectors/detector.h"

#include "daemon/base/browser.h"
#include "daemon/transactions/http.h"

enum { MAX_AGENTS = 8, MAX_SERVERS = 64, MAX_REQUESTS = 100000 };

struct config {
	uint32_t min_requests;
	uint32_t min_servers;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_requests, 1, MAX_REQUESTS, 10, "requests",
		"Requests of one version of a browser to its only server that are worth a mention."),
	CONFIG_U32(struct config, min_servers, 2, MAX_SERVERS, 3, "hosts",
		"Servers to which the same browser goes with another version."),
	CONFIG_END,
};

static const struct evidence_kind multiple = {
	.name = "MULTIPLE_USER_AGENT",
	.signature_id = 5200204,
	.technique = "T1071.001",
	.unit = "requests",
	.title = "A browser of its own for one server",
	.aspect = ASPECT_CLIENT,
};

struct agent {
	struct browser is; /* BROWSER_NONE: nobody yet */
	bool told;
	uint32_t requests;
	struct addr only; /* the first server */
	uint16_t port;    /* there */
	uint8_t ip_proto;
	struct flow_uid uid; /* the newest */
	struct addr_set servers;
};

struct state {
	struct agent *agents; /* MAX_AGENTS of them, or NULL */
};

/* Its place, a new one if need be; NULL without room. */
static struct agent *
agent_get(struct detect *d, struct state *s, const struct browser *is)
{
	if (s->agents == NULL)
		s->agents = arena_alloc(d->memory, MAX_AGENTS * sizeof(*s->agents));
	for (size_t i = 0; s->agents != NULL && i < MAX_AGENTS; i++) {
		struct agent *a = &s->agents[i];
		if (a->is.family == BROWSER_NONE)
			a->is = *is;
		if (a->is.family == is->family && a->is.major == is->major)
			return a;
	}
	return NULL;
}

static void
count(struct detect *d, struct agent *a, const struct obs_talk *talk)
{
	const struct config *cfg = d->config;

	if (addr_set_add(&a->servers, d->memory, &talk->resp, cfg->min_servers) &&
		a->servers.count == 1) {
		a->only = talk->resp;
		a->port = talk->resp_port;
		a->ip_proto = talk->ip_proto;
	}
	if (a->requests < UINT32_MAX)
		a->requests++;
	a->uid = talk->uid;
}

/* Does `lonely` go to one server alone, while `other` goes everywhere? */
static void
compare(struct detect *d, struct agent *lonely, const struct agent *other)
{
	const struct config *cfg = d->config;
	char peer[ADDR_TEXT_MAX];

	if (lonely->told || lonely->servers.count != 1 || lonely->servers.saturated ||
		lonely->requests < cfg->min_requests || other->servers.count < cfg->min_servers)
		return;
	lonely->told = true;
	evidence_raise(d,
		&(struct finding){
			.kind = &multiple,
			.threat = THREAT_LOW,
			.confidence = 0.6,
			.role = EVIDENCE_ATTACKER,
			.about = &lonely->only,
			.port = lonely->port,
			.ip_proto = lonely->ip_proto,
			.observed = lonely->requests,
			.threshold = cfg->min_requests,
			.object = addr_format(&lonely->only, peer),
			.uids = &lonely->uid,
			.uid_count = 1,
		},
		"called itself %s %u in %u requests to %s and nowhere else, and %s %u at %u other hosts",
		browser_family_name(lonely->is.family), lonely->is.major, lonely->requests, peer,
		browser_family_name(other->is.family), other->is.major, other->servers.count);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && o->http->user_agent != NULL &&
	       o->http->user_agent[0] == 'M';
}

static void
observe(struct detect *d, const struct observation *o)
{
	struct state *s = d->window_state;
	struct browser is;

	if (!browser_parse(o->http->user_agent, &is))
		return;
	struct agent *a = agent_get(d, s, &is);
	if (a == NULL)
		return;
	count(d, a, o->talk);
	for (size_t i = 0; i < MAX_AGENTS; i++) {
		struct agent *b = &s->agents[i];
		if (b->is.family != a->is.family || b->is.major == a->is.major)
			continue;
		compare(d, a, b);
		compare(d, b, a);
	}
}

const struct detector detector_user_agent_conflict = {
	.name = "user_agent_conflict",
	.summary = "One version of a browser is kept for a single server.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &multiple, NULL },
	.wants = wants,
	.observe = observe,
};
