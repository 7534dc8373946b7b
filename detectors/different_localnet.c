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
 * as no network is known nothing is foreign.
 *
 * DNS over UDP is judged by what is asked instead: a company's resolver is often in another of its networks.
 * The first such resolver that has given our host `min_answers` answers is taken for its own, for as long as
 * the host is known. Another one is told once a window, and so is one that does not answer; our host is the
 * victim of it. Those that answer are only counted until its own is known.
 *
 * Bounds: MAX_PEERS addresses a window and case; past them the count stands still. CANDIDATES resolvers a host
 * until its own is known; further ones are not counted.
 *
 * Not told apart: a company with many private networks, whose sensor knows of one. `home_network` over
 * files, the addresses of the interfaces live, say what is local. A second resolver of the company's.
 *
 * Source: detections §1.3; A8, A20.
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

#include <stdio.h>
#include <string.h>

enum { MAX_PEERS = 4096, CANDIDATES = 4 };

#define V4_PREFIX 96U

struct config {
	uint32_t min_peers;
	uint32_t min_answers;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_peers, 1, MAX_PEERS, 1, "hosts",
		"Distinct peers across the border of the local network, in one window, that are worth a mention."),
	CONFIG_U32(struct config, min_answers, 1, 1000, 5, "answers",
		"Answers after which a private resolver outside of the local network is taken for a host's own."),
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
	uint32_t resolvers; /* told */
};

/* A private resolver outside of the local network that has answered the host. */
struct resolver {
	struct addr addr;
	uint32_t answers; /* 0: none */
};

struct profile {
	struct resolver resolvers[CANDIDATES]; /* once one is the host's own: that one, and first */
	bool has_own;
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

static void
report_resolver(struct detect *d, const struct observation *o)
{
	const struct addr *server = &o->dns->server;
	struct state *s = d->window_state;
	char resolver[ADDR_TEXT_MAX];
	char net[ADDR_TEXT_MAX + 4];

	s->resolvers++;
	evidence_raise(d,
		&(struct finding){
			.kind = &different,
			.threat = THREAT_LOW,
			.confidence = 1,
			.role = EVIDENCE_VICTIM,
			.about = server,
			.port = DNS_PORT,
			.ip_proto = IPPROTO_UDP,
			.observed = s->resolvers,
			.threshold = 1,
			.object = addr_format(server, resolver),
			.uids = &o->talk->uid,
			.uid_count = 1,
		},
		"asked %s, a resolver outside of the local network %s", resolver,
		network_format(site_local_network(d->site), net));
}

/* A resolver has answered: it may be the host's own. */
static void
count_answer(struct profile *p, const struct addr *server, uint32_t min_answers)
{
	for (struct resolver *r = p->resolvers; r < p->resolvers + CANDIDATES; r++) {
		if (r->answers > 0 && !addr_equal(&r->addr, server))
			continue;
		r->addr = *server;
		if (++r->answers >= min_answers) {
			p->resolvers[0] = *r;
			p->has_own = true;
		}
		return;
	}
}

static void
ask(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct addr *server = &o->dns->server;
	struct profile *p = d->profile_state;

	if (p->has_own && addr_equal(&p->resolvers[0].addr, server))
		return;
	if (!p->has_own && dns_is_answered(o->dns))
		count_answer(p, server, cfg->min_answers);
	else if (detect_first_of_peer(d, server))
		report_resolver(d, o);
}

/* Whoever came in from the Internet was seen to: in the middle of a conversation it may be the answer. */
static bool
comes_in(const struct obs_flow *f)
{
	return addr_is_public(&f->orig) && f->ip_proto == IPPROTO_TCP && f->state != CONN_OTH;
}

static bool
wants_flow(const struct site *site, const struct obs_flow *f)
{
	/* A flood of forged sources is one event, and syn_flood's. */
	if (handshake_hangs(f) && !site_is_local(site, &f->orig))
		return false;
	if (f->ip_proto == IPPROTO_UDP && f->resp_port == DNS_PORT)
		return false;
	if (is_foreign(site, &f->resp))
		return addr_is_private(&f->orig) ? !is_foreign(site, &f->orig) : comes_in(f);
	return addr_is_private(&f->resp) && is_foreign(site, &f->orig);
}

static bool
wants_dns(const struct site *site, const struct observation *o)
{
	const struct obs_dns *dns = o->dns;

	return is_foreign(site, &dns->server) && addr_is_private(&dns->client) &&
	       !is_foreign(site, &dns->client) && o->talk != NULL &&
	       o->talk->resp_port == DNS_PORT && o->talk->ip_proto == IPPROTO_UDP;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	if (o->role != ROLE_CLIENT || site_local_network(site) == NULL)
		return false;
	return o->kind == OBS_DNS ? wants_dns(site, o) : wants_flow(site, o->flow);
}

static void
cross(struct detect *d, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;

	bool outwards = is_foreign(d->site, &f->resp);
	struct crossing *c = outwards ? &s->out : &s->in;
	if (addr_set_add(&c->peers, d->memory, &f->resp, MAX_PEERS) &&
		report_due(&c->next_report, cfg->min_peers, c->peers.count))
		report(d, c, outwards, f);
}

static void
observe(struct detect *d, const struct observation *o)
{
	if (o->kind == OBS_DNS)
		ask(d, o);
	else
		cross(d, o->flow);
}

const struct detector detector_different_localnet = {
	.name = "different_localnet",
	.summary = "A conversation crosses between our network and a private one that is not ours.",
	.subscribes = OBS_BIT(OBS_FLOW_END) | OBS_BIT(OBS_DNS),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.profile_state_size = sizeof(struct profile),
	.kinds = (const struct evidence_kind *const[]){ &different, NULL },
	.wants = wants,
	.observe = observe,
};
