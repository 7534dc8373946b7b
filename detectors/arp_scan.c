/*
 * arp_scan -- one host asks who has many addresses of its link.
 *
 * Requests for `min_targets` distinct addresses within `span` are a scan. The span slides: kept are
 * the latest `min_targets` distinct targets in the order in which they were last asked for, and the
 * oldest of them tells whether all fit. From then on all targets of the window are counted, and the
 * finding comes `wait` later, since one that says 5 when it became 255 is of no use; the next at ten
 * times what was said. A wait that is cut short reports as well: what it waited for was not a proof
 * of innocence but the size of the scan, and the threshold had been met before it began.
 *
 * Requests that announce (target is sender), probe (sender 0.0.0.0, RFC 5227) or know the answer
 * already (target hardware address not zero, RFC 1122 §2.3.2.1) do not look for hosts.
 *
 * Bounds: `min_targets` entries, then MAX_TARGETS targets a window. Past it a sketch goes on counting
 * (about 0.8 % off).
 *
 * A window is judged by the `min_targets` with which it began, whatever a reload says later.
 *
 * Not told apart: a gateway asks for many hosts when somebody outside sweeps the network; hence the
 * low level.
 *
 * Source: detections §1.1 and §2.3; A1 (the span slides).
 */
#include "detectors/detector.h"

#include <string.h>

enum { ARP_REQUEST = 1, MAX_MIN_TARGETS = 64, MAX_TARGETS = 4096 };

struct config {
	uint32_t min_targets;
	uint64_t span;
	uint64_t wait;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_targets, 2, MAX_MIN_TARGETS, 5, "hosts",
		"Distinct addresses asked for within the span that make a scan."),
	CONFIG_DURATION(struct config, span, NS_PER_S, 3600 * NS_PER_S, 30 * NS_PER_S,
		"Time within which the addresses have to be asked for."),
	CONFIG_DURATION(struct config, wait, 0, 3600 * NS_PER_S, 10 * NS_PER_S,
		"Time to go on counting before a scan is reported."),
	CONFIG_END,
};

static const struct evidence_kind scan = {
	.name = "ARP_SCAN",
	.signature_id = 5200001,
	.technique = "T1018",
	.unit = "hosts",
	.title = "ARP scan",
};

struct sighting {
	struct addr target;
	uint64_t last_ns;
};

struct state {
	struct sighting *recent; /* newest first; room for `min_targets` */
	uint32_t recent_count;
	uint32_t min_targets; /* when the window began */
	bool is_scan;         /* the threshold was met: `targets` counts now */
	bool reported;        /* and the wait is over */
	struct addr_tally targets;
	uint64_t first_ns, last_ns; /* of the scan */
	uint64_t next_report;
};

static bool
looks_for_a_host(const struct observation *o)
{
	static const struct mac unknown = { { 0 } };
	const struct obs_arp *a = o->arp;

	return o->role == ROLE_CLIENT && a->operation == ARP_REQUEST &&
	       mac_equal(&a->target_mac, &unknown) && !addr_equal(&a->sender, &a->target) &&
	       !addr_is_unspecified(&a->sender);
}

/* Put the target in front; the one that was asked for longest ago falls off the end. */
static void
remember(struct state *s, const struct addr *target, uint64_t now_ns)
{
	uint32_t place = 0;

	while (place < s->recent_count && !addr_equal(&s->recent[place].target, target))
		place++;
	if (place == s->recent_count && s->recent_count < s->min_targets)
		s->recent_count++;
	if (place == s->min_targets)
		place--;
	memmove(&s->recent[1], &s->recent[0], place * sizeof(s->recent[0]));
	s->recent[0] = (struct sighting){ .target = *target, .last_ns = now_ns };
}

static void
report(struct detect *d, struct state *s)
{
	char span[32];
	struct strbuf span_text;
	/* Without memory for the set, what met the threshold is still true. */
	uint64_t count = s->targets.count < s->min_targets ? s->min_targets : s->targets.count;

	if (!report_due(&s->next_report, count, count))
		return;
	strbuf_init(&span_text, span, sizeof(span));
	time_text_length(&span_text, s->last_ns - s->first_ns);
	evidence_raise(d,
		&(struct finding){
			.kind = &scan,
			.threat = THREAT_LOW,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.observed = count,
			.threshold = s->min_targets,
		},
		"asked for %s%llu addresses by ARP within %s",
		addr_tally_is_estimate(&s->targets) ? "about " : "", (unsigned long long)count,
		span);
}

static bool
target_add(struct detect *d, struct state *s, const struct addr *target)
{
	const struct addr_tally_room room = {
		.memory = d->memory,
		.sketch_key = d->sketch_key,
		.few_max = MAX_TARGETS,
		.may_sketch = true,
	};

	return addr_tally_add(&s->targets, &room, target);
}

static void
begin(struct detect *d, struct state *s, uint64_t now_ns)
{
	const struct config *cfg = d->config;

	s->is_scan = true;
	s->first_ns = s->last_ns = now_ns;
	for (uint32_t i = 0; i < s->recent_count; i++) {
		const struct sighting *seen = &s->recent[i];
		(void)target_add(d, s, &seen->target);
		if (seen->last_ns < s->first_ns)
			s->first_ns = seen->last_ns;
		if (seen->last_ns > s->last_ns) /* frames may come out of order */
			s->last_ns = seen->last_ns;
	}
	if (detect_wake_at(d, now_ns + cfg->wait, NULL))
		return;
	s->reported = true;
	report(d, s);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;

	if (!looks_for_a_host(o))
		return;
	if (s->is_scan) {
		bool added = target_add(d, s, &o->arp->target);
		if (o->ts_ns > s->last_ns)
			s->last_ns = o->ts_ns;
		if (added && s->reported)
			report(d, s);
		return;
	}
	if (s->recent == NULL) {
		s->min_targets = cfg->min_targets;
		s->recent = arena_alloc(d->memory, s->min_targets * sizeof(*s->recent));
	}
	if (s->recent == NULL)
		return;
	remember(s, &o->arp->target, o->ts_ns);
	if (s->recent_count == s->min_targets &&
		o->ts_ns <= s->recent[s->recent_count - 1].last_ns + cfg->span)
		begin(d, s, o->ts_ns);
}

static void
wake(struct detect *d, void *what, uint64_t now_ns, bool early)
{
	struct state *s = d->window_state;

	(void)what;
	(void)now_ns;
	(void)early; /* see the top: the threshold was met */
	s->reported = true;
	report(d, s);
}

const struct detector detector_arp_scan = {
	.name = "arp_scan",
	.summary = "One host asks who has many addresses of its link.",
	.subscribes = OBS_BIT(OBS_ARP),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &scan, NULL },
	.observe = observe,
	.wake = wake,
};
