/*
 * user_agent_conflict -- one host is not what its user agents say.
 *
 * A host has a browser, in one version, which goes everywhere. A program that poses as that browser carries the
 * version of its author's day, and talks to its server alone: once `min_requests` of an agent went to one server,
 * and never another, while the same browser with another version goes to `min_servers`, that is told. Browsers that
 * live in other programs look the same, so it is a low level; but it says something about that server.
 *
 * And a host runs the system that its maker sells: an agent of Windows from Apple's hardware, and the like for
 * Microsoft's and Google's, is told once a server; at the medium level for the first three. Other makers build for
 * everybody, and who made a card is not always known: neither accuses anybody.
 *
 * Bounds: MAX_AGENTS browsers and versions a window, and `min_servers` servers of each; further ones are not counted.
 * The window's peers.
 *
 * Not told apart: hosts behind one address, and virtual machines, which have browsers of their own; Windows on a
 * Mac; pages that are tried as another device would show them. Not seen: requests by TLS; cards that make their
 * address up, as phones do in foreign networks.
 *
 * Source: detections §1.5 (MULTIPLE_USER_AGENT, INCOMPATIBLE_USER_AGENT), A37: tables of our own tell browsers
 * and systems.
 */
#include "detectors/detector.h"

#include "daemon/base/browser.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/http.h"

enum { MAX_AGENTS = 8, MAX_SERVERS = 64, MAX_REQUESTS = 100000, AGENT_TOLD_MAX = 96 };

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

static const struct evidence_kind incompatible = {
	.name = "INCOMPATIBLE_USER_AGENT",
	.signature_id = 5200205,
	.technique = "T1036",
	.unit = "requests",
	.title = "User agent of another maker's system",
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
	uint8_t told;         /* agents of other systems */
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

/* A version of a browser: how does it stand beside the others? */
static void
observe_browser(struct detect *d, const struct observation *o)
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

/* Whose system a maker of hardware sells, by the beginning of its name in the IEEE's list. */
static enum system_family
system_of_vendor(const char *vendor)
{
	static const struct {
		const char *begin;
		enum system_family family;
	} makers[] = {
		{ "Apple, ", SYSTEM_APPLE },
		{ "Microsoft Mobile", SYSTEM_UNKNOWN }, /* phones, once Nokia's */
		{ "Microsoft", SYSTEM_WINDOWS },
		{ "Google, ", SYSTEM_ANDROID },
	};

	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++)
		if (strncmp(vendor, makers[i].begin, strlen(makers[i].begin)) == 0)
			return makers[i].family;
	return SYSTEM_UNKNOWN;
}

/* A system: does the host's maker sell it? */
static void
observe_system(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;
	struct state *s = d->window_state;
	const char *vendor = site_vendor_of(d->site, d->host);
	enum system_family sold = vendor == NULL ? SYSTEM_UNKNOWN : system_of_vendor(vendor);
	char peer[ADDR_TEXT_MAX];
	char agent[AGENT_TOLD_MAX];

	if (sold == SYSTEM_UNKNOWN)
		return;
	enum system_family told = browser_system(o->http->user_agent);
	if (told == SYSTEM_UNKNOWN || told == sold || !detect_first_of_peer(d, &talk->resp))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &incompatible,
			.threat = weak_level(&s->told, THREAT_MEDIUM),
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.about = &talk->resp,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = 1,
			.threshold = 1,
			.object = addr_format(&talk->resp, peer),
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"has a card of %s and said to run %s to %s: \"%s\"", vendor,
		system_family_name(told), peer,
		text_safe_in(agent, sizeof(agent), o->http->user_agent));
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && o->http->user_agent != NULL;
}

static void
observe(struct detect *d, const struct observation *o)
{
	observe_browser(d, o);
	observe_system(d, o);
}

const struct detector detector_user_agent_conflict = {
	.name = "user_agent_conflict",
	.summary = "One host is not what its user agents say.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &multiple, &incompatible, NULL },
	.wants = wants,
	.observe = observe,
};
