/*
 * changing_ip -- a network card appears with another IPv4 address than the one it bears.
 *
 * When a host begins a conversation, its card is compared with what the site knows of the card.
 * A lease that changed, a second address on one card, and somebody who takes an address that is not his
 * look the same; hence once a host, at the middle level.
 *
 * Nothing follows where the card is not known, is the gateway's, sends as three addresses (a router, a
 * host of virtual machines), bore its address a day ago or longer, or where either address is link-local:
 * that is a host without a lease. Both addresses have to be in networks of ours: a router between private
 * networks sends as the hosts behind it.
 *
 * Bounds: one bit a host.
 *
 * Source: detections §1.3.
 */
#include "detectors/detector.h"

static const struct config_item config_items[] = {
	CONFIG_END, /* nothing to set: it is on or off */
};

static const struct evidence_kind changing = {
	.name = "DEVICE_CHANGING_IP",
	.signature_id = 5200026,
	.technique = "T1557.002",
	.unit = "addresses",
	.title = "Device with another address than before",
};

struct state {
	bool told;
};

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	if (o->role != ROLE_CLIENT || !f->has_macs || !addr_is_v4(&f->orig) ||
		!addr_is_private(&f->orig))
		return false;
	const struct addr *owner = site_mac_owner(site, &f->orig_mac);
	return owner != NULL && !addr_equal(owner, &f->orig) && site_is_local(site, owner) &&
	       site_is_local(site, &f->orig);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_flow *f = o->flow;
	struct state *s = d->profile_state;
	char mac[MAC_TEXT_MAX];
	char former[ADDR_TEXT_MAX];

	const struct addr *owner = site_mac_owner(d->site, &f->orig_mac);

	if (s->told)
		return;
	s->told = true;
	evidence_raise(d,
		&(struct finding){
			.kind = &changing,
			.threat = THREAT_MEDIUM,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.about = owner,
			.observed = 2,
			.threshold = 2,
			.object = mac_format(&f->orig_mac, mac),
			.uids = &f->uid,
			.uid_count = 1,
		},
		"used the network card %s, which had been that of %s", mac,
		addr_format(owner, former));
}

const struct detector detector_changing_ip = {
	.name = "changing_ip",
	.summary = "A network card appears with another IPv4 address than the one it bears.",
	.subscribes = OBS_BIT(OBS_FLOW_START),
	.config = config_items,
	.profile_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &changing, NULL },
	.wants = wants,
	.observe = observe,
};
