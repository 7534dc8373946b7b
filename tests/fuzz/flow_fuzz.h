/*
 * flow_fuzz.h -- any bytes as datagrams of an exporter, for the targets that differ only in who reads them.
 *
 * An input is datagrams, each behind two bytes of its length. Time goes on by a minute with each, so that
 * what waits is told. No allocation after the start; whatever is told is told within bounds.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/base/time_text.h"
#include "daemon/input/flow_pair.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FUZZ_CAPACITY = 16, FUZZ_STEP_S = 60 };

#define FUZZ_T0 (UINT64_C(1700000000) * NS_PER_S)

/* Read one datagram that came at a time. returns as netflow_packet() */
typedef int (*flow_fuzz_fn)(
	void *reader, struct cursor bytes, uint64_t now_ns, struct flow_pair *out);

static inline void
flow_fuzz_drain(struct flow_pair *p, uint64_t now_ns, uint64_t latest_ns)
{
	struct obs_flow f;

	while (flow_pair_next(p, now_ns, &f)) {
		assert(f.start_ns <= f.last_ns && f.last_ns <= latest_ns);
		assert(f.previous_ns >= f.start_ns && f.previous_ns <= f.last_ns);
		assert(f.id != 0 && f.id < UINT64_C(1) << 53 && f.uid.text[0] == 'C');
		assert(f.state < CONN_STATE_COUNT && f.ended < FLOW_END_REASON_COUNT);
		assert(f.history[0] == '\0' && f.service[0] == '\0' && f.label[0] == '\0');
	}
}

static inline void
flow_fuzz(void *reader, flow_fuzz_fn read, const uint8_t *bytes, size_t len)
{
	struct flow_pair_plan plan = flow_pair_plan_of_files();
	struct cursor c = cursor_over(bytes, len);
	uint64_t now_ns = FUZZ_T0;
	uint64_t records = 0;

	plan.capacity = FUZZ_CAPACITY;
	struct flow_pair *pair = flow_pair_new(&plan);
	assert(pair != NULL);
	failing_alloc_begin(0);
	while (cursor_left(&c) > 2) {
		size_t length = cursor_be16(&c);
		size_t left = cursor_left(&c);
		struct cursor datagram = cursor_sub(&c, length < left ? length : left);
		int told = read(reader, datagram, now_ns, pair);
		records += told > 0 ? (uint64_t)told : 0;
		flow_fuzz_drain(pair, now_ns, now_ns);
		now_ns += FUZZ_STEP_S * NS_PER_S;
	}
	flow_fuzz_drain(pair, UINT64_MAX, now_ns);
	assert(failing_alloc_end() == 0);
	assert(flow_pair_counters(pair).parts >= records);
	flow_pair_free(pair);
}
