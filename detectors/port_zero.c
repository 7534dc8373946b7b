/*
 * port_zero -- one host opens conversations from or to port 0.
 *
 * No program does so by asking its system for a socket: such packets are made by hand, to find out what
 * a host answers (fingerprinting) or what a filter lets through. Conversations of a window are counted,
 * told at `min_connections` and then at each tenfold. Who opened it is charged, also where the other end
 * is the port 0: the reference charges the host that was asked.
 *
 * Protocols without ports have none, and are nobody's here; nor is what goes to multicast.
 *
 * Bounds: one counter a window.
 *
 * Source: detections §1.3.
 */
#include "detectors/detector.h"

struct config {
	uint32_t min_connections;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_connections, 1, 1000000, 1, "connections",
		"Conversations from or to port 0 in one window that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind port_zero = {
	.name = "PORT_0_CONNECTION",
	.signature_id = 5200023,
	.technique = "T1046",
	.unit = "connections",
	.title = "Connection on port 0",
};

struct state {
	uint64_t connections;
	uint64_t next_report;
	struct proof proof;
};

static void
report(struct detect *d, const struct state *s, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	char peer[ADDR_TEXT_MAX];

	evidence_raise(d,
		&(struct finding){
			.kind = &port_zero,
			.threat = THREAT_HIGH,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.observed = s->connections,
			.threshold = cfg->min_connections,
			.uids = s->proof.uids,
			.uid_count = proof_count(&s->proof),
		},
		"opened %llu connection%s on port 0, last from port %u to %s port %u/%s",
		(unsigned long long)s->connections, s->connections == 1 ? "" : "s", f->orig_port,
		addr_format(&f->resp, peer), f->resp_port,
		f->ip_proto == IPPROTO_TCP ? "tcp" : "udp");
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	(void)site;
	return o->role == ROLE_CLIENT && (f->orig_port == 0 || f->resp_port == 0) &&
	       (f->ip_proto == IPPROTO_TCP || f->ip_proto == IPPROTO_UDP) &&
	       !addr_is_multicast(&f->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;

	s->connections++;
	proof_add(&s->proof, &f->uid);
	if (report_due(&s->next_report, cfg->min_connections, s->connections))
		report(d, s, f);
}

const struct detector detector_port_zero = {
	.name = "port_zero",
	.summary = "One host opens conversations from or to port 0.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &port_zero, NULL },
	.wants = wants,
	.observe = observe,
};
