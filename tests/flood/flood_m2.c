/*
 * M2: one source scans a million hosts, a million sources go for one, and 65,535 ports of a thousand
 * hosts. What is told has to be told soon, and its numbers have to be right within 3 %.
 *
 * The truth is counted from what the engine was given, not from what it says.
 */
#include "tests/flood/flood.h"
#include "tests/flood/flood_rig.h"

#include "daemon/base/time_text.h"

#include <assert.h>
#include <math.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 100000, PORTS = 65535, HOSTS = 1000 };

struct m2 {
	const char *kind;          /* of the findings that are judged */
	uint64_t distinct;         /* things the detector was shown so far */
	uint64_t now_ns, first_ns; /* packet time; of the first finding */
	unsigned told;
	uint64_t last_observed;
	double worst; /* relative error of the numbers that were told */
	/* Numbers of single ports, or of single hosts: what was shown of each. */
	enum { BY_NOTHING, BY_PORT, BY_HOST } by;
	uint32_t parts[65536];
};

static unsigned
part_of(const struct m2 *m, const struct addr *host, uint16_t port)
{
	return m->by == BY_PORT ? port : (unsigned)host->byte[14] << 8 | host->byte[15];
}

static void
judge_number(struct m2 *m, const struct record_evidence *e)
{
	uint64_t truth = m->distinct;

	if (m->by != BY_NOTHING)
		truth = m->parts[part_of(m, &e->about, e->port)];
	double error = fabs((double)e->observed / (double)truth - 1);
	if (error > m->worst)
		m->worst = error;
	m->last_observed = e->observed;
}

static void
on_record(struct flood_rig *r, const struct record *record)
{
	struct m2 *m = r->test;

	if (record->kind == RECORD_FLOW && record->flow->ended != FLOW_END_NONE) {
		m->distinct++;
		m->parts[part_of(m, &record->flow->resp, record->flow->resp_port)]++;
	}
	if (record->kind != RECORD_EVIDENCE || strcmp(record->evidence->kind->name, m->kind) != 0)
		return;
	if (m->told++ == 0)
		m->first_ns = m->now_ns;
	judge_number(m, record->evidence);
}

static struct flood_rig *
begin(struct m2 *m)
{
	struct flood_rig *r = malloc(sizeof(*r));

	assert(r != NULL);
	flood_init(r, FLOOD_LIMIT);
	r->on_record = on_record;
	r->test = m;
	flood_start(r);
	return r;
}

static void
judge(struct outcome *o, const struct m2 *m, struct flood_rig *r)
{
	double after_s = (double)(m->first_ns - FLOOD_BASE_NS) / 1e9;

	outcome_check(o, m->told > 0 && after_s <= 5, "%s told %u times, first after %.2f s",
		m->kind, m->told, after_s);
	outcome_check(o, m->worst <= 0.03, "numbers within %.2f %%, the last is %llu",
		m->worst * 100, (unsigned long long)m->last_observed);
	outcome_measure(o, r, FLOOD_LIMIT);
	free(r);
}

static void
syn(struct flood_rig *r, struct m2 *m, struct addr src, struct addr dst, uint16_t port, uint64_t n)
{
	struct build b = {
		.src = src,
		.dst = dst,
		.src_port = (uint16_t)(1024 + n % 60000),
		.dst_port = port,
		.flags = TCP_SYN,
		.seq = (uint32_t)n,
	};

	m->now_ns = FLOOD_BASE_NS + n * (NS_PER_S / RATE);
	flood_tcp(r, &b, m->now_ns);
}

static struct addr
host(uint64_t n)
{
	return addr_v4(172, (uint8_t)(16 + (n >> 16)), (uint8_t)(n >> 8), (uint8_t)n);
}

void
m2_one_scans_many(struct outcome *o)
{
	struct m2 m = { .kind = "HORIZONTAL_PORT_SCAN" };
	struct flood_rig *r = begin(&m);
	uint64_t count = outcome_size(o, 1000000, 50000);

	for (uint64_t n = 0; n < count; n++)
		syn(r, &m, addr_v4(10, 0, 0, 1), host(n), 23, n);
	flood_finish(r);
	judge(o, &m, r);
}

void
m2_arp(struct outcome *o)
{
	struct m2 m = { .kind = "ARP_SCAN" };
	struct flood_rig *r = begin(&m);
	uint64_t count = outcome_size(o, 1000000, 30000);

	for (uint64_t n = 0; n < count; n++) {
		struct build b = { .src = addr_v4(10, 0, 0, 1), .dst = host(n) };
		/* Told ten seconds after it is sure: half of it is sent by then. */
		m.now_ns = FLOOD_BASE_NS + n * (20 * NS_PER_S / count);
		m.distinct = n + 1;
		flood_put(r, &b, build_arp(flood_frame(r), &b), m.now_ns);
	}
	flood_finish(r);
	outcome_check(o, m.told > 0, "%s told %u times", m.kind, m.told);
	/* A batch of 32 frames is counted before it is seen. */
	outcome_check(o, m.worst <= 0.03, "numbers within %.2f %%, the last is %llu", m.worst * 100,
		(unsigned long long)m.last_observed);
	outcome_measure(o, r, FLOOD_LIMIT);
	free(r);
}

static void
on_ping_record(struct flood_rig *r, const struct record *record)
{
	struct m2 *m = r->test;

	/* Told in fives up to 255, then tenfold: 2550, 25500 ... */
	if (record->kind != RECORD_EVIDENCE || strcmp(record->evidence->kind->name, m->kind) != 0)
		return;
	if (m->told++ == 0)
		m->first_ns = m->now_ns;
	double error = fabs((double)record->evidence->observed / (double)m->distinct - 1);
	if (error > m->worst)
		m->worst = error;
	m->last_observed = record->evidence->observed;
}

void
m2_ping(struct outcome *o)
{
	struct m2 m = { .kind = "ICMP_ADDRESS_SCAN" };
	struct flood_rig *r = begin(&m);
	uint64_t count = outcome_size(o, 1000000, 30000);

	r->on_record = on_ping_record;
	for (uint64_t n = 0; n < count; n++) {
		struct build b = {
			.src = addr_v4(10, 0, 0, 1),
			.dst = host(n),
			.icmp_type = 8,
			.icmp_seq = (uint16_t)n,
		};
		m.distinct = n + 1;
		m.now_ns = FLOOD_BASE_NS + n * (NS_PER_S / RATE);
		flood_put(r, &b, build_icmp(flood_frame(r), &b), m.now_ns);
		flood_flush(r); /* one by one, so that the truth is known at each */
	}
	flood_finish(r);
	judge(o, &m, r);
}

static uint64_t
number_after(const char *text, const char *words)
{
	const char *at = strstr(text, words);

	assert(at != NULL);
	return strtoull(at + strlen(words), NULL, 10);
}

static void
on_flood_record(struct flood_rig *r, const struct record *record)
{
	struct m2 *m = r->test;

	if (record->kind != RECORD_EVIDENCE || strcmp(record->evidence->kind->name, m->kind) != 0)
		return;
	if (m->told++ == 0)
		m->first_ns = m->now_ns;
	uint64_t rate = number_after(record->evidence->text, "got ");
	uint64_t seconds = number_after(record->evidence->text, "hanging for ");
	uint64_t sources = number_after(record->evidence->text, "from about ");
	/* Each source sent one. */
	m->worst = fabs((double)sources / (double)(rate * seconds) - 1);
	m->last_observed = sources;
}

void
m2_many_scan_one(struct outcome *o)
{
	struct m2 m = { .kind = "SYN_FLOOD" };
	struct flood_rig *r = begin(&m);
	uint64_t count = outcome_size(o, 1000000, 20000);

	r->on_record = on_flood_record;
	for (uint64_t n = 0; n < count; n++) {
		struct build b = {
			.src = host(n),
			.dst = addr_v4(10, 9, 9, 9),
			.src_port = 40000,
			.dst_port = (uint16_t)(1 + n % 1000),
			.flags = TCP_SYN,
		};
		m.now_ns = FLOOD_BASE_NS + n * (20 * NS_PER_S / count);
		flood_tcp(r, &b, m.now_ns);
	}
	flood_finish(r);
	/* What makes it a flood is ten seconds of it; no source by itself does what a scan is. */
	double after_s = (double)(m.first_ns - FLOOD_BASE_NS) / 1e9;
	outcome_check(o, m.told == 1 && after_s <= 17, "%s told %u times, first after %.2f s",
		m.kind, m.told, after_s);
	outcome_check(o, m.worst <= 0.03, "sources within %.2f %%, %llu", m.worst * 100,
		(unsigned long long)m.last_observed);
	outcome_measure(o, r, FLOOD_LIMIT);
	free(r);
}

void
m2_host_by_host(struct outcome *o)
{
	struct m2 m = { .kind = "VERTICAL_PORT_SCAN", .by = BY_HOST };
	struct flood_rig *r = begin(&m);
	uint64_t hosts = outcome_size(o, HOSTS, 20);
	uint64_t ports = outcome_size(o, PORTS, 2000);

	for (uint64_t n = 0; n < hosts * ports; n++)
		syn(r, &m, addr_v4(10, 0, 0, 1), host(n / ports), (uint16_t)(1 + n % ports), n);
	flood_finish(r);
	judge(o, &m, r);
}

void
m2_port_by_port(struct outcome *o)
{
	struct m2 m = { .kind = "HORIZONTAL_PORT_SCAN", .by = BY_PORT };
	struct flood_rig *r = begin(&m);
	uint64_t hosts = outcome_size(o, HOSTS, 1000);
	uint64_t ports = outcome_size(o, PORTS, 40);

	for (uint64_t n = 0; n < hosts * ports; n++)
		syn(r, &m, addr_v4(10, 0, 0, 1), host(n % hosts), (uint16_t)(1 + n / hosts), n);
	flood_finish(r);
	judge(o, &m, r);
}
