/*
 * blind_post -- the first that a server of the Internet gets from a host is a POST to a script.
 *
 * Who fills in a form has fetched it before, and the browser names that page as referrer. Programs that report home
 * begin with what they have to tell: a POST to a script (PHP, ASP, JSP, CGI), or to a bare address, without a
 * referrer or with the very host as one (Emotet forges that), and without the origin that browsers name when a page
 * sends something, whatever it says of its referrer: else any page could have its visitors accused. Updaters and
 * telemetry do the like, so it is a medium level with half a confidence, once a server; decisive (`convict`) where the
 * host's name is lent by a service of dynamic DNS: nobody who runs a service with an interface for programs gives it a
 * name like that.
 *
 * Questions about certificates (OCSP, time stamps) are POSTs to whoever issued them, and are left out.
 *
 * Bounds: the window's peers. It is the window that begins with a POST: of a conversation that goes on in the next
 * window, the first request there is another first one.
 *
 * Not told apart: a self-written program that reports to its owner's home by dynamic DNS; what a neighbour sends with
 * the host's address, for the servers that AZORult reported to took its connections and never answered.
 *
 * Source: own; AZORult, Agent Tesla, LokiBot, Emotet and TrickBot as they were captured.
 */
#include "detectors/detector.h"

#include "daemon/base/web_address.h"
#include "daemon/transactions/http.h"

#include <strings.h>

enum { HOST_TEXT_MAX = 256 };

struct config {
	bool convict;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, convict, true,
		"Whether a POST to begin with, to a name by dynamic DNS, raises an alert alone."),
	CONFIG_END,
};

static const struct evidence_kind post = {
	.name = "BLIND_POST",
	.signature_id = 5200201,
	.technique = "T1071.001",
	.unit = "requests",
	.title = "POST to a server of which nothing was asked before",
	.may_convict = true,
	.aspect = ASPECT_CLIENT,
};

struct state {
	uint8_t told;
};

static bool
is_same(struct text_view a, struct text_view b)
{
	return a.length == b.length && strncasecmp(a.at, b.at, a.length) == 0;
}

/* The host that a page is of: what stands between "://" and the path. */
static struct text_view
referring_host(const char *referrer)
{
	const char *scheme_end = strstr(referrer, "://");
	const char *host = scheme_end == NULL ? referrer : scheme_end + 3;
	struct text_view view = web_host(host);

	for (size_t i = 0; i < view.length; i++)
		if (strchr("/?#", view.at[i]) != NULL)
			view.length = i;
	return view;
}

/* Did another site lead here? Of pages that keep their address to themselves, browsers still name the site. */
static bool
is_led(const struct obs_http *http)
{
	if (http->origin != NULL && http->origin[0] != '\0')
		return true;
	if (http->referrer == NULL || http->referrer[0] == '\0')
		return false;
	return http->host == NULL || !is_same(referring_host(http->referrer), web_host(http->host));
}

static bool
asks_about_certificates(const struct obs_http *http)
{
	static const char *const types[] = { "application/ocsp-request",
		"application/timestamp-query" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (http->request_content_type != NULL &&
			strncasecmp(http->request_content_type, types[i], strlen(types[i])) == 0)
			return true;
	return false;
}

static bool
is_blind(const struct obs_http *http)
{
	static const char *const scripts[] = { "php", "asp", "aspx", "jsp", "cgi", NULL };

	if (http->method == NULL || strcmp(http->method, "POST") != 0 || http->uri == NULL)
		return false;
	return (web_path_ends_in(http->uri, scripts) ||
		       (http->host != NULL && web_host_is_address(http->host))) &&
	       !is_led(http) && !asks_about_certificates(http);
}

static bool
is_dynamic(const struct site *site, const char *host)
{
	char name[HOST_TEXT_MAX];
	struct text_view view = web_host(host == NULL ? "" : host);

	if (view.length >= sizeof(name))
		return false;
	memcpy(name, view.at, view.length);
	name[view.length] = '\0';
	return site_listed(site, LIST_DYNAMIC_DNS, name, NULL);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	return o->role == ROLE_CLIENT && is_on_internet(site, &o->talk->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_talk *talk = o->talk;
	struct state *s = d->window_state;
	char peer[ADDR_TEXT_MAX];
	char url[WEB_ADDRESS_TEXT_MAX];

	if (!detect_first_of_peer(d, &talk->resp) || !is_blind(o->http))
		return;
	bool dynamic = is_dynamic(d->site, o->http->host);
	evidence_raise(d,
		&(struct finding){
			.kind = &post,
			.threat = dynamic ? THREAT_HIGH : weak_level(&s->told, THREAT_MEDIUM),
			.confidence = dynamic ? 0.9 : 0.5,
			.role = EVIDENCE_ATTACKER,
			.decisive = dynamic && cfg->convict,
			.about = &talk->resp,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = 1,
			.threshold = 1,
			.object = addr_format(&talk->resp, peer),
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"began with a POST at %s%s: \"%s\"", peer, dynamic ? ", found by dynamic DNS" : "",
		web_address_text(o->http->host, o->http->uri, url));
}

const struct detector detector_blind_post = {
	.name = "blind_post",
	.summary = "The first that a server of the Internet gets is a POST to a script.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &post, NULL },
	.wants = wants,
	.observe = observe,
};
