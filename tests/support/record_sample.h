/* record_sample.h -- records as an engine would write them, for tests of what becomes of them. */
#pragma once

#include "daemon/base/time_text.h"
#include "daemon/record/record.h"

#include <netinet/in.h>
#include <string.h>

/* 2026-11-24T02:00:00.123456789Z */
#define SAMPLE_NS (UINT64_C(1795485600) * NS_PER_S + 123456789)

static const struct evidence_kind sample_scan = {
	.name = "HORIZONTAL_PORT_SCAN",
	.signature_id = 5200005,
	.technique = "T1046",
	.unit = "hosts",
	.title = "Horizontal port scan",
	.may_convict = true,
};

static inline struct obs_flow
sample_flow(void)
{
	return (struct obs_flow){
		.id = 4503599627370496,
		.uid = { "CHhAvVGS1DHFjwGM9" },
		.orig = addr_v4(192, 168, 1, 10),
		.resp = addr_v4(203, 0, 113, 80),
		.orig_port = 51234,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.has_macs = true,
		.orig_mac = { { 0x02, 0, 0, 0, 0, 0x0a } },
		.resp_mac = { { 0x02, 0, 0, 0, 0, 0x01 } },
		.vlan = 7,
		.start_ns = SAMPLE_NS,
		.last_ns = SAMPLE_NS + 61 * NS_PER_S + 500 * (uint64_t)NS_PER_MS,
		.previous_ns = SAMPLE_NS,
		.orig_total = { .packets = 12, .ip_bytes = 1500, .payload_bytes = 860 },
		.resp_total = { .packets = 10,
			.ip_bytes = 9000,
			.payload_bytes = 8460,
			.missed_bytes = 20 },
		.state = CONN_SF,
		.ended = FLOW_END_CLOSED,
		.established = true,
		.history = "ShADadFf",
		.service = "ssl",
		.label = "",
	};
}

/* What carried it: a conversation each way. */
static inline struct obs_outside
sample_outside(void)
{
	return (struct obs_outside){
		.kind = TUNNEL_GENEVE,
		.depth = 2,
		.ip_proto = IPPROTO_UDP,
		.id = 0xfedcba98,
		.src = addr_v4(10, 0, 0, 1),
		.dst = addr_v4(10, 0, 0, 2),
		.uids = { { "CUM0KZ3MLUfNB0cl11" }, { "C4J4Th3PJpwUYZZ6gc" } },
	};
}

/* The window from 02:00 to 03:00. */
static inline struct record_window_ref
sample_window(void)
{
	return (struct record_window_ref){
		.number = 3,
		.start_ns = UINT64_C(1795485600) * NS_PER_S,
		.end_ns = UINT64_C(1795489200) * NS_PER_S,
	};
}

static inline struct record_evidence
sample_evidence(void)
{
	static const struct flow_uid uids[] = { { "CAAAAAAAAAAAAAAAA1" },
		{ "CAAAAAAAAAAAAAAAA2" } };

	return (struct record_evidence){
		.id = "8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f",
		.kind = &sample_scan,
		.detector = "horizontal_scan",
		.threat = THREAT_HIGH,
		.confidence = 0.3,
		.role = EVIDENCE_ATTACKER,
		.counted = true,
		.sum = 0.24,
		.host = addr_v4(192, 168, 1, 10),
		.port = 23,
		.ip_proto = IPPROTO_TCP,
		.observed = 10,
		.threshold = 10,
		.object = "23/tcp",
		.text = "scanned port 23/tcp on 10 hosts",
		.uids = uids,
		.uid_count = 2,
		.window = sample_window(),
	};
}

/* From 01:58:59 to 02:00:00. */
static inline struct record_capture_gap
sample_gap(void)
{
	return (struct record_capture_gap){
		.interface = "eth0",
		.from_ns = SAMPLE_NS - 61 * NS_PER_S - 40 * (uint64_t)NS_PER_MS,
		.to_ns = SAMPLE_NS,
		.reason = "down",
	};
}

static inline struct record_weird
sample_weird(void)
{
	return (struct record_weird){
		.weird = { .kind = WEIRD_FRAGMENT_DIFFERENT,
			.src = addr_v4(192, 168, 1, 10),
			.dst = addr_v4(203, 0, 113, 80),
			.src_port = 4000,
			.dst_port = 53,
			.ip_proto = IPPROTO_UDP,
			.id = 4711,
			.uid = { "CHhAvVGS1DHFjwGM9x" } },
		.interface = 1,
		.swallowed = 7,
	};
}

static inline struct record_alert
sample_alert(void)
{
	static const char ids[2][UUID_TEXT_MAX] = { "8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f",
		"45c48cce-2e2d-8fbd-aa1a-fc51c7c6ad26" };

	return (struct record_alert){
		.id = "d3d94468-02a4-8259-b55d-38e6d163e820",
		.host = addr_v4(192, 168, 1, 10),
		.window = sample_window(),
		.sum = 3.04,
		.threshold = 3,
		.reason = "scanned port 23/tcp on 1000 hosts",
		.strongest = &sample_scan,
		.highest = THREAT_HIGH,
		.evidence = ids,
		.evidence_count = 2,
		.evidence_total = 2,
	};
}
