/*
 * gre_tunnel -- a host keeps a GRE tunnel with somebody outside.
 *
 * GRE and PPTP carry whole packets past everything that looks at ports. We mention the other end once:
 * when packets were found inside what this host exchanges with it, both sides have sent, and together
 * at least `min_bytes`; and when that end is a public address. A tunnel between private addresses is
 * how sites are built, and ERSPAN is a switch that mirrors a port; neither is mentioned. Whichever side
 * began, the tunnel is of the private one; between two public ones, of the one that began.
 *
 * A log may tell tunnels and not what they carried (Zeek's, up to version 7). Then there is nothing to
 * measure: the word of the log is mentioned at once, with less confidence, and only for a private host,
 * since anybody on the Internet may send a public one GRE that nobody takes.
 *
 * Bounds: MAX_PEERS other ends of a host, for as long as it is remembered. Further ones go unseen.
 *
 * Not told apart: a tunnel that the site pays for and one that malware built. Hence the low level.
 *
 * Source: detections §1.2 (whose program accuses every GRE record that is not its first).
 */
#include "detectors/detector.h"

#include <stdio.h>

enum { MAX_PEERS = 64, PROTO_GRE = 47 };

struct config {
	uint64_t min_bytes;
};

static const struct config_item config_items[] = {
	CONFIG_SIZE(struct config, min_bytes, 100, UINT64_C(1) << 40, 10000,
		"Bytes of both sides from which a GRE tunnel is worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind tunnel = {
	.name = "GRE_TUNNEL",
	.signature_id = 5200041,
	.technique = "T1572",
	.unit = "bytes",
	.title = "GRE tunnel",
};

struct state {
	struct addr_set carriers; /* other ends with which packets in packets were exchanged */
	struct addr_set told;
};

/* The other end, if the tunnel is this host's and leaves the site; else NULL. */
static const struct addr *
peer_of(const struct observation *o, const struct obs_flow *f)
{
	bool is_client = o->role == ROLE_CLIENT;
	const struct addr *host = is_client ? &f->orig : &f->resp;
	const struct addr *peer = is_client ? &f->resp : &f->orig;

	if (f->ip_proto != PROTO_GRE || addr_is_private(peer) || !addr_is_scannable(peer))
		return NULL;
	return is_client || addr_is_private(host) ? peer : NULL;
}

static void
report(struct detect *d, const struct addr *peer, const struct obs_flow *f, struct finding finding,
	const char *did)
{
	char text[ADDR_TEXT_MAX];

	finding.kind = &tunnel;
	finding.threat = THREAT_LOW;
	finding.role = EVIDENCE_ATTACKER;
	finding.about = peer;
	finding.ip_proto = PROTO_GRE;
	finding.object = addr_format(peer, text);
	finding.uids = &f->uid;
	finding.uid_count = 1;
	evidence_raise(d, &finding, "%s %s through a GRE tunnel", did, text);
}

/* Did somebody tell the tunnel who does not tell what it carries? */
static bool
is_word_alone(const struct obs_flow *f)
{
	return f->orig_total.packets == 0 && f->resp_total.packets == 0;
}

static void
found(struct detect *d, const struct observation *o)
{
	const struct obs_tunnel *t = o->tunnel;
	const struct addr *peer = peer_of(o, t->flow);
	struct state *s = d->profile_state;

	if (peer == NULL || t->closed || (t->kind != TUNNEL_GRE && t->kind != TUNNEL_PPTP))
		return;
	(void)addr_set_add(&s->carriers, d->profile_memory, peer, MAX_PEERS);
	if (is_word_alone(t->flow) && addr_is_private(d->host) &&
		addr_set_add(&s->told, d->profile_memory, peer, MAX_PEERS))
		report(d, peer, t->flow, (struct finding){ .confidence = 0.2 },
			"spoke, as a log says, with");
}

static void
measured(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	const struct addr *peer = peer_of(o, f);
	struct state *s = d->profile_state;
	uint64_t bytes = f->orig_total.ip_bytes + f->resp_total.ip_bytes;
	char did[64];

	if (peer == NULL || f->orig_total.packets == 0 || f->resp_total.packets == 0 ||
		bytes < cfg->min_bytes || !addr_set_has(&s->carriers, peer) ||
		!addr_set_add(&s->told, d->profile_memory, peer, MAX_PEERS))
		return;
	(void)snprintf(did, sizeof(did), "exchanged %llu bytes with", (unsigned long long)bytes);
	report(d, peer, f,
		(struct finding){
			.confidence = 0.5, .observed = bytes, .threshold = cfg->min_bytes },
		did);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->kind == OBS_TUNNEL || o->flow->ip_proto == PROTO_GRE;
}

static void
observe(struct detect *d, const struct observation *o)
{
	if (o->kind == OBS_TUNNEL)
		found(d, o);
	else
		measured(d, o);
}

const struct detector detector_gre_tunnel = {
	.name = "gre_tunnel",
	.summary = "A host keeps a GRE tunnel with somebody outside.",
	.subscribes = OBS_BIT(OBS_TUNNEL) | OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.profile_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &tunnel, NULL },
	.wants = wants,
	.observe = observe,
};
