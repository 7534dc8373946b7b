#include "daemon/input/netflow.h"

#include "daemon/input/netflow_state.h"

#include <errno.h>
#include <stdlib.h>

enum { VERSION_5 = 5, VERSION_9 = 9, VERSION_IPFIX = 10 };

struct netflow *
netflow_new(const struct netflow_plan *plan)
{
	struct netflow *n = calloc(1, sizeof(*n));

	if (n == NULL)
		return NULL;
	n->exporters.allowed = plan->from;
	n->exporters.allowed_count = plan->from_count;
	if (netflow_templates_init(&n->templates, &plan->hash_key) < 0) {
		free(n);
		return NULL;
	}
	return n;
}

void
netflow_free(struct netflow *n)
{
	if (n == NULL)
		return;
	netflow_templates_done(&n->templates);
	free(n);
}

bool
netflow_heard(struct netflow_datagram *d, uint32_t domain, enum flow_protocol protocol)
{
	d->exporter = flow_exporters_find(&d->n->exporters, d->from, domain, protocol, d->now_ns);
	return d->exporter != NULL;
}

void
netflow_clocked(struct netflow_datagram *d, uint64_t export_ns, bool has_uptime, uint32_t uptime_ms)
{
	d->clock = netflow_clock_of(export_ns, has_uptime, uptime_ms, d->now_ns);
	d->n->counters.wrong_clocks += d->clock.is_wrong;
}

void
netflow_told(struct netflow_datagram *d, struct flow_part *part, bool is_egress)
{
	part->source = flow_exporter_index(&d->n->exporters, d->exporter) * 2 + is_egress;
	d->n->counters.records++;
	d->n->counters.sampled += part->rate > 1;
	d->records++;
	flow_pair_add(d->out, part, d->now_ns);
}

static int
read_version(struct netflow_datagram *d, struct cursor *c)
{
	switch (cursor_be16(c)) {
	case VERSION_5:
		return netflow5_read(d, c);
	case VERSION_9:
		return netflow9_read(d, c);
	case VERSION_IPFIX:
		return netflow10_read(d, c);
	default:
		return -EBADMSG;
	}
}

int
netflow_packet(struct netflow *n, const struct addr *from, struct cursor bytes, uint64_t now_ns,
	struct flow_pair *out)
{
	struct netflow_datagram d = { .n = n, .from = from, .now_ns = now_ns, .out = out };
	int error = read_version(&d, &bytes);

	n->counters.packets += d.exporter != NULL;
	n->counters.bad += error < 0;
	return error < 0 ? error : d.records;
}

struct netflow_counters
netflow_counters(const struct netflow *n)
{
	struct netflow_counters c = n->counters;

	c.lost = n->exporters.lost;
	c.refused_exporters = n->exporters.refused;
	c.restarts = n->exporters.restarts;
	c.evicted_templates = n->templates.evicted;
	return c;
}
