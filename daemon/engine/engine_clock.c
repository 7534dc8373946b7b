/*
 * engine_clock.c -- packet time moves, and what falls due happens in its order.
 *
 * Two things are due at times: flows (whole seconds, from the flow table's wheel) and deadlines
 * (window closes and detectors' waits, to the nanosecond). The clock goes from one to the next, so
 * each happens at its own time even when the input jumps; flows first where times are equal, so
 * that a window closes knowing them. There is no loop over empty windows: only what exists is due.
 * Datagrams of which parts never came are forgotten beside that; nobody is told, so it has no order.
 *
 * A million flows may be due in one second. They are not all looked at while one packet waits: what
 * DUE_AT_ONCE does not cover is left to the packets that follow, DUE_A_PACKET each, which is more
 * than a packet can make due later. The clock stays where it is until nothing is left before it; the
 * order of what happens is the same. It follows from the packets alone, so it is the same every time.
 */
#include "daemon/base/time_text.h"
#include "daemon/engine/detect.h"
#include "daemon/engine/engine_state.h"

#include <stddef.h>

#define JUMP_NS (3600 * NS_PER_S)

enum {
	DUE_AT_ONCE = 1024, /* some ms at most */
	DUE_A_PACKET = 32,  /* while the clock is behind */
	DUE_A_TICK = 4096,  /* nobody waits behind a tick but packets in their ring */
	DEADLINE_COSTS = 4, /* flows: a window that closes is told whole */
};

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

/*
 * A window that closes is told whole, and waits while there is no room for that. What is due behind it waits as well,
 * since the order does not depend on the sink; a detector that asked to be woken waits for nothing else.
 */
static bool
may_fire(const struct engine *e, const struct deadline *d, uint64_t now_ns)
{
	return d->kind != DEADLINE_WINDOW_CLOSE || engine_may_close(e, d->at_ns, now_ns);
}

/* Let up to `most` things happen that are due by `now_ns`. returns whether that was all */
static bool
run_due(struct engine *e, uint64_t now_ns, uint32_t most)
{
	for (;;) {
		uint64_t flow_ns = flow_next_due_ns(e->flows);
		uint64_t deadline_ns = deadline_next_ns(&e->deadlines);
		uint64_t at_ns = flow_ns < deadline_ns ? flow_ns : deadline_ns;

		if (at_ns > now_ns) {
			flow_clock(e->flows, now_ns);
			return true;
		}
		if (most == 0)
			return false;
		if (at_ns > e->clock_ns)
			e->clock_ns = at_ns;
		if (flow_ns <= deadline_ns) {
			most -= flow_expire(e->flows, flow_ns, most);
		} else {
			if (!may_fire(e, deadline_next(&e->deadlines), now_ns))
				return false;
			fire(e, deadline_pop_due(&e->deadlines, deadline_ns));
			most -= most < DEADLINE_COSTS ? most : DEADLINE_COSTS;
		}
	}
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
tell_jump(struct engine *e, uint64_t from_ns, uint64_t now_ns)
{
	struct record_clock_jump jump = { .from_ns = from_ns, .to_ns = now_ns };

	e->stats.clock_jumps++;
	engine_write(e, RECORD_CLOCK_JUMP,
		&(struct record){
			.kind = RECORD_CLOCK_JUMP, .ts_ns = now_ns, .clock_jump = &jump });
}

/* Something may be due. A call of its own, so that packets for which nothing is pay for no more than a compare. */
__attribute__((noinline)) static void
catch_up(struct engine *e, uint64_t now_ns, uint32_t most)
{
	bool is_behind = e->behind_ns != 0;
	uint64_t seen_ns = is_behind ? e->behind_ns : e->clock_ns;
	if (!is_behind)
		engine_look_losses(e, now_ns);
	if (seen_ns != 0 && now_ns > seen_ns + JUMP_NS)
		tell_jump(e, seen_ns, now_ns);
	uint64_t to_ns = now_ns > seen_ns ? now_ns : seen_ns;
	if (!run_due(e, to_ns, most)) {
		e->behind_ns = to_ns;
		e->check_ns = 0;
		return;
	}
	fragments_expire(e->fragments, to_ns);
	e->behind_ns = 0;
	e->clock_ns = to_ns;
	e->check_ns = next_check(e);
}

static void
move_to(struct engine *e, uint64_t now_ns, uint32_t most)
{
	if (now_ns <= e->clock_ns && e->behind_ns == 0)
		return;
	if (now_ns < e->check_ns)
		e->clock_ns = now_ns;
	else
		catch_up(e, now_ns, most);
}

void
engine_clock(struct engine *e, uint64_t now_ns)
{
	move_to(e, now_ns, DUE_A_TICK);
}

void
engine_clock_settle(struct engine *e)
{
	if (e->behind_ns != 0)
		move_to(e, e->behind_ns, UINT32_MAX);
}

void
engine_see_time(struct engine *e, uint64_t ts_ns)
{
	if (e->stats.first_ns == 0 || ts_ns < e->stats.first_ns)
		e->stats.first_ns = ts_ns;
	if (ts_ns > e->stats.last_ns)
		e->stats.last_ns = ts_ns;
	move_to(e, ts_ns, e->behind_ns != 0 ? DUE_A_PACKET : DUE_AT_ONCE);
}
