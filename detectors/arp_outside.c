/*
 * arp_outside -- one host asks its link for addresses that cannot be on it.
 *
 * ARP finds neighbours. A question for an address that is in none of the private networks, in none of
 * ours, and whose first byte is not even that of the asker comes from a wrong mask, a wrong gateway, or
 * a program that sends ARP for the whole Internet. Distinct addresses of a window are counted, told at
 * `min_targets` and then at each tenfold.
 *
 * Probes (sender 0.0.0.0, RFC 5227), announcements (target is sender), link-local addresses (which are
 * everywhere) and multicast say nothing about networks.
 *
 * Bounds: MAX_TARGETS addresses a window; past them the count stands still.
 *
 * Not told apart: two networks of public addresses on one wire; hence the low level.
 *
 * Source: detections §1.1.
 */
#include "detectors/detector.h"

enum { ARP_REQUEST = 1, MAX_TARGETS = 4096, V4_AT = 12 };

struct config {
	uint32_t min_targets;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_targets, 1, MAX_TARGETS, 1, "hosts",
		"Distinct addresses outside of the local networks, asked for by ARP, that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind outside = {
	.name = "ARP_OUTSIDE_LOCALNET",
	.signature_id = 5200020,
	.technique = "T1018",
	.unit = "hosts",
	.title = "ARP for an address outside of the local networks",
};

struct state {
	struct addr_set targets;
	uint64_t next_report;
};

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_arp *a = o->arp;

	if (o->role != ROLE_CLIENT || a->operation != ARP_REQUEST ||
		addr_is_unspecified(&a->sender) || addr_equal(&a->sender, &a->target) ||
		!addr_is_scannable(&a->target) || addr_is_private(&a->target))
		return false;
	return a->sender.byte[V4_AT] != a->target.byte[V4_AT] && !site_is_local(site, &a->target);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	char target[ADDR_TEXT_MAX];

	if (!addr_set_add(&s->targets, d->memory, &o->arp->target, MAX_TARGETS) ||
		!report_due(&s->next_report, cfg->min_targets, s->targets.count))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &outside,
			.threat = THREAT_LOW,
			.confidence = 0.6,
			.role = EVIDENCE_ATTACKER,
			.observed = s->targets.count,
			.threshold = cfg->min_targets,
		},
		"asked by ARP for %u address%s outside of the local networks, last for %s",
		s->targets.count, s->targets.count == 1 ? "" : "es",
		addr_format(&o->arp->target, target));
}

const struct detector detector_arp_outside = {
	.name = "arp_outside",
	.summary = "One host asks its link for addresses that cannot be on it.",
	.subscribes = OBS_BIT(OBS_ARP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &outside, NULL },
	.wants = wants,
	.observe = observe,
};
