/*
 * flow_rig.h -- a flow table, packets told in a line of text, and what the table said.
 *
 *	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 16);
 *	rig_play(r, ">S <SA >A >100 <A >FA <FA >A");
 *	rig_end(r);  ...  r->last
 *
 * A word of a play is one TCP segment between client (10.0.0.1:40000) and server (10.0.0.2:80):
 * '>' or '<', flags out of SAFRPU, then bytes of payload. Data without flags carries an ACK. Sequence numbers follow
 * by themselves. In front: 'x' lost on the way to us, 't' sent again (the last `n` bytes), 'w' with
 * a window of zero, 'c' with a wrong checksum. "+500" lets 500 ms pass, and what is due is told.
 */
#pragma once

#include "daemon/base/time_text.h"
#include "daemon/flow/flow.h"

#include <assert.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define RIG_T0 (1600000000 * NS_PER_S)

enum { RIG_TOLD_MAX = 64, RIG_CLIENT = 0, RIG_SERVER = 1 };

struct rig_told {
	enum obs_kind kind;
	uint64_t ts_ns;
	struct obs_flow flow; /* `history` points to the copy below */
	char history[FLOW_HISTORY_MAX];
};

struct rig {
	struct flow_table *t;
	uint64_t now_ns;
	uint32_t seq[2]; /* next of client and server */
	uint16_t client_port;
	uint16_t interface; /* where packets are seen */
	struct flow *flow;  /* what the last packet returned */
	size_t told_count;  /* all; the first RIG_TOLD_MAX are kept */
	struct rig_told told[RIG_TOLD_MAX];
	struct rig_told last;
	uint64_t packets_told, ip_bytes_told; /* sums of the deltas */
};

static inline void
rig_observe(void *context, struct flow *f, const struct observation *o)
{
	struct rig *r = context;
	struct rig_told *told = &r->last;

	assert(f != NULL);
	*told = (struct rig_told){ .kind = o->kind, .ts_ns = o->ts_ns, .flow = *o->flow };
	memcpy(told->history, o->flow->history, strlen(o->flow->history) + 1);
	told->flow.history = told->history;
	r->packets_told += o->flow->orig_delta.packets + o->flow->resp_delta.packets;
	r->ip_bytes_told += o->flow->orig_delta.ip_bytes + o->flow->resp_delta.ip_bytes;
	if (r->told_count < RIG_TOLD_MAX) {
		r->told[r->told_count] = *told;
		r->told[r->told_count].flow.history = r->told[r->told_count].history;
	}
	r->told_count++;
}

static inline struct rig *
rig_new_plan(const struct flow_table_plan *plan)
{
	struct rig *r = calloc(1, sizeof(*r));

	assert(r != NULL);
	*r = (struct rig){ .now_ns = RIG_T0, .seq = { 1000, 5000 }, .client_port = 40000 };
	struct flow_table_plan own = *plan;
	own.observe = rig_observe;
	own.context = r;
	r->t = flow_table_new(&own);
	assert(r->t != NULL);
	return r;
}

static inline struct rig *
rig_new(enum flow_timeouts timeouts, uint32_t capacity)
{
	return rig_new_plan(&(struct flow_table_plan){
		.capacity = capacity, .timeouts = timeouts, .hash_key = { { 1, 2 } } });
}

static inline void
rig_free(struct rig *r)
{
	flow_table_free(r->t);
	free(r);
}

/* Let time pass as the engine does: second by second of what is due. */
static inline void
rig_clock(struct rig *r, uint64_t now_ns)
{
	r->now_ns = now_ns;
	for (uint64_t due; (due = flow_next_due_ns(r->t)) <= now_ns;)
		(void)flow_expire(r->t, due, UINT32_MAX);
}

static inline void
rig_wait(struct rig *r, uint64_t ns)
{
	rig_clock(r, r->now_ns + ns);
}

/* Hand a packet over as it is, without looking at what is due. */
static inline struct flow *
rig_packet(struct rig *r, const struct packet *p)
{
	struct flow_key key;
	uint64_t hash;

	r->flow = NULL;
	if (flow_key_of(r->t, p, &key, &hash)) {
		flow_prefetch_slot(r->t, hash);
		flow_prefetch(r->t, hash);
		r->flow = flow_packet(r->t, p, &key, hash, NULL);
	}
	return r->flow;
}

static inline struct packet
rig_ip(const struct rig *r, uint8_t ip_proto, uint32_t payload_bytes)
{
	return (struct packet){
		.ts_ns = r->now_ns,
		.kind = PACKET_IP,
		.interface = r->interface,
		.ip_proto = ip_proto,
		.has_ports = true,
		.src = addr_v4(10, 0, 0, 1),
		.dst = addr_v4(10, 0, 0, 2),
		.ip_bytes = 40 + payload_bytes,
		.payload_bytes = payload_bytes,
		.tcp_window = 64240,
	};
}

static inline struct packet
rig_udp(const struct rig *r, uint16_t src_port, uint16_t dst_port, uint32_t payload_bytes)
{
	struct packet p = rig_ip(r, IPPROTO_UDP, payload_bytes);

	p.src_port = src_port;
	p.dst_port = dst_port;
	return p;
}

/* The same between the two, in the other direction. */
static inline struct packet
rig_answer(const struct packet *p)
{
	struct packet a = *p;

	a.src = p->dst;
	a.dst = p->src;
	a.src_port = p->dst_port;
	a.dst_port = p->src_port;
	return a;
}

static inline struct packet
rig_tcp(const struct rig *r, unsigned from, uint8_t flags, uint32_t payload_bytes)
{
	struct packet p = rig_ip(r, IPPROTO_TCP, payload_bytes);

	p.src_port = r->client_port;
	p.dst_port = 80;
	p.tcp_flags = flags;
	if (from == RIG_SERVER)
		p = rig_answer(&p);
	p.tcp_seq = r->seq[from];
	p.tcp_ack = (flags & TCP_ACK) != 0 ? r->seq[!from] : 0;
	return p;
}

/* One word of a play. */
static inline void
rig_word(struct rig *r, const char *word)
{
	static const char names[] = "FSRPAU"; /* in the order of the bits */
	bool lost = false;
	bool again = false;
	bool no_window = false;
	bool bad = false;
	uint8_t flags = 0;

	if (*word == '+') {
		rig_wait(r, strtoull(word + 1, NULL, 10) * NS_PER_MS);
		return;
	}
	for (; *word != '>' && *word != '<'; word++) {
		lost |= *word == 'x';
		again |= *word == 't';
		no_window |= *word == 'w';
		bad |= *word == 'c';
		assert(strchr("xtwc", *word) != NULL && *word != '\0');
	}
	unsigned from = *word++ == '>' ? RIG_CLIENT : RIG_SERVER;
	for (; isalpha((unsigned char)*word); word++) {
		assert(strchr(names, *word) != NULL);
		flags |= (uint8_t)(1 << (strchr(names, *word) - names));
	}
	uint32_t bytes = (uint32_t)strtoul(word, NULL, 10);
	uint32_t length = bytes + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0);
	if (flags == 0)
		flags = TCP_ACK | TCP_PSH;

	struct packet p = rig_tcp(r, from, flags, bytes);
	if (again)
		p.tcp_seq -= length;
	else
		r->seq[from] += length;
	if (no_window)
		p.tcp_window = 0;
	if (bad)
		p.anomalies = ANOMALY_BIT(ANOMALY_TRANSPORT_CHECKSUM);
	if (!lost)
		(void)rig_packet(r, &p);
}

static inline void
rig_play(struct rig *r, const char *words)
{
	char text[1024];
	char *rest = text;

	assert(strlen(words) < sizeof(text));
	memcpy(text, words, strlen(words) + 1);
	for (char *word; (word = strtok_r(rest, " ", &rest)) != NULL;)
		rig_word(r, word);
}

static inline void
rig_end(struct rig *r)
{
	flow_end_all(r->t);
}
