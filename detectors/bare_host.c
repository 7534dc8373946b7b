/*
 * bare_host -- a server of the web is asked for by its address instead of a name.
 *
 * People and their programs know names; that is what names are for. Malware often has only an address to call. So do
 * devices of the neighbourhood and content networks, hence information, once a server, that says one thing about it:
 * how it was found. The gateway's pages are read by its address, and it is left out; so is what is asked of a proxy.
 *
 * Bounds: the window's peers.
 *
 * Not seen: addresses in requests by TLS, which has no name then (no_dns looks after those).
 *
 * Source: own; Empire, Emotet, TrickBot, Amadey as they were captured.
 */
#include "detectors/detector.h"

#include "daemon/base/web_address.h"
#include "daemon/transactions/http.h"

#include <ctype.h>

static const struct evidence_kind bare = {
	.name = "HTTP_TO_ADDRESS",
	.signature_id = 5200202,
	.technique = "T1071.001",
	.unit = "requests",
	.title = "Web server without a name",
	.aspect = ASPECT_NAME,
};

static bool
is_answered(const struct obs_http *http)
{
	return http->status_code != 0 && http->status_code != TRANSACTION_UNSET;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_http *http = o->http;

	return o->role == ROLE_CLIENT && is_answered(http) && http->host != NULL &&
	       (isdigit((unsigned char)http->host[0]) || http->host[0] == '[') &&
	       http->uri != NULL && http->uri[0] == '/' && web_host_is_address(http->host) &&
	       !site_is_gateway(site, &o->talk->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;
	char peer[ADDR_TEXT_MAX];
	char url[WEB_ADDRESS_TEXT_MAX];

	if (!detect_first_of_peer(d, &talk->resp))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &bare,
			.threat = THREAT_INFO,
			.confidence = 0.9,
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
		"asked %s port %u/tcp for a page by its address: \"%s\"", peer, talk->resp_port,
		web_address_text(o->http->host, o->http->uri, url));
}

const struct detector detector_bare_host = {
	.name = "bare_host",
	.summary = "A server of the web is asked for by its address.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.kinds = (const struct evidence_kind *const[]){ &bare, NULL },
	.wants = wants,
	.observe = observe,
};
