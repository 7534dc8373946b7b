/*
 * engine_clock.c -- packet time moves, and what falls due happens in its order.
 *
 * Two things are due at times: flows (whole seconds, from the flow table's wheel) and deadlines
 * (window closes and detectors' waits, to the nanosecond). The clock goes from one to the next, so
 * each happens at its own time even when the input jumps; flows first where times are equal, so
 * that a window closes knowing them. There is no loop over empty windows: only what exists is due.
 */
#include "daemon/base/time_text.h"
#include "daemon/detect.h"
#include "daemon/engine_state.h"

#include <stddef.h>

#define JUMP_NS (3600 * NS_PER_S)

static void
fire(struct engine *e, struct deadline *d)
{
	if (d->kind == DEADLINE_WAKE) {
		detect_wake(e, d, e->clock_ns);
		return;
	}
	struct window *w = (void *)((char *)d - offsetof(struct window, close));
	engine_window_close(e, w);
}

static void
run_due(struct engine *e, uint64_t now_ns)
{
	for (;;) {
		uint64_t flow_ns = flow_next_due_ns(e->flows);
		uint64_t deadline_ns = deadline_next_ns(&e->deadlines);
		uint64_t at_ns = flow_ns < deadline_ns ? flow_ns : deadline_ns;

		if (at_ns > now_ns)
			break;
		if (at_ns > e->clock_ns)
			e->clock_ns = at_ns;
		if (flow_ns <= deadline_ns)
			flow_expire(e->flows, flow_ns);
		else
			fire(e, deadline_pop_due(&e->deadlines, deadline_ns));
	}
	flow_clock(e->flows, now_ns);
}

/* Flows are filed under whole seconds, so nothing of theirs falls due inside one. */
static uint64_t
next_check(const struct engine *e)
{
	uint64_t second_ns = (e->clock_ns / NS_PER_S + 1) * NS_PER_S;
	uint64_t deadline_ns = deadline_next_ns(&e->deadlines);

	return second_ns < deadline_ns ? second_ns : deadline_ns;
}

static void
tell_jump(struct engine *e, uint64_t now_ns)
{
	struct record_clock_jump jump = { .from_ns = e->clock_ns, .to_ns = now_ns };

	e->stats.clock_jumps++;
	engine_write(e, RECORD_CLOCK_JUMP,
		&(struct record){
			.kind = RECORD_CLOCK_JUMP, .ts_ns = now_ns, .clock_jump = &jump });
}

void
engine_clock(struct engine *e, uint64_t now_ns)
{
	if (now_ns <= e->clock_ns)
		return;
	if (now_ns < e->check_ns) {
		e->clock_ns = now_ns;
		return;
	}
	if (e->clock_ns != 0 && now_ns - e->clock_ns > JUMP_NS)
		tell_jump(e, now_ns);
	run_due(e, now_ns);
	e->clock_ns = now_ns;
	e->check_ns = next_check(e);
}

void
engine_see_time(struct engine *e, uint64_t ts_ns)
{
	if (e->stats.first_ns == 0 || ts_ns < e->stats.first_ns)
		e->stats.first_ns = ts_ns;
	if (ts_ns > e->stats.last_ns)
		e->stats.last_ns = ts_ns;
	engine_clock(e, ts_ns);
}
