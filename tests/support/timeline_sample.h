/* timeline_sample.h -- an entry of a timeline, to be changed by tests. */
#pragma once

#include "daemon/base/time_text.h"
#include "daemon/record/record.h"

#include <netinet/in.h>

struct timeline_sample {
	struct obs_flow flow;
	struct record_timeline record;
};

/* 2019-10-22T22:45:16.123456Z: https of 10.0.0.5, as in the first Kalipso's screenshots. Points into itself. */
static inline void
timeline_sample_init(struct timeline_sample *s)
{
	*s = (struct timeline_sample){
		.flow = { .uid = { "Cabc" },
			.orig = addr_from_v4((const uint8_t[]){ 10, 0, 0, 5 }),
			.resp = addr_from_v4((const uint8_t[]){ 216, 58, 201, 106 }),
			.orig_port = 50000,
			.resp_port = 443,
			.ip_proto = IPPROTO_TCP,
			.start_ns = UINT64_C(1571784316123456000),
			.last_ns = UINT64_C(1571784317923456000),
			.orig_total = { .packets = 9, .payload_bytes = 966 },
			.resp_total = { .packets = 9, .payload_bytes = 957 },
			.established = true,
			.history = "",
			.service = "ssl",
			.label = "" },
	};
	s->record = (struct record_timeline){ .host = s->flow.orig, .flow = &s->flow };
}

/* The same as its other end tells it. */
static inline void
timeline_sample_turn(struct timeline_sample *s)
{
	s->record.host = s->flow.resp;
	s->record.role = ROLE_SERVER;
}
