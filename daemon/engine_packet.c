/*
 * engine_packet.c -- frames become packets, and packets find their flows.
 *
 * A batch of frames is decoded first and its flows are asked from memory while the others are still
 * being decoded: with a million flows a packet waits for two loads of 170 ns otherwise.
 */
#include "daemon/engine.h"

#include "daemon/decode/decode.h"
#include "daemon/engine_parse.h"
#include "daemon/engine_state.h"

#include <assert.h>

static void
handle_arp(struct engine *e, const struct packet *p)
{
	struct obs_arp arp = {
		.operation = p->arp.operation,
		.eth_src = p->src_mac,
		.eth_dst = p->dst_mac,
		.sender_mac = p->arp.sender_mac,
		.target_mac = p->arp.target_mac,
		.sender = p->arp.sender,
		.target = p->arp.target,
	};

	engine_show(e, NULL,
		&(struct observation){ .kind = OBS_ARP,
			.ts_ns = p->ts_ns,
			.interface = p->interface,
			.arp = &arp });
}

void
engine_weird(struct engine *e, enum weird kind, const struct packet *p)
{
	struct obs_weird weird = {
		.kind = kind,
		.src = p->src,
		.dst = p->dst,
		.src_port = p->has_ports ? p->src_port : 0,
		.dst_port = p->has_ports ? p->dst_port : 0,
		.ip_proto = p->ip_proto,
	};

	e->stats.weird[kind]++;
	engine_show(e, NULL,
		&(struct observation){ .kind = OBS_WEIRD,
			.ts_ns = p->ts_ns,
			.interface = p->interface,
			.weird = &weird });
}

static void
count_anomalies(struct engine *e, uint32_t anomalies)
{
	for (uint32_t left = anomalies; left != 0; left &= left - 1)
		e->stats.anomalies[__builtin_ctz(left)]++;
}

static void
count_frame(struct engine *e, const struct packet *p, uint32_t wire_bytes)
{
	struct engine_interface_stats *s = &e->interfaces[p->interface];

	s->packets++;
	s->bytes += wire_bytes;
	if (p->ts_ns > s->last_ns)
		s->last_ns = p->ts_ns;
}

/* What was worked out about a frame before its turn. */
struct prepared {
	struct packet packet;
	struct flow_key key;
	uint64_t hash;
	bool has_flow;
};

static void
handle_flow(struct engine *e, const struct packet *p, const struct flow_key *key, uint64_t hash)
{
	struct flow *f = flow_packet(e->flows, p, key, hash);

	if (f == NULL) {
		e->interfaces[p->interface].duplicates++;
		return;
	}
	if (e->stream_was_cut) {
		e->stream_was_cut = false;
		engine_weird(e, WEIRD_STREAM_SYN, p);
	}
	if (*flow_parser(f) != FLOW_PARSER_NONE)
		engine_parse(e, f, p);
}

static void
handle(struct engine *e, const struct prepared *a)
{
	const struct packet *p = &a->packet;

	engine_see_time(e, p->ts_ns);
	if (p->anomalies != 0)
		count_anomalies(e, p->anomalies);
	if (a->has_flow) {
		handle_flow(e, p, &a->key, a->hash);
	} else if (p->kind == PACKET_ARP) {
		if (arp_recent_takes(&e->arp_recent, p))
			handle_arp(e, p);
		else
			e->interfaces[p->interface].duplicates++;
	}
}

/* Understand a frame, and find out which flow it belongs to. */
static void
prepare(const struct engine *e, const struct frame *f, struct prepared *ret_prepared)
{
	struct packet *p = &ret_prepared->packet;

	decode(f, p);
	if (e->settings->flow.checksums && packet_checksum(p) == CHECKSUM_WRONG)
		p->anomalies |= ANOMALY_BIT(ANOMALY_TRANSPORT_CHECKSUM);
	ret_prepared->has_flow = flow_key_of(e->flows, p, &ret_prepared->key, &ret_prepared->hash);
	if (ret_prepared->has_flow)
		flow_prefetch_slot(e->flows, ret_prepared->hash);
}

void
engine_packets(struct engine *e, const struct frame *frames, size_t count)
{
	struct prepared batch[ENGINE_BATCH_MAX];

	assert(count <= ENGINE_BATCH_MAX);
	for (size_t i = 0; i < count; i++) {
		prepare(e, &frames[i], &batch[i]);
		count_frame(e, &batch[i].packet, frames[i].wire);
	}
	for (size_t i = 0; i < count; i++)
		if (batch[i].has_flow)
			flow_prefetch(e->flows, batch[i].hash);
	for (size_t i = 0; i < count; i++)
		handle(e, &batch[i]);
}
