/*
 * icmp_sweep -- one host asks many addresses for a sign of life over ICMP.
 *
 * Three sweeps are told apart by what is asked: echo (ICMP and ICMPv6), time stamp, address mask. Of
 * each we keep the distinct addresses that this host ever asked, over all its windows: a sweep may
 * take its time. Every `report_every` of them is a finding, with a confidence that grows from none
 * at 5 hosts to certainty at 255, the hosts of a /24. What comes on top in the same window is
 * counted by a sketch (about 0.8 % off) and told with each tenfold; in the next one the count starts
 * anew.
 *
 * What counts is the first packet of a conversation, so an answer is never taken for a question.
 * Time stamp and mask answers that come without their question (types 14 and 18) do count, as in
 * the program whose behaviour is matched: they serve to get past filters.
 *
 * Bounds: MAX_HOSTS addresses a sweep, in an array that doubles within the profile's memory and is
 * used again after a restart; a set in an arena could not be emptied. Then one sketch, used again as
 * well. Without memory the count stands still.
 *
 * Source: detections §1.2 and §2.1.
 */
#include "detectors/detector.h"

#include <assert.h>
#include <string.h>

enum { MAX_HOSTS = 255, FIRST_HOSTS = 8 };

enum sweep_kind {
	SWEEP_ECHO,
	SWEEP_TIMESTAMP,
	SWEEP_MASK,
	SWEEP_COUNT,
};

struct config {
	uint32_t report_every;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, report_every, 1, MAX_HOSTS, 5, "hosts",
		"Distinct hosts that make a finding, and so again each further number of them."),
	CONFIG_END,
};

static const struct evidence_kind address_scan = {
	.name = "ICMP_ADDRESS_SCAN",
	.signature_id = 5200002,
	.technique = "T1018",
	.unit = "hosts",
	.title = "ICMP address scan",
};

static const struct evidence_kind timestamp_scan = {
	.name = "ICMP_TIMESTAMP_SCAN",
	.signature_id = 5200003,
	.technique = "T1018",
	.unit = "hosts",
	.title = "ICMP timestamp scan",
};

static const struct evidence_kind mask_scan = {
	.name = "ICMP_ADDRESS_MASK_SCAN",
	.signature_id = 5200004,
	.technique = "T1016",
	.unit = "hosts",
	.title = "ICMP address mask scan",
};

/* By enum sweep_kind. */
static const struct evidence_kind *const kinds[] = {
	&address_scan,
	&timestamp_scan,
	&mask_scan,
	NULL,
};

struct sweep {
	struct addr *hosts;
	uint32_t count, size;
	uint64_t full_window_ns; /* the start of the one in which `hosts` became full */
	struct hll *more;        /* hosts on top of these, in that window */
	uint64_t next_report;    /* of how many together */
	struct proof *proof;     /* from the second host on: most are asked by a ping and no more */
};

struct state {
	struct sweep sweeps[SWEEP_COUNT];
};

static enum sweep_kind
sweep_kind_of(const struct obs_flow *f)
{
	if (f->ip_proto == IPPROTO_ICMPV6)
		return f->orig_port == 128 ? SWEEP_ECHO : SWEEP_COUNT;
	if (f->ip_proto != IPPROTO_ICMP)
		return SWEEP_COUNT;
	switch (f->orig_port) {
	case 8:
		return SWEEP_ECHO;
	case 13:
	case 14:
		return SWEEP_TIMESTAMP;
	case 17:
	case 18:
		return SWEEP_MASK;
	default:
		return SWEEP_COUNT;
	}
}

static bool
is_known(const struct sweep *s, const struct addr *host)
{
	for (uint32_t i = 0; i < s->count; i++)
		if (addr_equal(&s->hosts[i], host))
			return true;
	return false;
}

static bool
make_room(struct detect *d, struct sweep *s)
{
	uint32_t size = s->size == 0 ? FIRST_HOSTS : s->size * 2;

	if (s->count < s->size)
		return true;
	struct addr *hosts = arena_alloc(d->profile_memory, size * sizeof(*hosts));
	if (hosts == NULL)
		return false;
	for (uint32_t i = 0; i < s->count; i++)
		hosts[i] = s->hosts[i];
	s->hosts = hosts;
	s->size = size;
	return true;
}

/* 5 hosts: 0; 130: 0.5; 255 and more: 1 */
static double
confidence_of(uint64_t hosts)
{
	if (hosts >= MAX_HOSTS)
		return 1.0;
	return hosts <= 5 ? 0.0 : ((double)hosts - 255.0) / 250.0 + 1.0;
}

static void
report(struct detect *d, const struct sweep *s, uint64_t hosts, const struct evidence_kind *kind,
	const struct obs_flow *f)
{
	static const char *const what[] = { "address", "timestamp", "address mask" };
	const struct config *cfg = d->config;

	evidence_raise(d,
		&(struct finding){
			.kind = kind,
			.threat = THREAT_MEDIUM,
			.confidence = confidence_of(hosts),
			.role = EVIDENCE_ATTACKER,
			.port = f->orig_port,
			.ip_proto = f->ip_proto,
			.observed = hosts,
			.threshold = cfg->report_every,
			.uids = s->proof == NULL ? NULL : s->proof->uids,
			.uid_count = s->proof == NULL ? 0 : proof_count(s->proof),
		},
		"performed an ICMP %s scan on %s%llu hosts", what[sweep_kind_of(f)],
		hosts > MAX_HOSTS ? "about " : "", (unsigned long long)hosts);
}

/* All hosts of a /24 were asked, and it goes on. returns how many they are when that is due to be told, or 0 */
static uint64_t
count_on(struct detect *d, struct sweep *s, const struct addr *host)
{
	if (s->more == NULL)
		s->more = arena_alloc(d->profile_memory, sizeof(*s->more));
	if (s->more == NULL || !hll_add(s->more, hash_words(d->sketch_key, host->byte, 2)))
		return 0;
	uint64_t hosts = MAX_HOSTS + hll_estimate(s->more);
	return report_due(&s->next_report, UINT64_C(10) * MAX_HOSTS, hosts) ? hosts : 0;
}

/* Take an asked host down. returns how many hosts there are now when that is due to be told, or 0 */
static uint64_t
host_add(struct detect *d, struct sweep *s, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	uint64_t due;

	if (is_known(s, &f->resp))
		return 0;
	if (s->count == MAX_HOSTS) {
		due = count_on(d, s, &f->resp);
	} else {
		if (!make_room(d, s))
			return 0;
		s->hosts[s->count++] = f->resp;
		s->full_window_ns = d->window_start_ns;
		due = s->count % cfg->report_every == 0 ? s->count : 0;
	}
	if (s->proof == NULL && s->count > 1)
		s->proof = arena_alloc(d->profile_memory, sizeof(*s->proof));
	if (s->proof != NULL)
		proof_add(s->proof, &f->uid);
	return due;
}

static void
start_anew(struct sweep *s)
{
	s->count = 0;
	s->next_report = 0;
	if (s->more != NULL)
		memset(s->more, 0, sizeof(*s->more));
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	(void)site;
	return o->role == ROLE_CLIENT && sweep_kind_of(f) != SWEEP_COUNT &&
	       !addr_is_unspecified(&f->orig) && !addr_is_broadcast(&f->orig);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_flow *f = o->flow;
	struct state *state = d->profile_state;
	enum sweep_kind kind = sweep_kind_of(f);

	struct sweep *s = &state->sweeps[kind];

	assert(kind != SWEEP_COUNT); /* wants() */
	if (s->count == MAX_HOSTS && s->full_window_ns != d->window_start_ns)
		start_anew(s);
	uint64_t due = host_add(d, s, f);
	if (due > 0)
		report(d, s, due, kinds[kind], f);
}

const struct detector detector_icmp_sweep = {
	.name = "icmp_sweep",
	.summary = "One host asks many addresses for a sign of life over ICMP.",
	.subscribes = OBS_BIT(OBS_FLOW_START),
	.config_size = sizeof(struct config),
	.config = config_items,
	.profile_state_size = sizeof(struct state),
	.kinds = kinds,
	.wants = wants,
	.observe = observe,
};
