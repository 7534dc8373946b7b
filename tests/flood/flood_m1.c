/*
 * M1: SYNs from random sources and ports at one victim, with 200 honest conversations among them.
 *
 * A hundred thousand a second of packet time. Half of the honest conversations are with the victim
 * itself. They begin all along the flood and last some seconds.
 */
#include "tests/flood/flood.h"
#include "tests/flood/flood_rig.h"

#include "daemon/base/time_text.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { HONEST = 200, STEPS = 12, RATE = 100000, VICTIM_PORTS = 65535 };

struct m1 {
	struct addr victim;
	unsigned seen[HONEST];   /* records with the right bytes */
	unsigned wrong;          /* records of honest hosts with others */
	unsigned floods, forged; /* findings: of the flood, and on the account of its sources */
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as a packet has them */
static const struct {
	bool answer;
	uint8_t flags;
	uint32_t seq, ack;
	uint16_t bytes;
	uint32_t at_ms;
} steps[STEPS] = {
	{ false, TCP_SYN, 0, 0, 0, 0 },
	{ true, TCP_SYN | TCP_ACK, 0, 1, 0, 60 },
	{ false, TCP_ACK, 1, 1, 0, 61 },
	{ false, TCP_ACK, 1, 1, 400, 100 },
	{ true, TCP_ACK, 1, 401, 1400, 200 },
	{ false, TCP_ACK, 401, 1401, 0, 260 },
	{ true, TCP_ACK, 1401, 401, 1400, 1500 },
	{ false, TCP_ACK, 401, 2801, 200, 2500 },
	{ true, TCP_ACK, 2801, 601, 700, 3900 },
	{ false, TCP_FIN | TCP_ACK, 601, 3501, 0, 4000 },
	{ true, TCP_FIN | TCP_ACK, 3501, 602, 0, 4060 },
	{ false, TCP_ACK, 602, 3502, 0, 4061 },
};
enum { ORIG_BYTES = 600, RESP_BYTES = 3500, LAST_MS = 4061 };

static void
on_record(struct flood_rig *r, const struct record *record)
{
	struct m1 *m = r->test;
	const struct obs_flow *f = record->flow;

	if (record->kind == RECORD_EVIDENCE) {
		bool is_flood = strcmp(record->evidence->kind->name, "SYN_FLOOD") == 0 &&
				addr_equal(&record->evidence->host, &m->victim);
		m->floods += is_flood;
		m->forged += record->evidence->host.byte[12] != 10 &&
			     record->evidence->threat > THREAT_INFO;
	}
	if (record->kind != RECORD_FLOW || f->ended == FLOW_END_NONE ||
		memcmp(f->orig.byte + 12, "\x0a\x01\x00", 3) != 0)
		return;
	if (f->orig_total.payload_bytes == ORIG_BYTES &&
		f->resp_total.payload_bytes == RESP_BYTES && f->orig_total.packets == 7 &&
		f->resp_total.packets == 5 && f->state == CONN_SF)
		m->seen[f->orig.byte[15]]++;
	else
		m->wrong++;
}

static void
honest(struct flood_rig *r, const struct m1 *m, unsigned i, unsigned step, uint64_t ts_ns)
{
	struct build b = {
		.src = addr_v4(10, 1, 0, (uint8_t)i),
		.dst = i % 2 == 0 ? m->victim : addr_v4(10, 2, 0, 1),
		.src_port = (uint16_t)(30000 + i),
		.dst_port = 443,
	};

	if (steps[step].answer)
		b = build_answer(&b);
	b.flags = steps[step].flags;
	b.seq = 1000 + steps[step].seq;
	b.ack = steps[step].ack == 0 ? 0 : 1000 + steps[step].ack;
	b.payload_bytes = steps[step].bytes;
	flood_tcp(r, &b, ts_ns);
}

/* Where each honest conversation is, and when it goes on. */
struct turn {
	uint64_t at_ns;
	unsigned step;
};

static void
honest_until(struct flood_rig *r, const struct m1 *m, struct turn turns[HONEST], uint64_t now_ns)
{
	for (unsigned i = 0; i < HONEST; i++)
		while (turns[i].step < STEPS && turns[i].at_ns <= now_ns) {
			uint64_t at_ns = turns[i].at_ns;
			uint64_t start_ns = at_ns - steps[turns[i].step].at_ms * UINT64_C(1000000);
			honest(r, m, i, turns[i].step++, at_ns);
			if (turns[i].step < STEPS)
				turns[i].at_ns =
					start_ns + steps[turns[i].step].at_ms * UINT64_C(1000000);
		}
}

static void
syn(struct flood_rig *r, const struct m1 *m, bool answered, uint64_t ts_ns)
{
	uint64_t n = flood_random(r);
	struct build b = {
		.src = addr_v4((uint8_t)(11 + n % 200), (uint8_t)(n >> 8), (uint8_t)(n >> 16),
			(uint8_t)(n >> 24)),
		.dst = m->victim,
		.src_port = (uint16_t)(n >> 32 | 1),
		.dst_port = answered ? 80 : (uint16_t)(1 + (n >> 48) % VICTIM_PORTS),
		.flags = TCP_SYN,
		.seq = (uint32_t)(n >> 16),
	};

	flood_tcp(r, &b, ts_ns);
	if (!answered)
		return;
	b = build_answer(&b);
	b.flags = TCP_SYN | TCP_ACK;
	b.ack = (uint32_t)(n >> 16) + 1;
	b.seq = 77;
	flood_tcp(r, &b, ts_ns + NS_PER_US);
}

static void
judge(struct outcome *o, const struct m1 *m, const struct flood_rig *r, uint64_t lasts_ns)
{
	unsigned found = 0;
	unsigned wrong = m->wrong;
	/* The first after ten seconds, then one a minute. */
	uint64_t due =
		lasts_ns < 12 * NS_PER_S ? 0 : 1 + (lasts_ns - 12 * NS_PER_S) / (60 * NS_PER_S);

	for (unsigned i = 0; i < HONEST; i++) {
		found += m->seen[i] == 1;
		wrong += m->seen[i] > 1;
	}
	outcome_check(o, found == HONEST && wrong == 0,
		"%u of %u honest conversations right, %u wrong", found, HONEST, wrong);
	outcome_check(o, m->floods == due, "flood told %u times in %llu s", m->floods,
		(unsigned long long)(lasts_ns / NS_PER_S));
	outcome_check(o, m->forged == 0, "%u findings on forged sources", m->forged);
	outcome_check(o, r->stats.flows_evicted > 0, "%llu flows, %llu profiles evicted",
		(unsigned long long)r->stats.flows_evicted,
		(unsigned long long)r->stats.profiles_evicted);
	outcome_check(o, r->stats.windows_refused == 0, "%llu windows refused",
		(unsigned long long)r->stats.windows_refused);
}

static void
m1(struct outcome *o, uint64_t syns, uint64_t rate, bool answered)
{
	struct flood_rig *r = malloc(sizeof(*r));
	struct m1 m = { .victim = addr_v4(10, 9, 9, 9) };
	struct turn turns[HONEST];
	const uint64_t limit = outcome_size(o, 64, 24) * FLOOD_MIB;
	uint64_t gap_ns = NS_PER_S / rate;
	uint64_t lasts_ns = syns * gap_ns;
	uint64_t end_ns = FLOOD_BASE_NS + lasts_ns;

	assert(r != NULL);
	flood_init(r, limit);
	if (answered)
		r->settings.direction = DIRECTION_ALL;
	r->on_record = on_record;
	r->test = &m;
	flood_start(r);
	for (unsigned i = 0; i < HONEST; i++)
		turns[i] = (struct turn){ .at_ns = FLOOD_BASE_NS + NS_PER_MS +
						   (lasts_ns - LAST_MS * UINT64_C(1000000)) /
							   HONEST * i };
	for (uint64_t i = 0; i < syns; i++) {
		uint64_t ts_ns = FLOOD_BASE_NS + i * gap_ns;
		if (i % 64 == 0)
			honest_until(r, &m, turns, ts_ns);
		syn(r, &m, answered, ts_ns);
	}
	honest_until(r, &m, turns, end_ns);
	flood_finish(r);
	judge(o, &m, r, lasts_ns);
	outcome_measure(o, r, limit);
	free(r);
}

void
m1_unanswered(struct outcome *o)
{
	m1(o, outcome_size(o, 10000000, 57000), outcome_size(o, RATE, 3000), false);
}

void
m1_answered(struct outcome *o)
{
	m1(o, outcome_size(o, 10000000, 57000), outcome_size(o, RATE, 3000), true);
}
