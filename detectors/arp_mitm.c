/*
 * arp_mitm -- a network card claims by ARP the address of another host that is still there.
 *
 * Who poisons ARP caches sends replies that nobody asked for. Three signs, the weaker first.
 *
 * A card that bears one address claims another in such a reply, or claims it first and then shows its own.
 * A host with two addresses does so as well: middle level, or high when the reply was directed at one host
 * (the second order: middle).
 *
 * Such a reply takes an address from a card that used it within `alive`. A host with a new card, or a
 * standby router that takes over, does so once.
 *
 * And again, whenever the card that had the address first has used it in between (flip-flop). The `confirm`th
 * time is no fail-over any more. It convicts when the replies were directed: who takes over tells everybody.
 *
 * The address is the victim. Charged is the address that the card bears, when it is known, by a twin; else
 * the claimed address itself, since nobody else can be named.
 *
 * Bounds: a few counters a window. What the site knows of cards and questions is bounded there.
 *
 * Not seen: a reply that races the true one to a question; requests that poison; IPv6.
 *
 * Source: detections §1.1, §8 row 17; RFC 5227 on announcements.
 */
#include "detectors/detector.h"

enum { ARP_REPLY = 2 };

/* A claim is held against a card that shows its own address so long after it. */
#define CLAIM_MEMORY_NS (UINT64_C(600) * NS_PER_S)

struct config {
	uint32_t confirm;
	uint64_t alive;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, confirm, 2, 100, 3, "times",
		"Times that an address is taken from a card that goes on using it, to be sure."),
	CONFIG_DURATION(struct config, alive, NS_PER_S, 3600 * NS_PER_S, 60 * NS_PER_S,
		"Time after its last use of an address within which a card still has it."),
	CONFIG_END,
};

static const struct evidence_kind mitm = {
	.name = "MITM_ARP_ATTACK",
	.signature_id = 5200022,
	.technique = "T1557.002",
	.unit = "times",
	.title = "ARP man in the middle",
	.may_convict = true,
};

struct state {
	uint64_t takes, directed_takes; /* from a card that had it first and goes on using it */
	uint64_t last_take_ns;
	uint64_t next_report;
	bool claim_told, own_told;
};

/* How sure a sign makes us, and how much of it there was. */
struct sign {
	enum threat threat;
	double confidence;
	bool decisive;
	uint64_t observed, threshold;
};

/* Tell that the claimed address, whose window this is, was claimed by a card. */
static void
report(struct detect *d, const struct sign *sign, const struct mac *mac, const struct mac *former)
{
	const struct addr *owner = site_mac_owner(d->site, mac);
	char card[MAC_TEXT_MAX];
	char was[MAC_TEXT_MAX];
	char host[ADDR_TEXT_MAX];

	if (owner != NULL && addr_equal(owner, d->host))
		owner = NULL;
	struct finding f = {
		.kind = &mitm,
		.threat = sign->threat,
		.confidence = sign->confidence,
		.role = owner != NULL ? EVIDENCE_VICTIM : EVIDENCE_ATTACKER,
		.decisive = sign->decisive,
		.about = owner,
		.observed = sign->observed,
		.threshold = sign->threshold,
		.object = mac_format(mac, card),
	};
	evidence_raise(d, &f,
		"was claimed %llu time%s by the network card %s in ARP replies that nobody had asked for%s%s",
		(unsigned long long)sign->observed, sign->observed == 1 ? "" : "s", card,
		former != NULL ? ", while in use by " : "",
		former != NULL ? mac_format(former, was) : "");
	if (owner == NULL)
		return;
	f.role = EVIDENCE_ATTACKER;
	evidence_raise_twin(d, &f,
		"claimed the address of %s %llu time%s in ARP replies that nobody had asked for%s",
		addr_format(d->host, host), (unsigned long long)sign->observed,
		sign->observed == 1 ? "" : "s", former != NULL ? ", while it was in use" : "");
}

/* The former card had the address first, and has used it of late. */
static bool
is_taken(const struct detect *d, const struct site_claim *c, uint64_t now_ns)
{
	const struct config *cfg = d->config;

	return mac_is_card(&c->before.mac) && c->before.since_ns < c->now.since_ns &&
	       now_ns <= c->before.seen_ns + cfg->alive;
}

static void
take(struct detect *d, const struct site_claim *c, bool directed, uint64_t now_ns)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;

	if (s->takes > 0 && c->before.seen_ns <= s->last_take_ns)
		return; /* said again, but nobody has contradicted it */
	s->takes++;
	s->directed_takes += directed;
	s->last_take_ns = now_ns;
	bool sure = s->directed_takes == cfg->confirm;
	if (!report_due(&s->next_report, 1, s->takes) && !sure && s->takes != cfg->confirm)
		return;
	struct sign sign = { .threat = directed ? THREAT_HIGH : THREAT_MEDIUM,
		.confidence = 0.5,
		.observed = s->takes,
		.threshold = 1 };
	if (s->takes >= cfg->confirm)
		sign = (struct sign){ THREAT_HIGH, 0.8, false, s->takes, cfg->confirm };
	if (s->directed_takes >= cfg->confirm)
		sign = (struct sign){ THREAT_CRITICAL, 1, true, s->takes, cfg->confirm };
	report(d, &sign, &c->now.mac, &c->before.mac);
}

static void
claim(struct detect *d, const struct site_claim *c, const struct obs_arp *a, uint64_t now_ns)
{
	struct state *s = d->window_state;
	const struct addr *owner = site_mac_owner(d->site, &c->now.mac);
	bool directed = mac_is_card(&a->eth_dst);

	if (is_taken(d, c, now_ns)) {
		take(d, c, directed, now_ns);
		return;
	}
	if (s->claim_told || owner == NULL || addr_equal(owner, d->host))
		return;
	s->claim_told = true;
	report(d,
		&(struct sign){ .threat = directed ? THREAT_HIGH : THREAT_MEDIUM,
			.confidence = directed ? 0.5 : 0.4,
			.observed = 1,
			.threshold = 1 },
		&c->now.mac, NULL);
}

/* This host's card claimed another address a while ago, which was taken for its own. */
static void
show_own(struct detect *d, const struct obs_arp *a, uint64_t now_ns)
{
	struct state *s = d->window_state;
	const struct addr *claimed = site_mac_owner(d->site, &a->sender_mac);
	char text[ADDR_TEXT_MAX];
	char card[MAC_TEXT_MAX];

	if (s->own_told || claimed == NULL || addr_equal(claimed, d->host))
		return;
	const struct site_claim *c = site_claim_of(d->site, claimed);
	if (c == NULL || !mac_equal(&c->now.mac, &a->sender_mac) || c->now.unasked_ns == 0 ||
		now_ns > c->now.unasked_ns + CLAIM_MEMORY_NS)
		return;
	s->own_told = true;
	evidence_raise(d,
		&(struct finding){
			.kind = &mitm,
			.threat = THREAT_MEDIUM,
			.confidence = 0.5,
			.role = EVIDENCE_ATTACKER,
			.about = claimed,
			.observed = 1,
			.threshold = 1,
			.object = mac_format(&a->sender_mac, card),
		},
		"had claimed the address of %s in an ARP reply that nobody had asked for, from its network card %s",
		addr_format(claimed, text), card);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_arp *a = o->arp;
	const struct site_claim *c = site_claim_of(d->site, &a->sender);

	if (o->role != ROLE_CLIENT || c == NULL || !mac_equal(&c->now.mac, &a->sender_mac))
		return;
	if (a->operation == ARP_REPLY && c->now.unasked_ns == o->ts_ns)
		claim(d, c, a, o->ts_ns);
	else
		show_own(d, a, o->ts_ns);
}

const struct detector detector_arp_mitm = {
	.name = "arp_mitm",
	.summary = "A network card claims by ARP the address of another host.",
	.subscribes = OBS_BIT(OBS_ARP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &mitm, NULL },
	.observe = observe,
};
