/*
 * sflow.h -- sFlow v5: sampled frames of switches in, one-way flow records out.
 *
 * Of one frame in some hundreds or thousands the beginning is sent. That says who talks to whom and, times
 * the rate, about how much; never that somebody was refused or did not answer.
 *
 * source  sflow.org, "sFlow Version 5" (2004)
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/cursor.h"
#include "daemon/input/flow_pair.h"

#include <stddef.h>
#include <stdint.h>

struct sflow_plan {
	const struct cidr *from; /* who is heard; borrowed; none: everybody */
	size_t from_count;
};

struct sflow_counters {
	uint64_t packets;           /* datagrams that were read, or in part */
	uint64_t samples;           /* frames that went on as flows */
	uint64_t bad;               /* datagrams that are none, or end too early */
	uint64_t lost;              /* datagrams, by gaps in their numbers */
	uint64_t skipped;           /* samples of no IP packet, and those of counters */
	uint64_t sampled;           /* samples of one frame in more than one */
	uint64_t refused_exporters; /* datagrams of others than `from`, or of one agent too many */
	uint64_t restarts;
};

struct sflow;

/* returns NULL when memory is out */
struct sflow *sflow_new(const struct sflow_plan *plan);
void sflow_free(struct sflow *s);

/* Read one datagram: as netflow_packet(). */
int sflow_packet(struct sflow *s, const struct addr *from, struct cursor bytes, uint64_t now_ns,
	struct flow_pair *out);

struct sflow_counters sflow_counters(const struct sflow *s);
