/*
 * syn_flood -- very many handshakes with one host are begun, and never completed.
 *
 * A handshake hangs when nobody answered its SYN, or when the answer was never acknowledged
 * (handshake_hangs()). For each destination we count, second by second, those that hang
 * and those that were completed. A second is hot when more than `min_rate` hang, and more than five
 * times as many as usual here (a moving average over the seconds that are not hot), and more than
 * `min_share` per cent of all. After `sustain` hot seconds in a row the flood is told, then once in
 * `report_every` as long as it lasts, however many sources it has.
 *
 * Who is charged. The sources are forged as a rule, so the finding belongs to the victim. A source
 * that sent more than half by itself is named, and when it is one of ours the finding is its own as
 * well. Victims and sources outside the home network have no account.
 *
 * What is no flood: a scan of many hosts (each gets little); a scan of many ports of one host, which
 * has few sources (FEW_SOURCES, with decoys) and no port that gets most; a busy server, whose
 * handshakes are completed; a dead server that its clients go on trying, one at a time.
 *
 * A hanging handshake is known when its flow ends: five seconds later, or at once when floods fill
 * the flow table. Ends come in the order of their packets but for some; what is late counts in the
 * present second, so that rates stay true.
 *
 * Bounds: SETS x WAYS destinations; where a set is full the one with the fewest hanging handshakes
 * goes, never one that is under attack. ATTACKS at the same time are followed; further ones are told
 * when one of these has ended.
 *
 * Not seen: floods of fewer than `min_rate` a second; floods of our own hosts with forged addresses
 * at a victim outside, while a home network is set.
 *
 * Source: detections §8 row 14.
 */
#include "detectors/detector.h"

#include <stdio.h>

enum {
	SETS = 128,
	WAYS = 4,
	ATTACKS = 16,
	FEW_SOURCES = 16,
	USUAL_TIMES = 5,
	USUAL_SECONDS = 16, /* over which the average runs */
	STALE_SECONDS = 3,  /* without a hanging handshake an attack is over */
};

struct config {
	uint32_t min_rate;
	uint32_t min_share;
	uint32_t sustain;
	uint64_t report_every;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_rate, 10, 10000000, 100, "handshakes/s",
		"Handshakes with one host that hang, a second, from which on it may be a flood."),
	CONFIG_U32(struct config, min_share, 50, 100, 80, "%",
		"Part of all handshakes with the host that have to hang."),
	CONFIG_U32(struct config, sustain, 2, 600, 10, "s", "Seconds in a row that make a flood."),
	CONFIG_DURATION(struct config, report_every, NS_PER_S, 86400 * NS_PER_S, 60 * NS_PER_S,
		"Time after which a flood that goes on is told again."),
	CONFIG_END,
};

static const struct evidence_kind flood = {
	.name = "SYN_FLOOD",
	.signature_id = 5200031,
	.technique = "T1499.001",
	.unit = "handshakes/s",
	.title = "SYN flood",
};

/* Somebody who got more than half of what was added, if anybody did (Boyer and Moore 1981). */
struct majority {
	uint64_t votes;
	uint64_t seen; /* of the candidate, since it is one: never more than there were */
};

/* What is counted of one flood since it was told last, or since it began. */
struct attack {
	bool is_used;
	uint32_t seconds;
	uint64_t hanging, completed;
	struct majority by_source, by_port;
	struct addr source;
	uint16_t port;
	struct proof proof;
	struct hll sources;
};

/* A destination. All zero: nobody. */
struct destination {
	struct addr addr;
	bool is_used;
	uint64_t second;             /* that is being counted */
	uint32_t hanging, completed; /* in it */
	uint32_t usual_sum;          /* USUAL_SECONDS times the average */
	uint32_t hot_seconds;        /* in a row, up to the last one */
	bool was_told;
	uint64_t told_ns;
	struct attack *attack; /* from the first hot second on */
};

struct state {
	struct destination destinations[SETS][WAYS];
	struct attack attacks[ATTACKS];
};

/* Has the candidate more than half of `total`? */
static bool
majority_has(const struct majority *m, uint64_t total)
{
	return m->seen > total / 2;
}

/* Add one; `same` as the candidate? returns whether it is the candidate from now on */
static bool
majority_add(struct majority *m, bool same)
{
	if (m->votes > 0 && !same) {
		m->votes--;
		return false;
	}
	m->seen = m->votes == 0 && !same ? 1 : m->seen + 1;
	m->votes++;
	return !same;
}

static struct destination *
destination_find(struct destination set[WAYS], const struct addr *a)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (set[i].is_used && addr_equal(&set[i].addr, a))
			return &set[i];
	return NULL;
}

/* What would be lost with a destination, least first; nothing is of one that was not tried lately. */
static uint64_t
worth(const struct destination *v, uint64_t second)
{
	if (!v->is_used || v->second + STALE_SECONDS < second)
		return 0;
	return v->attack != NULL ? UINT64_MAX : (uint64_t)v->hanging + v->usual_sum + 1;
}

static void
attack_end(struct destination *v)
{
	if (v->attack != NULL)
		v->attack->is_used = false;
	v->attack = NULL;
	v->hot_seconds = 0;
}

/* A place for another destination. returns NULL when all of its set are under attack */
static struct destination *
destination_add(struct destination set[WAYS], const struct addr *a, uint64_t second)
{
	struct destination *least = &set[0];

	for (unsigned i = 1; i < WAYS; i++)
		if (worth(&set[i], second) < worth(least, second))
			least = &set[i];
	if (worth(least, second) == UINT64_MAX)
		return NULL;
	attack_end(least);
	*least = (struct destination){ .addr = *a, .is_used = true, .second = second };
	return least;
}

/* End what nobody attacks any more; a destination learns that only from its next packet. */
static void
attacks_sweep(struct state *s, uint64_t second)
{
	for (unsigned i = 0; i < SETS; i++)
		for (unsigned j = 0; j < WAYS; j++)
			if (s->destinations[i][j].second + STALE_SECONDS < second)
				attack_end(&s->destinations[i][j]);
}

static struct attack *
attack_begin(struct state *s, uint64_t second)
{
	for (unsigned tries = 0; tries < 2; tries++) {
		for (unsigned i = 0; i < ATTACKS; i++) {
			if (s->attacks[i].is_used)
				continue;
			s->attacks[i] = (struct attack){ .is_used = true };
			return &s->attacks[i];
		}
		attacks_sweep(s, second);
	}
	return NULL;
}

static void
attack_add(struct detect *d, struct attack *a, const struct obs_flow *f)
{
	a->hanging++;
	(void)hll_add(&a->sources, hash_words(d->sketch_key, f->orig.byte, 2));
	if (majority_add(&a->by_source, addr_equal(&a->source, &f->orig)))
		a->source = f->orig;
	if (majority_add(&a->by_port, a->port == f->resp_port))
		a->port = f->resp_port;
	proof_add(&a->proof, &f->uid);
}

static uint32_t
usual(const struct destination *v)
{
	return v->usual_sum / USUAL_SECONDS;
}

static uint32_t
threshold(const struct config *cfg, const struct destination *v)
{
	uint32_t unusual = USUAL_TIMES * usual(v);

	return unusual > cfg->min_rate ? unusual : cfg->min_rate;
}

static void
report(struct detect *d, const struct destination *v, uint64_t sources)
{
	const struct config *cfg = d->config;
	const struct attack *a = v->attack;
	uint64_t all = a->hanging + a->completed;
	bool one_port = majority_has(&a->by_port, a->hanging);
	bool one_source = majority_has(&a->by_source, a->hanging);
	uint64_t rate = a->hanging / a->seconds;
	char port[sizeof("port 65535/tcp")] = "many ports";
	char victim[ADDR_TEXT_MAX];
	char source[ADDR_TEXT_MAX + sizeof(", most from ")] = "";
	struct finding f = {
		.kind = &flood,
		.threat = THREAT_HIGH,
		.confidence = (double)a->hanging / (double)all,
		.role = EVIDENCE_ATTACKER,
		.about = &v->addr,
		.port = one_port ? a->port : 0,
		.ip_proto = IPPROTO_TCP,
		.observed = rate,
		.threshold = rate < threshold(cfg, v) ? rate : threshold(cfg, v),
		.object = addr_format(&v->addr, victim),
		.uids = a->proof.uids,
		.uid_count = proof_count(&a->proof),
	};

	if (one_port)
		(void)snprintf(port, sizeof(port), "port %u/tcp", a->port);
	if (one_source) {
		(void)evidence_raise_on(d, &a->source, &f,
			"left %llu handshakes a second with %s hanging for %u s, to %s",
			(unsigned long long)rate, victim, a->seconds, port);
		char text[ADDR_TEXT_MAX];
		(void)snprintf(
			source, sizeof(source), ", most from %s", addr_format(&a->source, text));
	}
	f.role = EVIDENCE_VICTIM;
	f.about = one_source ? &a->source : NULL;
	(void)evidence_raise_on(d, &v->addr, &f,
		"got %llu handshakes a second that were left hanging for %u s, %llu %% of all, to %s "
		"from about %llu sources%s",
		(unsigned long long)rate, a->seconds, (unsigned long long)(a->hanging * 100 / all),
		port, (unsigned long long)sources, source);
}

/* The flood has lasted for long enough: tell it if that is due, and count anew. */
static void
tell(struct detect *d, struct destination *v, uint64_t now_ns)
{
	const struct config *cfg = d->config;
	struct attack *a = v->attack;

	if (v->was_told && now_ns < v->told_ns + cfg->report_every)
		return;
	uint64_t sources = hll_estimate(&a->sources);
	if (sources <= FEW_SOURCES && !majority_has(&a->by_port, a->hanging))
		return; /* a scan: other detectors tell it */
	report(d, v, sources);
	v->was_told = true;
	v->told_ns = now_ns;
	*a = (struct attack){ .is_used = true };
}

/* The second that was counted is over. */
static void
second_end(struct detect *d, struct destination *v, uint64_t now_ns)
{
	const struct config *cfg = d->config;
	uint64_t all = (uint64_t)v->hanging + v->completed;
	bool is_hot =
		v->hanging > threshold(cfg, v) && (uint64_t)v->hanging * 100 > all * cfg->min_share;

	if (!is_hot) {
		v->usual_sum += v->hanging - usual(v);
		attack_end(v);
	} else {
		v->hot_seconds++;
		if (v->attack != NULL) {
			v->attack->seconds++;
			v->attack->completed += v->completed;
			if (v->hot_seconds >= cfg->sustain)
				tell(d, v, now_ns);
		} else {
			v->attack = attack_begin(d->site_state, v->second);
		}
	}
	v->hanging = v->completed = 0;
}

/* Time goes on to `second`: the one that was counted ends, and what lies between was quiet. */
static void
move_on(struct detect *d, struct destination *v, uint64_t second, uint64_t now_ns)
{
	uint64_t quiet = second - v->second - 1;

	second_end(d, v, now_ns);
	if (quiet > 0)
		attack_end(v);
	for (; quiet > 0 && v->usual_sum >= USUAL_SECONDS; quiet--)
		v->usual_sum -= usual(v);
	v->second = second;
}

static void
observe_site(struct detect *d, const struct observation *o)
{
	const struct obs_flow *f = o->flow;
	struct state *s = d->site_state;
	uint64_t second = o->ts_ns / NS_PER_S;

	if (f->ip_proto != IPPROTO_TCP)
		return;
	bool is_hanging = handshake_hangs(f);
	if (!is_hanging && !f->established)
		return;
	struct destination *set =
		s->destinations[hash_words(d->sketch_key, f->resp.byte, 2) % SETS];
	struct destination *v = destination_find(set, &f->resp);
	if (!is_hanging) {
		if (v != NULL)
			v->completed++;
		return;
	}
	if (v == NULL)
		v = destination_add(set, &f->resp, second);
	if (v == NULL)
		return;
	if (second > v->second)
		move_on(d, v, second, o->ts_ns);
	v->hanging++;
	if (v->attack != NULL)
		attack_add(d, v->attack, f);
}

const struct detector detector_syn_flood = {
	.name = "syn_flood",
	.summary = "Very many handshakes with one host are begun and never completed.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.site_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &flood, NULL },
	.observe_site = observe_site,
};
