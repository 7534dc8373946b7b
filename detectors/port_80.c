/*
 * port_80 -- what is spoken at HTTP's port is not HTTP.
 *
 * Told is, once for each peer, an established conversation on 80/tcp that was seen from its SYN, carried
 * something, and in which nobody recognised HTTP: on the account of the client, and as a twin on that of the
 * server if it is ours, which is the victim then. The first few of a window are low and the rest information:
 * remote support and messengers use any port that firewalls leave open.
 *
 * With whom HTTP was spoken within `near` is left alone; only what came before counts, for the reason that
 * port_443.c gives. Silent where nobody would have recognised HTTP. It is evidence about peers on the Internet
 * only.
 *
 * Bounds: as in port_443.c.
 *
 * Not told apart: TLS at port 80, which some programs fall back to, from hidden channels.
 *
 * Source: detections §1.2.
 */
#include "detectors/port_protocol.h"

static const struct port_protocol http = { 80, "http", OBS_HTTP };
static const double CONFIDENCE = 0.8;

struct config {
	uint64_t near;
};

static const struct config_item config_items[] = {
	CONFIG_DURATION(struct config, near, 0, 3600 * NS_PER_S, 300 * NS_PER_S,
		"Time after HTTP was spoken with a host within which what is not recognised there is no news."),
	CONFIG_END,
};

static const struct evidence_kind not_http = {
	.name = "NON_HTTP_PORT_80_CONNECTION",
	.signature_id = 5200303,
	.technique = "T1571",
	.unit = "bytes",
	.title = "No HTTP at port 80",
	.aspect = ASPECT_PROTOCOL,
};

static void
report(struct detect *d, struct port_protocol_state *s, const struct obs_flow *f)
{
	char client[ADDR_TEXT_MAX];
	char server[ADDR_TEXT_MAX];
	const char *what = f->service[0] == '\0' ? "nothing known" : f->service;
	unsigned long long bytes = f->orig_total.payload_bytes + f->resp_total.payload_bytes;
	struct finding finding = {
		.kind = &not_http,
		.threat = weak_level(&s->told, THREAT_LOW),
		.confidence = CONFIDENCE,
		.role = EVIDENCE_ATTACKER,
		.about = is_on_internet(d->site, &f->resp) ? &f->resp : NULL,
		.port = f->resp_port,
		.ip_proto = IPPROTO_TCP,
		.observed = bytes,
		.threshold = 1,
		.object = addr_format(&f->resp, server),
		.uids = &f->uid,
		.uid_count = 1,
	};

	addr_format(&f->orig, client);
	evidence_raise(d, &finding,
		"exchanged %llu bytes with %s at port 80/tcp that were %s and not HTTP", bytes,
		server, what);
	finding.role = EVIDENCE_VICTIM;
	finding.about = &f->resp;
	finding.object = client;
	evidence_raise_twin(d, &finding,
		"exchanged %llu bytes with %s at its port 80/tcp that were %s and not HTTP", bytes,
		client, what);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return port_protocol_wants(&http, o);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct port_protocol_state *s = d->window_state;

	if (port_protocol_is_news(&http, d, s, o, cfg->near))
		report(d, s, o->flow);
}

const struct detector detector_port_80 = {
	.name = "port_80",
	.summary = "What is spoken at HTTP's port is not HTTP.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) | OBS_BIT(OBS_HTTP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct port_protocol_state),
	.kinds = (const struct evidence_kind *const[]){ &not_http, NULL },
	.wants = wants,
	.observe = observe,
};
