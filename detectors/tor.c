/*
 * tor -- one host uses Tor.
 *
 * Told once for each relay in a window, as information: many do so for good reasons, but where nobody is
 * expected to, it is worth knowing, and with two other oddities of the same peer it is more. Which addresses
 * are relays a list has to say (`intelligence.feeds`, kind tor): they change by the hour.
 *
 * Not told apart: a relay that serves something else as well at another port.
 *
 * Source: detections §1.3 (TOR_EXIT_NODE), §3.4.
 */
#include "detectors/detector.h"
#include "detectors/intel_told.h"

static const struct evidence_kind relay = {
	.name = "TOR_EXIT_NODE",
	.signature_id = 5200420,
	.technique = "T1090.003",
	.unit = "connections",
	.title = "Connection to a relay of Tor",
	.aspect = ASPECT_LIST,
};

static bool
wants(const struct site *site, const struct observation *o)
{
	return o->role == ROLE_CLIENT &&
	       site_listed(
		       site, LIST_TOR, NULL, o->kind == OBS_PEER ? &o->peer->peer : &o->flow->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const bool is_past = o->kind == OBS_PEER;
	const struct addr *peer = is_past ? &o->peer->peer : &o->flow->resp;
	struct intel_found room;
	struct intel_told told = { .sources = "" };
	char text[ADDR_TEXT_MAX];

	if (!detect_first_of_peer(d, peer))
		return;
	const struct intel_hit *hits = site_intel_addr(d->site, LIST_TOR, peer, &room);
	if (hits != NULL)
		intel_told(hits, &told);
	evidence_raise(d,
		&(struct finding){
			.kind = &relay,
			.threat = THREAT_INFO,
			.confidence = 1,
			.role = EVIDENCE_ATTACKER,
			.about = peer,
			.port = is_past ? o->peer->port : o->flow->resp_port,
			.ip_proto = is_past ? o->peer->ip_proto : o->flow->ip_proto,
			.observed = 1,
			.threshold = 1,
			.object = addr_format(peer, text),
			.source = told.sources[0] == '\0' ? NULL : told.sources,
			.uids = is_past ? NULL : &o->flow->uid,
			.uid_count = !is_past,
		},
		"called %s, which is a relay of Tor%s", text,
		is_past ? " (seen before it was listed)" : "");
}

const struct detector detector_tor = {
	.name = "tor",
	.summary = "One host uses Tor.",
	.subscribes = OBS_BIT(OBS_FLOW_START) | OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) |
		      OBS_BIT(OBS_PEER),
	.kinds = (const struct evidence_kind *const[]){ &relay, NULL },
	.wants = wants,
	.observe = observe,
};
