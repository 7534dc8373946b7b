/*
 * arp_unsolicited -- one host tells everybody by ARP what nobody asked.
 *
 * Replies to the broadcast address are counted, told at `min_replies` and then at each tenfold. Hosts
 * announce themselves like that after a start or when one takes over from another, and so does who
 * poisons a whole link; which of them it is, arp_mitm tells.
 *
 * Bounds: one counter a window.
 *
 * Source: detections §1.1.
 */
#include "detectors/detector.h"

#include <string.h>

enum { ARP_REPLY = 2 };

struct config {
	uint32_t min_replies;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_replies, 1, 1000000, 1, "replies",
		"ARP replies to everybody in one window that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind unsolicited = {
	.name = "UNSOLICITED_ARP",
	.signature_id = 5200021,
	.technique = "T1557.002",
	.unit = "replies",
	.title = "Unsolicited ARP reply",
};

struct state {
	uint64_t replies;
	uint64_t next_report;
};

static bool
wants(const struct site *site, const struct observation *o)
{
	static const struct mac everyone = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	const struct obs_arp *a = o->arp;

	(void)site;
	return o->role == ROLE_CLIENT && a->operation == ARP_REPLY &&
	       mac_equal(&a->eth_dst, &everyone) && mac_equal(&a->target_mac, &everyone) &&
	       mac_is_card(&a->eth_src) && mac_is_card(&a->sender_mac);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	char mac[MAC_TEXT_MAX];

	s->replies++;
	if (!report_due(&s->next_report, cfg->min_replies, s->replies))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &unsolicited,
			.threat = THREAT_LOW,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.observed = s->replies,
			.threshold = cfg->min_replies,
		},
		"broadcast %llu ARP repl%s that nobody had asked for, from %s",
		(unsigned long long)s->replies, s->replies == 1 ? "y" : "ies",
		mac_format(&o->arp->sender_mac, mac));
}

const struct detector detector_arp_unsolicited = {
	.name = "arp_unsolicited",
	.summary = "One host tells everybody by ARP what nobody asked.",
	.subscribes = OBS_BIT(OBS_ARP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &unsolicited, NULL },
	.wants = wants,
	.observe = observe,
};
