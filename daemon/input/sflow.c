/*
 * A datagram has samples, a sample has records, and each tells its length: what is not a frame's beginning
 * (counters of interfaces, what a switch adds) is stepped over. There are no times but that of the
 * datagram's coming.
 */
#include "daemon/input/sflow.h"

#include "daemon/decode/decode.h"
#include "daemon/flow/flow_key.h"
#include "daemon/input/flow_exporters.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

enum {
	VERSION = 5,
	AGENT_IPV4 = 1,
	AGENT_IPV6 = 2,
	FLOW_SAMPLE = 1,
	FLOW_SAMPLE_EXPANDED = 3,
	RAW_HEADER = 1,
	HEADER_ETHERNET = 1,
	HEADER_IPV4 = 11,
	HEADER_IPV6 = 12,
	LINK_ETHERNET = 1, /* as capture files number them */
	LINK_RAW_IP = 101,
	SOURCES_FROM =
		2 * FLOW_EXPORTERS_MAX, /* above those of NetFlow, that may fill the same pairing */
};

struct sflow {
	struct flow_exporters exporters;
	struct sflow_counters counters;
};

/* A datagram on its way through. */
struct datagram {
	struct sflow *s;
	uint64_t now_ns;
	struct flow_pair *out;
	const struct flow_exporter *exporter;
	uint32_t rate; /* of the sample at hand */
	int samples;   /* that went into `out` */
};

struct sflow *
sflow_new(const struct sflow_plan *plan)
{
	struct sflow *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->exporters.allowed = plan->from;
	s->exporters.allowed_count = plan->from_count;
	return s;
}

void
sflow_free(struct sflow *s)
{
	free(s);
}

static uint64_t
times_rate(uint32_t n, uint32_t rate)
{
	return (uint64_t)n * (rate == 0 ? 1 : rate);
}

/* returns false for a packet whose conversation is not known: no IP, or cut before its ports */
static bool
part_of(const struct packet *p, const struct datagram *d, struct flow_part *part)
{
	bool is_icmp = flow_key_is_icmp(p->ip_proto);
	bool needs_ports = is_icmp || p->ip_proto == IPPROTO_TCP || p->ip_proto == IPPROTO_UDP;

	if (p->kind != PACKET_IP || (needs_ports && !p->has_ports))
		return false;
	*part = (struct flow_part){
		.src = p->src,
		.dst = p->dst,
		.src_port = is_icmp ? p->icmp_type : p->src_port,
		.dst_port = is_icmp ? p->icmp_code : p->dst_port,
		.ip_proto = p->ip_proto,
		.has_macs = p->has_mac,
		.src_mac = p->src_mac,
		.dst_mac = p->dst_mac,
		.vlan = p->vlan_count > 0 ? p->vlan[0] : 0,
		.start_ns = d->now_ns,
		.end_ns = d->now_ns,
		.forward = { .packets = times_rate(1, d->rate),
			.bytes = times_rate(p->ip_bytes, d->rate),
			.tcp_flags = p->tcp_flags },
		.more = FLOW_PART_GOES_ON, /* until nothing of it is sampled for a while */
		.rate = d->rate,
		.source = SOURCES_FROM + flow_exporter_index(&d->s->exporters, d->exporter),
	};
	return true;
}

static void
take_frame(struct datagram *d, uint16_t link, uint32_t wire, struct cursor header)
{
	uint32_t captured = (uint32_t)cursor_left(&header);
	struct frame frame = { .ts_ns = d->now_ns,
		.bytes = header.at,
		.captured = captured,
		.wire = wire > captured ? wire : captured,
		.link = link };
	struct packet p;
	struct flow_part part;

	decode(&frame, &p);
	if (!part_of(&p, d, &part)) {
		d->s->counters.skipped++;
		return;
	}
	d->s->counters.samples++;
	d->s->counters.sampled += d->rate > 1;
	d->samples++;
	flow_pair_add(d->out, &part, d->now_ns);
}

static void
read_header(struct datagram *d, struct cursor *c)
{
	uint32_t protocol = cursor_be32(c);
	uint32_t wire = cursor_be32(c);
	uint32_t stripped = cursor_be32(c);
	struct cursor header = cursor_sub(c, cursor_be32(c));

	if (header.short_read)
		c->short_read = true;
	else if (protocol == HEADER_ETHERNET)
		take_frame(d, LINK_ETHERNET, wire > stripped ? wire - stripped : 0, header);
	else if (protocol == HEADER_IPV4 || protocol == HEADER_IPV6)
		take_frame(d, LINK_RAW_IP, wire > stripped ? wire - stripped : 0, header);
	else
		d->s->counters.skipped++;
}

/* returns false when it ends too early */
static bool
read_flow_sample(struct datagram *d, struct cursor *c, bool is_expanded)
{
	/* Its number and source; a source and the interfaces are two numbers each when expanded. */
	cursor_take(c, is_expanded ? 12 : 8);
	d->rate = cursor_be32(c);
	cursor_take(c, is_expanded ? 24 : 16);
	uint32_t records = cursor_be32(c);
	bool has_header = false;

	for (uint32_t i = 0; i < records && !c->short_read; i++) {
		uint32_t format = cursor_be32(c);
		struct cursor record = cursor_sub(c, cursor_be32(c));
		if (format != RAW_HEADER || record.short_read)
			continue;
		has_header = true;
		read_header(d, &record);
		if (record.short_read)
			return false;
	}
	d->s->counters.skipped += !has_header;
	return !c->short_read;
}

static bool
read_sample(struct datagram *d, struct cursor *c)
{
	uint32_t format = cursor_be32(c);
	struct cursor sample = cursor_sub(c, cursor_be32(c));

	if (c->short_read)
		return false;
	if (format == FLOW_SAMPLE || format == FLOW_SAMPLE_EXPANDED)
		return read_flow_sample(d, &sample, format == FLOW_SAMPLE_EXPANDED);
	d->s->counters.skipped++;
	return true;
}

/* The agent's own address tells nothing that the sender's does not. returns false when it is none */
static bool
skip_agent(struct cursor *c)
{
	switch (cursor_be32(c)) {
	case AGENT_IPV4:
		return cursor_take(c, 4) != NULL;
	case AGENT_IPV6:
		return cursor_take(c, 16) != NULL;
	default:
		return false;
	}
}

static int
read_datagram(struct datagram *d, const struct addr *from, struct cursor *c)
{
	struct flow_exporters *exporters = &d->s->exporters;

	if (cursor_be32(c) != VERSION || !skip_agent(c))
		return -EBADMSG;
	uint32_t agent = cursor_be32(c);
	uint32_t sequence = cursor_be32(c);
	uint32_t uptime_ms = cursor_be32(c);
	uint32_t count = cursor_be32(c);
	if (c->short_read)
		return -EBADMSG;
	struct flow_exporter *x =
		flow_exporters_find(exporters, from, agent, FLOW_PROTOCOL_SFLOW, d->now_ns);
	if (x == NULL)
		return 0;
	d->exporter = x;
	const struct flow_number number = { sequence, 1, 1, uptime_ms };
	flow_exporters_number(exporters, x, &number);
	for (uint32_t i = 0; i < count; i++)
		if (!read_sample(d, c))
			return -EBADMSG;
	return 0;
}

int
sflow_packet(struct sflow *s, const struct addr *from, struct cursor bytes, uint64_t now_ns,
	struct flow_pair *out)
{
	struct datagram d = { .s = s, .now_ns = now_ns, .out = out };
	int error = read_datagram(&d, from, &bytes);

	s->counters.packets += d.exporter != NULL;
	s->counters.bad += error < 0;
	return error < 0 ? error : d.samples;
}

struct sflow_counters
sflow_counters(const struct sflow *s)
{
	struct sflow_counters c = s->counters;

	c.lost = s->exporters.lost;
	c.refused_exporters = s->exporters.refused;
	c.restarts = s->exporters.restarts;
	return c;
}
