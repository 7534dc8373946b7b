/*
 * private_connection -- one host talks with others of the inside.
 *
 * Worth knowing, not worth suspecting: who talks with how many neighbours is the ground on which one
 * host reaching for many of them stands out. Counted are distinct addresses of the inside that answered;
 * an attempt is a scan's business. Told at `min_peers` and then at each tenfold, always as information. The
 * reference tells each conversation; every host has a few neighbours, so ours begins at ten.
 *
 * The gateway's services for its network, names and leases, are left out as in the reference, and
 * multicast and broadcast are nobody in particular.
 *
 * Bounds: MAX_PEERS addresses a window; past them the count stands still.
 *
 * Source: detections §1.3.
 */
#include "detectors/detector.h"

#include <stdio.h>

enum { MAX_PEERS = 4096, DNS_PORT = 53, DHCP_SERVER_PORT = 67, DHCP_CLIENT_PORT = 68 };

struct config {
	uint32_t min_peers;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_peers, 1, MAX_PEERS, 10, "hosts",
		"Distinct hosts of the inside talked with in one window that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind private_peer = {
	.name = "CONNECTION_TO_PRIVATE_IP",
	.signature_id = 5200024,
	.technique = "T1021",
	.unit = "hosts",
	.title = "Connection to a private address",
};

struct state {
	struct addr_set peers;
	uint64_t next_report;
};

/* What detections §0.1 calls private: no host of the Internet, and a host. */
static bool
is_inside(const struct addr *a)
{
	return !addr_is_public(a) && addr_is_host(a);
}

static bool
is_service_of_gateway(const struct site *site, const struct obs_flow *f)
{
	return f->ip_proto == IPPROTO_UDP &&
	       (f->resp_port == DNS_PORT || f->resp_port == DHCP_SERVER_PORT ||
		       f->resp_port == DHCP_CLIENT_PORT) &&
	       site_is_gateway(site, &f->resp);
}

static void
report(struct detect *d, const struct state *s, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	char peer[ADDR_TEXT_MAX];
	char port[sizeof(" port 65535/tcp")] = "";

	if (f->ip_proto == IPPROTO_TCP || f->ip_proto == IPPROTO_UDP)
		(void)snprintf(port, sizeof(port), " port %u/%s", f->resp_port,
			f->ip_proto == IPPROTO_TCP ? "tcp" : "udp");
	evidence_raise(d,
		&(struct finding){
			.kind = &private_peer,
			.threat = THREAT_INFO,
			.confidence = 1,
			.role = EVIDENCE_ATTACKER,
			.observed = s->peers.count,
			.threshold = cfg->min_peers,
			.uids = &f->uid,
			.uid_count = 1,
		},
		"connected to %u private address%s, last to %s%s", s->peers.count,
		s->peers.count == 1 ? "" : "es", addr_format(&f->resp, peer), port);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return o->role == ROLE_CLIENT && f->orig_total.packets > 0 && f->resp_total.packets > 0 &&
	       (f->ip_proto != IPPROTO_TCP || f->established) && is_inside(&f->resp) &&
	       is_inside(&f->orig) && !is_service_of_gateway(site, f);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;

	if (addr_set_add(&s->peers, d->memory, &f->resp, MAX_PEERS) &&
		report_due(&s->next_report, cfg->min_peers, s->peers.count))
		report(d, s, f);
}

const struct detector detector_private_connection = {
	.name = "private_connection",
	.summary = "One host talks with others of the inside.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &private_peer, NULL },
	.wants = wants,
	.observe = observe,
};
