/*
 * no_dns -- a conversation with a host of the Internet that no answer of DNS had named.
 *
 * People and programs go by names; malware carries its masters' addresses. Looked at are conversations of
 * TCP that were seen from their first packet, with peers whom no answer named within the last 24 hours, to
 * whomever it was given, and none within `wait` after the beginning. Each peer is told once a window, as
 * information: programs with built-in addresses are many. What it adds is the aspect of the name.
 *
 * Only hosts are judged whose questions we hear: `min_answers` answers came to it before the conversation.
 * Who asks resolvers that we do not hear (MARK_RESOLVES_ELSEWHERE) is not for a day; nor who scans, or
 * talks with many peers: those learn addresses from each other. A name that the client gives the peer (SNI,
 * Host) excuses nothing: it is the client's word.
 *
 * The reference waits for half an hour after a live start. A detector cannot tell live from a file; the
 * answers before the conversation do the same for each host, and what was resolved is kept over restarts.
 *
 * Bounds: MAX_PENDING peers are waited for at once; while they are, further ones are not looked at.
 *
 * Not told apart: who remembers names for days; whose resolver's answers pass by another way.
 *
 * Source: detections §1.3.
 */
#include "detectors/detector.h"

#include "detectors/dns_name.h"

enum { MAX_PENDING = 16 };

struct config {
	uint32_t min_answers;
	uint64_t wait;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_answers, 1, 1000, 3, "answers",
		"Answers of DNS that a host must have had before it is expected to go by names."),
	CONFIG_DURATION(struct config, wait, NS_PER_S, 3600 * NS_PER_S, 15 * NS_PER_S,
		"Time after the beginning of a conversation in which an answer may still name the peer."),
	CONFIG_END,
};

static const struct evidence_kind without_dns = {
	.name = "CONNECTION_WITHOUT_DNS",
	.signature_id = 5200100,
	.technique = "T1071",
	.unit = "connections",
	.title = "Connection without DNS resolution",
	.aspect = ASPECT_NAME,
};

struct profile {
	uint32_t answers;
	uint64_t heard_ns;     /* when there were enough of them; 0: not yet */
	uint64_t elsewhere_ns; /* when it last asked a resolver that we do not hear */
};

struct pending {
	struct addr peer;
	uint64_t due_ns;
	uint16_t port;
	struct flow_uid uid;
};

struct state {
	struct pending *pending; /* in order of coming; NULL before the first */
	uint32_t count;
	bool wakes; /* a deadline was set */
};

/* Services that are found by a setting and not by a name: resolvers, clocks, virtual networks. */
static bool
is_set_by_address(uint16_t port)
{
	switch (port) {
	case DNS_PORT:
	case 123:  /* NTP */
	case 500:  /* IKE */
	case 853:  /* DNS over TLS */
	case 1194: /* OpenVPN */
	case 1701: /* L2TP */
	case 1723: /* PPTP */
	case 4460: /* NTS */
	case 4500: /* IPsec through NAT */
		return true;
	default:
		return false;
	}
}

static void
report(struct detect *d, const struct pending *p)
{
	char peer[ADDR_TEXT_MAX];

	evidence_raise(d,
		&(struct finding){
			.kind = &without_dns,
			.threat = THREAT_INFO,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.about = &p->peer,
			.port = p->port,
			.ip_proto = IPPROTO_TCP,
			.observed = 1,
			.threshold = 1,
			.object = addr_format(&p->peer, peer),
			.uids = &p->uid,
			.uid_count = 1,
		},
		"connected to %s port %u/tcp, which no answer of DNS had named", peer, p->port);
}

/* Nobody named it by now, and we would have heard it. */
static bool
is_nameless(const struct detect *d, const struct addr *peer, uint64_t now_ns)
{
	return !detect_marked(d, MARK_RESOLVES_ELSEWHERE) && !detect_marked(d, MARK_PORT_SCANNER) &&
	       !detect_marked(d, MARK_PEER_TO_PEER) && !site_is_resolved(d->site, peer, now_ns);
}

static void
await(struct detect *d, struct state *s, uint64_t due_ns)
{
	if (!s->wakes)
		s->wakes = detect_wake_at(d, due_ns, NULL);
}

static void
wake(struct detect *d, void *what, uint64_t now_ns, bool early)
{
	struct state *s = d->window_state;
	uint64_t next_ns = UINT64_MAX;
	uint32_t left = 0;

	(void)what;
	s->wakes = false;
	for (uint32_t i = 0; i < s->count && !early; i++) {
		struct pending p = s->pending[i];
		if (p.due_ns > now_ns) {
			s->pending[left++] = p;
			if (p.due_ns < next_ns)
				next_ns = p.due_ns;
		} else if (is_nameless(d, &p.peer, now_ns)) {
			report(d, &p);
		}
	}
	s->count = left;
	if (left > 0)
		await(d, s, next_ns);
}

static void
consider(struct detect *d, struct state *s, const struct obs_flow *f, uint64_t now_ns)
{
	const struct config *cfg = d->config;
	const struct pending p = {
		.peer = f->resp,
		.due_ns = f->start_ns + cfg->wait,
		.port = f->resp_port,
		.uid = f->uid,
	};

	if (!is_nameless(d, &f->resp, now_ns) || s->count == MAX_PENDING)
		return;
	if (s->pending == NULL)
		s->pending = arena_alloc(d->memory, MAX_PENDING * sizeof(*s->pending));
	if (s->pending == NULL || !detect_first_of_peer(d, &f->resp))
		return;
	if (p.due_ns <= now_ns) {
		report(d, &p);
		return;
	}
	s->pending[s->count++] = p;
	await(d, s, p.due_ns);
}

static void
hear(struct profile *p, const struct config *cfg, uint64_t now_ns)
{
	if (p->heard_ns == 0 && ++p->answers >= cfg->min_answers)
		p->heard_ns = now_ns;
}

static bool
wants_flow(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return f->ip_proto == IPPROTO_TCP && f->established && f->history[0] == 'S' &&
	       !is_set_by_address(f->resp_port) && addr_is_public(&f->resp) &&
	       !site_is_local(site, &f->resp) && !site_is_gateway(site, &f->resp);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	if (o->role != ROLE_CLIENT)
		return false;
	if (o->kind == OBS_DNS)
		return o->dns->answer_count > 0 && dns_is_of_server(o->dns);
	return wants_flow(site, o);
}

static void
observe(struct detect *d, const struct observation *o)
{
	struct profile *p = d->profile_state;

	if (o->kind == OBS_DNS) {
		hear(p, d->config, o->ts_ns);
		return;
	}
	if (detect_marked(d, MARK_RESOLVES_ELSEWHERE))
		p->elsewhere_ns = o->ts_ns;
	if (p->heard_ns == 0 || p->heard_ns > o->flow->start_ns ||
		(p->elsewhere_ns != 0 && o->ts_ns < p->elsewhere_ns + SITE_NAME_VALID_NS))
		return;
	consider(d, d->window_state, o->flow, o->ts_ns);
}

const struct detector detector_no_dns = {
	.name = "no_dns",
	.summary = "A conversation with a host of the Internet that no answer of DNS had named.",
	.subscribes = OBS_BIT(OBS_DNS) | OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.profile_state_size = sizeof(struct profile),
	.kinds = (const struct evidence_kind *const[]){ &without_dns, NULL },
	.wants = wants,
	.observe = observe,
	.wake = wake,
};
