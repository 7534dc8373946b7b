/* netflow_state.h -- what the readers of NetFlow's versions share; nobody else's. */
#pragma once

#include "daemon/input/flow_exporters.h"
#include "daemon/input/netflow.h"
#include "daemon/input/netflow_record.h"
#include "daemon/input/netflow_templates.h"

struct netflow {
	struct flow_exporters exporters;
	struct netflow_templates templates;
	struct netflow_counters counters; /* those that nobody else keeps */
};

/* A datagram on its way through. */
struct netflow_datagram {
	struct netflow *n;
	const struct addr *from;
	uint64_t now_ns;
	struct flow_pair *out;
	struct flow_exporter *exporter;
	struct netflow_clock clock;
	int records; /* that went into `out` */
};

/*
 * Read what follows the version, of v5, and of v9 or IPFIX.
 *
 * returns  0, also when the exporter is refused; -EBADMSG
 */
int netflow5_read(struct netflow_datagram *d, struct cursor *c);
int netflow9_read(struct netflow_datagram *d, struct cursor *c);
int netflow10_read(struct netflow_datagram *d, struct cursor *c);

/* The exporter of the datagram is heard. returns false when it is refused */
bool netflow_heard(struct netflow_datagram *d, uint32_t domain, enum flow_protocol protocol);

/* Its clock, as the header has it. */
void netflow_clocked(
	struct netflow_datagram *d, uint64_t export_ns, bool has_uptime, uint32_t uptime_ms);

/* A flow goes on to the pairing; `is_egress` tells apart what one exporter sees twice. */
void netflow_told(struct netflow_datagram *d, struct flow_part *part, bool is_egress);
