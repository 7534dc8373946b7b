/*
 * empty_request -- one host asks a search engine's front page again and again.
 *
 * Malware asks what never fails, to learn whether there is an Internet: a GET of "/" without a body at a bare name of
 * six. People get there by TLS, and by a longer address. Counted by client, name and window; told at `min_requests`
 * and then at each tenfold, as a low level.
 *
 * Bounds: a counter for each name.
 *
 * Not told apart: scripts of administrators that do the same.
 *
 * Source: detections §1.5 (EMPTY_CONNECTIONS), A9: the reference counts all clients together, for ever.
 */
#include "detectors/detector.h"

#include "daemon/base/web_address.h"
#include "daemon/transactions/http.h"

#include <strings.h>

enum { NAMES = 6, REQUESTS_MAX = 1000000 };

static const char *const names[NAMES] = { "bing.com", "google.com", "yandex.com", "yahoo.com",
	"duckduckgo.com", "gmail.com" };

struct config {
	uint32_t min_requests;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_requests, 1, REQUESTS_MAX, 4, "requests",
		"Requests of one search engine's bare front page in one window that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind empty = {
	.name = "EMPTY_CONNECTIONS",
	.signature_id = 5200206,
	.technique = "T1016.001",
	.unit = "requests",
	.title = "Tests whether there is an Internet",
};

struct counter {
	uint64_t requests, next_report;
};

struct state {
	struct counter *counters; /* one a name, or NULL */
};

/* Which of the names a host is, "www." before it or not; NAMES: none. */
static size_t
name_of(const char *host)
{
	struct text_view v = web_host(host);
	size_t i = 0;

	if (v.length > 4 && strncasecmp(v.at, "www.", 4) == 0)
		v = (struct text_view){ v.at + 4, v.length - 4 };
	while (i < NAMES &&
		(strlen(names[i]) != v.length || strncasecmp(names[i], v.at, v.length) != 0))
		i++;
	return i;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_http *http = o->http;

	(void)site;
	return o->role == ROLE_CLIENT && http->request_body_len == 0 && http->uri != NULL &&
	       strcmp(http->uri, "/") == 0 && http->host != NULL && name_of(http->host) < NAMES;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	size_t name = name_of(o->http->host);

	if (s->counters == NULL)
		s->counters = arena_alloc(d->memory, NAMES * sizeof(*s->counters));
	if (s->counters == NULL)
		return;
	struct counter *c = &s->counters[name];
	c->requests++;
	if (!report_due(&c->next_report, cfg->min_requests, c->requests))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &empty,
			.threat = THREAT_LOW,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.observed = c->requests,
			.threshold = cfg->min_requests,
			.object = names[name],
			.uids = &o->talk->uid,
			.uid_count = 1,
		},
		"asked %s for its front page %llu times and sent nothing", names[name],
		(unsigned long long)c->requests);
}

const struct detector detector_empty_request = {
	.name = "empty_request",
	.summary = "One host asks a search engine's front page again and again.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &empty, NULL },
	.wants = wants,
	.observe = observe,
};
