/*
 * http_method -- one host asks a server by a method that nobody defines.
 *
 * Tools that look for weak servers do so to see how they answer; the parser knows the methods of all standards
 * (weird.def: http_method). Low, and once a server in a window.
 *
 * Not told apart: protocols that look like HTTP and have verbs of their own.
 *
 * Source: detections §1.5.
 */
#include "detectors/detector.h"

static const struct evidence_kind weird_method = {
	.name = "WEIRD_HTTP_METHOD",
	.signature_id = 5200255,
	.technique = "T1595.002",
	.unit = "servers",
	.title = "Unknown method of HTTP",
	.aspect = ASPECT_PROTOCOL,
};

struct state {
	uint32_t servers;
};

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->weird->kind == WEIRD_HTTP_METHOD && o->role == ROLE_CLIENT;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_weird *w = o->weird;
	struct state *s = d->window_state;
	char server[ADDR_TEXT_MAX];

	if (!detect_first_of_peer(d, &w->dst))
		return;
	s->servers++;
	evidence_raise(d,
		&(struct finding){
			.kind = &weird_method,
			.threat = THREAT_LOW,
			.confidence = 0.9,
			.role = EVIDENCE_ATTACKER,
			.about = &w->dst,
			.port = w->dst_port,
			.ip_proto = w->ip_proto,
			.observed = s->servers,
			.threshold = 1,
			.object = addr_format(&w->dst, server),
			.uids = &w->uid,
			.uid_count = w->uid.text[0] != '\0',
		},
		"asked %s port %u by a method that HTTP does not have, the server no. %u of this window",
		server, w->dst_port, s->servers);
}

const struct detector detector_http_method = {
	.name = "http_method",
	.summary = "One host asks a server by a method that nobody defines.",
	.subscribes = OBS_BIT(OBS_WEIRD),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &weird_method, NULL },
	.wants = wants,
	.observe = observe,
};
