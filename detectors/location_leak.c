/*
 * location_leak -- one host tells, in the clear, where somebody is.
 *
 * A request that carries a latitude and a longitude (proto/http_location.h) is read by whoever is on the way: that
 * is where a person lives, or walks. Told once a server and window, at the low level for the first three; to the
 * server's account it is information. What was read is in no sentence: outputs go further than the request did.
 *
 * Bounds: those of detect_first_of_peer().
 *
 * Not told apart: the place of the host, and any other that somebody looks at on a map. Not seen: places in answers,
 * in headers, in packed bodies and in parts of forms; logs of others do not have it.
 *
 * Source: detections §2.6, A32 (latitude and longitude count when one message has both).
 */
#include "detectors/detector.h"

#include "daemon/base/text_safe.h"
#include "daemon/transactions/http.h"

enum { HOST_TOLD_MAX = 64 };

static const struct evidence_kind leak = {
	.name = "NETWORK_GPS_LOCATION_LEAKED",
	.signature_id = 5200257,
	.technique = "T1048.003",
	.unit = "requests",
	.title = "Location in clear",
};

struct state {
	uint8_t told;
};

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && o->http->location != NULL;
}

/* The part of the request; whoever wrote a log may have called it anything. */
static const char *
part_text(const struct obs_http *http)
{
	return strcmp(http->location, "body") == 0 ? "body" : "URI";
}

/* "203.0.113.9, \"maps.example.com\"" */
static void
server_text(const struct observation *o, char *room, size_t size)
{
	char peer[ADDR_TEXT_MAX];
	char host[HOST_TOLD_MAX];
	struct strbuf b;

	strbuf_init(&b, room, size);
	strbuf_text(&b, addr_format(&o->talk->resp, peer));
	if (o->http->host != NULL)
		strbuf_printf(&b, ", \"%s\"", text_safe_in(host, sizeof(host), o->http->host));
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;
	struct state *s = d->window_state;
	char server[ADDR_TEXT_MAX + HOST_TOLD_MAX + sizeof(", \"\"")];
	char peer[ADDR_TEXT_MAX];
	char host[ADDR_TEXT_MAX];

	if (!detect_first_of_peer(d, &talk->resp))
		return;
	struct finding finding = {
		.kind = &leak,
		.threat = weak_level(&s->told, THREAT_LOW),
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
	};
	server_text(o, server, sizeof(server));
	evidence_raise(d, &finding, "sent a location in the clear, in the %s of a request to %s",
		part_text(o->http), server);
	finding.role = EVIDENCE_VICTIM;
	finding.threat = THREAT_INFO;
	finding.object = addr_format(d->host, host);
	evidence_raise_twin(d, &finding,
		"was sent a location in the clear by %s, in the %s of a request", host,
		part_text(o->http));
}

const struct detector detector_location_leak = {
	.name = "location_leak",
	.summary = "A location was sent in the clear.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &leak, NULL },
	.wants = wants,
	.observe = observe,
};
