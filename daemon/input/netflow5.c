/* netflow5.c -- NetFlow v5: up to thirty records of one fixed form, IPv4 only. */
#include "daemon/input/netflow_state.h"

#include "daemon/base/time_text.h"

#include <errno.h>
#include <netinet/in.h>

enum {
	RECORD_BYTES = 48,
	SAMPLING_INTERVAL = 0x3fff, /* the upper two bits are the mode */
};

struct header {
	uint16_t count;
	uint32_t uptime_ms;
	uint64_t export_ns;
	uint32_t sequence;
	uint32_t engine; /* type and number of the card that counts */
	uint32_t rate;
};

static struct header
read_header(struct cursor *c)
{
	struct header h = { .count = cursor_be16(c), .uptime_ms = cursor_be32(c) };

	h.export_ns = cursor_be32(c) * NS_PER_S;
	h.export_ns += cursor_be32(c);
	h.sequence = cursor_be32(c);
	h.engine = cursor_be16(c);
	h.rate = cursor_be16(c) & SAMPLING_INTERVAL;
	return h;
}

/* The fields in their order; those of routing are stepped over. */
static void
read_record(
	struct cursor *c, const struct netflow_clock *clock, uint32_t rate, struct flow_part *part)
{
	*part = (struct flow_part){ .rate = rate };
	part->src = addr_read_v4(c);
	part->dst = addr_read_v4(c);
	cursor_take(c, 8); /* next hop, interfaces */
	part->forward.packets = netflow_times_rate(cursor_be32(c), rate);
	part->forward.bytes = netflow_times_rate(cursor_be32(c), rate);
	uint64_t start_ns = netflow_uptime_ns(clock, cursor_be32(c));
	uint64_t end_ns = netflow_uptime_ns(clock, cursor_be32(c));
	netflow_times(clock, start_ns, end_ns, part);
	part->src_port = cursor_be16(c);
	part->dst_port = cursor_be16(c);
	cursor_u8(c);
	part->forward.tcp_flags = cursor_u8(c);
	part->ip_proto = cursor_u8(c);
	cursor_take(c, 9); /* type of service, autonomous systems, masks, padding */
	if (part->ip_proto != IPPROTO_ICMP)
		return;
	uint16_t both = part->dst_port;
	part->src_port = both >> 8;
	part->dst_port = both & UINT8_MAX;
}

int
netflow5_read(struct netflow_datagram *d, struct cursor *c)
{
	struct header h = read_header(c);
	struct flow_part part;

	if (c->short_read)
		return -EBADMSG;
	if (!netflow_heard(d, h.engine, FLOW_PROTOCOL_NETFLOW5))
		return 0;
	const struct flow_number number = { h.sequence, h.count, h.count, h.uptime_ms };
	flow_exporters_number(&d->n->exporters, d->exporter, &number);
	netflow_clocked(d, h.export_ns, /* has_uptime= */ true, h.uptime_ms);
	for (unsigned i = 0; i < h.count; i++) {
		struct cursor record = cursor_sub(c, RECORD_BYTES);
		if (record.short_read)
			return -EBADMSG;
		read_record(&record, &d->clock, h.rate, &part);
		if (part.forward.packets == 0)
			d->n->counters.skipped++;
		else
			netflow_told(d, &part, /* is_egress= */ false);
	}
	return 0;
}
