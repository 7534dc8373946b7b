/*
 * different_localnet -- a conversation crosses between our network and a private one that is not ours.
 *
 * A private address (RFC 1918) outside of the local networks is somebody else's: a second network that was
 * forgotten, a tunnel, a route that leaks, or an address that was made up. Two cases. Our host opens a
 * conversation to such an address: the stranger is charged in the reference, so our host is the victim
 * here, and nothing is added to its account (detections A39). Such an address opens one to us: it is
 * charged itself. Both are of the low level, where the reference has the first at high: each video call
 * tries the private addresses of the other side. Distinct peers are counted for each case, told at `min_peers` and
 * then at each tenfold.
 *
 * One end must be ours, or the source be public: traffic between two foreign networks passes by. As long
 * as no network is known nothing is foreign. DNS is left to the detector of rogue resolvers.
 *
 * Bounds: MAX_PEERS addresses a window and case; past them the count stands still.
 *
 * Not told apart: a company with many private networks, whose sensor knows of one. `home_network` over
 * files, the addresses of the interfaces live, say what is local.
 *
 * Source: detections §1.3; A8, A20.
 */
#include "detectors/detector.h"

#include <stdio.h>
#include <string.h>

enum { MAX_PEERS = 4096, DNS_PORT = 53 };

#define V4_PREFIX 96U

struct config {
	uint32_t min_peers;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_peers, 1, MAX_PEERS, 1, "hosts",
		"Distinct peers across the border of the local network, in one window, that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind different = {
	.name = "DIFFERENT_LOCALNET",
	.signature_id = 5200025,
	.technique = "T1599",
	.unit = "hosts",
	.title = "Private address outside of the local network",
};

struct crossing {
	struct addr_set peers;
	uint64_t next_report;
};

struct state {
	struct crossing out, in;
};

static bool
is_foreign(const struct site *site, const struct addr *a)
{
	return addr_is_v4(a) && addr_is_private(a) && !site_is_local(site, a);
}

static char *
network_format(const struct cidr *net, char text[ADDR_TEXT_MAX + 4])
{
	size_t length = strlen(addr_format(&net->base, text));

	(void)snprintf(text + length, 5, "/%u",
		net->prefix_len - (addr_is_v4(&net->base) ? V4_PREFIX : 0U));
	return text;
}

static void
report(struct detect *d, const struct crossing *c, bool outwards, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	char peer[ADDR_TEXT_MAX];
	char net[ADDR_TEXT_MAX + 4];

	evidence_raise(d,
		&(struct finding){
			.kind = &different,
			.threat = THREAT_LOW,
			.confidence = 1,
			.role = outwards ? EVIDENCE_VICTIM : EVIDENCE_ATTACKER,
			.observed = c->peers.count,
			.threshold = cfg->min_peers,
			.object = outwards ? "to" : "from",
			.uids = &f->uid,
			.uid_count = 1,
		},
		outwards
			? "connected to %u private address%s outside of the local network %s, last to %s"
			: "connected to %u address%s from outside of the local network %s, last to %s",
		c->peers.count, c->peers.count == 1 ? "" : "es",
		network_format(site_local_network(d->site), net), addr_format(&f->resp, peer));
}

/* Whoever came in from the Internet was seen to: in the middle of a conversation it may be the answer. */
static bool
comes_in(const struct obs_flow *f)
{
	return addr_is_public(&f->orig) && f->ip_proto == IPPROTO_TCP && f->state != CONN_OTH;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	/* A flood of forged sources is one event, and syn_flood's. */
	if (handshake_hangs(f) && !site_is_local(site, &f->orig))
		return false;
	if (o->role != ROLE_CLIENT || (f->ip_proto == IPPROTO_UDP && f->resp_port == DNS_PORT) ||
		site_local_network(site) == NULL)
		return false;
	if (is_foreign(site, &f->resp))
		return addr_is_private(&f->orig) ? !is_foreign(site, &f->orig) : comes_in(f);
	return addr_is_private(&f->resp) && is_foreign(site, &f->orig);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;

	bool outwards = is_foreign(d->site, &f->resp);
	struct crossing *c = outwards ? &s->out : &s->in;
	if (addr_set_add(&c->peers, d->memory, &f->resp, MAX_PEERS) &&
		report_due(&c->next_report, cfg->min_peers, c->peers.count))
		report(d, c, outwards, f);
}

const struct detector detector_different_localnet = {
	.name = "different_localnet",
	.summary = "A conversation crosses between our network and a private one that is not ours.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &different, NULL },
	.wants = wants,
	.observe = observe,
};
