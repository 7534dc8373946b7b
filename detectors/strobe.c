/*
 * strobe -- one host opens a connection to the same other host more than once a second, for a day.
 *
 * Nobody at a keyboard does that, and hardly a program that works. For each pair of hosts we count
 * the connections that the first opened, answered or not, from the first one on for `span`; at
 * `min_connections` and with each tenfold it is told. When the span is over the count starts anew.
 * Questions to name servers do not count: forwarders ask them all day.
 *
 * Bounds: SETS x WAYS pairs of the whole site. Where a set is full the pair that did nothing for
 * STALE_NS goes, else the one with the fewest connections: a flood of pairs pushes out itself.
 *
 * Not seen: strobes at many ports of many hosts; those are scans.
 *
 * Source: detections §8 row 4 (86,400 connections of a pair in a day, as RITA has it).
 */
#include "detectors/detector.h"

enum { SETS = 256, WAYS = 4, DNS_PORT = 53 };

#define STALE_NS (600 * NS_PER_S)

struct config {
	uint32_t min_connections;
	uint64_t span;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_connections, 1000, 100000000, 86400, "connections",
		"Connections of one host to the same other one within the span that are a strobe."),
	CONFIG_DURATION(struct config, span, 60 * NS_PER_S, UINT64_C(7) * 86400 * NS_PER_S,
		86400 * NS_PER_S, "Time within which they have to be opened."),
	CONFIG_END,
};

static const struct evidence_kind strobe = {
	.name = "STROBE",
	.signature_id = 5200032,
	.technique = "T1071",
	.unit = "connections",
	.title = "Strobe",
};

/* All zero: nobody. */
struct pair {
	struct addr orig, resp;
	uint64_t first_ns, last_ns;
	uint64_t connections; /* from first_ns on */
	uint64_t next_report;
};

struct state {
	struct pair pairs[SETS][WAYS];
};

static bool
counts(const struct obs_flow *f)
{
	return (f->ip_proto == IPPROTO_TCP || f->ip_proto == IPPROTO_UDP) &&
	       f->resp_port != DNS_PORT && addr_is_scannable(&f->resp);
}

static uint64_t
worth(const struct pair *p, uint64_t now_ns)
{
	return p->last_ns + STALE_NS < now_ns ? 0 : p->connections;
}

/* The pair of this flow, or the place of the one that is worth least, for it. */
static struct pair *
pair_get(struct detect *d, const struct obs_flow *f, uint64_t now_ns)
{
	struct state *s = d->site_state;
	struct addr key[2] = { f->orig, f->resp };
	struct pair *set = s->pairs[hash_words(d->sketch_key, key, 4) % SETS];
	struct pair *least = &set[0];

	for (unsigned i = 0; i < WAYS; i++) {
		struct pair *p = &set[i];
		if (p->connections > 0 && addr_equal(&p->orig, &f->orig) &&
			addr_equal(&p->resp, &f->resp))
			return p;
		if (worth(p, now_ns) < worth(least, now_ns))
			least = p;
	}
	*least = (struct pair){ .orig = f->orig, .resp = f->resp };
	return least;
}

static void
report(struct detect *d, const struct pair *p, const struct flow_uid *uid)
{
	const struct config *cfg = d->config;
	char object[ADDR_TEXT_MAX];
	char span[32];
	struct strbuf span_text;

	strbuf_init(&span_text, span, sizeof(span));
	time_text_length(&span_text, p->last_ns - p->first_ns);
	(void)evidence_raise_on(d, &p->orig,
		&(struct finding){
			.kind = &strobe,
			.threat = THREAT_MEDIUM,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.about = &p->resp,
			.observed = p->connections,
			.threshold = cfg->min_connections,
			.object = addr_format(&p->resp, object),
			.uids = uid,
			.uid_count = 1,
		},
		"opened %llu connections to %s within %s", (unsigned long long)p->connections,
		object, span);
}

static void
observe_site(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;

	if (!counts(f))
		return;
	struct pair *p = pair_get(d, f, o->ts_ns);
	if (p->connections == 0 || o->ts_ns >= p->first_ns + cfg->span) {
		p->first_ns = p->last_ns = o->ts_ns;
		p->connections = p->next_report = 0;
	}
	p->connections++;
	if (o->ts_ns > p->last_ns)
		p->last_ns = o->ts_ns;
	if (report_due(&p->next_report, cfg->min_connections, p->connections))
		report(d, p, &f->uid);
}

const struct detector detector_strobe = {
	.name = "strobe",
	.summary = "One host opens a connection to the same other one every second, for a day.",
	.subscribes = OBS_BIT(OBS_FLOW_START),
	.config_size = sizeof(struct config),
	.config = config_items,
	.site_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &strobe, NULL },
	.observe_site = observe_site,
};
