/*
 * long_total -- conversations of one host with one other on the Internet, together, last for hours a day.
 *
 * A command channel that reconnects every few minutes has no long connection, but it is always there. For
 * the peers of a host that matter most we keep how long any conversation was open within the last 24 hours:
 * stretches that overlap count once. It is told at `min_total`, and at 4, 8 and 12 times that, while
 * conversations are still open: they are observed every `flow.interim`. Telephones, chats and tunnels keep
 * connections open all day; hence the low confidence.
 *
 * The 24 hours slide in steps of three: the sum is of the latest 21 to 24. What was told is told again when
 * the sum had sunk to half of `min_total` in between.
 *
 * Bounds: MAX_PEERS peers a host; the one with the smallest sum makes room. Without memory a host's are not
 * kept. What an observation adds below MIN_STRETCH does not count: most conversations of a browser are such.
 *
 * Source: detections §8 row 5.
 */
#include "detectors/detector.h"

#include <string.h>

enum { MAX_PEERS = 12, BUCKETS = 8, STEPS = 4 };

#define BUCKET_NS   (UINT64_C(3) * 3600 * NS_PER_S)
#define MIN_STRETCH (UINT64_C(10) * NS_PER_S)

struct config {
	uint64_t min_total;
};

static const struct config_item config_items[] = {
	CONFIG_DURATION(struct config, min_total, 60 * NS_PER_S, 7200 * NS_PER_S, 3600 * NS_PER_S,
		"Time within 24 hours that conversations with one host are open, worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind total_time = {
	.name = "LONG_TOTAL_CONNECTION",
	.signature_id = 5200029,
	.technique = "T1071",
	.unit = "s",
	.title = "Connections to one host open for hours",
};

static const struct step {
	uint32_t times; /* of `min_total` */
	enum threat threat;
} steps[STEPS] = {
	{ 1, THREAT_LOW },
	{ 4, THREAT_LOW },
	{ 8, THREAT_MEDIUM },
	{ 12, THREAT_HIGH },
};

struct peer {
	struct addr addr;
	uint64_t covered_ns;      /* all that is open until then is counted */
	uint32_t newest;          /* number of the latest bucket */
	uint32_t told;            /* steps */
	uint32_t bucket[BUCKETS]; /* seconds; bucket n at n % BUCKETS */
};

struct state {
	struct peer *peers[MAX_PEERS]; /* made one by one: most hosts have few */
	uint32_t count;
};

static uint64_t
sum_s(const struct peer *p)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < BUCKETS; i++)
		sum += p->bucket[i];
	return sum;
}

/* Empty what lies more than BUCKETS before `now`. */
static void
slide(struct peer *p, uint32_t now)
{
	if (now > p->newest && now - p->newest >= BUCKETS)
		memset(p->bucket, 0, sizeof(p->bucket));
	else
		for (uint32_t n = p->newest; n < now; n++)
			p->bucket[(n + 1) % BUCKETS] = 0;
	if (now > p->newest)
		p->newest = now;
}

static struct peer *
find(const struct state *s, const struct addr *a)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (addr_equal(&s->peers[i]->addr, a))
			return s->peers[i];
	return NULL;
}

static struct peer *
smallest(const struct state *s)
{
	struct peer *least = s->peers[0];

	for (uint32_t i = 1; i < MAX_PEERS; i++)
		if (sum_s(s->peers[i]) < sum_s(least))
			least = s->peers[i];
	return least;
}

static struct peer *
add(struct detect *d, struct state *s, const struct addr *a, uint32_t bucket)
{
	struct peer *p =
		s->count == MAX_PEERS ? smallest(s) : arena_alloc(d->profile_memory, sizeof(*p));

	if (p == NULL)
		return NULL;
	if (s->count < MAX_PEERS)
		s->peers[s->count++] = p;
	*p = (struct peer){ .addr = *a, .newest = bucket };
	return p;
}

static void
report(struct detect *d, const struct peer *p, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	const struct step *step = &steps[p->told - 1];
	char peer[ADDR_TEXT_MAX];
	char length[32];
	struct strbuf length_text;

	strbuf_init(&length_text, length, sizeof(length));
	time_text_length(&length_text, sum_s(p) * NS_PER_S);
	evidence_raise(d,
		&(struct finding){
			.kind = &total_time,
			.threat = step->threat,
			.confidence = 0.3,
			.role = EVIDENCE_ATTACKER,
			.about = &f->resp,
			.port = f->resp_port,
			.ip_proto = f->ip_proto,
			.observed = sum_s(p),
			.threshold = step->times * (cfg->min_total / NS_PER_S),
			.object = addr_format(&f->resp, peer),
			.uids = &f->uid,
			.uid_count = 1,
		},
		"kept connections to %s open for %s within 24 hours", peer, length);
}

static uint32_t
steps_of(uint64_t total_s, uint64_t min_total_s)
{
	uint32_t reached = 0;

	while (reached < STEPS && total_s >= steps[reached].times * min_total_s)
		reached++;
	return reached;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	(void)site;
	return o->role == ROLE_CLIENT && f->last_ns >= f->previous_ns &&
	       f->last_ns - f->previous_ns >= MIN_STRETCH && f->resp_total.packets > 0 &&
	       addr_is_public(&f->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->profile_state;

	uint32_t bucket = (uint32_t)(f->last_ns / BUCKET_NS);
	struct peer *p = find(s, &f->resp);
	if (p == NULL)
		p = add(d, s, &f->resp, bucket);
	if (p == NULL || f->last_ns <= p->covered_ns)
		return;
	slide(p, bucket);
	uint64_t from_ns = f->previous_ns > p->covered_ns ? f->previous_ns : p->covered_ns;
	p->bucket[bucket % BUCKETS] += (uint32_t)((f->last_ns - from_ns) / NS_PER_S);
	p->covered_ns = from_ns + (f->last_ns - from_ns) / NS_PER_S * NS_PER_S;
	uint64_t min_total_s = cfg->min_total / NS_PER_S;
	uint32_t reached = steps_of(sum_s(p), min_total_s);
	if (sum_s(p) < min_total_s / 2)
		p->told = 0;
	if (reached <= p->told)
		return;
	p->told = reached;
	report(d, p, f);
}

const struct detector detector_long_total = {
	.name = "long_total",
	.summary = "Conversations with one host on the Internet, together, last for hours a day.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.profile_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &total_time, NULL },
	.wants = wants,
	.observe = observe,
};
