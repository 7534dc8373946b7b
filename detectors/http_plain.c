/*
 * http_plain -- one host asks servers of the Internet in the clear.
 *
 * Whoever is on the way reads and changes it. Worth knowing and no sign of harm: told as information at the
 * first request of a window and then at each tenfold; the reference tells each.
 *
 * Source: detections §1.5.
 */
#include "detectors/detector.h"

#include "daemon/transactions/http.h"

struct config {
	uint32_t min_requests;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_requests, 1, 1000000, 1, "requests",
		"Requests in clear to the Internet in one window that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind plain = {
	.name = "HTTP_TRAFFIC",
	.signature_id = 5200254,
	.technique = "T1040",
	.unit = "requests",
	.title = "Requests in clear",
};

struct state {
	uint64_t requests;
	uint64_t next_report;
};

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && o->http->method != NULL &&
	       addr_is_public(&o->http->server);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_talk *talk = o->talk;
	struct state *s = d->window_state;
	char server[ADDR_TEXT_MAX];

	s->requests++;
	if (!report_due(&s->next_report, cfg->min_requests, s->requests))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &plain,
			.threat = THREAT_INFO,
			.confidence = 1,
			.role = EVIDENCE_ATTACKER,
			.about = &o->http->server,
			.port = talk->resp_port,
			.ip_proto = IPPROTO_TCP,
			.observed = s->requests,
			.threshold = cfg->min_requests,
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"asked the Internet in the clear %llu time%s, last %s port %u",
		(unsigned long long)s->requests, s->requests == 1 ? "" : "s",
		addr_format(&o->http->server, server), talk->resp_port);
}

const struct detector detector_http_plain = {
	.name = "http_plain",
	.summary = "One host asks servers of the Internet in the clear.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &plain, NULL },
	.wants = wants,
	.observe = observe,
};
