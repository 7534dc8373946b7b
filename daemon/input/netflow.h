/*
 * netflow.h -- NetFlow v5, v9 and IPFIX: datagrams of exporters in, one-way flow records out.
 *
 * A function of bytes and time: who opens a socket is the loop's business. Everything that an exporter
 * can fill (exporters, templates, samplers) is bounded and counted. Records go into a flow_pair.
 *
 * source  Cisco's export format v5; RFC 3954 (v9); RFC 7011, RFC 7012, RFC 5103 (IPFIX)
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/cursor.h"
#include "daemon/input/flow_pair.h"

#include <stddef.h>
#include <stdint.h>

struct netflow_plan {
	const struct cidr *from; /* who is heard; borrowed; none: everybody */
	size_t from_count;
	struct hash_key hash_key; /* of templates: random, since exporters number them */
};

struct netflow_counters {
	uint64_t packets;          /* datagrams that were read, or in part */
	uint64_t records;          /* that went on as flows */
	uint64_t bad;              /* datagrams that are none, or end too early */
	uint64_t lost;             /* by gaps: records (v5, IPFIX), datagrams (v9) */
	uint64_t without_template; /* sets of data whose template is not known */
	uint64_t skipped;          /* records of no IP flow, or without packets */
	uint64_t sampled;          /* records of which only one packet in some was looked at */
	uint64_t
		refused_exporters; /* datagrams of others than `from`, or of one exporter too many */
	uint64_t refused_templates; /* with too many fields */
	uint64_t evicted_templates; /* pushed out by newer ones */
	uint64_t restarts;          /* exporters that started anew */
	uint64_t
		wrong_clocks; /* datagrams whose clock is off by more than a minute: read by ours */
};

struct netflow;

/* returns NULL when memory is out; about 400 KiB */
struct netflow *netflow_new(const struct netflow_plan *plan);
void netflow_free(struct netflow *n);

/*
 * Read one datagram.
 *
 * from     who sent it
 * now_ns   when it came: the time that has come for `out`, and the age of templates
 * returns  flow records that went into `out`, or -EBADMSG: it is no such datagram, or broken from
 *          some set on (what came before it was taken); counted either way
 */
int netflow_packet(struct netflow *n, const struct addr *from, struct cursor bytes, uint64_t now_ns,
	struct flow_pair *out);

struct netflow_counters netflow_counters(const struct netflow *n);
