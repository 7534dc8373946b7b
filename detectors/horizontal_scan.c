/*
 * horizontal_scan -- one host knocks on the same port of many hosts.
 *
 * A scan is many conversations to distinct addresses on one port of one protocol, inside one
 * window, that were never established. Established ones do not count: a browser also opens hundreds
 * of conversations to port 443. Nor do addresses that DNS has named within a day: who scans does
 * not resolve names first, and a dead web site is retried by everyone. A finding comes at
 * `min_targets` and then with each tenfold, so that a sweep of a /16 is a handful of findings.
 *
 * A flow that is over because the capture ended, or because the flow table was full, less than five
 * seconds after its start and still unanswered, is an attempt whose answer may have been on its way.
 * It is worth half: nobody is accused because the capture ended in the middle of ten handshakes,
 * but a sweep of twenty hosts in the last second of a capture is seen, and so is one that fills the
 * flow table. An attempt that was repeated for longer than that is worth all.
 *
 * Bounds: MAX_PORTS ports a window; MAX_TARGETS targets a port, MAX_TARGETS_ALL together, that are
 * known one by one. Past these a sketch of the port goes on counting (about 0.8 % off), of
 * MAX_SKETCHES ports a window. Past these, or without memory, counts stop growing.
 *
 * Answers of devices to searches for services do not count, or a printer that answers ten hosts on one
 * port scans them.
 *
 * Not seen: sweeps slower than `min_targets` hosts a window; scans whose targets answer; sweeps of
 * private networks that pretend to be such answers, of UDP ports from 1024 on only.
 *
 * Source: detections §1.2 and §2.1; A16 (a minimum of 5 can be set), A45 (counts die with their
 * window).
 */
#include "detectors/detector.h"

#include <stdio.h>

enum { MAX_PORTS = 1024, MAX_TARGETS = 4096, MAX_TARGETS_ALL = 8192, MAX_SKETCHES = 8 };

struct config {
	uint32_t min_targets;
	uint32_t convict_targets;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_targets, 5, MAX_TARGETS, 10, "hosts",
		"Distinct hosts on one port, none of them established, that make a scan."),
	CONFIG_U32(struct config, convict_targets, 10, MAX_TARGETS, 100, "hosts",
		"Distinct hosts from which a scan is an alert by itself."),
	CONFIG_END,
};

static const struct evidence_kind scan = {
	.name = "HORIZONTAL_PORT_SCAN",
	.signature_id = 5200005,
	.technique = "T1046",
	.unit = "hosts",
	.title = "Horizontal port scan",
	.may_convict = true,
};

struct port_key {
	uint16_t number;
	uint8_t ip_proto;
	uint8_t pad[5];
};

struct port {
	struct port_key key;
	struct addr_tally targets;
	uint64_t cut_short; /* targets whose attempt was not given its time */
	bool convicted;
	uint64_t packets; /* both ways */
	uint64_t next_report;
	struct proof *proof; /* from the second target on: most ports have one, and 160 B each */
};

static const struct arena_map_shape port_shape = {
	.item_size = sizeof(struct port),
	.key_size = sizeof(struct port_key),
	.capacity = MAX_PORTS,
};

struct state {
	struct arena_map ports;
	uint32_t targets;  /* of all ports, that are known one by one */
	uint32_t sketches; /* ports that have one */
};

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return o->role == ROLE_CLIENT && !f->established && !f->flipped &&
	       (f->ip_proto == IPPROTO_TCP || f->ip_proto == IPPROTO_UDP) && f->resp_port != 0 &&
	       !is_answer_to_search(f) && addr_is_scannable(&f->orig) &&
	       addr_is_scannable(&f->resp) && !site_is_resolved(site, &f->resp, o->ts_ns);
}

/* returns whether there are more targets than before */
static bool
target_add(struct detect *d, struct port *p, const struct addr *target)
{
	struct state *s = d->window_state;
	const struct addr_tally_room room = {
		.memory = d->memory,
		.sketch_key = d->sketch_key,
		.few_max = s->targets < MAX_TARGETS_ALL ? MAX_TARGETS : 0,
		.may_sketch = s->sketches < MAX_SKETCHES,
	};
	bool had_sketch = addr_tally_is_estimate(&p->targets);
	uint32_t few = p->targets.few.count;
	bool grew = addr_tally_add(&p->targets, &room, target);

	s->targets += p->targets.few.count - few;
	s->sketches += addr_tally_is_estimate(&p->targets) && !had_sketch;
	return grew;
}

/* Take the attempt down. returns true when its target is new */
static bool
attempt_add(struct detect *d, struct port *p, const struct obs_flow *f)
{
	uint64_t before = p->targets.count;

	p->packets += f->orig_total.packets + f->resp_total.packets;
	bool added = target_add(d, p, &f->resp);
	if (attempt_was_cut_short(f))
		p->cut_short += p->targets.count - before;
	if (p->proof == NULL && p->targets.count > 1)
		p->proof = arena_alloc(d->memory, sizeof(*p->proof));
	if (p->proof != NULL)
		proof_add(p->proof, &f->uid);
	return added;
}

/* One packet a target is already certain of ten targets; without packet counts it is a guess. */
static double
confidence_of(uint64_t packets)
{
	if (packets > 10)
		return 1.0;
	return packets == 0 ? 0.3 : (double)packets / 10.0;
}

static void
report(struct detect *d, const struct port *p)
{
	const struct config *cfg = d->config;
	const char *protocol = p->key.ip_proto == IPPROTO_TCP ? "tcp" : "udp";
	char object[sizeof("65535/tcp")];

	(void)snprintf(object, sizeof(object), "%u/%s", p->key.number, protocol);
	detect_mark(d, MARK_PORT_SCANNER);
	evidence_raise(d,
		&(struct finding){
			.kind = &scan,
			.threat = THREAT_HIGH,
			.confidence = confidence_of(p->packets),
			.role = EVIDENCE_ATTACKER,
			.decisive = p->convicted,
			.port = p->key.number,
			.ip_proto = p->key.ip_proto,
			.observed = p->targets.count,
			.threshold = cfg->min_targets,
			.object = object,
			.uids = p->proof == NULL ? NULL : p->proof->uids,
			.uid_count = p->proof == NULL ? 0 : proof_count(p->proof),
		},
		"scanned port %s on %s%llu hosts with %llu packets, none established", object,
		addr_tally_is_estimate(&p->targets) ? "about " : "",
		(unsigned long long)p->targets.count, (unsigned long long)p->packets);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;
	struct port_key key = { .number = f->resp_port, .ip_proto = f->ip_proto };

	struct port *p = arena_map_get(&s->ports, &port_shape, d->memory, d->hash_key, &key);
	if (p == NULL || !attempt_add(d, p, f))
		return;

	uint64_t weight = p->targets.count - (p->cut_short + 1) / 2;
	bool due = report_due(&p->next_report, cfg->min_targets, weight);
	/* The count that convicts need not be one at which a report falls due. */
	bool convicts = weight >= cfg->convict_targets && weight >= cfg->min_targets;
	if (!due && (!convicts || p->convicted))
		return;
	p->convicted = convicts;
	report(d, p);
}

const struct detector detector_horizontal_scan = {
	.name = "horizontal_scan",
	.summary = "One host knocks on the same port of many hosts.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &scan, NULL },
	.wants = wants,
	.observe = observe,
};
