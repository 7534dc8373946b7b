/*
 * gre_scan -- one host tries who takes GRE from strangers.
 *
 * Routers and firewalls that unpack GRE from anybody let a stranger speak from inside, and are found by
 * sending some to many addresses. A tunnel is kept with one or a few ends that answer; a scan is GRE to
 * many addresses inside one window of which none answers in GRE. A finding comes at `min_targets` and
 * then with each tenfold. That a tunnel is used, or that one end is silent, accuses nobody.
 *
 * As with ports, an attempt that was over only because the capture ended, or the flow table was full, is
 * worth half, and addresses that DNS has named within a day do not count.
 *
 * Bounds: MAX_TARGETS addresses a window. Past them, or without memory, the count stands still.
 *
 * Not seen: scans slower than `min_targets` hosts a window; those that ask in plain IP in IP; what the
 * unpacked packets reach behind the router.
 *
 * Source: detections §1.2 (whose program calls every GRE tunnel that begins a scan).
 */
#include "detectors/detector.h"

enum { MAX_TARGETS = 4096, PROTO_GRE = 47 };

struct config {
	uint32_t min_targets;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_targets, 3, MAX_TARGETS, 10, "hosts",
		"Distinct hosts that were sent GRE and did not answer, in one window, that make a scan."),
	CONFIG_END,
};

static const struct evidence_kind scan = {
	.name = "GRE_SCAN",
	.signature_id = 5200040,
	.technique = "T1046",
	.unit = "hosts",
	.title = "GRE scan",
};

struct state {
	struct addr_set targets;
	uint32_t cut_short; /* targets whose attempt was not given its time */
	uint64_t next_report;
	struct proof *proof; /* from the second target on */
};

/* An attempt: nobody answered, and nobody had named the address. */
static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return f->ip_proto == PROTO_GRE && o->role == ROLE_CLIENT && f->resp_total.packets == 0 &&
	       addr_is_scannable(&f->orig) && addr_is_scannable(&f->resp) &&
	       !site_is_resolved(site, &f->resp, o->ts_ns);
}

/* Half sure of ten targets, certain of a hundred. */
static double
confidence_of(uint32_t targets)
{
	return targets >= 100 ? 1.0 : 0.5 + (double)targets / 200.0;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;

	if (!addr_set_add(&s->targets, d->memory, &o->flow->resp, MAX_TARGETS))
		return;
	s->cut_short += attempt_was_cut_short(o->flow);
	if (s->proof == NULL && s->targets.count > 1)
		s->proof = arena_alloc(d->memory, sizeof(*s->proof));
	if (s->proof != NULL)
		proof_add(s->proof, &o->flow->uid);
	uint32_t weight = s->targets.count - (s->cut_short + 1) / 2;
	if (!report_due(&s->next_report, cfg->min_targets, weight))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &scan,
			.threat = THREAT_MEDIUM,
			.confidence = confidence_of(s->targets.count),
			.role = EVIDENCE_ATTACKER,
			.ip_proto = PROTO_GRE,
			.observed = s->targets.count,
			.threshold = cfg->min_targets,
			.uids = s->proof == NULL ? NULL : s->proof->uids,
			.uid_count = s->proof == NULL ? 0 : proof_count(s->proof),
		},
		"sent GRE to %u hosts, none of which answered", s->targets.count);
}

const struct detector detector_gre_scan = {
	.name = "gre_scan",
	.summary = "One host tries who takes GRE from strangers.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &scan, NULL },
	.wants = wants,
	.observe = observe,
};
