/*
 * flow_exporters.h -- who sends us flows: a bounded table of exporters, and what each is expected to send next.
 *
 * UDP is easily forged, so only networks of a list are heard at all. An exporter is an address with one
 * of its numbered observation points (source id, domain, agent); how its datagrams are numbered depends on
 * the protocol, the arithmetic does not.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FLOW_EXPORTERS_MAX = 64,
	FLOW_DOMAINS_MAX = 16, /* of them with one address */
	FLOW_SAMPLERS_MAX = 8, /* of one exporter */
};

enum flow_protocol {
	FLOW_PROTOCOL_NETFLOW5,
	FLOW_PROTOCOL_NETFLOW9,
	FLOW_PROTOCOL_IPFIX,
	FLOW_PROTOCOL_SFLOW,
};

struct flow_sampler {
	uint64_t id;
	uint32_t rate; /* one in so many packets; 0: the slot is free */
};

struct flow_exporter {
	struct addr from;
	uint32_t domain;
	enum flow_protocol protocol;
	bool is_used;
	bool has_number;
	bool counts_itself; /* its numbers are those behind each datagram, see flow_number */
	uint32_t number;    /* of the latest datagram that was in order, */
	uint32_t count;     /* and what came with it */
	uint32_t uptime_ms; /* of the latest datagram; 0 where the protocol has none */
	uint64_t heard_ns;  /* when the latest datagram came */
	uint32_t rate;      /* the one for all its packets; 0: it said none */
	struct flow_sampler samplers[FLOW_SAMPLERS_MAX];
	uint32_t next_sampler; /* the slot that goes when all are taken */
};

struct flow_exporters {
	const struct cidr *allowed; /* borrowed; none: everybody is heard */
	size_t allowed_count;
	struct flow_exporter exporter[FLOW_EXPORTERS_MAX];
	uint64_t
		refused; /* datagrams of addresses outside the list, or for which there was no room */
	uint64_t lost; /* by gaps in the numbers: records, or datagrams where those are numbered */
	uint64_t restarts;
};

/*
 * Find or make an exporter. One that was silent for an hour gives its place.
 *
 * returns  NULL, counted, when it is not on the list or there is no place
 */
struct flow_exporter *flow_exporters_find(struct flow_exporters *e, const struct addr *from,
	uint32_t domain, enum flow_protocol protocol, uint64_t now_ns);

/*
 * What a datagram says of its place in the order. The number is that of what was sent before; softflowd 1.1
 * has the number of what was sent with it, and counts flows alone.
 */
struct flow_number {
	uint32_t number;    /* modulo 2^32 */
	uint32_t count;     /* how far it goes on by this datagram: records, or 1 */
	uint32_t flows;     /* that of `count` which are flows */
	uint32_t uptime_ms; /* of the exporter; 0: the protocol has none */
};

/*
 * Account the number of a datagram.
 *
 * returns  true when the exporter has started anew, so that its templates are void
 */
bool flow_exporters_number(
	struct flow_exporters *e, struct flow_exporter *x, const struct flow_number *n);

/* What an exporter is called by templates and flow_part.source. */
static inline uint32_t
flow_exporter_index(const struct flow_exporters *e, const struct flow_exporter *x)
{
	return (uint32_t)(x - e->exporter);
}

/* Remember the rate of a sampler; the eight that were told last are kept. */
void flow_exporter_sampler(struct flow_exporter *x, uint64_t id, uint32_t rate);

/* The rate of a sampler, or that of the exporter; 1 when none is known. */
uint32_t flow_exporter_rate(const struct flow_exporter *x, bool has_id, uint64_t id);
