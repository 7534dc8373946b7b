/*
 * dhcp_scan -- one network card asks DHCP for many addresses.
 *
 * A device asks for the address that it had, and takes what it is given. Who asks for one address after the
 * other explores which are free, or takes them away from others. Counted are the different addresses that one
 * card asked for within `span` of the first; told at `min_addresses` and whenever as many more were added.
 *
 * Who asks mostly has no address yet, so the whole site is looked at, and cards are told apart by what the
 * messages say of them. Charged is the host by the address it asks from, else by the one that its card bears,
 * else by the one it was given. A card of which none of these is known cannot be charged, and is told with its
 * next question, once one is.
 *
 * Bounds: CLIENTS cards, of which who asked for the fewest addresses makes room; so a flood of cards that ask
 * once drives out nobody who asks often. MAX_ADDRS addresses of each.
 *
 * Not told apart: a device that is carried through many networks within the hour, and asks in each for the
 * address of the one before.
 *
 * Source: detections §1.3, §2.1.
 */
#include "detectors/detector.h"

#include "daemon/transactions/dhcp.h"

enum { CLIENTS = 64, MAX_ADDRS = 50 };

struct config {
	uint32_t min_addresses;
	uint64_t span;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_addresses, 2, MAX_ADDRS, 4, "addresses",
		"Different addresses that one network card asks for within `span` that are a scan."),
	CONFIG_DURATION(struct config, span, NS_PER_S, 86400 * NS_PER_S, 3600 * NS_PER_S,
		"Time within which they are asked for."),
	CONFIG_END,
};

static const struct evidence_kind scan = {
	.name = "DHCP_SCAN",
	.signature_id = 5200107,
	.technique = "T1557.003",
	.unit = "addresses",
	.title = "Many addresses asked for by DHCP",
};

/* A card, from the first address that it asked for; all zero: none. */
struct client {
	struct mac mac;
	uint8_t count;
	uint64_t began_ns;
	uint64_t told; /* how many there were when it was told last */
	struct addr assigned;
	struct proof proof;
	uint64_t addrs[MAX_ADDRS]; /* their hashes */
};

struct state {
	struct client clients[CLIENTS];
};

/* What would be lost with a card. */
static uint8_t
worth(const struct client *c, uint64_t now_ns, uint64_t span_ns)
{
	return now_ns >= c->began_ns + span_ns ? 0 : c->count;
}

/* The card, or the place of the one that makes room for it. */
static struct client *
client_of(struct state *s, const struct mac *mac, uint64_t now_ns, uint64_t span_ns)
{
	struct client *least = &s->clients[0];

	for (struct client *c = s->clients; c < s->clients + CLIENTS; c++) {
		uint8_t mine = worth(c, now_ns, span_ns);
		uint8_t lowest = worth(least, now_ns, span_ns);
		if (mine > 0 && mac_equal(&c->mac, mac))
			return c;
		if (mine < lowest || (mine == lowest && c->began_ns < least->began_ns))
			least = c;
	}
	*least = (struct client){ .mac = *mac, .began_ns = now_ns };
	return least;
}

/* returns whether it is the first time that the card asks for this address */
static bool
add(struct client *c, uint64_t hash)
{
	for (uint8_t i = 0; i < c->count; i++)
		if (c->addrs[i] == hash)
			return false;
	if (c->count == MAX_ADDRS)
		return false;
	c->addrs[c->count++] = hash;
	return true;
}

/* By which address the card is known; NULL: by none. */
static const struct addr *
host_of(const struct site *site, const struct client *c, const struct obs_dhcp *dhcp)
{
	bool is_relayed = !addr_is_unspecified(&dhcp->giaddr);

	if (!is_relayed && !addr_is_unspecified(&dhcp->client_addr))
		return &dhcp->client_addr;
	const struct addr *owner = site_mac_owner(site, &c->mac);
	if (owner != NULL)
		return owner;
	return addr_is_unspecified(&c->assigned) ? NULL : &c->assigned;
}

static void
report(struct detect *d, struct client *c, const struct obs_dhcp *dhcp)
{
	const struct config *cfg = d->config;
	const struct addr *host = host_of(d->site, c, dhcp);
	char mac[MAC_TEXT_MAX];
	char last[ADDR_TEXT_MAX];

	if (host == NULL)
		return;
	c->told = c->count;
	(void)evidence_raise_on(d, host,
		&(struct finding){
			.kind = &scan,
			.threat = THREAT_MEDIUM,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.observed = c->count,
			.threshold = cfg->min_addresses,
			.object = mac_format(&c->mac, mac),
			.uids = c->proof.uids,
			.uid_count = proof_count(&c->proof),
		},
		"asked DHCP for %u different addresses for the network card %s, last for %s",
		c->count, mac, addr_format(&dhcp->requested_addr, last));
}

static void
observe_site(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_dhcp *dhcp = o->dhcp;
	struct mac mac;

	if (addr_is_unspecified(&dhcp->requested_addr) || dhcp->mac == NULL ||
		!mac_parse(dhcp->mac, &mac))
		return;
	struct client *c = client_of(d->site_state, &mac, o->ts_ns, cfg->span);
	if (!addr_is_unspecified(&dhcp->assigned_addr))
		c->assigned = dhcp->assigned_addr;
	if (!add(c, hash_words(d->hash_key, dhcp->requested_addr.byte, 2)))
		return;
	if (o->talk != NULL)
		proof_add(&c->proof, &o->talk->uid);
	if (c->count >= c->told + cfg->min_addresses)
		report(d, c, dhcp);
}

const struct detector detector_dhcp_scan = {
	.name = "dhcp_scan",
	.summary = "One network card asks DHCP for many addresses.",
	.subscribes = OBS_BIT(OBS_DHCP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.site_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &scan, NULL },
	.observe_site = observe_site,
};
