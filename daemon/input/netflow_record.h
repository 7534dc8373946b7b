/*
 * netflow_record.h -- what a record of an exporter says, whatever order and lengths it has.
 *
 * NetFlow v9's field types are IPFIX' information elements with the same numbers, so one list does.
 *
 * source  RFC 3954 section 8, RFC 7012 and IANA's registry of IPFIX information elements
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/input/flow_exporters.h"
#include "daemon/input/flow_pair.h"
#include "daemon/input/netflow_templates.h"

enum netflow_element {
	NETFLOW_NONE,
	NETFLOW_BYTES,
	NETFLOW_PACKETS,
	NETFLOW_POST_BYTES,
	NETFLOW_POST_PACKETS,
	NETFLOW_TOTAL_BYTES,
	NETFLOW_TOTAL_PACKETS,
	NETFLOW_PROTOCOL,
	NETFLOW_TCP_FLAGS,
	NETFLOW_SRC_PORT,
	NETFLOW_DST_PORT,
	NETFLOW_SRC_ADDR,
	NETFLOW_DST_ADDR,
	NETFLOW_ICMP, /* type and code in one */
	NETFLOW_ICMP_TYPE,
	NETFLOW_ICMP_CODE,
	NETFLOW_SRC_MAC,
	NETFLOW_DST_MAC,
	NETFLOW_VLAN,
	NETFLOW_DIRECTION, /* 0 came in, 1 went out */
	NETFLOW_END_REASON,
	NETFLOW_BIFLOW, /* which end opened it */
	NETFLOW_START_UPTIME_MS,
	NETFLOW_END_UPTIME_MS,
	NETFLOW_START_S,
	NETFLOW_END_S,
	NETFLOW_START_MS,
	NETFLOW_END_MS,
	NETFLOW_START_NTP,
	NETFLOW_END_NTP,
	NETFLOW_START_AGO_US,
	NETFLOW_END_AGO_US,
	NETFLOW_INIT_MS, /* when the exporter started */
	NETFLOW_DURATION_MS,
	NETFLOW_SAMPLER,
	NETFLOW_SAMPLING_INTERVAL,
	NETFLOW_SAMPLED_PACKETS, /* so many are looked at, */
	NETFLOW_SKIPPED_PACKETS, /* then so many are not */
	NETFLOW_SAMPLE_SIZE,
	NETFLOW_SAMPLE_POPULATION,
	NETFLOW_ELEMENT_COUNT,
};

/* Values of one record; a set bit says that it is there. */
struct netflow_record {
	uint64_t has, has_reverse;
	uint64_t value[NETFLOW_ELEMENT_COUNT];
	uint64_t reverse[NETFLOW_ELEMENT_COUNT];
	struct addr src, dst;
	struct mac src_mac, dst_mac;
};

/* What a datagram says of its exporter's clock, and what ours says. */
struct netflow_clock {
	uint64_t export_ns;
	uint64_t now_ns;
	uint32_t uptime_ms; /* at that time; v5 and v9 only */
	bool has_uptime;
	bool is_wrong; /* more than a minute off: times are shifted by the difference */
};

struct netflow_clock netflow_clock_of(
	uint64_t export_ns, bool has_uptime, uint32_t uptime_ms, uint64_t now_ns);

/* When the exporter's uptime was so much, by its clock. An uptime that is ahead is of before it went round. */
uint64_t netflow_uptime_ns(const struct netflow_clock *clock, uint32_t uptime_ms);

/* Times of a flow by the exporter's clock become ours, none later than now, none after its end. */
void netflow_times(const struct netflow_clock *clock, uint64_t start_ns, uint64_t end_ns,
	struct flow_part *part);

/* returns an enum netflow_element; NETFLOW_NONE for what we do not need */
uint8_t netflow_element_of(uint16_t id);

/* returns false when the record ends too early: the set is over */
bool netflow_record_read(
	const struct netflow_template *template, struct cursor *set, struct netflow_record *ret);

static inline bool
netflow_has(const struct netflow_record *r, enum netflow_element element)
{
	return (r->has & UINT64_C(1) << element) != 0;
}

/* How many packets one that was looked at stands for, as the record itself says; 0 if it does not. */
uint32_t netflow_record_rate(const struct netflow_record *r);

/*
 * As a flow.
 *
 * rate     packets and bytes are multiplied with it
 * returns  false when it is none: no addresses of IP, or nothing was sent
 */
bool netflow_record_part(const struct netflow_record *r, const struct netflow_clock *clock,
	uint32_t rate, struct flow_part *ret);

/* packets and bytes of `n`, `rate` times; sticks to the largest number */
uint64_t netflow_times_rate(uint64_t n, uint32_t rate);
