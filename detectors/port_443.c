/*
 * port_443 -- what is spoken at HTTPS's port is not TLS.
 *
 * Port 443 is open everywhere and is expected to be unreadable, so who hides something hides it there, and not
 * each does so in TLS. Told is, once for each peer, an established conversation on 443/tcp that was seen from
 * its SYN, carried something, and in which nobody recognised TLS. When it was HTTP in clear, the level is
 * medium; anything else is low for the first few of a window and information after them, since many
 * messengers speak protocols of their own there.
 *
 * With whom TLS was spoken within `near` is left alone. Only what came before counts: a wait for what comes
 * after would leave out the last minutes of each window and of each capture, which weighs more than the few
 * that TLS would excuse later.
 *
 * Silent where nobody would have recognised TLS, as in NetFlow: unknown is unknown. It is evidence about peers
 * on the Internet only: neighbours are told without one.
 *
 * Bounds: PORT_PROTOCOL_PEERS peers with whom TLS was spoken; the later of two in one place stays.
 *
 * Not told apart: messengers and games from hidden channels.
 *
 * Source: detections §1.2.
 */
#include "detectors/port_protocol.h"

static const struct port_protocol tls = { 443, "ssl", OBS_TLS };
static const double CONFIDENCE = 0.8;

struct config {
	uint64_t near;
};

static const struct config_item config_items[] = {
	CONFIG_DURATION(struct config, near, 0, 3600 * NS_PER_S, 300 * NS_PER_S,
		"Time after TLS was spoken with a host within which what is not recognised there is no news."),
	CONFIG_END,
};

static const struct evidence_kind not_tls = {
	.name = "NON_SSL_PORT_443_CONNECTION",
	.signature_id = 5200302,
	.technique = "T1571",
	.unit = "bytes",
	.title = "No TLS at port 443",
	.aspect = ASPECT_PROTOCOL,
};

static void
report(struct detect *d, struct port_protocol_state *s, const struct obs_flow *f)
{
	char peer[ADDR_TEXT_MAX];
	bool is_clear = strcmp(f->service, "http") == 0;
	uint64_t bytes = f->orig_total.payload_bytes + f->resp_total.payload_bytes;

	evidence_raise(d,
		&(struct finding){
			.kind = &not_tls,
			.threat = is_clear ? THREAT_MEDIUM : weak_level(&s->told, THREAT_LOW),
			.confidence = CONFIDENCE,
			.role = EVIDENCE_ATTACKER,
			.about = is_on_internet(d->site, &f->resp) ? &f->resp : NULL,
			.port = f->resp_port,
			.ip_proto = IPPROTO_TCP,
			.observed = bytes,
			.threshold = 1,
			.object = addr_format(&f->resp, peer),
			.uids = &f->uid,
			.uid_count = 1,
		},
		"exchanged %llu bytes with %s at port 443/tcp that were %s and not TLS",
		(unsigned long long)bytes, peer,
		f->service[0] == '\0' ? "nothing known" : f->service);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return port_protocol_wants(&tls, o);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct port_protocol_state *s = d->window_state;

	if (port_protocol_is_news(&tls, d, s, o, cfg->near))
		report(d, s, o->flow);
}

const struct detector detector_port_443 = {
	.name = "port_443",
	.summary = "What is spoken at HTTPS's port is not TLS.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) | OBS_BIT(OBS_TLS),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct port_protocol_state),
	.kinds = (const struct evidence_kind *const[]){ &not_tls, NULL },
	.wants = wants,
	.observe = observe,
};
